// Xếp trang: deeds on the chosen page, one after the other; Z takes the last one back. What is signed asks for a reason first.
import { chosen, find, refresh, show, thumbs } from './batches.js';
import { reasonFor, stockFor } from './arranging-dialogs.js';
import { onKeys, press } from './keys.js';
import { order, send, standing } from './orders.js';
import { settled, turnNow } from './sheet.js';
import { takenBack } from './unarranging.js';

const said = document.getElementById('arrange').dataset;
const toast = document.getElementById('arranged');
const past = []; // what can be taken back, the newest last
const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const sections = () => [...document.querySelectorAll('.pages-strip section')].filter((one) => one.querySelector('.g .thumb'));
const sectionOf = (id) => sections().find((one) => one.dataset.document === id);
const leavesOf = (id) => [...sectionOf(id).querySelectorAll('.g .thumb')].map((one) => one.dataset.leaf);
const upTo = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);

function tell(words) {
  toast.querySelector('span').textContent = words;
  toast.hidden = false;
  document.getElementById('unarrange').hidden = past.length === 0;
}

// ---- a page, where it stands, and whether a deed can be done on it

function standingOf(thumb) {
  if (!thumb) return null;
  const section = thumb.closest('section');
  const { document: id, name: title, barred } = section.dataset;
  const before = sections()[sections().indexOf(section) - 1];
  return {
    id, title, barred, leaf: thumb.dataset.leaf, rotation: Number(thumb.dataset.rotation), n: Number(thumb.dataset.number),
    leaves: leavesOf(id), before: before?.dataset,
  };
}

const HINDRANCES = {
  split: (at) => (at.n === 1 ? said.firstPage : ''),
  join: (at) => (at.before ? at.before.barred : said.firstDocument),
  out: (at) => (at.leaves.length === 1 ? said.onePage : ''),
  earlier: (at) => (at.n === 1 ? said.firstPage : ''),
  later: (at) => (at.n === at.leaves.length ? said.lastPage : ''),
};
const hindrance = (name, at) => (at ? at.barred || (HINDRANCES[name]?.(at) ?? '') : said.noPage);

function paintTools() {
  const at = standingOf(chosen());
  document.querySelectorAll('[data-deed]').forEach((button) => {
    button.title = hindrance(button.dataset.deed, at);
    button.disabled = button.title !== '';
  });
  const words = document.querySelector('#walk [data-barred]');
  words.textContent = at?.barred ?? '';
  words.hidden = words.textContent === '';
  document.querySelector('#walk [data-free]').hidden = !words.hidden;
}

// ---- sending

// The belt moves documents on without touching their pages: that is no reason to refuse. Somebody else's arranging is.
async function untouched(deed) {
  for (const id of Object.keys(deed.seen)) {
    const now = await standing(id);
    const pages = deed.pages[id];
    if (!now || (Array.isArray(pages) ? now.leaves.join() !== pages.join() : now.leaves.length !== pages)) return false;
    if (deed.turned && now.turns[deed.turned.n - 1] !== deed.turned.rotation) return false;
    deed.seen[id] = now.seen;
  }
  return true;
}

async function sent(deed) {
  const asks = Object.keys(deed.seen).some((id) => sectionOf(id)?.dataset.asks !== undefined);
  const given = Object.keys(deed.seen).map((id) => sectionOf(id)?.dataset.reason).find(Boolean);
  let reason = asks ? await reasonFor(given) : null;
  let looked = false;
  if (asks && reason === null) return { refused: said.leftAlone };
  for (;;) {
    const answer = await send(deed.document, deed.path, { ...deed.body, seen: deed.seen, reason });
    if (answer.ok) return { reason, documents: answer.said.documents };
    if (answer.said.code === 'reason_needed' && reason === null) {
      reason = await reasonFor(given);
      if (reason === null) return { refused: said.leftAlone };
    } else if (answer.status === 409 && !looked) {
      looked = true;
      if (!await untouched(deed)) return { refused: said.stale };
    } else return { refused: answer.status === 409 ? said.stale : answer.said.title ?? said.away };
  }
}

// One deed: sent, the strip fetched anew, the page found again, and said.
async function run(deed) {
  const answer = await sent(deed);
  if (!answer.refused) past.push({ ...deed.undo(answer.documents), leaf: deed.leaf, signed: answer.reason !== null });
  deed.after?.();
  await refresh();
  const index = find(deed.leaf);
  if (!answer.refused && index >= 0) show(index);
  tell(answer.refused ?? (answer.reason === null ? deed.words : `${deed.words} ${said.signAgain}`));
}

let line = Promise.resolve();
function inLine(act) {
  line = line.then(act).catch(() => tell(said.away));
}

// ---- the deeds

// What the person sees of documents goes along.
const saw = (...ids) => ({
  seen: Object.fromEntries(ids.map((id) => [id, Number(sectionOf(id).dataset.seen)])),
  pages: Object.fromEntries(ids.map((id) => [id, leavesOf(id)])),
});

const arranged = (at, items, words, more = {}) => ({
  document: at.id, path: 'arrangement', body: { order: order(items) }, words, leaf: at.leaf, ...saw(at.id),
  undo: () => ({ kind: 'order', document: at.id, leaves: at.leaves }), ...more,
});

function turned(at, by, words) {
  const items = upTo(1, at.leaves.length);
  items[at.n - 1] = `${at.n}r${by}`;
  return arranged(at, items, fill(words, at), {
    turned: at, after: () => settled(at.leaf, by),
    undo: () => ({ kind: 'order', document: at.id, leaves: at.leaves, turn: { leaf: at.leaf, by: 360 - by } }),
  });
}

function moved(at, by) {
  const items = upTo(1, at.leaves.length);
  items.splice(at.n - 1 + by, 0, ...items.splice(at.n - 1, 1));
  return arranged(at, items, fill(said.moved, { from: at.n, n: at.n + by, title: at.title }));
}

// All pages of another document after this page, or in its place.
function put(at, stock, keeps) {
  const [last, items] = [at.leaves.length, [...upTo(1, keeps ? at.n : at.n - 1), `${stock.id}:1-`]];
  const deed = arranged(at, [...items, ...upTo(at.n + 1, last)], fill(keeps ? said.inserted : said.exchanged, { ...at, count: stock.pages }));
  deed.seen[stock.id] = stock.seen;
  deed.pages[stock.id] = stock.pages;
  deed.undo = () => ({ kind: 'apart', document: at.id, leaves: at.leaves });
  return deed;
}

const DEEDS = {
  left: (at) => turned(at, 270, said.turnedLeft),
  right: (at) => turned(at, 90, said.turnedRight),
  out: (at) => arranged(at, upTo(1, at.leaves.length).filter((n) => n !== at.n), fill(said.takenOut, at)),
  earlier: (at) => moved(at, -1),
  later: (at) => moved(at, 1),
  insert: (at, stock) => put(at, stock, true),
  exchange: (at, stock) => put(at, stock, false),
  split: (at) => ({
    document: at.id, path: 'split', leaf: at.leaf, words: fill(said.wasSplit, at), ...saw(at.id),
    body: { parts: [order(upTo(1, at.n - 1)), order(upTo(at.n, at.leaves.length))] },
    undo: (made) => ({ kind: 'join', document: at.id, other: made[1].document, leaves: at.leaves }),
  }),
  join(at) {
    const { document: id, name: title } = at.before;
    const leaves = leavesOf(id);
    return {
      document: id, path: 'join', leaf: at.leaf, ...saw(id, at.id), body: { documents: [at.id] },
      words: fill(said.wasJoined, { title, n: leaves.length + 1 }), undo: () => ({ kind: 'apart', document: id, leaves }),
    };
  },
};
const TURNS = { left: 270, right: 90 };

// The page that is meant is the one chosen when the key was pressed, wherever it stands when its turn comes.
function perform(name, stock = null, meant = chosen()?.dataset.leaf) {
  const now = hindrance(name, standingOf(thumbs()[find(meant)]));
  if (now) { tell(now); return; }
  if (TURNS[name]) turnNow(thumbs()[find(meant)], TURNS[name]);
  inLine(async () => {
    const at = standingOf(thumbs()[find(meant)]);
    const hinders = hindrance(name, at);
    if (!hinders) { await run(DEEDS[name](at, stock)); return; }
    if (TURNS[name]) settled(meant, TURNS[name]);
    tell(hinders);
  });
}

async function choose(name) {
  const at = standingOf(chosen());
  if (hindrance(name, at)) { tell(hindrance(name, at)); return; }
  const stock = await stockFor(at.id, fill(name === 'insert' ? said.insertTitle : said.exchangeTitle, at));
  if (stock) perform(name, stock, at.leaf);
}

// What was set aside comes back behind the chosen page where that is of the same document, else at the end.
function bringBack(button) {
  const { document: id, name: title } = button.closest('section').dataset;
  const leaves = leavesOf(id);
  const behind = leaves.indexOf(chosen()?.dataset.leaf) + 1 || leaves.length;
  const items = [...upTo(1, behind), `x${button.dataset.back}`, ...upTo(behind + 1, leaves.length)];
  const at = { id, leaves, leaf: button.dataset.leaf };
  inLine(async () => {
    await run(arranged(at, items, fill(said.broughtBack, { n: behind + 1, title })));
    chosen()?.focus({ preventScroll: true }); // the button is gone with what it brought back
  });
}

function undo() {
  inLine(async () => {
    const deed = past.pop();
    if (!deed) { tell(said.nothing); return; }
    const done = await takenBack(deed, sent);
    await refresh();
    const index = find(deed.leaf);
    if (index >= 0) show(index);
    tell(done.refused ?? (done.lost ? said.noUndo : deed.signed ? said.undoneSigned : deed.kind === 'apart' ? said.undoneApart : said.undone));
  });
}

document.addEventListener('click', (event) => {
  const deed = event.target.closest('[data-deed]')?.dataset.deed;
  if (deed === 'insert' || deed === 'exchange') choose(deed);
  else if (deed) perform(deed);
  const back = event.target.closest('[data-back]');
  if (back) bringBack(back);
  if (event.target.closest('#unarrange')) undo();
});
document.addEventListener('luuky:page', paintTools);
paintTools();

const deed = (name) => () => { perform(name); };
onKeys({
  l: deed('left'), r: deed('right'), x: deed('out'), s: deed('split'), g: deed('join'), 'Shift ArrowLeft': deed('earlier'),
  'Shift ArrowRight': deed('later'), i: () => { choose('insert'); }, t: () => { choose('exchange'); }, z: press('#unarrange'),
});
