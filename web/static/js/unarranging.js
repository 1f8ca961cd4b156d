// Takes a deed on pages back, from how the documents stand now. Where a page has gone elsewhere since, nothing is done.
import { order, standing } from './orders.js';

const deedOn = (id, now, path, body) => ({ document: id, path, body, seen: { [id]: now.seen }, pages: { [id]: now.leaves } });
const numberIn = (now) => (leaf) => {
  const n = now.leaves.indexOf(leaf) + 1;
  return n || `x${now.aside.indexOf(leaf) + 1}`;
};
const has = (now, leaves) => leaves.every((leaf) => now.leaves.includes(leaf) || now.aside.includes(leaf));

// The same pages in the order they had, one turned back.
async function inOrder({ document: id, leaves, turn }, now, sent) {
  if (!has(now, leaves) || now.leaves.some((leaf) => !leaves.includes(leaf))) return { lost: true };
  const items = leaves.map(numberIn(now));
  if (turn) items[leaves.indexOf(turn.leaf)] += `r${turn.by}`;
  return sent(deedOn(id, now, 'arrangement', { order: order(items) }));
}

// The pages it had stay; those that came in become a document of their own.
async function apart({ document: id, leaves }, now, sent) {
  const came = now.leaves.filter((leaf) => !leaves.includes(leaf));
  if (!has(now, leaves) || !came.length) return { lost: true };
  const wanted = [...leaves, ...came];
  if (wanted.join() !== now.leaves.join()) {
    const first = await sent(deedOn(id, now, 'arrangement', { order: order(wanted.map(numberIn(now))) }));
    if (first.refused) return first;
    now = await standing(id);
    if (now?.leaves.join() !== wanted.join()) return { lost: true };
  }
  const numbers = wanted.map((_, index) => index + 1);
  const parts = [numbers.slice(0, leaves.length), numbers.slice(leaves.length)].map(order);
  return sent(deedOn(id, now, 'split', { parts }));
}

// Both parts are one again.
async function together({ document: id, other, leaves }, now, sent) {
  const rest = await standing(other);
  if (!rest || [...now.leaves, ...rest.leaves].join() !== leaves.join()) return { lost: true };
  const deed = deedOn(id, now, 'join', { documents: [other] });
  return sent({ ...deed, seen: { ...deed.seen, [other]: rest.seen }, pages: { ...deed.pages, [other]: rest.leaves } });
}

export async function takenBack(deed, sent) {
  const now = await standing(deed.document);
  return now ? { order: inOrder, apart, join: together }[deed.kind](deed, now, sent) : { lost: true };
}
