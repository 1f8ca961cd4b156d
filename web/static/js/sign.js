// Ký: what is ticked, and sent to the desk. Only what was seen (sign-paper.js) can be ticked.
import { onKeys, press } from './keys.js';
import { look, open } from './sign-paper.js';
import { hush, show, tell } from './trouble.js';
import { pageInView, toPage } from './viewer.js';

const room = document.getElementById('sign-room');
const stage = document.querySelector('.stage');
const ticked = new Set(JSON.parse(sessionStorage.getItem('ticked') ?? '[]'));

const PATIENCE = 30_000; // ms until what was sent counts as not answered
const AWAY = [502, 504]; // what stands before a server says this in its place

const since = new Map();
let sending = false;
let asked = 0;
let shown = 0; // when what the queue shows was asked for: what was ticked later, it does not know of

function tick(item) {
  ticked.add(item);
  since.set(item, performance.now());
}

function remember() { sessionStorage.setItem('ticked', JSON.stringify([...ticked])); }

function paint() {
  document.querySelectorAll('#queue .tick').forEach((box) => {
    if (box.disabled && (since.get(box.value) ?? -1) < shown) ticked.delete(box.value);
    box.checked = ticked.has(box.value);
  });
  const count = ticked.size;
  const button = document.getElementById('send');
  if (!button) return;
  button.disabled = count === 0;
  const said = sending ? button.dataset.sending : count ? button.dataset.some : button.dataset.none;
  button.querySelector('span').textContent = said.replace('{n}', count);
}

look();

document.getElementById('narrow')?.addEventListener('change', (event) => {
  event.currentTarget.querySelectorAll('select').forEach((one) => { one.disabled = !one.value; });
  event.currentTarget.submit();
});
document.addEventListener('change', (event) => {
  if (!event.target.matches('#queue .tick')) return;
  if (event.target.checked) tick(event.target.value); else ticked.delete(event.target.value);
  remember();
  paint();
});
// A whole group at once, on whatever pages of the queue it stands: what was seen, and no more than goes to the desk for one PIN.
async function choose(query) {
  const answer = await fetch(`/sign/ready?${query}`).catch(() => null);
  if (!answer) { tell(room.dataset.away); return; }
  if (answer.redirected) location.reload();
  if (!answer.ok || answer.redirected) return;
  for (const item of await answer.json()) if (ticked.size < Number(room.dataset.most)) tick(item);
  remember();
  paint();
}

document.addEventListener('click', (event) => {
  const paper = event.target.closest('#queue a[id^="open-"]');
  if (paper && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(paper);
  }
  const group = event.target.closest('[data-choose]');
  if (group) choose(group.dataset.choose);
  const button = event.target.closest('[data-recall]');
  if (!button) return;
  const dialog = document.getElementById('recall-dialog');
  dialog.querySelector('form').action = `/sign/${button.dataset.recall}/recall`;
  dialog.querySelector('b').textContent = button.dataset.title;
  dialog.showModal();
});
document.body.addEventListener('htmx:beforeRequest', (event) => { if (event.target.id === 'queue') asked = performance.now(); });
document.body.addEventListener('htmx:afterSettle', (event) => {
  if (event.target.id === 'queue') shown = asked;
  paint();
});
// The choice is the doctor's work: it stays until the server has answered that it was taken, which is where it leads on.
async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  for (const item of ticked) body.append('items', item);
  const patience = new AbortController();
  const late = setTimeout(() => patience.abort(), PATIENCE);
  const given = { method: 'POST', headers: { 'HX-Request': 'true' }, body, redirect: 'manual', signal: patience.signal };
  try {
    const answer = await fetch(form.action, given);
    if (answer.type === 'opaqueredirect') {
      ticked.clear();
      remember();
      location.assign('/sign');
    } else if (answer.headers.has('HX-Redirect')) location.assign(answer.headers.get('HX-Redirect'));
    else if (AWAY.includes(answer.status)) tell(form.dataset.away);
    else show(await answer.text());
  } catch {
    tell(form.dataset.away);
  } finally {
    clearTimeout(late);
  }
}

document.getElementById('send-form')?.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (sending) return;
  hush();
  sending = true;
  paint();
  await send(event.target);
  sending = false;
  paint();
});
paint();

function nextPage() {
  const now = pageInView();
  const page = stage?.querySelector(`.page[data-page="${now}"]`);
  if (!page) return false;
  const hidden = page.getBoundingClientRect().bottom - stage.getBoundingClientRect().bottom;
  if (hidden > 8) stage.scrollBy({ top: Math.min(hidden + 8, stage.clientHeight * 0.85) });
  else if (stage.querySelector(`.page[data-page="${now + 1}"]`)) toPage(now + 1);
  else move(1)();
  return true;
}

// Past the last one of this page of the queue comes the next page, before the first one the page before.
const move = (by) => () => {
  const links = [...document.querySelectorAll('#queue a[id^="open-"]')];
  const now = links.findIndex((link) => link.id === `open-${room.dataset.item}`);
  (links[now + by] ?? document.querySelector(`#queue a[rel=${by > 0 ? 'next' : 'prev'}]`))?.click();
};

onKeys({
  ' ': nextPage,
  x: () => { const box = document.getElementById(`tick-${room.dataset.item}`); if (box && !box.disabled) box.click(); },
  ArrowDown: move(1),
  ArrowUp: move(-1),
  'Ctrl Enter': press('#send'),
  Escape: press('#stop'),
  t: press('#refuse'),
  a: press('#narrow [data-choose]'),
});
