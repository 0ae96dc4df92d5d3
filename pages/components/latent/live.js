// The line to the server: one request in flight, the newest wins. Over a WebSocket; over plain requests where that
// cannot be opened. A request is made only when it is sent, by `next`, so it always holds the newest position.

const HEADER_BYTES = 12;
const PACE_MS = 6; // at most some 160 requests a second, whatever the screen's rate: the server allows 240
const ANSWER_MS = 20000; // a first answer may have to wait for TensorFlow to be loaded
const WAITS_MS = [300, 600, 1200, 2500, 5000, 10000];

class Line {
  // next() gives {want, view, ...} or null; answered(request, pictures, or what JSON says);
  // troubled(text, request or null)
  constructor(base, { next, answered, troubled }) {
    const path = base ? `/${base.replace(/^\/+|\/+$/g, "")}` : "";
    this.socketUrl = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}/live`;
    this.postUrl = `${path}/live/frame`;
    Object.assign(this, { next, answered, troubled, id: 0, failures: 0, sentAt: 0, asked: null, closed: false });
    this.open();
  }

  open() {
    if (this.closed) return;
    let opened = false;
    try {
      this.socket = new WebSocket(this.socketUrl);
    } catch {
      return this.retry();
    }
    const socket = this.socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      opened = true;
      this.wake();
    };
    socket.onmessage = (message) => this.receive(message.data);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (this.asked && !this.asked.posted) this.settle(); // what was asked over it is asked again
      if (opened) this.failures = 0;
      this.retry();
    };
  }

  retry() {
    this.failures += 1;
    clearTimeout(this.reopening);
    const wait = WAITS_MS[Math.min(this.failures, WAITS_MS.length) - 1];
    if (!this.closed) this.reopening = setTimeout(() => this.open(), wait);
    this.wake();
  }

  close() {
    this.closed = true;
    clearTimeout(this.reopening);
    clearTimeout(this.patience);
    clearTimeout(this.pacing);
    this.socket?.close();
  }

  // Something may be wanted: send it if nothing is in flight.
  wake() {
    if (this.asked || this.closed) return;
    const open = this.socket?.readyState === WebSocket.OPEN;
    if (!open && this.failures < 2) return;
    const early = PACE_MS - (performance.now() - this.sentAt);
    if (early > 0.5) {
      this.pacing ??= setTimeout(() => {
        this.pacing = null;
        this.wake();
      }, early);
      return;
    }
    const request = this.next();
    if (!request) return;
    this.id = (this.id + 1) % 2 ** 32;
    this.sentAt = performance.now();
    this.asked = { ...request, id: this.id, posted: !open };
    const { want, view, family } = request; // what is undefined is left out
    const text = JSON.stringify({ id: this.id, want, view, family });
    this.patience = setTimeout(() => this.late(), ANSWER_MS);
    if (open) this.socket.send(text);
    else this.post(text, this.asked);
  }

  async post(text, asked) {
    try {
      const headers = { "Content-Type": "application/json" };
      const reply = await fetch(this.postUrl, { method: "POST", headers, body: text, cache: "no-store" });
      const bytes = reply.ok && !reply.headers.get("Content-Type").startsWith("application/json");
      const data = bytes ? await reply.arrayBuffer() : await reply.text();
      if (this.asked === asked) this.receive(data);
    } catch {
      if (this.asked !== asked || this.closed) return;
      this.troubled("The server cannot be reached. Trying again.", null);
      setTimeout(() => this.asked === asked && this.settle(true), 1000);
    }
  }

  late() {
    this.socket?.close();
    this.settle(true);
  }

  settle(repeat = true) {
    const asked = this.asked;
    clearTimeout(this.patience);
    this.asked = null;
    if (repeat && asked) asked.again?.();
    this.wake();
  }

  receive(data) {
    const asked = this.asked;
    if (!asked) return;
    if (typeof data === "string") {
      let said = { error: "The server sent something else than a picture." };
      try {
        said = JSON.parse(data);
      } catch {} // a proxy's error page
      if (said.error === undefined) {
        clearTimeout(this.patience);
        this.asked = null;
        this.answered(asked, said);
        return this.wake();
      }
      this.settle(false);
      this.troubled(said.error, asked);
      return;
    }
    const header = new DataView(data);
    if (header.getUint32(0, true) !== asked.id) return;
    const [count, height, width, channels] = [4, 6, 8, 10].map((offset) => header.getUint16(offset, true));
    clearTimeout(this.patience);
    this.asked = null;
    this.answered(asked, { count, height, width, channels, bytes: new Uint8Array(data, HEADER_BYTES) });
    this.wake();
  }
}

// Paint picture `index` of an answer on a canvas, pixel for pixel; the style sheet enlarges it.
function paint(canvas, pictures, index) {
  const { height, width, channels, bytes } = pictures;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const fits = canvas.image?.width === width && canvas.image.height === height;
  const image = (canvas.image = fits ? canvas.image : context.createImageData(width, height));
  const rgba = image.data;
  const last = channels - 1;
  for (let pixel = 0, from = index * height * width * channels; pixel < rgba.length; pixel += 4, from += channels) {
    rgba[pixel] = bytes[from];
    rgba[pixel + 1] = bytes[from + Math.min(1, last)];
    rgba[pixel + 2] = bytes[from + last];
    rgba[pixel + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
