// What is asked before pages are arranged: which document to take pages of, and why something signed is replaced.
const stocks = document.getElementById('stock-dialog');
const reasons = document.getElementById('reason-dialog');

// Resolves to what `read` makes of the dialog when it closes by a deed, to null when it is left.
function asked(dialog, read) {
  return new Promise((done) => {
    dialog.addEventListener('close', () => done(read()), { once: true });
    dialog.returnValue = '';
    dialog.showModal();
  });
}

// `code: words`, or null.
export function reasonFor() {
  const form = reasons.querySelector('form');
  form.reset();
  let given = false;
  form.addEventListener('submit', () => { given = true; }, { once: true });
  return asked(reasons, () => (given ? [form.elements.code.value, form.elements.text.value.trim()].filter(Boolean).join(': ') : null));
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
