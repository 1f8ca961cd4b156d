// Deeds on pages as the doors of `docs/reference/arranging.md` take them.

// Numbers in a row become one span: [1, 2, 3, '5r90'] is `1-3,5r90`.
export function order(items) {
  const spans = [];
  items.forEach((item) => {
    const last = spans[spans.length - 1];
    if (typeof item === 'number' && last && last[1] === item - 1) last[1] = item;
    else spans.push([item, item]);
  });
  return spans.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

async function asked(path, given) {
  const headers = { 'X-CSRF-Token': document.body.dataset.csrf, 'Content-Type': 'application/json' };
  const answer = await fetch(path, { ...given, headers }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  return { ok: Boolean(answer?.ok && said), status: answer?.status ?? 0, said: said ?? {} };
}

const door = (document, deed) => `/api/v1/documents/${document}/${deed}`;
export const send = (document, deed, body) => asked(door(document, deed), { method: 'POST', body: JSON.stringify(body) });

// How a document is arranged now, its pages named as the strip names them; null where it is not to be had.
export async function standing(document) {
  const { ok, said } = await asked(door(document, 'arrangement'), {});
  if (!ok) return null;
  const named = (one) => `${said.originals[one.original].sha256}:${one.page}`;
  return { seen: said.seen, leaves: said.pages.map(named), aside: said.aside.map(named), turns: said.pages.map((one) => one.rotation) };
}
