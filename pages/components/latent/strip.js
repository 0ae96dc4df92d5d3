// The strip of key pictures, and the way along it.

const PLAY_MS = 3000; // from one key picture to the next
const DRAG_PX = 8; // a press that moves less is a click

class Strip {
  constructor(studio) {
    this.studio = studio;
    this.place = studio.find("strip");
    this.slider = studio.find("between");
    this.ways = studio.root.querySelectorAll("[name=path], [name=easing]");
    this.chosen = 0;
    this.place.addEventListener("pointerdown", (event) => this.grab(event));
    this.place.addEventListener("pointermove", (event) => this.carry(event));
    for (const end of ["pointerup", "pointercancel"]) this.place.addEventListener(end, (event) => this.drop(event));
    this.place.addEventListener("keydown", (event) => this.key(event));
  }

  get keys() {
    return this.studio.view.keys;
  }

  // Where the way ends: at the last picture, or at the first one again.
  get last() {
    return this.keys.length - 1 + this.studio.view.loop;
  }

  show() {
    const { view } = this.studio;
    this.chosen = Math.min(this.chosen, this.keys.length - 1);
    while (this.place.childElementCount > this.keys.length) this.place.lastElementChild.remove();
    while (this.place.childElementCount < this.keys.length) this.place.append(this.thumb(this.place.childElementCount));
    [...this.place.children].forEach((thumb, index) => {
      const said = `Picture ${index + 1} of ${this.keys.length}`;
      put(thumb, { ariaPressed: String(index === this.chosen), ariaLabel: said, title: said });
    });
    const along = `${view.t.toFixed(2)}, from picture 1 at 0 to picture ${this.keys.length}`;
    put(this.slider, { max: String(Math.max(this.last, 0.001)), disabled: !this.last, ariaValueText: along });
    set(this.slider, view.t, false);
    this.slider.classList.toggle("idle", Boolean(view.plane));
    for (const radio of this.ways) put(radio, { checked: radio.value === view[radio.name] });
    const find = (name) => this.studio.find(name);
    put(find("loop"), { ariaPressed: String(view.loop) });
    put(find("remove"), { disabled: this.keys.length < 2 });
    put(find("add"), { disabled: this.keys.length >= MOST_KEYS });
    put(find("earlier"), { disabled: !this.chosen });
    put(find("later"), { disabled: this.chosen === this.keys.length - 1 });
    const playing = Boolean(this.playing);
    put(find("play"), { disabled: !this.last, textContent: playing ? "Pause" : "Play", ariaPressed: String(playing) });
  }

  thumb(index) {
    const thumb = Object.assign(document.createElement("button"), { type: "button", className: "key" });
    thumb.dataset.key = index;
    thumb.dataset.testid = `key-${index}`;
    thumb.innerHTML = SMALL;
    return thumb;
  }

  draw(pictures) {
    paintAll(this.place, pictures);
  }

  // ---- what a press does

  // At a picture of the strip, with the slider and the class panel.
  choose(event, index) {
    this.chosen = index;
    this.studio.change(event, (view) => Object.assign(view, { t: index, plane: null }));
  }

  act(event, name) {
    const edit = {
      add: (view) => {
        const near = view.keys[this.chosen];
        view.keys.splice(++this.chosen, 0, { at: seed(), classes: [...near.classes] });
      },
      new: (view) => (view.keys[this.chosen] = { ...view.keys[this.chosen], at: seed() }),
      remove: (view) => {
        view.keys.splice(this.chosen, 1);
        this.chosen = Math.min(this.chosen, view.keys.length - 1);
        if (view.keys.length < 3) view.plane = null;
      },
      earlier: (view) => this.move(view, this.chosen - 1),
      later: (view) => this.move(view, this.chosen + 1),
    }[name];
    if (!edit) return false;
    if (this.studio.find({ new: "new-latent" }[name] ?? name).disabled) return true;
    this.studio.change(event, (view) => {
      edit(view);
      if (!view.plane) view.t = this.chosen;
    });
    return true;
  }

  move(view, to) {
    view.keys.splice(to, 0, ...view.keys.splice(this.chosen, 1));
    this.chosen = to;
  }

  loop(event) {
    this.studio.change(event, (view) => {
      view.loop = !view.loop;
      view.t = Math.min(view.t, this.last);
    });
  }

  key(event) {
    const arrow = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const act = { Delete: "remove", Backspace: "remove", Insert: "add", n: "new", N: "new" }[event.key];
    if (event.ctrlKey || event.metaKey || !(arrow || act)) return;
    event.preventDefault();
    if (act) this.act(event, act);
    else if (event.altKey) this.act(event, arrow < 0 ? "earlier" : "later");
    else this.choose(event, Math.min(this.keys.length - 1, Math.max(0, this.chosen + arrow)));
    this.place.children[this.chosen].focus();
  }

  // ---- dragging one to another place; a press that stays where it is chooses it

  grab(event) {
    const thumb = event.target.closest(".key");
    if (!thumb || event.button) return;
    this.held = { index: Number(thumb.dataset.key), x: event.clientX, moved: false };
  }

  carry(event) {
    if (!this.held || !(event.buttons & 1)) return;
    if (!this.held.moved && Math.abs(event.clientX - this.held.x) < DRAG_PX) return;
    if (event.pointerType === "touch" && !this.held.moved) return (this.held = null); // a finger scrolls the strip
    if (!this.held.moved) this.place.setPointerCapture(event.pointerId);
    this.held.moved = true;
    this.chosen = this.held.index;
    const centres = [...this.place.children].map((thumb) => {
      const box = thumb.getBoundingClientRect();
      return box.left + box.width / 2;
    });
    const away = centres.map((x) => Math.abs(x - event.clientX));
    const to = away.indexOf(Math.min(...away));
    if (to === this.held.index) return;
    this.held.index = to;
    this.studio.change(event, (view) => {
      this.move(view, to);
      if (!view.plane) view.t = to;
    });
    this.studio.wanted.set("keys", null);
  }

  drop(event) {
    const held = this.held;
    this.held = null;
    if (held?.moved) this.studio.rest(0);
  }

  // ---- playing

  play() {
    this.playing ? this.stop() : this.start();
  }

  start() {
    const { studio } = this;
    let then = null;
    let ahead = studio.view.t < this.last ? 1 : -1;
    studio.view.plane = null;
    const step = (now) => {
      let t = studio.view.t + (ahead * (now - (then ?? now))) / PLAY_MS;
      then = now;
      if (studio.view.loop) t %= this.last;
      else if (t >= this.last || t <= 0) ahead = t >= this.last ? -1 : 1;
      studio.view.t = rounded(Math.min(this.last, Math.max(0, t)), 4);
      studio.wanted.set("frame", now);
      studio.line.wake();
      studio.show();
      this.playing = requestAnimationFrame(step);
    };
    this.playing = requestAnimationFrame(step);
    studio.show();
  }

  stop() {
    if (!this.playing) return;
    cancelAnimationFrame(this.playing);
    this.playing = null;
    this.studio.show();
    this.studio.rest(SETTLED_MS);
  }
}
