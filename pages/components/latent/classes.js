// What the pictures show: a class, or a value of each column, alone or mixed; for all pictures of the strip or for one.

class Classes {
  constructor(studio) {
    this.studio = studio;
    this.place = studio.find("classes");
    this.group = studio.root.querySelector(".classes-group");
    this.scope = "all";
  }

  // A grid of values for each column. Where there is but one, of classes, it needs no name.
  begin(columns) {
    this.sizes = columns.map(([, values]) => values.length);
    this.group.hidden = !columns.length;
    this.cells = [];
    const grids = columns.map(([title, values], column) => {
      const grid = document.createElement("div");
      grid.className = "classes";
      grid.style.setProperty("--cell", values.some((value) => value.length > 3) ? "52px" : "46px");
      grid.append(...values.map((value, index) => this.cell(column, index, value, this.cells.length)));
      const heading = document.createElement("h4");
      heading.textContent = title[0].toUpperCase() + title.slice(1);
      return columns.length > 1 ? [heading, grid] : [grid];
    });
    this.place.classList.toggle("several", columns.length > 1);
    this.group.querySelector("h3").textContent = columns.length > 1 ? "Attributes" : "Class";
    this.place.replaceChildren(...grids.flat());
    this.read();
  }

  cell(column, index, name, place) {
    const cell = document.createElement("div");
    cell.className = "class";
    const which = `data-column="${column}" data-class="${index}"`;
    cell.innerHTML = `<button type="button" ${which} data-testid="class-${place}">
      ${SMALL}<span class="name"></span></button><span class="share"><span
      class="still"></span></span>
      <div><input type="range" min="0" max="100" step="1" ${which} data-testid="weight-${place}"></div>`;
    cell.querySelector(".name").textContent = name;
    cell.querySelector("button").title = `${name} alone; with Shift, mixed in`;
    cell.querySelector("input").ariaLabel = `Weight of ${name}`;
    const [button, share, slider] = ["button", ".still", "input"].map((one) => cell.querySelector(one));
    this.cells.push({ cell, button, share, slider });
    return cell;
  }

  // The weights that the panel is about: of one picture of the strip, or where the way stands.
  get mix() {
    const { view, strip } = this.studio;
    return this.scope === "one" ? view.keys[strip.chosen].classes : weightsAt(view);
  }

  // How much of each value of each column there is: classes are combinations of them, the last column changing fastest.
  shares() {
    const shares = this.sizes.map((size) => Array(size).fill(0));
    this.mix.forEach((weight, place) => {
      for (let column = this.sizes.length - 1; column >= 0; column--) {
        shares[column][place % this.sizes[column]] += weight;
        place = Math.floor(place / this.sizes[column]);
      }
    });
    return shares;
  }

  // The sliders keep what the hand gave them, of which only the ratio counts; a view from elsewhere gives them anew.
  read() {
    this.weights = this.shares().map((own) => own.map((share) => 100 * share));
  }

  // What the panel is about and how it is mixed, to tell whether that has changed.
  get said() {
    return `${this.scope} ${this.scope === "one" ? this.studio.strip.chosen : ""} ${this.mix}`;
  }

  show() {
    put(this.group.querySelector(".scope-name"), { textContent: `Picture ${this.studio.strip.chosen + 1}` });
    if (this.said !== this.shown) this.read();
    this.shown = this.said;
    const [shares, weights] = [this.shares().flat(), this.weights.flat()];
    this.cells.forEach((own, index) => {
      const { cell, button, share, slider } = own;
      if (own.part === shares[index] && own.weight === weights[index]) return;
      Object.assign(own, { part: shares[index], weight: weights[index] });
      const there = shares[index] > 0.0001;
      cell.classList.toggle("in", there);
      put(button, { ariaPressed: String(there) });
      put(share, { textContent: there ? `${Math.round(100 * shares[index])}%` : "" });
      set(slider, weights[index]);
    });
  }

  draw(pictures) {
    paintAll(this.place, pictures);
  }

  choose(event, column, index) {
    const own = this.weights[column];
    const alone = own.map((_, other) => (other === index ? 100 : 0));
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) return this.weigh(event, column, alone);
    this.weigh(event, column, own.with(index, own[index] ? 0 : Math.max(...own)));
  }

  weigh(event, column, weights) {
    if (!weights.some((weight) => weight > 0)) return this.studio.show(); // one value has to stay
    this.weights = this.weights.with(column, weights);
    const combined = this.weights
      .reduce((rows, own) => rows.flatMap((row) => own.map((weight) => (row * weight) / sum(own))), [1])
      .map((weight) => rounded(weight, 4));
    this.studio.change(event, (view) => {
      const keys = this.scope === "one" ? [view.keys[this.studio.strip.chosen]] : view.keys;
      for (const key of keys) key.classes = [...combined];
      if (this.scope === "one") Object.assign(view, { t: this.studio.strip.chosen, plane: null });
      this.shown = this.said; // the sliders are as the hand has them, whatever their shares are
    });
  }

  scoped(scope) {
    this.scope = scope;
    this.studio.show();
  }
}

// The class weights where a view stands (gan.latent_space.views.View.weights).
function weightsAt(view) {
  if (view.plane) {
    const [across, up] = view.plane;
    const parts = [1 - across - up, across, up].map((part) => Math.max(part, 0));
    const mixed = (index) => sum(parts.map((part, key) => part * view.keys[key].classes[index])) / sum(parts);
    return view.keys[0].classes.map((_, index) => mixed(index));
  }
  const count = view.keys.length;
  const place = Math.max(0, Math.min(Math.floor(view.t), count - 2 + view.loop));
  const [before, after] = [view.keys[place].classes, view.keys[(place + 1) % count].classes];
  const gone = view.t - place;
  const share = view.easing === "smooth" ? gone * gone * (3 - 2 * gone) : gone;
  return before.map((weight, index) => (1 - share) * weight + share * after[index]);
}
