// Files of certificates are dropped anywhere on the page, or chosen; what was chosen is said.
import { onDrop } from './drop.js';

const files = document.getElementById('files');
const chosen = document.getElementById('chosen');

files.addEventListener('change', () => {
  chosen.textContent = [...files.files].map((file) => file.name).join(', ');
});
onDrop(document.getElementById('offer'), (dropped) => {
  files.files = dropped;
  files.dispatchEvent(new Event('change'));
});
