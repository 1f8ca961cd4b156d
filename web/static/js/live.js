// Events from the server reach every tab through one stream a browser (a shared worker), and the page as the event `luuky`.
const REST = 700; // milliseconds between two refreshes, so that a busy belt does not keep the page busy
let due = null;
let last = 0;

function tell(detail) {
  // What happened between the drawing of this page and the opening of the stream is asked for once.
  if (detail.kind === 'open' && Number(detail.newest) <= Number(document.body.dataset.heard)) return;
  document.body.dispatchEvent(new CustomEvent('luuky:event', { detail }));
  if (due) return;
  due = setTimeout(() => {
    due = null;
    last = Date.now();
    document.body.dispatchEvent(new CustomEvent('luuky'));
  }, Math.max(60, REST - (Date.now() - last)));
}

function listen() {
  if ('SharedWorker' in window) {
    const worker = new SharedWorker('/static/js/live-worker.js', { name: 'luuky' });
    worker.port.onmessage = (event) => tell(event.data);
    worker.port.start();
    addEventListener('pagehide', () => worker.port.postMessage('bye'));
    return;
  }
  const source = new EventSource('/api/v1/events');
  source.onmessage = (event) => tell(JSON.parse(event.data));
  source.addEventListener('opened', (event) => tell({ kind: 'open', newest: event.lastEventId }));
}

if (document.body.dataset.csrf) listen();
