// The pad: a plane through the first three pictures of the strip. They stand at its corners; one may go past them.

const CORNERS = [[0, 0], [1, 0], [0, 1]]; // across and up: what the second and the third picture count
const HINT = "The plane through the first three pictures of the strip. Drag the point, or use the arrow keys.";
const TOO_FEW = "A plane needs three pictures on the strip.";
const SHOWN = [-0.3, 1.3]; // the part of the plane that the pad shows, each way

class Pad {
  constructor(studio) {
    this.studio = studio;
    const pad = (this.pad = studio.find("pad"));
    this.point = studio.find("pad-point");
    this.point.insertAdjacentHTML("beforebegin", SMALL.repeat(CORNERS.length));
    this.hint = studio.root.querySelector(".pad-hint");
    pad.addEventListener("pointerdown", (event) => {
      if (!this.spanned) return;
      pad.setPointerCapture(event.pointerId);
      pad.focus();
      this.drag(event);
    });
    pad.addEventListener(MOVE, (event) => pad.hasPointerCapture(event.pointerId) && this.drag(event));
    pad.addEventListener("keydown", (event) => this.key(event));
    CORNERS.forEach((corner, index) => {
      const [x, y] = this.seen(corner);
      pad.children[index].style.setProperty("--x", x);
      pad.children[index].style.setProperty("--y", y);
    });
  }

  get spanned() {
    return this.studio.view.keys.length >= 3;
  }

  // From the plane to the pad, 0 to 1 from the left and from the top, and back: the third picture is above the middle.
  seen([across, up]) {
    const [low, high] = SHOWN;
    return [(across + up / 2 - low) / (high - low), (high - up) / (high - low)];
  }

  meant([x, y]) {
    const [low, high] = SHOWN;
    const up = high - y * (high - low);
    return [low + x * (high - low) - up / 2, up].map((value) => Math.min(2, Math.max(-1, rounded(value, 3))));
  }

  drag(event) {
    const box = this.pad.getBoundingClientRect();
    const share = (place, size) => Math.min(1, Math.max(0, place / size));
    const place = [share(event.clientX - box.left, box.width), share(event.clientY - box.top, box.height)];
    this.studio.stop();
    this.studio.change(event, (view) => (view.plane = this.meant(place)));
  }

  key(event) {
    const step = event.shiftKey ? 0.1 : 0.02;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowDown: [0, step], ArrowUp: [0, -step] }[event.key];
    if (!way || !this.spanned) return;
    event.preventDefault();
    const now = this.seen(this.studio.view.plane ?? [1 / 3, 1 / 3]);
    const place = now.map((value, axis) => Math.min(1, Math.max(0, value + way[axis])));
    this.studio.change(event, (view) => (view.plane = this.meant(place)));
  }

  act(event, name) {
    if (name === "leave") this.studio.change(event, (view) => (view.plane = null));
    else if (name === "three") {
      this.studio.change(event, (view) => {
        while (view.keys.length < 3) view.keys.push({ at: seed(), classes: [...view.keys[0].classes] });
        view.plane = [rounded(1 / 3, 3), rounded(1 / 3, 3)];
      });
    } else return false;
    return true;
  }

  show() {
    const { plane } = this.studio.view;
    const [x, y] = this.seen(plane ?? [1 / 3, 1 / 3]);
    if (x !== this.at?.[0] || y !== this.at[1]) {
      this.at = [x, y];
      this.point.style.setProperty("--x", x);
      this.point.style.setProperty("--y", y);
    }
    this.pad.classList.toggle("idle", !plane);
    this.pad.classList.toggle("flat", !this.spanned);
    const [across, up] = plane ?? [0, 0];
    const parts = [1 - across - up, across, up].map((part) => `${Math.round(100 * part)}%`);
    const said = plane ? parts.map((part, index) => `${part} of ${index + 1}`).join(", ") : "";
    const find = (name) => this.studio.find(name);
    put(find("pad-value").firstElementChild, { textContent: said });
    put(this.pad, { ariaValueNow: across.toFixed(2), ariaValueText: said || "on the strip" });
    put(find("pad-three"), { hidden: this.spanned });
    put(find("pad-reset"), { hidden: !plane });
    put(this.hint, { textContent: this.spanned ? HINT : TOO_FEW });
  }

  draw(pictures) {
    paintAll(this.pad, pictures);
  }
}
