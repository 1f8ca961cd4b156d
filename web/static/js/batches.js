// Lô quét: F goes to the next page that asks for a look, arrows go page by page; the picture stands beside the strip. The chosen
// page stays chosen wherever it goes.
import { onKeys } from './keys.js';
import { paintStrip, showSheet } from './sheet.js';

let leaf = null; // which page of which file is chosen
let place = 0; // and where it stood
const strip = document.getElementById('batch');
export const thumbs = () => [...document.querySelectorAll('.pages-strip .g .thumb')];
export const current = () => thumbs().findIndex((one) => one.hasAttribute('aria-current'));
export const chosen = () => thumbs()[current()] ?? null;

function mark(thumb) {
  const all = thumbs();
  all.forEach((one) => one.removeAttribute('aria-current'));
  [leaf, place] = [thumb.dataset.leaf, all.indexOf(thumb)];
  thumb.setAttribute('aria-current', 'true');
  showSheet(thumb);
  document.dispatchEvent(new CustomEvent('luuky:page'));
}

export function show(index) {
  const thumb = thumbs()[index];
  if (!thumb) return false;
  mark(thumb);
  thumb.scrollIntoView({ block: 'nearest' });
  return true;
}

export const find = (name) => thumbs().findIndex((one) => one.dataset.leaf === name);

// After a refresh: the same page, or the one that stands where it stood.
function again() {
  const all = thumbs();
  paintStrip(all);
  const thumb = all[find(leaf)] ?? all[Math.min(place, all.length - 1)];
  if (thumb) mark(thumb);
}

// Fetches the strip anew; resolves when it stands there.
export async function refresh() {
  await window.htmx.ajax('GET', strip.getAttribute('hx-get'), { target: '#batch', swap: 'innerHTML' }).catch(() => null);
  again();
}

const flagged = () => {
  const all = thumbs();
  const order = [...all.keys()].map((step) => (current() + 1 + step) % all.length);
  const next = order.find((index) => all[index].dataset.flags);
  return next === undefined ? false : show(next);
};

document.addEventListener('click', (event) => {
  const thumb = event.target.closest('.pages-strip .g .thumb');
  if (thumb) show(thumbs().indexOf(thumb));
  if (event.target.closest('#next-flag')) flagged();
});
onKeys({ f: flagged, ArrowRight: () => show(current() + 1), ArrowLeft: () => show(current() - 1) });
document.body.addEventListener('htmx:afterSwap', (event) => { if (event.target.id === 'batch') again(); });

// Where the link that led here points to.
const wanted = new URLSearchParams(location.search);
const named = wanted.get('document') ?? location.pathname.match(/\/document\/([^/]+)/)?.[1];
const number = Number(wanted.get('page') ?? 1);
const first = thumbs().findIndex((one) => one.closest('section').dataset.document === named && Number(one.dataset.number) === number);
show(Math.max(0, first));
