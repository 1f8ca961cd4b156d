// Tìm by keyboard: arrows choose a result, Enter opens it, Space looks at the page without leaving the list.
import { typing } from './keys.js';

const box = document.getElementById('q');
const peek = document.getElementById('peek');
const quick = document.getElementById('quick');
let stale = false; // the list still answers an earlier question: nothing of it is opened by key
const results = () => [...document.querySelectorAll('.res')];
const current = () => results().findIndex((one) => one.hasAttribute('aria-current'));

async function fetchLook(result, place) {
  const answer = await fetch(result.dataset.look, { headers: { 'HX-Request': 'true' } });
  if (answer.ok) place.innerHTML = await answer.text();
}

function choose(index) {
  const all = results();
  if (!all.length) return;
  const place = Math.max(0, Math.min(all.length - 1, index));
  all.forEach((one) => one.removeAttribute('aria-current'));
  all[place].setAttribute('aria-current', 'true');
  all[place].scrollIntoView({ block: 'nearest' });
  if (peek && getComputedStyle(peek).display !== 'none') fetchLook(all[place], peek);
}

addEventListener('keydown', async (event) => {
  if (document.querySelector('dialog[open]') || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const inBox = event.target === box;
  if (stale && (event.key === 'Enter' || event.key === 'ArrowDown')) return;
  const chosen = results()[current()];
  if (event.key === 'ArrowDown') { event.preventDefault(); choose(current() + 1); if (inBox) box.blur(); }
  else if (event.key === 'ArrowUp') { event.preventDefault(); choose(current() - 1); }
  else if (event.key === 'Enter' && chosen && (inBox || !event.target.closest('a, button, summary, input'))) { event.preventDefault(); chosen.querySelector('a').click(); }
  else if (event.key === 'Escape') box.focus();
  else if (event.key === ' ' && chosen && !typing(event) && !event.target.closest('button, a, input, summary')) {
    event.preventDefault();
    await fetchLook(chosen, quick.querySelector('.look'));
    quick.showModal();
  }
});

box.addEventListener('input', () => { stale = true; });
document.body.addEventListener('htmx:afterSettle', (event) => {
  if (event.target.id !== 'results') return;
  stale = false;
  choose(0);
});
choose(0);
matchMedia('(min-width:1700px)').addEventListener('change', () => choose(Math.max(0, current())));
if (!matchMedia('(max-width:900px)').matches) box.focus();
box.setSelectionRange(box.value.length, box.value.length);
