// Hôm nay: files dropped anywhere on the page are taken in; the first button has the focus, so Enter begins the day's work.
const form = document.getElementById('upload');

if (form) {
  const input = form.querySelector('input[type=file]');
  const send = () => { if (input.files.length) form.requestSubmit(); };
  input.addEventListener('change', send);
  addEventListener('dragover', (event) => { event.preventDefault(); form.classList.add('over'); });
  addEventListener('dragleave', (event) => { if (!event.relatedTarget) form.classList.remove('over'); });
  addEventListener('drop', (event) => {
    event.preventDefault();
    form.classList.remove('over');
    input.files = event.dataTransfer.files;
    send();
  });
}
document.querySelector('.wait-list .btn.main')?.focus({ preventScroll: true });
