// One event stream for all tabs of this browser. It opens with the first tab and closes with the last.
const ports = new Set();
let source = null;
let newest = null; // number of the newest event that this stream knows of

function open() {
  if (source && source.readyState !== EventSource.CLOSED) return;
  source = new EventSource('/api/v1/events');
  source.addEventListener('opened', (event) => tell(event, { kind: 'open', newest: event.lastEventId }));
  source.onmessage = (event) => tell(event, JSON.parse(event.data));
}

function tell(event, value) {
  newest = event.lastEventId;
  for (const port of ports) port.postMessage(value);
}

onconnect = (event) => {
  const port = event.ports[0];
  ports.add(port);
  port.onmessage = () => {
    ports.delete(port);
    if (!ports.size && source) { source.close(); source = null; newest = null; }
  };
  port.start();
  if (newest) port.postMessage({ kind: 'open', newest });
  open();
};
