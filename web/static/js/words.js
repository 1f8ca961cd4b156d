// The words of each page over its picture: asked for when a page comes into view. Doubtful and corrected ones are marked, quietly;
// one button stands on the word that is looked at, and moves with the arrow keys.
import { lineOf } from './cutout.js';
import { pageInView, reveal } from './viewer.js';

const said = document.getElementById('pen').dataset;
const stage = document.querySelector('.stage');
const sheets = new Map(); // page number → what the server said of it
export const cursor = Object.assign(document.createElement('button'), { type: 'button', className: 'wd' });
const frame = Object.assign(document.createElement('span'), { className: 'wf' }); // around the word; the button is large enough to hit
export const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
export const address = (page) => `${said.address}/${page}/words`;
export const sheetOf = (page) => sheets.get(page);
export const pageOf = (number) => document.querySelector(`.page[data-page="${number}"]`);
export const numbers = [...document.querySelectorAll('.page[data-doubtful]')].map((one) => Number(one.dataset.page));
export let at = null; // { page, word, box } under the cursor

const when = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit',
});

export function about(page, word) {
  const { changed } = word;
  const read = changed ? changed.read : word.text;
  if (changed?.by) {
    const values = { who: sheets.get(page).people[changed.by] ?? changed.by, at: when.format(new Date(changed.at)), read };
    return fill(read === word.text ? said.confirmed : said.changed, values);
  }
  if (changed) return fill(said.rule, { read });
  return fill(word.doubtful ? said.doubtful : said.read, { read, sure: Math.round(100 * word.confidence) });
}

function put(element, box, sheet) {
  const [x0, y0, x1, y1] = box;
  const per = (part, whole) => `${(100 * part / whole).toFixed(3)}%`;
  Object.assign(element.style, {
    left: per(x0, sheet.width), top: per(y0, sheet.height), width: per(x1 - x0, sheet.width), height: per(y1 - y0, sheet.height),
  });
  return element;
}

function plainText(sheet) {
  const rows = new Map();
  sheet.words.forEach((word) => rows.set(word.line, [...(rows.get(word.line) ?? []), word.text]));
  return [...rows.keys()].sort((a, b) => a - b).map((line) => rows.get(line).join(' ')).join('\n');
}

function mark(number, word) {
  const made = document.createElement('span');
  made.className = word.doubtful ? 'wm' : 'wm by';
  made.title = about(number, word);
  return made;
}

// The words, from and to, that stand where some stood before others corrected the page: there may be more of them now, or fewer.
export function standing(sheet, box) {
  const area = ([x0, y0, x1, y1]) => Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
  const shared = (one) => area([0, 1, 2, 3].map((side) => Math[side < 2 ? 'max' : 'min'](one[side], box[side])));
  const there = [...sheet.words.keys()].filter((index) => {
    const one = sheet.words[index].box;
    return 2 * shared(one) >= Math.min(area(one), area(box));
  });
  if (!there.length) return null;
  const [from, to] = lineOf(sheet, there[0]);
  return [there[0], there.filter((index) => from <= index && index < to).pop() + 1];
}

export function show(number, sheet) {
  if (sheets.get(number)?.seen > sheet.seen) return; // an answer that was overtaken
  sheets.set(number, sheet);
  const page = pageOf(number);
  page.querySelectorAll('.wm').forEach((one) => one.remove());
  const marked = sheet.words.filter((word) => word.doubtful || word.changed?.by);
  page.append(...marked.map((word) => put(mark(number, word), word.box, sheet)));
  page.dataset.doubtful = sheet.words.filter((word) => word.doubtful).length;
  const plain = page.querySelector('.words');
  if (plain) plain.textContent = plainText(sheet);
  count();
  if (at?.page === number) follow(number, standing(sheet, at.box));
  stage.dispatchEvent(new CustomEvent('luuky:shown', { detail: number }));
}

export async function load(number, anew = false) {
  if (sheets.has(number) && !anew) return sheets.get(number);
  const answer = await fetch(address(number)).catch(() => null);
  if (!answer?.ok) return null;
  show(number, await answer.json());
  return sheets.get(number);
}

export async function refresh() {
  for (const number of [...sheets.keys()]) await load(number, true);
}

export function count() {
  const left = numbers.reduce((sum, number) => sum + Number(pageOf(number).dataset.doubtful), 0);
  const button = document.getElementById('doubtful');
  button.querySelector('b').textContent = unknown() ? `${left}+` : left;
  button.classList.toggle('none', left === 0 && !unknown());
  return left;
}

function follow(page, span) {
  if (span) { stand(page, span[0]); return; }
  at = null;
  cursor.remove();
  frame.remove();
}

function stand(page, index) {
  const sheet = sheets.get(page);
  const word = sheet.words[index];
  at = { page, word: index, box: word.box };
  const name = `${word.text}. ${about(page, word)}`;
  cursor.setAttribute('aria-label', name);
  cursor.title = name;
  const [x, y] = [word.box[0] + word.box[2], word.box[1] + word.box[3]].map((sum) => sum / 2);
  put(cursor, [x, y, x, y], sheet);
  put(frame, word.box, sheet);
}

export function goTo(page, index, focus = true) {
  stand(page, index);
  pageOf(page).append(cursor, frame);
  if (focus) {
    cursor.focus({ preventScroll: true });
    reveal(cursor);
  }
}

// Where the cursor is going while words are asked for: keys that follow are meant for it, not for the screen.
export function wait() {
  if (!cursor.isConnected) pageOf(pageInView())?.append(cursor);
  cursor.focus({ preventScroll: true });
}

// How many doubtful words each page has, where the screen came without: asked for once. Of a long chart that takes the server a
// second, which belongs to the pictures; it waits until somebody wants to go to such a word.
const SHORT = 40;
const unknown = () => numbers.some((number) => pageOf(number).dataset.doubtful === '');
let counts = null;

async function askedFor() {
  const answer = await fetch(said.counts).catch(() => null);
  const found = answer?.ok ? await answer.json() : {};
  numbers.filter((number) => !sheets.has(number)).forEach((number) => { pageOf(number).dataset.doubtful = found[number] ?? 0; });
  count();
}

function counted() {
  counts ??= unknown() ? askedFor() : Promise.resolve();
  return counts;
}

// The next word (or the one before) of which the reader was not sure, on this page or another.
export async function doubtful(by) {
  await counted();
  const order = by > 0 ? numbers : [...numbers].reverse();
  const place = Math.max(0, order.indexOf(at?.page ?? pageInView()));
  for (let turn = 0; turn <= order.length; turn += 1) {
    const number = order[(place + turn) % order.length];
    const sheet = pageOf(number)?.dataset.doubtful > 0 ? await load(number) : null;
    const here = sheet ? [...sheet.words.keys()].filter((index) => sheet.words[index].doubtful) : [];
    const ahead = turn === 0 && at?.page === number ? here.filter((index) => by * (index - at.word) > 0) : here;
    if (ahead.length) { goTo(number, by > 0 ? ahead[0] : ahead[ahead.length - 1]); return true; }
  }
  return false;
}

export async function firstWord() {
  const number = pageInView();
  const sheet = await load(number);
  if (sheet?.words.length) goTo(number, 0);
}

// To the word beside, or to the nearest one on the line above or below.
export function step(key) {
  const { words, lines } = sheets.get(at.page);
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const next = at.word + (key === 'ArrowRight' ? 1 : -1);
    if (words[next]) goTo(at.page, next);
    return;
  }
  const line = lines.findIndex(([from, to]) => from <= at.word && at.word < to) + (key === 'ArrowDown' ? 1 : -1);
  if (!lines[line]) return;
  const middle = (word) => (word.box[0] + word.box[2]) / 2;
  const far = (index) => Math.abs(middle(words[index]) - middle(words[at.word]));
  const [from, to] = lines[line];
  const others = Array.from({ length: to - from }, (_, n) => from + n);
  goTo(at.page, others.reduce((best, one) => (far(one) < far(best) ? one : best)));
}

// Which word lies under a point of the window; -1 where none does.
export function under(page, event) {
  const sheet = sheets.get(Number(page.dataset.page));
  const picture = page.querySelector('img')?.getBoundingClientRect();
  if (!sheet || !picture?.width) return -1;
  const x = (event.clientX - picture.left) * sheet.width / picture.width;
  const y = (event.clientY - picture.top) * sheet.height / picture.height;
  return sheet.words.findIndex(({ box: [x0, y0, x1, y1] }) => {
    const room = (y1 - y0) / 5;
    return x >= x0 - room && x <= x1 + room && y >= y0 - room && y <= y1 + room;
  });
}

const seen = new IntersectionObserver((entries) => {
  entries.filter((one) => one.isIntersecting).forEach((one) => load(Number(one.target.dataset.page)));
}, { root: stage });
numbers.forEach((number) => seen.observe(pageOf(number)));
count();
if (numbers.length <= SHORT) counted();
