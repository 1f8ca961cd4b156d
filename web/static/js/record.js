// Hồ sơ: hits one by one, picture or words, zoom, print.
import { onKeys, press } from './keys.js';
import { reveal, toPage, zoomBy } from './viewer.js';

const stage = document.querySelector('.stage');
const hits = [...document.querySelectorAll('.page .hit')];
let at = -1;

function go(by) {
  if (!hits.length) return false;
  at = (at + by + hits.length) % hits.length;
  hits.forEach((hit, index) => hit.classList.toggle('on', index === at));
  reveal(hits[at]);
  return true;
}

// The words of a page are fetched when they come into view, and kept.
async function read(page) {
  const plain = page.querySelector('.words');
  if (!stage.classList.contains('asked-words') || plain.textContent) return;
  const answer = await fetch(page.dataset.words).catch(() => null);
  if (answer?.ok && !plain.textContent) plain.textContent = await answer.text();
}

const seen = new IntersectionObserver((entries) => {
  entries.filter((one) => one.isIntersecting).forEach((one) => read(one.target));
}, { root: stage, rootMargin: '100%' });

function words(shown) {
  stage.classList.toggle('asked-words', shown);
  seen.disconnect();
  if (shown) stage.querySelectorAll('.page[data-words]').forEach((one) => seen.observe(one));
  document.getElementById('as-words').setAttribute('aria-pressed', shown);
  document.getElementById('as-picture').setAttribute('aria-pressed', !shown);
}

document.getElementById('as-words')?.addEventListener('click', () => words(true));
document.getElementById('as-picture')?.addEventListener('click', () => words(false));
document.getElementById('next-hit')?.addEventListener('click', () => go(1));
document.getElementById('last-hit')?.addEventListener('click', () => go(-1));
document.getElementById('print')?.addEventListener('click', async (event) => {
  const headers = { 'X-CSRF-Token': document.body.dataset.csrf };
  const answer = await fetch(event.currentTarget.dataset.note, { method: 'POST', headers });
  if (answer.ok) print();
});

const start = Number(document.getElementById('record').dataset.start);
if (start > 1) toPage(start);
if (hits.length) go(1);

onKeys({
  n: () => go(1),
  'Shift n': () => go(-1),
  c: () => words(!stage.classList.contains('asked-words')),
  p: press('#print'),
  d: press('#download'),
  '+': () => zoomBy(1.2),
  '-': () => zoomBy(1 / 1.2),
  Escape: press('#back'),
});
