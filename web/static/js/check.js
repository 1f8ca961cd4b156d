// Hashes the file here where the browser can (a secure context), so that it never leaves the computer; otherwise the form sends it.
const form = document.getElementById('compare');
const file = document.getElementById('file');
const large = document.getElementById('large');
const here = Boolean(window.crypto?.subtle);
const MOST = 1_500_000_000;

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

if (form) {
  document.getElementById('sent').hidden = here;
  document.getElementById('stays').hidden = !here;
  form.addEventListener('submit', async (event) => {
    const chosen = file.files[0];
    if (!chosen) return;
    large.hidden = chosen.size <= (here ? MOST : Number(form.dataset.limit));
    if (here || !large.hidden) event.preventDefault();
    if (!here || !large.hidden) return;
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      const digest = hex(await crypto.subtle.digest('SHA-256', await chosen.arrayBuffer()));
      location.assign(`${location.pathname}?sha256=${digest}`);
    } catch {
      button.disabled = false;
      form.submit();
    }
  });
}
