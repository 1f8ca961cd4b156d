// Files that are dragged from the desktop and let go anywhere on the page are handed to `take`; `field` shows meanwhile that they may be.
const brought = (event) => event.dataTransfer.types.includes('Files'); // words that are dragged about stay what they are

export function onDrop(field, take) {
  addEventListener('dragover', (event) => {
    if (!brought(event)) return;
    event.preventDefault();
    field.classList.add('over');
  });
  addEventListener('dragleave', (event) => { if (!event.relatedTarget) field.classList.remove('over'); });
  addEventListener('drop', (event) => {
    if (!brought(event)) return;
    event.preventDefault();
    field.classList.remove('over');
    take(event.dataTransfer.files);
  });
}
