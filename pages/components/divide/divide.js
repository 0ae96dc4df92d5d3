// Two layers of a picture in one place, with an edge between them that is slid; both zoomed and moved about together.
// Places are in pixels of the large picture; `scale` is how many CSS pixels one of them takes on the screen.

const LARGEST = 32; // scale
const LEAST = 240; // CSS pixels that the stage is high
const CRISP = 2; // device pixels of a pixel from which on it is shown as a square
const REST_MS = 200; // after this much rest, a part is asked for in full
const AROUND = 0.25; // how much more of it on each side, so that a small move asks for nothing
const CATCH = 22; // CSS pixels to either side of the edge that catch it
const KEYS = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 };
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class Divide {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector(".stage");
    this.canvas = root.querySelector("canvas");
    this.context = this.canvas.getContext("2d");
    this.edge = root.querySelector(".edge");
    this.at = 50; // percent of what is seen of the picture
    this.images = new Map();
    this.pointers = new Map();
    this.listen();
    this.sized = new ResizeObserver(() => this.lay());
    this.sized.observe(this.stage);
  }

  // New data: another picture, other layers, or a part that was asked for.
  async load(data, ask) {
    this.ask = ask;
    if (data.version === this.version) return;
    this.version = data.version;
    const known = this.images;
    this.images = new Map();
    const decoded = (source) => {
      if (source && !this.images.has(source)) this.images.set(source, known.get(source) ?? decode(source));
      return this.images.get(source);
    };
    const sides = await Promise.all(
      [data.left, data.right].map(async ({ name, whole, part }) => ({ name, whole: await decoded(whole), part: part && (await decoded(part)) })),
    );
    if (data.version !== this.version) return; // newer data came meanwhile
    const another = data.id !== this.id;
    Object.assign(this, { id: data.id, size: data.size, reduced: data.reduced, most: data.most, box: data.box, sides });
    if (another) [this.fitted, this.asked] = [true, null];
    for (const [side, index] of [["left", 0], ["right", 1]]) this.root.querySelector(`.name.${side}`).textContent = sides[index].name;
    this.stage.ariaLabel = `${sides[0].name} left of the divider, ${sides[1].name} right of it. Plus and minus zoom, arrow keys move.`;
    this.edge.ariaLabel = `Divider between ${sides[0].name} and ${sides[1].name}`;
    this.lay();
    this.root.ariaBusy = "false";
  }

  lay() {
    if (!this.sides || !this.stage.clientWidth) return;
    const [width, height] = this.size;
    this.wide = this.stage.clientWidth;
    const most = Math.max(LEAST, Math.min(640, 0.58 * window.innerHeight));
    const room = Math.min(this.wide / width, most / height, 2 * LARGEST);
    const sharp = window.devicePixelRatio || 1;
    this.fit = room * sharp >= 2 ? Math.floor(room * sharp) / sharp : room; // squares of one size where they are seen
    this.high = Math.max(LEAST, Math.round(Math.min(most, this.fit * height)));
    this.stage.style.setProperty("--high", `${this.high}px`);
    this.look(this.fitted ? { scale: this.fit, x: width / 2, y: height / 2 } : this);
  }

  // Show a place at a scale, both brought to what is possible.
  look({ scale = this.scale, x = this.x, y = this.y }) {
    const [width, height] = this.size;
    this.scale = Math.min(Math.max(scale, Math.min(1, this.fit)), Math.max(LARGEST, this.fit));
    const inside = (place, side, room) => (side <= room ? side / 2 : Math.min(Math.max(place, room / 2), side - room / 2));
    this.x = inside(x, width, this.wide / this.scale);
    this.y = inside(y, height, this.high / this.scale);
    this.fitted = Math.abs(this.scale - this.fit) < 1e-6;
    this.moves = width * this.scale > this.wide + 1 || height * this.scale > this.high + 1;
    this.stage.classList.toggle("moves", this.moves);
    this.tell();
    this.paint();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.askForPart(), REST_MS);
  }

  // Zoom so that what is at a place on the stage stays there.
  zoom(scale, left = this.wide / 2, top = this.high / 2) {
    const [x, y] = [this.x + (left - this.wide / 2) / this.scale, this.y + (top - this.high / 2) / this.scale];
    const least = Math.min(1, this.fit);
    const to = Math.min(Math.max(scale, least), Math.max(LARGEST, this.fit));
    this.look({ scale: to, x: x - (left - this.wide / 2) / to, y: y - (top - this.high / 2) / to });
  }

  // What is seen of the picture, in CSS pixels on the stage.
  seen() {
    const [width, height] = this.size;
    const left = Math.max(0, this.wide / 2 - this.x * this.scale);
    const top = Math.max(0, this.high / 2 - this.y * this.scale);
    const right = Math.min(this.wide, this.wide / 2 + (width - this.x) * this.scale);
    const bottom = Math.min(this.high, this.high / 2 + (height - this.y) * this.scale);
    return { left, top, width: right - left, height: bottom - top };
  }

  paint() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.draw();
    });
  }

  draw() {
    const sharp = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(this.wide * sharp), Math.round(this.high * sharp)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const seen = this.seen();
    const edge = seen.left + (seen.width * this.at) / 100;
    const { context } = this;
    context.clearRect(0, 0, width, height);
    const halves = [[0, Math.round(edge * sharp)], [Math.round(edge * sharp), width]];
    for (const [index, [from, to]] of halves.entries()) {
      context.save();
      context.beginPath();
      context.rect(from, 0, to - from, height);
      context.clip();
      this.drawLayer(this.sides[index], this.scale * sharp, sharp);
      context.restore();
    }
    Object.assign(this.edge.style, { left: `${edge}px`, top: `${seen.top}px`, height: `${seen.height}px` });
    this.root.querySelector(".name.left").classList.toggle("gone", edge < 0.12 * this.wide);
    this.root.querySelector(".name.right").classList.toggle("gone", edge > 0.88 * this.wide);
  }

  drawLayer({ whole, part }, scale, sharp) {
    const { context } = this;
    const [left, top] = [Math.round((this.wide / 2) * sharp - this.x * scale), Math.round((this.high / 2) * sharp - this.y * scale)];
    const put = (image, x, y, width, height, exact) => {
      const square = (width * scale) / image.naturalWidth;
      context.imageSmoothingEnabled = !exact || square < CRISP;
      context.imageSmoothingQuality = "high";
      context.drawImage(image, left + x * scale, top + y * scale, width * scale, height * scale);
    };
    const [width, height] = this.size;
    put(whole, 0, 0, width, height, this.reduced === 1 || whole.naturalWidth * 4 === width);
    if (part && this.box) put(part, ...this.box, true);
  }

  // A large picture came reduced; what is seen of it closely is asked for.
  askForPart() {
    const sharp = window.devicePixelRatio || 1;
    if (this.reduced === 1 || this.scale * sharp <= 1.05 * this.reduced) return;
    const spans = [[this.x, this.wide, 0], [this.y, this.high, 1]].map(([place, room, side]) => {
      const half = room / 2 / this.scale;
      return [Math.max(0, Math.floor(place - half)), Math.min(this.size[side], Math.ceil(place + half))];
    });
    if (spans.some(([from, to]) => to - from > this.most)) return;
    if (this.box && spans.every(([from, to], side) => from >= this.box[side] && to <= this.box[side] + this.box[2 + side])) return;
    const wider = spans.map(([from, to], side) => {
      const more = Math.min((to - from) * AROUND, (this.most - (to - from)) / 2);
      return [Math.max(0, Math.floor(from - more)), Math.min(this.size[side], Math.floor(to + more))];
    });
    const box = [wider[0][0], wider[1][0], wider[0][1] - wider[0][0], wider[1][1] - wider[1][0]];
    if (this.asked === `${box}`) return;
    this.asked = `${box}`;
    this.ask({ id: this.id, box });
  }

  slide(at) {
    this.at = Math.min(Math.max(at, 0), 100);
    this.tell();
    this.paint();
  }

  tell() {
    const share = Math.round(this.at);
    this.edge.ariaValueNow = share;
    this.edge.ariaValueText = `${share}% ${this.sides[0].name}, ${100 - share}% ${this.sides[1].name}`;
    const percent = this.scale * 100;
    const said = percent < 10 ? percent.toFixed(1) : percent.toFixed(0);
    this.root.querySelector(".said").textContent = `${this.size.map((side) => side.toLocaleString("en")).join(" × ")} pixels, shown at ${said}%`;
    const at = { out: this.scale <= Math.min(1, this.fit), in: this.scale >= LARGEST, fit: this.fitted, true: this.scale === 1 };
    for (const button of this.root.querySelectorAll("button")) {
      const { to } = button.dataset;
      if (to === "in" || to === "out") button.disabled = at[to];
      else button.ariaPressed = at[to];
    }
  }

  turn(to) {
    const power = Math.log2(this.scale);
    if (to === "in") this.zoom(2 ** Math.floor(power + 1.01));
    else if (to === "out") this.zoom(2 ** Math.ceil(power - 1.01));
    else this.zoom(to === "fit" ? this.fit : 1);
  }

  listen() {
    for (const button of this.root.querySelectorAll("button")) button.onclick = () => this.sides && this.turn(button.dataset.to);
    const { stage, edge } = this;
    stage.onpointerdown = (event) => this.down(event);
    stage.onpointermove = (event) => this.move(event);
    stage.onpointerup = stage.onpointercancel = (event) => {
      this.pointers.delete(event.pointerId);
      this.drag = null;
      stage.classList.remove("moving");
    };
    stage.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey || !this.sides) return; // without it, the page is scrolled
        event.preventDefault();
        const place = this.place(event);
        this.zoom(this.scale * Math.exp(-event.deltaY / 150), ...place);
      },
      { passive: false },
    );
    edge.onkeydown = (event) => {
      if (!(event.key in KEYS) || !this.sides) return;
      event.preventDefault();
      event.stopPropagation();
      this.slide(this.at + KEYS[event.key]);
    };
    stage.onkeydown = (event) => {
      if (!this.sides || event.ctrlKey || event.metaKey || event.altKey) return;
      const turns = { "+": "in", "=": "in", "-": "out", 0: "fit", 1: "true" };
      if (event.key in turns) this.turn(turns[event.key]);
      else if (this.moves && event.key in MOVES) {
        const [x, y] = MOVES[event.key];
        this.look({ x: this.x + (x * this.wide) / 8 / this.scale, y: this.y + (y * this.high) / 8 / this.scale });
      } else return;
      event.preventDefault();
    };
  }

  place(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    if (!this.sides || event.button > 0) return;
    const [x, y] = this.place(event);
    this.stage.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [x, y]);
    if (this.pointers.size === 2) {
      this.drag = { kind: "pinch", apart: this.apart(), scale: this.scale };
      return;
    }
    const seen = this.seen();
    const edge = seen.left + (seen.width * this.at) / 100;
    const caught = Math.abs(x - edge) <= CATCH;
    if (caught || !this.moves) {
      (caught ? this.edge : this.stage).focus({ preventScroll: true });
      this.drag = { kind: "edge", off: caught ? x - edge : 0 };
      this.move(event);
    } else {
      this.drag = { kind: "picture", from: [x, y], x: this.x, y: this.y };
      this.stage.classList.add("moving");
    }
  }

  move(event) {
    if (!this.pointers.has(event.pointerId) || !this.drag) return;
    const [x, y] = this.place(event);
    this.pointers.set(event.pointerId, [x, y]);
    if (this.drag.kind === "pinch") {
      const [first, second] = [...this.pointers.values()];
      this.zoom((this.drag.scale * this.apart()) / this.drag.apart, (first[0] + second[0]) / 2, (first[1] + second[1]) / 2);
    } else if (this.drag.kind === "edge") {
      const seen = this.seen();
      this.slide(((x - this.drag.off - seen.left) / Math.max(1, seen.width)) * 100);
    } else {
      const { from } = this.drag;
      this.look({ x: this.drag.x - (x - from[0]) / this.scale, y: this.drag.y - (y - from[1]) / this.scale });
    }
  }

  apart() {
    const [first, second] = [...this.pointers.values()];
    return Math.max(1, Math.hypot(first[0] - second[0], first[1] - second[1]));
  }

  close() {
    this.sized.disconnect();
    clearTimeout(this.rest);
    cancelAnimationFrame(this.waiting);
  }
}

async function decode(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

// Streamlit calls this at first and whenever `data` or the theme changes, on the same element.
export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".divide");
  root.divide ??= new Divide(root);
  root.divide.load(data, (wanted) => setStateValue("window", wanted));
  return () => {
    root.divide?.close();
    delete root.divide;
  };
}
