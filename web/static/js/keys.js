// Bare letters and digits belong to the screen, and are silent while somebody types or a dialog is open.
export const typing = (event) =>
  event.target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select') !== null || document.querySelector('dialog[open]') !== null;

// Runs `deeds[name]` for a key; names are as in KeyboardEvent.key, letters in lower case, with "Shift " or "Ctrl " before them.
export function onKeys(deeds) {
  addEventListener('keydown', (event) => {
    if (event.altKey || event.metaKey || event.isComposing) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const name = (event.ctrlKey ? 'Ctrl ' : '') + (event.shiftKey && key !== '?' ? 'Shift ' : '') + key;
    const deed = deeds[name];
    if (!deed || (typing(event) && !event.ctrlKey)) return;
    if (key === 'Enter' && !event.ctrlKey && event.target.closest('button, a, summary')) return;
    if (deed(event) !== false) event.preventDefault();
  });
}

export const press = (selector) => () => {
  const button = document.querySelector(selector);
  if (!button || button.disabled) return false;
  button.click();
  return true;
};
