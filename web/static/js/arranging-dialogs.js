// What is asked before pages are arranged: which document to take pages of, why something signed is replaced, and which kept
// document is opened for it.
const stocks = document.getElementById('stock-dialog');
const reasons = document.getElementById('reason-dialog');
const kept = document.getElementById('kept-dialog');

// Resolves to what `read` makes of the dialog when it closes by a deed, to null when it is left.
function asked(dialog, read) {
  return new Promise((done) => {
    dialog.addEventListener('close', () => done(read()), { once: true });
    dialog.returnValue = '';
    dialog.showModal();
  });
}

// `code: words`, or null. `before`: what was said when the document was opened.
export function reasonFor(before = '') {
  const form = reasons.querySelector('form');
  const [code, ...words] = before.split(': ');
  form.reset();
  form.elements.reason.value = code;
  form.elements.text.value = words.join(': ');
  let given = false;
  form.addEventListener('submit', () => { given = true; }, { once: true });
  return asked(reasons, () => (given ? [form.elements.reason.value, form.elements.text.value.trim()].filter(Boolean).join(': ') : null));
}

// The document chosen, with the version and the number of pages that were shown; or null.
export async function stockFor(id, title) {
  document.getElementById('stock-title').textContent = title;
  document.getElementById('stock').replaceChildren();
  let taken = null;
  const take = (event) => {
    const button = event.target.closest('[data-stock]');
    if (!button) return;
    taken = { id: button.dataset.stock, seen: Number(button.dataset.seen), pages: Number(button.dataset.pages) };
    stocks.close();
  };
  stocks.addEventListener('click', take);
  const answer = asked(stocks, () => taken);
  await window.htmx.ajax('GET', `/batches/document/${id}/stock`, { target: '#stock', swap: 'innerHTML' }).catch(() => null);
  stocks.querySelector('[data-stock]')?.focus();
  await answer;
  stocks.removeEventListener('click', take);
  return taken;
}

stocks?.addEventListener('keydown', (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const all = [...stocks.querySelectorAll('[data-stock]')];
  all[all.indexOf(document.activeElement) + by]?.focus();
  event.preventDefault();
});

// A document of the batch names itself; otherwise its code is asked for.
document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-kept]');
  if (!opener) return;
  const { kept: code, name = '' } = opener.dataset;
  kept.querySelector('form').reset();
  kept.querySelector('[name=code]').value = code;
  kept.querySelector('[data-code]').hidden = code !== '';
  kept.querySelector('[data-name]').textContent = name;
  kept.querySelector('[data-name]').hidden = name === '';
  kept.showModal();
});
