// Quản trị · Khung chữ ký: what is typed is drawn by the server, a moment after the last change.
const form = document.getElementById('layout');
const picture = document.getElementById('shown');
let waiting;

function draw() {
  const given = new URLSearchParams(new FormData(form));
  given.delete('csrf');
  picture.src = `/admin/blocks/shown?${given}`;
  picture.classList.toggle('faded', !form.elements.visible.checked);
}

form.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(draw, 250);
});
picture.addEventListener('error', () => picture.classList.add('faded'));
draw();
