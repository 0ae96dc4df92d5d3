// The latent page. All that is shown is in `view` (gan.latent_space.views.View); every control changes it, and the server draws it.
// Its parts (Strip, Classes, Sliders, Teach, Pad) each have their controls: `show` sets them as the view has it.

const SETTLED_MS = 150; // after this much rest the small pictures beside the controls follow
const COMMIT_MS = 300; // after this much rest the view goes to the address bar and to undo
const MOST_KEYS = 24; // pictures of a strip
const UNDO_STEPS = 100;
const WANTS = ["frame", "keys", "directions", "ends", "classes", "teach"]; // in this order

class Studio {
  constructor(root, data) {
    this.root = root;
    this.wanted = new Map(); // want -> time stamp of the event that asked for it, or null
    this.undoable = [];
    this.latencies = [];
    this.drawn = [];
    const known = {};
    this.find = (name) => (known[name] ??= root.querySelector(`[data-testid="${name}"]`));
    this.notice = this.find("notice");
    this.slow = setTimeout(() => this.say("Loading the model. The first time this takes a few seconds."), 700);
    [this.strip, this.classes, this.teach, this.sliders, this.pad] = [Strip, Classes, Teach, Sliders, Pad].map(
      (Part) => new Part(this),
    );
    this.parts = [this.strip, this.classes, this.sliders, this.pad];
    this.begin(data);
    this.listen();
    this.line = new Line(data.base, {
      next: () => this.nextRequest(),
      answered: (request, answer) => this.draw(request, answer),
      troubled: (text, request) => {
        if (request?.want === "directions") this.sliders.failed(request.family, text);
        else this.say(text);
      },
    });
  }

  // The controls that this model has, at the view that the page gives.
  begin(data) {
    this.data = data;
    this.view = structuredClone(data.view);
    this.settled = JSON.stringify(this.view);
    const [height, width] = data.shape;
    const [thumb, end] = [fit(width, 28, 48), fit(width, 56, 64)].map((size) => `${size}px`);
    const style = { pixels: width, aspect: width / height, thumb, end };
    for (const [name, value] of Object.entries(style)) this.root.style.setProperty(`--${name}`, value);
    this.root.classList.toggle("fine", width > 48);
    this.classes.begin(data.columns);
    this.sliders.begin(data.families);
    this.strip.chosen = Math.round(this.view.t) % this.view.keys.length;
    this.show();
    for (const want of ["frame", "keys", "classes"]) this.wanted.set(want, null);
  }

  // The page may hand over a view (a favourite, say), or say that a family of directions has changed: by what was taught
  // here, or in another window.
  update({ push, named, taught }) {
    if (named !== this.data.named) {
      const kept = new Set(named.split(" ").map((entry) => `u-${entry.split(".")[0]}`));
      const gone = Object.keys(this.view.offsets).filter((name) => name.startsWith("u-") && !kept.has(name));
      const drop = (view) => gone.forEach((name) => delete view.offsets[name]);
      if (gone.length) this.change({ type: "push", timeStamp: null }, drop);
      this.sliders.stale("named");
    }
    if (taught !== this.data.taught) this.teach.done();
    if (push && push.id !== this.data.push?.id) {
      this.change({ type: "push", timeStamp: null }, (view) => Object.assign(view, structuredClone(push.view)));
      this.strip.chosen = Math.round(this.view.t) % this.view.keys.length;
      this.classes.read();
      this.show();
      this.wanted.set("keys", null);
    }
    Object.assign(this.data, { push, named, taught });
  }

  // ---- from the controls to the view

  listen() {
    const { root } = this;
    root.addEventListener("input", (event) => event.target !== this.led?.slider && this.moved(event, event.target));
    for (const end of ["pointerdown", "pointerup", "pointercancel"]) {
      root.addEventListener(end, () => (this.led = null), { capture: true });
    }
    root.addEventListener("pointermove", (event) => (this.pointed = event.timeStamp), { capture: true });
    if (MOVE !== "pointermove") root.addEventListener(MOVE, (event) => this.ahead(event));
    root.addEventListener("change", () => this.rest(0));
    root.addEventListener("dblclick", (event) => {
      const { direction } = event.target.dataset;
      if (direction !== undefined) this.sliders.push(event, direction, 0);
    });
    root.addEventListener("click", (event) => this.pressed(event));
    this.onKey = (event) => {
      if (event.defaultPrevented) return; // another part of the page, the drawing sheet say, has taken it
      const target = event.composedPath()[0];
      if (target?.matches?.('input:not([type="range"], [type="radio"]), textarea, [contenteditable]')) return;
      const elsewhere = !root.contains(target) || target.matches("button, input[type=radio]");
      if (event.key === " " && !elsewhere && this.strip.last) {
        event.preventDefault();
        return this.strip.play();
      }
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      this.undo(event);
    };
    document.addEventListener("keydown", this.onKey);
  }

  // A slider being dragged, led by the raw moves; its own input events, a frame later, then say nothing new.
  ahead(event) {
    const slider = event.target;
    if (slider.type !== "range" || !(event.buttons & 1) || !slider.matches(":active") || slider.disabled) return;
    this.led ??= { slider, ...track(slider) };
    slider.value = Number(slider.min) + shareOf(this.led, event) * (slider.max - slider.min);
    this.moved(event, slider);
  }

  moved(event, control) {
    const { name, value, dataset } = control;
    this.stop();
    if (name === "t") this.slide(event, Number(value));
    else if (name === "path" || name === "easing") this.change(event, (view) => (view[name] = value));
    else if (name === "scope") this.classes.scoped(value);
    else if (dataset.direction) this.sliders.push(event, dataset.direction, Number(value));
    else if (dataset.class) {
      const own = this.classes.weights[dataset.column].with(dataset.class, Number(value));
      this.classes.weigh(event, dataset.column, own);
    }
  }

  slide(event, t) {
    this.strip.chosen = Math.round(t) % this.view.keys.length;
    this.change(event, (view) => Object.assign(view, { t: rounded(t, 4), plane: null }));
  }

  pressed(event) {
    const button = event.target.closest?.("button");
    if (!button) return;
    const { column, class: chosen, key, zero, family, pick, do: name } = button.dataset;
    if (name !== "play") this.stop();
    if (chosen !== undefined) return this.classes.choose(event, column, Number(chosen));
    if (key !== undefined) return this.strip.choose(event, Number(key));
    if (zero !== undefined) return this.sliders.push(event, zero, 0);
    if (family !== undefined) return this.sliders.open(family);
    if (pick !== undefined) return this.teach.pick(Number(pick));
    if (!name || this.teach.act(name) || this.strip.act(event, name) || this.pad.act(event, name)) return;
    const act = {
      reshuffle: (view) => view.keys.forEach((one) => (one.at = seed())),
      clear: (view) => (view.offsets = {}),
      reset: (view) => Object.assign(view, structuredClone(this.data.start)),
    }[name];
    if (act) this.change(event, act);
    else if (name === "loop") this.strip.loop(event);
    else if (name === "undo") this.undo(event);
    else if (name === "play") this.strip.play();
    else if (name === "download") this.download();
  }

  change(event, edit) {
    edit(this.view);
    // An input event is younger than the move of the pointer that it follows from.
    const followed = event.type === "input" && event.timeStamp - this.pointed < 50;
    this.wanted.set("frame", followed ? this.pointed : event.timeStamp);
    this.line.wake();
    const sliding = ["input", MOVE].includes(event.type);
    this.rest(sliding ? COMMIT_MS : SETTLED_MS);
    // While the hand moves, the controls follow once a screen, after the picture was asked for.
    if (sliding) this.following ??= requestAnimationFrame(() => this.show());
    else this.show();
  }

  // When the hand rests: the small pictures, the address, and a step that can be undone.
  rest(delay) {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const held = this.root.querySelector("input[type=range]:active, .pad:active, .strip:active");
      if (this.strip.playing || held) return this.rest(SETTLED_MS);
      const now = JSON.stringify(this.view);
      if (now === this.settled) return;
      this.undoable = [...this.undoable, this.settled].slice(-UNDO_STEPS);
      this.settle(now);
    }, delay);
  }

  settle(now) {
    this.settled = now;
    for (const want of ["keys", "ends", "classes", "teach"]) this.wanted.set(want, null);
    this.line.wake();
    this.show();
    this.toPage("view", JSON.parse(now));
  }

  undo(event) {
    const before = JSON.stringify(this.view) === this.settled ? this.undoable.pop() : this.settled;
    if (!before) return;
    this.stop();
    clearTimeout(this.resting);
    this.view = JSON.parse(before);
    this.wanted.set("frame", event.timeStamp);
    this.settle(before);
  }

  stop() {
    this.strip.stop();
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
      link.download = `${this.view.model}-${this.view.t.toFixed(2)}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }

  // ---- from the view to the server and back to the canvas

  nextRequest() {
    for (const want of WANTS) {
      if (!this.wanted.has(want)) continue;
      const stamp = this.wanted.get(want);
      this.wanted.delete(want);
      const { family } = this.sliders;
      if (want === "classes" && !this.data.columns.length) continue;
      if (want === "ends" && !this.sliders.found[family]?.length) continue;
      if (want === "teach" && this.teach.group.hidden) continue;
      const again = () => this.wanted.has(want) || this.wanted.set(want, null);
      if (want === "teach") return { want: "keys", part: this.teach, view: this.teach.view, again };
      const asked = ["ends", "directions"].includes(want) ? { family } : {};
      return { want, stamp, view: this.view, again, ...asked };
    }
    return null;
  }

  draw({ want, part, stamp, family, id }, answer) {
    if (part) part.draw(answer);
    else if (want === "frame") {
      paint(this.find("picture"), answer, 0);
      this.measure({ stamp, id });
      if (this.root.ariaBusy !== "false" || this.notice.textContent) this.say("");
      put(this.root, { ariaBusy: "false" });
    } else if (want === "keys") {
      this.strip.draw(answer);
      this.pad.draw(answer);
    } else if (want === "directions") this.sliders.answered(family, answer.directions);
    else if (want === "ends") this.sliders.draw(family, answer);
    else this.classes.draw(answer);
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
    cancelAnimationFrame(this.following);
    this.following = null;
    for (const part of this.parts) part.show();
    put(this.find("undo"), { disabled: !this.undoable.length });
    const { t, plane, keys } = this.view;
    const along = `The picture ${t.toFixed(2)} along the strip of ${keys.length}`;
    put(this.find("picture"), { ariaLabel: plane ? "The picture on the plane through the first three" : along });
  }

  close() {
    this.strip.stop();
    this.sliders.close();
    this.line.close();
    clearTimeout(this.slow);
    clearTimeout(this.resting);
    cancelAnimationFrame(this.following);
    document.removeEventListener("keydown", this.onKey);
  }
}

// Streamlit calls this at first and whenever `data` or the theme changes, on the same element.
// Another model gets another element.
export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".studio");
  if (root.studio) root.studio.update(data);
  else root.studio = new Studio(root, data);
  Object.assign(root.studio, { toPage: setStateValue, trigger: setTriggerValue });
  return () => {
    root.studio?.close();
    delete root.studio;
  };
}
