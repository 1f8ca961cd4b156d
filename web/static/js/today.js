// Hôm nay: files dropped anywhere on the page are taken in; the first button has the focus, so Enter begins the day's work.
import { onDrop } from './drop.js';

const form = document.getElementById('upload');

if (form) {
  const input = form.querySelector('input[type=file]');
  const send = () => { if (input.files.length) form.requestSubmit(); };
  input.addEventListener('change', send);
  onDrop(form, (files) => { input.files = files; send(); });
}
document.querySelector('.wait-list .btn.main')?.focus({ preventScroll: true });
