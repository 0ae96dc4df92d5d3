// A sheet to draw on, or to put a picture on. What is on it is a list of items, strokes and pictures, so that any of
// them can be undone; the page gets the whole as a picture when the hand rests.

const SIDE = 448; // pixels of the sheet's height
const WIDE = 2.25; // times as wide is a sheet for several characters
const INK = "#111111";
const REST_MS = 150; // after so much rest the page is told
const LONGEST = 1400; // pixels of a side of a pasted picture
const KEPT = "gan-studio-drawing"; // what a page that is left and come back to finds
const STEP = 0.02; // of the height: how far an arrow key moves the pen; four times that with Shift
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Whether what can be seen of a picture is light rather than dark: its red, green, blue and cover, pixel by pixel.
function light(data) {
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) {
    sum += data[i + 3] * (0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2] - 127.5);
  }
  return sum > 0;
}

class Sheet {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-testid="draw-${name}"]`);
    this.paper = root.querySelector(".paper");
    this.cursor = root.querySelector(".pen");
    this.canvas = this.find("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.items = []; // {points, size, erase} or {picture, width, height}
    this.pictures = new Map(); // address -> image
    this.erase = false;
    this.listen();
  }

  async load(data, commit) {
    const another = data.wide !== this.wide;
    this.commit = commit;
    this.wide = data.wide;
    this.find("hint").textContent = data.hint;
    if (!this.loaded) {
      this.loaded = true;
      await this.restore();
    }
    this.paint();
    if (another && this.items.length) this.rest(); // another sheet shows more of them, or less
  }

  // ---- from the hand to the items

  listen() {
    const { canvas } = this;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [
        ((event.clientX - box.left) / box.width) * canvas.width,
        ((event.clientY - box.top) / box.height) * canvas.height,
      ].map((value) => Number(value.toFixed(1)));
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.lift();
      this.begin(at(event));
      this.pointer = event.pointerId;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== this.pointer) return;
      const moves = event.getCoalescedEvents?.() ?? [];
      for (const move of moves.length ? moves : [event]) this.extend(at(move));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId !== this.pointer) return;
        this.pointer = null;
        this.rest();
      });
    }
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.lift());
    this.root.addEventListener("click", (event) => this.press(event.target.closest("button")?.dataset.do));
    this.paper.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.paper.classList.add("over");
    });
    this.paper.addEventListener("dragleave", () => this.paper.classList.remove("over"));
    this.paper.addEventListener("drop", (event) => {
      event.preventDefault();
      this.paper.classList.remove("over");
      this.put(event.dataTransfer.files[0]);
    });
    this.onPaste = (event) => {
      const writing = event.composedPath()[0]?.matches?.("input, textarea, [contenteditable]");
      const file = [...(event.clipboardData?.items ?? [])].find((item) => item.type.startsWith("image/"))?.getAsFile();
      if (writing || !file) return;
      event.preventDefault();
      this.put(file);
    };
    document.addEventListener("paste", this.onPaste);
  }

  begin(point) {
    const size = (Number(this.find("thickness").value) * this.canvas.height) / SIDE;
    this.current = { points: [point], size, erase: this.erase };
    this.items.push(this.current);
    this.stroke(this.current);
    this.show();
  }

  extend(point) {
    const { current } = this;
    if (!current) return; // undone, cleared or papered over while the pointer is still down
    current.points.push(point);
    this.stroke(current, current.points.length - 2);
  }

  press(what) {
    if (!what) return;
    if (what === "pen" || what === "eraser") this.erase = what === "eraser";
    else if (what === "undo") this.undo();
    else if (what === "clear") this.clear();
    else if (what === "paste") this.paste();
    this.show();
  }

  undo() {
    this.lift();
    if (this.cleared) [this.items, this.cleared] = [this.cleared, null];
    else this.items.pop();
    this.changed();
  }

  clear() {
    this.lift();
    if (!this.items.length) return;
    this.cleared = this.items; // Undo brings it all back
    this.items = [];
    this.say("");
    this.changed();
  }

  changed() {
    this.paint();
    this.rest();
  }

  // The pen by keys: arrows move it, Space puts it down and lifts it.
  key(event) {
    const undo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
    if (undo) this.undo();
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if (event.key === "Escape") this.lift();
    else if (event.key === " ") {
      this.at ??= [this.canvas.width / 2, this.canvas.height / 2];
      if (this.down) this.lift();
      else {
        this.down = true;
        this.begin(this.at);
      }
    } else if (STEPS[event.key]) {
      const { width, height } = this.canvas;
      const by = STEP * height * (event.shiftKey ? 4 : 1);
      const [x, y] = this.at ?? [width / 2, height / 2];
      const [across, down] = STEPS[event.key];
      const inside = (value, most) => Math.min(most, Math.max(0, value));
      this.at = [inside(x + across * by, width), inside(y + down * by, height)];
      if (this.down) this.extend(this.at);
    } else return;
    event.preventDefault();
    this.show();
  }

  // What is drawn at the moment ends, by the pointer or by keys.
  lift() {
    this.current = null;
    if (!this.down) return;
    this.down = false;
    this.rest();
    this.show();
  }

  // ---- pictures

  async paste() {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((name) => name.startsWith("image/"));
        if (type) return await this.put(await item.getType(type));
      }
      this.say("There is no picture in the clipboard.");
    } catch {
      this.say("The browser does not let this button look into the clipboard. Press Ctrl+V, or upload a file.");
    }
  }

  async put(file) {
    if (!file) return;
    let bitmap;
    try {
      bitmap = await createImageBitmap(file);
    } catch {
      return this.say("This is not a picture that the browser can read.");
    }
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
    const copy = Object.assign(document.createElement("canvas"), { width, height });
    const context = copy.getContext("2d");
    context.drawImage(bitmap, 0, 0, width, height);
    context.globalCompositeOperation = "destination-over"; // what is transparent is paper, on which its ink can be seen
    context.fillStyle = light(context.getImageData(0, 0, width, height).data) ? "#000000" : "#ffffff";
    context.fillRect(0, 0, width, height);
    const picture = width * height > 40000 ? copy.toDataURL("image/jpeg", 0.93) : copy.toDataURL("image/png");
    await this.decode(picture);
    this.lift();
    this.items.push({ picture, width, height });
    this.say("");
    this.changed();
  }

  async decode(address) {
    const image = new Image();
    image.src = address;
    await image.decode();
    this.pictures.set(address, image);
  }

  // ---- from the items to the canvas, and to the page

  paint() {
    const { canvas, context } = this;
    const first = this.items.findLastIndex((item) => item.picture);
    const under = this.items[first];
    const [width, height] = under ? [under.width, under.height] : [this.wide ? WIDE * SIDE : SIDE, SIDE];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    this.paper.style.setProperty("--aspect", width / height);
    this.paper.style.setProperty("--most", width > 1.5 * height ? "760px" : `${Math.min(420, (420 * width) / height)}px`);
    this.root.classList.toggle("coarse", width < 150);
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, width, height);
    if (under) context.drawImage(this.pictures.get(under.picture), 0, 0, width, height);
    for (const item of this.items.slice(first + 1)) this.stroke(item);
    this.show();
  }

  // A stroke from one of its points on, round at its ends; through the middles between points, so that it has no corners.
  stroke({ points, size, erase }, from = 0) {
    const { context } = this;
    const start = Math.max(0, from - 2);
    context.strokeStyle = context.fillStyle = erase ? "#ffffff" : INK;
    Object.assign(context, { lineWidth: size, lineCap: "round", lineJoin: "round" });
    if (points.length === 1) {
      context.beginPath();
      context.arc(...points[0], size / 2, 0, 2 * Math.PI);
      context.fill();
      return;
    }
    const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    context.beginPath();
    context.moveTo(...(start ? middle(points[start - 1], points[start]) : points[0]));
    for (let i = Math.max(1, start); i < points.length - 1; i++) {
      context.quadraticCurveTo(...points[i], ...middle(points[i], points[i + 1]));
    }
    context.lineTo(...points.at(-1));
    context.stroke();
  }

  rest() {
    if (this.items.length) this.cleared = null;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.pointer != null || this.down) return;
      const large = this.items.some((item) => item.picture) && this.canvas.width * this.canvas.height > 40000;
      const kind = large ? ["image/jpeg", 0.93] : ["image/png"];
      this.commit(this.items.length ? this.canvas.toDataURL(...kind) : "");
      this.keep();
    }, REST_MS);
  }

  keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(this.items));
    } catch {
      sessionStorage.removeItem(KEPT); // a large picture finds no room there
    }
  }

  async restore() {
    try {
      const items = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
      for (const item of items) if (item.picture) await this.decode(item.picture);
      this.items = items;
    } catch {
      sessionStorage.removeItem(KEPT);
    }
  }

  say(text) {
    this.find("said").textContent = text;
  }

  show() {
    const { canvas, cursor } = this;
    this.find("hint").hidden = this.items.length > 0;
    this.find("pen").setAttribute("aria-pressed", !this.erase);
    this.find("eraser").setAttribute("aria-pressed", this.erase);
    this.find("undo").disabled = !this.items.length && !this.cleared;
    this.find("clear").disabled = !this.items.length;
    const keys = "Arrow keys move the pen, Space puts it down and lifts it, Delete clears.";
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", `A sheet to draw on. ${keys} ${this.down ? "The pen is down." : ""}`);
    cursor.hidden = !this.at || !canvas.matches(":focus-visible");
    cursor.classList.toggle("down", Boolean(this.down));
    if (!this.at) return;
    cursor.style.setProperty("--x", `${(100 * this.at[0]) / canvas.width}%`);
    cursor.style.setProperty("--y", `${(100 * this.at[1]) / canvas.height}%`);
  }

  close() {
    clearTimeout(this.resting);
    document.removeEventListener("paste", this.onPaste);
  }
}

// Streamlit calls this at first and whenever `data` or the theme changes, on the same element.
export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".draw");
  root.sheet ??= new Sheet(root);
  root.sheet.load(data, (picture) => setStateValue("picture", picture));
  return () => {
    root.sheet?.close();
    delete root.sheet;
  };
}
