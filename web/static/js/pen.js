// A person corrects a word or a line: the line's picture, enlarged, above what stands there. Enter saves, Escape leaves, Shift Enter
// takes the whole line, U takes the last correction back. Nothing typed is lost when somebody else was faster.
import { around, draw, lineOf } from './cutout.js';
import { onKeys } from './keys.js';
import { reveal } from './viewer.js';
import {
  about, address, at, count, cursor, doubtful, fill, firstWord, goTo, load, numbers, pageOf, refresh, sheetOf, show, standing, step,
  under, wait,
} from './words.js';

const template = document.getElementById('pen');
const said = template.dataset;
const toast = document.getElementById('pentoast');
const stage = document.querySelector('.stage');
let open = null; // { form, page, span: [from, to], box: around these words, seen: what a save names of the page }
let last = null; // the correction that U takes back: { page, number }
let going = null; // on the way to a word: 'here', or what to do there, 'word' or 'line'

const sizes = new ResizeObserver(() => { // zoomed, or in another window
  if (!open) return;
  place();
  reveal(open.form);
});
const textOf = (sheet, [from, to]) => sheet.words.slice(from, to).map((word) => word.text).join(' ');

function edit(page, span) {
  const sheet = sheetOf(page);
  leave();
  const form = template.content.firstElementChild.cloneNode(true);
  open = { form, page, span, box: around(sheet.words.slice(...span)), seen: sheet.seen };
  pageOf(page).append(form);
  place();
  sizes.observe(pageOf(page));
  const one = span[1] - span[0] === 1;
  form.text.value = textOf(sheet, span);
  form.text.setAttribute('aria-label', one ? said.word : said.line);
  form.querySelector('#pen-said').textContent = one ? about(page, sheet.words[span[0]]) : said.line;
  form.querySelector('[data-whole]').hidden = lineOf(sheet, span[0]).join() === span.join();
  form.addEventListener('submit', (event) => { event.preventDefault(); save(); });
  form.addEventListener('keydown', keys);
  form.querySelector('[data-whole]').addEventListener('click', whole);
  form.querySelector('[data-leave]').addEventListener('click', () => { leave(); cursor.focus({ preventScroll: true }); });
  form.text.focus({ preventScroll: true });
  form.text.select();
  reveal(form);
}

// Under its line, as wide as the stage allows, with the picture of what is corrected.
function place() {
  const { form, page, span, box: [x0, , x1, y1] } = open;
  if (!span) return;
  const sheet = sheetOf(page);
  const paper = pageOf(page);
  const scale = paper.clientWidth / sheet.width;
  const width = Math.min(stage.clientWidth - 32, 620);
  const leftmost = stage.scrollLeft + 16 - paper.offsetLeft;
  const left = Math.max(leftmost, Math.min(scale * (x0 + x1 - width / scale) / 2, leftmost + stage.clientWidth - 32 - width));
  Object.assign(form.style, { width: `${width}px`, left: `${left}px`, top: `${scale * y1 + 8}px` });
  const picture = paper.querySelector('img');
  if (!picture.complete) picture.addEventListener('load', () => { if (open) place(); }, { once: true });
  draw(form.querySelector('canvas'), picture, { sheet, span, width: width - 18 });
}

function keys(event) {
  if (event.altKey || event.isComposing) return;
  event.stopPropagation();
  if (event.key === 'Escape') { event.preventDefault(); leave(); cursor.focus({ preventScroll: true }); }
  if (event.key === 'Enter' && event.shiftKey) { event.preventDefault(); whole(); }
  if (event.key === 'Enter' && event.repeat) event.preventDefault();
}

function whole() {
  const line = open.span && lineOf(sheetOf(open.page), open.span[0]);
  if (line && line.join() !== open.span.join()) edit(open.page, line);
}

function leave() {
  sizes.disconnect();
  open?.form.remove();
  open = null;
}

// Asks the server; on trouble says what happened, and leaves what was typed where it is.
async function ask(page, path, body) {
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': document.body.dataset.csrf };
  try {
    const answer = await fetch(address(page) + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status === 401) location.reload();
    const value = await answer.json();
    if (answer.ok) { show(page, value); return value; }
    if (answer.status === 409) { await load(page, true); if (open?.page === page) open.seen = sheetOf(page).seen; }
    trouble(answer.status === 409 ? said.stale : value.title);
  } catch {
    trouble(said.away);
  }
  return null;
}

function trouble(text) {
  const place = open?.form.querySelector('.trouble');
  if (!place) { tell(text, null); return; }
  place.textContent = text;
  place.hidden = false;
}

async function save() {
  const { form, page, span, seen } = open;
  const text = form.text.value.trim();
  if (form.dataset.busy) return;
  if (!text || !span) { trouble(text ? said.stale : said.empty); return; }
  form.dataset.busy = 'true';
  const read = textOf(sheetOf(page), span);
  const value = await ask(page, '', { words: span, text, seen });
  delete form.dataset.busy;
  if (!value) return;
  leave();
  goTo(page, Math.min(span[0], value.words.length - 1));
  tell(fill(text === read ? said.same : said.done, { read, text }), { page, number: value.corrections.at(-1).number });
  document.body.dispatchEvent(new CustomEvent('luuky:words'));
}

function tell(text, deed) {
  last = deed;
  toast.querySelector('span').textContent = text;
  toast.querySelector('button').hidden = !deed;
  toast.hidden = false;
}

async function undo() {
  if (!last) return;
  const { page, number } = last;
  await load(page, true); // somebody else's words of meanwhile are no reason to keep ours
  const value = await ask(page, '/take-back', { number, seen: sheetOf(page).seen });
  if (!value) return;
  tell(said.taken, null);
  if (at?.page === page) goTo(page, at.word);
  document.body.dispatchEvent(new CustomEvent('luuky:words'));
}

async function next(by) {
  if (!numbers.length) return;
  leave();
  stage.classList.remove('asked-words');
  going ??= 'here';
  wait();
  if (!(await doubtful(by))) {
    tell(count() ? said.unread : said.none, null);
    if (!at) await firstWord();
  }
  const wish = going;
  going = null;
  if (at && wish !== 'here') write(wish === 'line');
}

// Opens the editor on the word under the cursor, or on its line; once it has arrived.
function write(line) {
  if (going) going = line ? 'line' : 'word';
  else if (at) edit(at.page, line ? lineOf(sheetOf(at.page), at.word) : [at.word, at.word + 1]);
}

stage.addEventListener('pointermove', (event) => {
  const page = event.target.closest('.page[data-doubtful]');
  stage.classList.toggle('over-word', Boolean(page) && !event.target.closest('.pen') && under(page, event) >= 0);
}, { passive: true });
const pick = (event) => {
  const page = event.target.closest('.page[data-doubtful]');
  if (!page || event.target.closest('.pen, a, .wd') || (event.type === 'click' && event.target.closest('.ev'))) return;
  const word = under(page, event);
  if (word < 0) { leave(); return; }
  goTo(Number(page.dataset.page), word, false);
  edit(Number(page.dataset.page), [word, word + 1]);
};
stage.addEventListener('click', pick);
stage.addEventListener('dblclick', pick); // evidence is chosen by a click, and corrected by two
cursor.addEventListener('click', () => write(false));
cursor.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === 'Enter' && event.repeat) event.preventDefault();
  if (event.key === 'Enter' && event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    write(true);
  }
  if (!/^Arrow/.test(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  if (at && !going) step(event.key);
});
document.getElementById('doubtful').addEventListener('click', () => next(1));
document.getElementById('unpen').addEventListener('click', undo);
// What is shown was seen anew: the editor stays with its place on the paper; that a person did not know of it is said when saving.
stage.addEventListener('luuky:shown', ({ detail }) => {
  if (open?.page !== detail) return;
  open.span = standing(sheetOf(detail), open.box);
  place();
});
document.body.addEventListener('luuky:taken', (event) => load(Number(event.detail.value), true));
document.body.addEventListener('luuky:event', async ({ detail }) => {
  if (detail.kind === 'open') await refresh();
  else if (detail.kind !== 'words' || detail.document !== said.document || sheetOf(detail.page)?.seen >= detail.seen) return;
  else if (pageOf(detail.page)) await load(detail.page, true);
  document.body.dispatchEvent(new CustomEvent('luuky:words'));
});
onKeys({ s: () => next(1), 'Shift s': () => next(-1), u: undo });
