// Lô quét: F goes to the next page that asks for a look, arrows go page by page; the picture stands beside the strip.
import { onKeys } from './keys.js';

let shown = 0;
const thumbs = () => [...document.querySelectorAll('.pages-strip .thumb')];
const current = () => thumbs().findIndex((one) => one.hasAttribute('aria-current'));

function show(index) {
  const all = thumbs();
  const thumb = all[index];
  if (!thumb) return false;
  all.forEach((one) => one.removeAttribute('aria-current'));
  shown = index;
  thumb.setAttribute('aria-current', 'true');
  thumb.scrollIntoView({ block: 'nearest' });
  const viewer = document.getElementById('sheet');
  viewer.querySelector('[data-title]').textContent = thumb.dataset.title;
  viewer.querySelector('[data-flags]').textContent = thumb.dataset.flags;
  viewer.querySelector('[data-flags]').hidden = !thumb.dataset.flags;
  const page = viewer.querySelector('.page');
  const image = new Image();
  if (thumb.dataset.image) Object.assign(image, { src: thumb.dataset.image, alt: thumb.dataset.title });
  page.replaceChildren(...(thumb.dataset.image ? [image] : []));
  page.hidden = !thumb.dataset.image;
  viewer.querySelector('.empty').hidden = Boolean(thumb.dataset.image);
  return true;
}

const flagged = () => {
  const all = thumbs();
  const order = [...all.keys()].map((step) => (current() + 1 + step) % all.length);
  const next = order.find((index) => all[index].dataset.flags);
  return next === undefined ? false : show(next);
};

document.addEventListener('click', (event) => {
  const thumb = event.target.closest('.pages-strip .thumb');
  if (thumb) show(thumbs().indexOf(thumb));
  if (event.target.closest('#next-flag')) flagged();
});
onKeys({ f: flagged, ArrowRight: () => show(current() + 1), ArrowLeft: () => show(current() - 1) });
document.body.addEventListener('htmx:afterSettle', (event) => {
  if (event.target.id === 'batch') thumbs()[shown]?.setAttribute('aria-current', 'true');
});
show(0);
