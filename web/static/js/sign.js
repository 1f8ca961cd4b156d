// Ký: a page counts as seen when its lower half stood on the screen for a moment; only what was seen can be ticked.
import { onKeys, press } from './keys.js';
import { pageInView, toPage } from './viewer.js';

const STILL = 600; // milliseconds
const room = document.getElementById('sign-room');
const stage = document.querySelector('.stage');
const ticked = new Set(JSON.parse(sessionStorage.getItem('ticked') ?? '[]'));
const sent = new Set();
const timers = new Map();

function remember() { sessionStorage.setItem('ticked', JSON.stringify([...ticked])); }

function paint() {
  document.querySelectorAll('#queue .tick').forEach((box) => {
    if (box.disabled) ticked.delete(box.value);
    box.checked = ticked.has(box.value);
  });
  const count = ticked.size;
  const button = document.getElementById('send');
  if (!button) return;
  button.disabled = count === 0;
  button.querySelector('span').textContent = count ? button.dataset.some.replace('{n}', count) : button.dataset.none;
}

async function saw(page) {
  if (sent.has(page)) return;
  sent.add(page);
  const answer = await fetch(`/sign/${room.dataset.item}/seen`, {
    method: 'POST',
    headers: { 'X-CSRF-Token': document.body.dataset.csrf },
    body: new URLSearchParams({ page }),
  });
  if (!answer.ok) { sent.delete(page); return; }
  const caption = document.querySelector(`[data-to-page="${page}"] .seen`);
  if (caption) caption.textContent = room.dataset.seenWord;
  document.body.dispatchEvent(new CustomEvent('luuky'));
}

// The image must have arrived: nobody has seen a page that is still on its way.
if (room?.dataset.item && stage) {
  const watcher = new IntersectionObserver((entries) => entries.forEach((entry) => {
    const page = entry.target.closest('.page').dataset.page;
    clearTimeout(timers.get(page));
    if (!entry.isIntersecting) return;
    const image = entry.target.closest('.page').querySelector('img');
    const wait = () => timers.set(page, setTimeout(() => (image && !image.complete ? wait() : saw(page)), STILL));
    wait();
  }), { root: stage, threshold: 0.5 });
  stage.querySelectorAll('.page .endmark').forEach((mark) => watcher.observe(mark));
}

document.getElementById('narrow')?.addEventListener('change', (event) => {
  event.currentTarget.querySelectorAll('select').forEach((one) => { one.disabled = !one.value; });
  event.currentTarget.submit();
});
document.addEventListener('change', (event) => {
  if (!event.target.matches('#queue .tick')) return;
  if (event.target.checked) ticked.add(event.target.value); else ticked.delete(event.target.value);
  remember();
  paint();
});
// A whole group at once, on whatever pages of the queue it stands: what was seen, and no more than goes to the desk for one PIN.
async function choose(query) {
  const answer = await fetch(`/sign/ready?${query}`);
  if (!answer.ok) return;
  for (const item of await answer.json()) if (ticked.size < Number(room.dataset.most)) ticked.add(item);
  remember();
  paint();
}

document.addEventListener('click', (event) => {
  const group = event.target.closest('[data-choose]');
  if (group) choose(group.dataset.choose);
  const button = event.target.closest('[data-recall]');
  if (!button) return;
  const dialog = document.getElementById('recall-dialog');
  dialog.querySelector('form').action = `/sign/${button.dataset.recall}/recall`;
  dialog.querySelector('b').textContent = button.dataset.title;
  dialog.showModal();
});
document.body.addEventListener('htmx:afterSettle', paint);
document.getElementById('send-form')?.addEventListener('submit', (event) => {
  const form = event.target;
  form.querySelectorAll('[name=items]').forEach((one) => one.remove());
  ticked.forEach((value) => {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name: 'items', value });
    form.append(field);
  });
  ticked.clear();
  remember();
});
paint();

function nextPage() {
  const now = pageInView();
  const page = stage?.querySelector(`.page[data-page="${now}"]`);
  if (!page) return false;
  const hidden = page.getBoundingClientRect().bottom - stage.getBoundingClientRect().bottom;
  if (hidden > 8) stage.scrollBy({ top: Math.min(hidden + 8, stage.clientHeight * 0.85) });
  else if (stage.querySelector(`.page[data-page="${now + 1}"]`)) toPage(now + 1);
  else document.querySelector('#queue tr.on')?.nextElementSibling?.querySelector('a')?.click();
  return true;
}

const move = (by) => () => {
  const links = [...document.querySelectorAll('#queue tr a')];
  const now = links.findIndex((link) => link.closest('tr').classList.contains('on'));
  links[now + by]?.click();
};

onKeys({
  ' ': nextPage,
  x: () => { const box = document.querySelector('#queue tr.on .tick'); if (box && !box.disabled) box.click(); },
  ArrowDown: move(1),
  ArrowUp: move(-1),
  'Ctrl Enter': press('#send'),
  Escape: press('#stop'),
  t: press('#refuse'),
  a: press('#narrow [data-choose]'),
});
