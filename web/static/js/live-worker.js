// One event stream for all tabs of this browser. It opens with the first tab and closes with the last.
const ports = new Set();
let source = null;

function open() {
  if (source && source.readyState !== EventSource.CLOSED) return;
  source = new EventSource('/api/v1/events');
  source.onmessage = (event) => {
    const value = JSON.parse(event.data);
    for (const port of ports) port.postMessage(value);
  };
}

onconnect = (event) => {
  const port = event.ports[0];
  ports.add(port);
  port.onmessage = () => {
    ports.delete(port);
    if (!ports.size && source) { source.close(); source = null; }
  };
  port.start();
  open();
};
