// Duyệt by keyboard: digits choose, Enter accepts what nothing speaks against, Shift Enter what somebody has looked at twice.
import { onKeys, press } from './keys.js';
import { reveal, zoomBy } from './viewer.js';

const cards = [...document.querySelectorAll('.cand')];
const rows = [...document.querySelectorAll('.fields li')];
const accept = document.getElementById('accept');
const form = document.getElementById('accept-form');

function choose(index) {
  const card = cards[index];
  if (!card) return false;
  cards.forEach((one) => { one.setAttribute('aria-checked', one === card); one.tabIndex = one === card ? 0 : -1; });
  const doubtful = card.dataset.doubtful === 'true';
  form.elements.patient.value = card.dataset.patient;
  form.elements.doubtful.value = doubtful;
  accept.classList.toggle('main', !doubtful);
  accept.querySelector('span').textContent = card.dataset.deed;
  accept.querySelector('kbd').textContent = doubtful ? 'Shift Enter' : 'Enter';
  return true;
}

function look(index) {
  rows.forEach((row, place) => row.classList.toggle('on', place === index));
  document.querySelectorAll('.ev').forEach((box) => box.classList.toggle('on', Number(box.dataset.field) === index + 1));
  reveal(document.querySelector(`.ev[data-field="${index + 1}"]`));
}

function current() {
  const on = rows.findIndex((row) => row.classList.contains('on'));
  return on >= 0 ? on : Math.max(0, rows.findIndex((row) => row.classList.contains('unsure')));
}

function edit() {
  const index = current();
  if (!rows[index]) return false;
  look(index);
  document.querySelectorAll('.edit').forEach((one) => { one.hidden = true; });
  const box = rows[index].querySelector('.edit');
  box.hidden = false;
  box.querySelector('[name=value]').focus();
  box.querySelector('[name=value]').select();
  return true;
}

cards.forEach((card, index) => card.addEventListener('click', () => choose(index)));
rows.forEach((row, index) => row.querySelector('.row').addEventListener('click', () => look(index)));
document.querySelectorAll('.ev').forEach((box) => box.addEventListener('click', () => look(Number(box.dataset.field) - 1)));
document.querySelectorAll('[data-edit]').forEach((button) => button.addEventListener('click', edit));
document.querySelectorAll('.edit input').forEach((input) => input.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') input.closest('.edit').hidden = true;
}));

if (cards.length) choose(0);

// Enter works once the page has stood before somebody's eyes for a moment: a second press on the last paper decides nothing here.
const STOOD = 500; // milliseconds
const picture = document.querySelector('.page img');
function arm() {
  if (picture && !picture.complete) { setTimeout(arm, 100); return; }
  setTimeout(() => { accept.dataset.armed = 'true'; }, STOOD);
}
arm();

const taken = (shift) => (event) => {
  if (!cards.length) return false;
  if (event.repeat || !accept.dataset.armed) return true;
  const doubtful = form.elements.doubtful.value === 'true';
  if (doubtful && !shift) return true;
  form.requestSubmit();
  return true;
};

const step = (by) => () => {
  const now = cards.findIndex((card) => card.getAttribute('aria-checked') === 'true');
  const next = (now + by + cards.length) % cards.length;
  if (choose(next)) cards[next].focus();
};

onKeys({
  Enter: taken(false),
  'Shift Enter': taken(true),
  1: () => choose(0),
  2: () => choose(1),
  3: () => choose(2),
  e: edit,
  m: press('#absent'),
  h: press('#ask-again'),
  r: press('#reject'),
  z: press('#undo'),
  ArrowRight: press('#later'),
  ArrowDown: () => look(Math.min(rows.length - 1, current() + 1)),
  ArrowUp: () => look(Math.max(0, current() - 1)),
  '+': () => zoomBy(1.2),
  '-': () => zoomBy(1 / 1.2),
  '/': press('#someone'),
});
// A radio group moves with the arrow keys when it has the focus.
document.querySelector('.cands')?.addEventListener('keydown', (event) => {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (by) { event.preventDefault(); event.stopPropagation(); step(by)(); }
});
