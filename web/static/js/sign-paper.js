// The paper on the screen Ký: one after the other without loading the page anew. A page counts as seen when its end stood on the
// screen for a moment, and its picture had arrived: nobody has seen a page that is still on its way.
import { tell } from './trouble.js';

const STILL = 600; // milliseconds
const PARTS = ['paper-bar', 'paper-stage', 'paper-thumbs', 'paper-deeds', 'paper-dialog'];
const room = document.getElementById('sign-room');
const queue = document.getElementById('queue');
let address = queue?.getAttribute('hx-get');
let watcher = null;
let wanted = 0;

async function saw(item, page) {
  const answer = await fetch(`/sign/${item}/seen`, {
    method: 'POST',
    headers: { 'X-CSRF-Token': document.body.dataset.csrf },
    body: new URLSearchParams({ page }),
  }).catch(() => null);
  if (answer?.redirected) location.reload(); // the session has ended: the door is shown, nothing was noted
  if (!answer?.ok || answer.redirected) return false;
  const caption = document.querySelector(`[data-to-page="${page}"] .seen`);
  if (caption && room.dataset.item === item) caption.textContent = room.dataset.seenWord;
  document.body.dispatchEvent(new CustomEvent('luuky'));
  return true;
}

// Where a mark is now: the observer tells it only at the next drawing, and a picture that arrives moves what stood on the screen.
function inView(mark, stage) {
  const { top, bottom } = mark.getBoundingClientRect();
  const frame = stage.getBoundingClientRect();
  return bottom >= frame.top - 1 && top <= frame.bottom + 1;
}

// Watches the pages of the paper that lies here; what was begun with the one before ends.
export function look() {
  watcher?.abort();
  const item = room?.dataset.item;
  const stage = document.getElementById('paper-stage');
  if (!item || !stage) return;
  watcher = new AbortController();
  const { signal } = watcher;
  const timers = new Map();
  const seen = new Set();
  const observer = new IntersectionObserver((entries) => entries.forEach((entry) => {
    const leaf = entry.target.closest('.page');
    const page = leaf.dataset.page;
    clearTimeout(timers.get(page));
    if (!entry.isIntersecting || seen.has(page)) return;
    const image = leaf.querySelector('img');
    const wait = () => timers.set(page, setTimeout(async () => {
      if (!inView(entry.target, stage) || (image && !(image.complete && image.naturalWidth))) { wait(); return; }
      seen.add(page);
      if (await saw(item, page) || signal.aborted) return;
      seen.delete(page);
      wait();
    }, STILL));
    wait();
  }), { root: stage, threshold: 0.5 });
  stage.querySelectorAll('.page .endmark').forEach((mark) => observer.observe(mark));
  signal.addEventListener('abort', () => {
    observer.disconnect();
    timers.forEach((timer) => clearTimeout(timer));
  });
}

// Opens what a row of the queue leads to. Whoever is faster than the server sees the last one asked for.
export async function open(link) {
  const item = link.id.replace('open-', '');
  const mine = ++wanted;
  const answer = await fetch(`/sign/papers/${item}`).catch(() => null);
  if (mine !== wanted) return;
  if (!answer) { tell(room.dataset.away); return; }
  if (!answer.ok || answer.redirected) { location.href = link.href; return; }
  const text = await answer.text();
  if (mine !== wanted) return;
  const made = new DOMParser().parseFromString(text, 'text/html');
  for (const id of PARTS) document.getElementById(id).replaceChildren(...made.getElementById(id).childNodes);
  document.getElementById('paper-stage').scrollTo({ top: 0, left: 0, behavior: 'instant' });
  room.dataset.item = item;
  address = `/sign/queue${new URL(link.href).search}`;
  history.replaceState(null, '', link.href);
  mark();
  document.getElementById(link.id)?.scrollIntoView({ block: 'nearest' });
  look();
}

function mark() {
  queue?.querySelectorAll('a[id^="open-"]').forEach((link) => {
    const here = link.id === `open-${room.dataset.item}`;
    link.closest('tr').classList.toggle('on', here);
    if (here) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  });
}

// The queue is asked for anew with the paper that is open now; an answer that was on its way knows of the one before.
document.body.addEventListener('htmx:configRequest', (event) => {
  if (event.target === queue && address) event.detail.path = address;
});
document.body.addEventListener('htmx:afterSwap', mark);
