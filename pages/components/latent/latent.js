// The latent page. All that is shown is in `view` (gan.latent.View); every control changes it, and the server draws it.

const SETTLED_MS = 150; // after this much rest the small pictures beside the controls follow
const COMMIT_MS = 300; // after this much rest the view goes to the address bar and to undo
const SEEDS = 100000; // reshuffled pictures are numbered below this, which keeps links short
const PLAY_MS = 4000; // from A to B
const UNDO_STEPS = 100;
// Browsers hand out pointer moves once a frame; raw ones, where there are any, come at once: up to a frame earlier.
const MOVE = "onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove";

class Studio {
  constructor(root, data, commit) {
    this.root = root;
    this.commitToPage = commit;
    this.wanted = new Map(); // want -> time stamp of the event that asked for it, or null
    this.undoable = [];
    this.latencies = [];
    this.drawn = [];
    this.find = (name) => root.querySelector(`[data-testid="${name}"]`);
    this.notice = this.find("notice");
    this.slow = setTimeout(() => this.say("Loading the model. The first time this takes a few seconds."), 700);
    this.begin(data);
    this.listen();
    this.line = new Line(data.base, {
      next: () => this.nextRequest(),
      answered: (request, pictures) => this.draw(request, pictures),
      troubled: (text, request) => this.say(text, request),
    });
  }

  // The controls that this model has, at the view that the page gives.
  begin(data) {
    this.data = data;
    this.view = structuredClone(data.view);
    this.settled = JSON.stringify(this.view);
    this.root.style.setProperty("--pixels", data.shape[1]);
    this.root.style.setProperty("--aspect", data.shape[1] / data.shape[0]);
    this.buildClasses(data.class_names);
    this.buildDirections(this.view.sliders.length);
    this.show();
    for (const want of ["frame", "ends", "classes"]) this.wanted.set(want, null);
  }

  buildClasses(names) {
    this.root.querySelector(".classes-group").hidden = !names.length;
    this.find("classes").replaceChildren(
      ...names.map((name, index) => {
        const cell = document.createElement("div");
        cell.className = "class";
        cell.innerHTML = `<button type="button" data-testid="class-${index}"><canvas width="28" height="28"></canvas>
          <span class="name"></span></button><span class="share"></span>
          <input type="range" min="0" max="100" step="1" data-class="${index}" data-testid="weight-${index}">`;
        cell.querySelector(".name").textContent = name;
        cell.querySelector("button").title = `${name} alone; with Shift, mixed in`;
        cell.querySelector("input").ariaLabel = `Weight of ${name}`;
        return cell;
      }),
    );
    const total = this.view.classes.reduce((sum, weight) => sum + weight, 0) || 1;
    this.weights = this.view.classes.map((weight) => (100 * weight) / total);
  }

  buildDirections(count) {
    this.root.querySelector(".pad-name").textContent = `Directions ${count + 1} and ${count + 2}`;
    this.find("directions").replaceChildren(
      ...Array.from({ length: count }, (_, index) => {
        const row = document.createElement("div");
        row.className = "direction";
        row.innerHTML = `<label for="direction-${index}">Direction ${index + 1}</label>
          <canvas width="28" height="28" role="img" aria-label="At -3"></canvas>
          <input type="range" id="direction-${index}" min="-3" max="3" step="any" data-slider="${index}"
            data-testid="direction-${index + 1}">
          <canvas width="28" height="28" role="img" aria-label="At 3"></canvas>
          <button type="button" class="value" data-zero="${index}" data-testid="direction-${index + 1}-reset"
            title="Back to 0"></button>`;
        return row;
      }),
    );
  }

  // ---- from the controls to the view

  listen() {
    const { root } = this;
    root.addEventListener("input", (event) => event.target !== this.led && this.moved(event, event.target));
    for (const end of ["pointerdown", "pointerup", "pointercancel"]) {
      root.addEventListener(end, () => (this.led = null), { capture: true });
    }
    root.addEventListener("pointermove", (event) => (this.pointed = event.timeStamp), { capture: true });
    if (MOVE !== "pointermove") root.addEventListener(MOVE, (event) => this.ahead(event));
    root.addEventListener("change", () => this.rest(0));
    root.addEventListener("dblclick", (event) => {
      const index = event.target.dataset.slider;
      if (index !== undefined) this.change(event, (view) => (view.sliders[index] = 0));
    });
    root.addEventListener("click", (event) => this.pressed(event));
    const pad = this.find("pad");
    const drag = (event) => {
      const box = pad.getBoundingClientRect();
      const at = (place, size) => clamp((place / size) * 6 - 3);
      this.change(event, (view) => {
        view.pad = [at(event.clientX - box.left, box.width), -at(event.clientY - box.top, box.height)];
      });
    };
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(event.pointerId);
      pad.focus();
      drag(event);
    });
    pad.addEventListener(MOVE, (event) => pad.hasPointerCapture(event.pointerId) && drag(event));
    pad.addEventListener("dblclick", (event) => this.change(event, (view) => (view.pad = [0, 0])));
    pad.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 0.5 : 0.1;
      const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowDown: [0, -step], ArrowUp: [0, step] };
      const way = ways[event.key];
      if (event.key === "Home") this.change(event, (view) => (view.pad = [0, 0]));
      else if (way) this.change(event, (view) => (view.pad = view.pad.map((value, axis) => clamp(value + way[axis]))));
      else return;
      event.preventDefault();
    });
    this.onKey = (event) => {
      const text = 'input:not([type="range"], [type="radio"]), textarea, [contenteditable]';
      const writing = event.composedPath()[0]?.matches?.(text);
      if (writing || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      this.undo(event);
    };
    document.addEventListener("keydown", this.onKey);
  }

  // A slider being dragged, led by the raw moves; its own input events, a frame later, then say nothing new.
  ahead(event) {
    const slider = event.target;
    if (slider.type !== "range" || !(event.buttons & 1) || !slider.matches(":active")) return;
    this.led = slider;
    const knob = parseFloat(getComputedStyle(slider).getPropertyValue("--knob"));
    const box = slider.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left - knob / 2) / (box.width - knob)));
    slider.value = Number(slider.min) + share * (slider.max - slider.min);
    this.moved(event, slider);
  }

  moved(event, control) {
    const { name, value, dataset } = control;
    this.stop();
    if (name === "t") this.change(event, (view) => (view.t = rounded(value, 4)));
    else if (name === "path") this.change(event, (view) => (view.path = value));
    else if (dataset.slider) this.change(event, (view) => (view.sliders[dataset.slider] = rounded(value, 2)));
    else if (dataset.class) this.weigh(event, this.weights.with(dataset.class, Number(value)));
  }

  pressed(event) {
    const button = event.target.closest?.("button");
    if (!button) return;
    const chosen = button.dataset.testid?.match(/^class-(\d+)$/)?.[1];
    if (chosen !== undefined) return this.choose(event, Number(chosen));
    if (button.dataset.zero !== undefined) return this.change(event, (view) => (view.sliders[button.dataset.zero] = 0));
    const seed = () => Math.floor(Math.random() * SEEDS);
    const act = {
      "reshuffle-a": (view) => (view.a = seed()),
      "reshuffle-b": (view) => (view.b = seed()),
      "reshuffle-all": (view) => Object.assign(view, { a: seed(), b: seed() }),
      swap: (view) => Object.assign(view, { a: view.b, b: view.a, t: rounded(1 - view.t, 4) }),
      centre: (view) => (view.pad = [0, 0]),
      reset: (view) => Object.assign(view, structuredClone(this.data.start)),
    }[button.dataset.do];
    if (act) this.change(event, act);
    if (button.dataset.do === "reset") this.weights = this.view.classes.map((weight) => 100 * weight);
    if (button.dataset.do === "undo") this.undo(event);
    if (button.dataset.do === "play") this.playing ? this.stop() : this.play();
    if (button.dataset.do === "download") this.download();
    this.show();
  }

  choose(event, index) {
    const alone = this.weights.map((_, other) => (other === index ? 100 : 0));
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) return this.weigh(event, alone);
    this.weigh(event, this.weights.with(index, this.weights[index] ? 0 : Math.max(...this.weights)));
  }

  weigh(event, weights) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (!total) return this.show(); // one class has to stay
    this.weights = weights;
    this.change(event, (view) => (view.classes = weights.map((weight) => rounded(weight / total, 4))));
  }

  change(event, edit) {
    edit(this.view);
    this.show();
    // An input event is younger than the move of the pointer that it follows from.
    const followed = event.type === "input" && event.timeStamp - this.pointed < 50;
    this.wanted.set("frame", followed ? this.pointed : event.timeStamp);
    this.line.wake();
    this.rest(["input", MOVE].includes(event.type) ? COMMIT_MS : SETTLED_MS);
  }

  // When the hand rests: the small pictures, the address, and a step that can be undone.
  rest(delay) {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const held = this.root.querySelector("input[type=range]:active, .pad:active");
      if (this.playing || held) return this.rest(SETTLED_MS);
      const now = JSON.stringify(this.view);
      if (now === this.settled) return;
      this.undoable = [...this.undoable, this.settled].slice(-UNDO_STEPS);
      this.settle(now);
    }, delay);
  }

  settle(now) {
    this.settled = now;
    this.wanted.set("ends", null).set("classes", null);
    this.line.wake();
    this.show();
    this.commitToPage(JSON.parse(now));
  }

  undo(event) {
    const before = JSON.stringify(this.view) === this.settled ? this.undoable.pop() : this.settled;
    if (!before) return;
    this.stop();
    clearTimeout(this.resting);
    this.view = JSON.parse(before);
    this.weights = this.view.classes.map((weight) => 100 * weight);
    this.wanted.set("frame", event.timeStamp);
    this.settle(before);
  }

  play() {
    let then = null;
    let ahead = this.view.t < 1 ? 1 : -1;
    const step = (now) => {
      const t = this.view.t + (ahead * (now - (then ?? now))) / PLAY_MS;
      then = now;
      if (t >= 1 || t <= 0) ahead = t >= 1 ? -1 : 1;
      this.view.t = rounded(Math.min(1, Math.max(0, t)), 4);
      set(this.find("between"), this.view.t, false);
      this.wanted.set("frame", now);
      this.line.wake();
      this.playing = requestAnimationFrame(step);
    };
    this.playing = requestAnimationFrame(step);
  }

  stop() {
    if (!this.playing) return;
    cancelAnimationFrame(this.playing);
    this.playing = null;
    this.show();
    this.rest(SETTLED_MS);
  }

  download() {
    const picture = this.find("picture");
    const times = Math.max(1, Math.round(512 / Math.max(picture.width, picture.height)));
    const large = document.createElement("canvas");
    Object.assign(large, { width: picture.width * times, height: picture.height * times });
    const context = large.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, 0, 0, large.width, large.height);
    large.toBlob((blob) => {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob) });
      link.download = `${this.view.model}-${this.view.a}-${this.view.b}-${this.view.t.toFixed(2)}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }

  // ---- from the view to the server and back to the canvas

  nextRequest() {
    for (const want of ["frame", "ends", "classes"]) {
      if (!this.wanted.has(want) || (want === "classes" && !this.view.classes.length)) continue;
      const stamp = this.wanted.get(want);
      this.wanted.delete(want);
      const again = () => this.wanted.has(want) || this.wanted.set(want, null);
      return { want, stamp, view: this.view, again };
    }
    return null;
  }

  draw(request, pictures) {
    if (request.want === "frame") {
      paint(this.find("picture"), pictures, 0);
      this.measure(request);
      if (this.root.ariaBusy !== "false" || this.notice.textContent) this.say("");
      this.root.ariaBusy = "false";
    } else if (request.want === "ends") {
      paint(this.find("picture-a"), pictures, 0);
      paint(this.find("picture-b"), pictures, 1);
      this.root.querySelectorAll(".direction canvas").forEach((canvas, index) => paint(canvas, pictures, index + 2));
    } else {
      this.root.querySelectorAll(".class canvas").forEach((canvas, index) => paint(canvas, pictures, index));
    }
  }

  measure(request) {
    const now = performance.now();
    const latency_ms = request.stamp === null ? null : now - request.stamp;
    const detail = { latency_ms, id: request.id };
    this.root.dispatchEvent(new CustomEvent("gan-frame", { bubbles: true, composed: true, detail }));
    if (latency_ms === null) return;
    this.drawn = [...this.drawn.filter((time) => now - time < 1000), now];
    this.latencies = [...this.latencies.slice(-59), latency_ms];
    if (now - (this.saidAt ?? 0) < 500 || this.drawn.length < 2) return;
    this.saidAt = now;
    const [frames, ms] = this.root.querySelectorAll(".speed .number");
    frames.textContent = Math.round(((this.drawn.length - 1) * 1000) / (now - this.drawn[0]));
    ms.textContent = this.latencies.toSorted((x, y) => x - y)[this.latencies.length >> 1].toFixed(0);
  }

  say(text) {
    clearTimeout(this.slow);
    this.notice.textContent = text;
  }

  // Every control as the view has it.
  show() {
    const { view, root } = this;
    set(this.find("between"), view.t, false);
    this.find("between").ariaValueText = `${Math.round(view.t * 100)}% of the way to B`;
    root.querySelectorAll("[name=path]").forEach((radio) => (radio.checked = radio.value === view.path));
    view.sliders.forEach((value, index) => {
      set(root.querySelector(`[data-slider="${index}"]`), value);
      root.querySelector(`[data-zero="${index}"]`).textContent = signed(value);
    });
    root.querySelectorAll(".class").forEach((cell, index) => {
      const share = view.classes[index];
      cell.classList.toggle("in", share > 0);
      cell.querySelector("button").ariaPressed = String(share > 0);
      cell.querySelector(".share").textContent = share > 0 ? `${Math.round(100 * share)}%` : "";
      set(cell.querySelector("input"), this.weights[index]);
    });
    const [x, y] = view.pad;
    const pad = this.find("pad");
    pad.style.setProperty("--x", (x + 3) / 6);
    pad.style.setProperty("--y", (3 - y) / 6);
    pad.ariaValueNow = x.toFixed(2);
    pad.ariaValueText = this.find("pad-value").textContent = `${signed(x)}, ${signed(y)}`;
    this.find("undo").disabled = !this.undoable.length;
    this.find("play").textContent = this.playing ? "Pause" : "Play";
    this.find("play").ariaPressed = String(Boolean(this.playing));
    const share = `${Math.round(view.t * 100)}% of the way`;
    this.find("picture").ariaLabel = `Between picture ${view.a} and picture ${view.b}, ${share}`;
    this.find("picture-a").title = `Picture ${view.a}`;
    this.find("picture-b").title = `Picture ${view.b}`;
  }

  close() {
    this.stop();
    this.line.close();
    clearTimeout(this.slow);
    clearTimeout(this.resting);
    document.removeEventListener("keydown", this.onKey);
  }
}

// A slider's value, and what of its track is filled: from its zero to the knob, or nothing.
function set(slider, value, filled = Number(value) !== 0) {
  const [min, max] = [Number(slider.min), Number(slider.max)];
  const [zero, knob] = [0, value].map((place) => (place - min) / (max - min) || -1); // from beyond the left end
  slider.value = value;
  slider.style.setProperty("--lo", filled ? Math.min(zero, knob) : 0);
  slider.style.setProperty("--hi", filled ? Math.max(zero, knob) : 0);
}

// As many digits as a link keeps, so that it leads to the very same picture.
const rounded = (value, digits) => Number(Number(value).toFixed(digits));
const clamp = (value) => Math.min(3, Math.max(-3, rounded(value, 2)));
const signed = (value) => (value > 0 ? "+" : value < 0 ? "−" : "") + Math.abs(value).toFixed(2);

// Streamlit calls this at first and whenever `data` or the theme changes, on the same element.
// Another model gets another element.
export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".studio");
  if (!root.studio) root.studio = new Studio(root, data, (view) => root.studio.toPage("view", view));
  root.studio.toPage = setStateValue;
  return () => {
    root.studio?.close();
    delete root.studio;
  };
}
