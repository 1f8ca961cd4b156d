// Files of certificates are dropped anywhere on the form, or chosen; what was chosen is said.
const form = document.getElementById('offer');
const files = document.getElementById('files');
const chosen = document.getElementById('chosen');

files.addEventListener('change', () => {
  chosen.textContent = [...files.files].map((file) => file.name).join(', ');
});

for (const name of ['dragenter', 'dragover']) {
  form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add('over');
  });
}
form.addEventListener('dragleave', () => form.classList.remove('over'));
form.addEventListener('drop', (event) => {
  event.preventDefault();
  form.classList.remove('over');
  if (event.dataTransfer.files.length) {
    files.files = event.dataTransfer.files;
    files.dispatchEvent(new Event('change'));
  }
});
