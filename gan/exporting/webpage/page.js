// The page: its controls, and a picture for whatever they say. One run of the net at a time, the newest position wins.

const card = JSON.parse(text("card"));
const find = (id) => document.getElementById(id);
const RANGE = 3;  // standard deviations of a direction
const SEEDS = 2 ** 32;

class Page {
  constructor() {
    this.view = { first: 1, second: 2, between: 0, told: card.columns.map(() => 0), along: card.directions.map(() => 0) };
    this.read();
    this.latent = new Float32Array(card.latent);
    this.moves = this.drawn = 0;  // how often a control was moved, and which of these moves is on the canvas
    this.stale = true;  // the small pictures
    this.controls();
    this.small = document.createElement("canvas");
    this.size(find("picture"));
    this.size(this.small);
    this.change();
  }

  async start() {
    const inputs = { latent: card.latent };
    for (const { input, values } of card.columns) inputs[input] = values.length;
    this.net = await Net.load(inputs);
    this.wake();
  }

  // ---- what is drawn

  // A control was moved, at the time of its event.
  move(time) {
    this.moves += 1;
    this.asked = time;
    this.wake();
  }

  // Draw when the browser paints next, unless that is under way.
  wake() {
    if (this.busy || !this.net) return;
    this.busy = true;
    requestAnimationFrame(() => this.work());
  }

  async work() {
    const { moves, asked } = this;
    try {
      if (moves > this.drawn) {
        await this.draw();
        this.drawn = moves;
        document.dispatchEvent(new CustomEvent("gan-frame", { detail: { latency_ms: performance.now() - asked } }));
      } else if (this.stale) {
        this.stale = false;
        await this.ends();
      }
    } catch (error) {
      failed(error);
    }
    this.busy = false;
    if (this.moves > this.drawn || this.stale) this.wake();
    else find("page").setAttribute("aria-busy", "false");
  }

  async draw() {
    const { view, latent } = this;
    slerp(this.from, this.to, view.between, latent);
    view.along.forEach((steps, index) => {
      const direction = card.directions[index];
      if (steps) for (let i = 0; i < latent.length; i++) latent[i] += steps * direction[i];
    });
    this.paint(find("picture"), await this.picture(latent));
  }

  // The net's numbers for a latent and the values that are chosen.
  async picture(latent) {
    this.net.rows.latent.set(latent);
    card.columns.forEach(({ input }, column) => {
      this.net.rows[input].fill(0);
      this.net.rows[input][this.view.told[column]] = 1;
    });
    return this.net.run();
  }

  paint(canvas, numbers) {
    const [height, width, channels] = card.shape;
    const image = (canvas.image ||= canvas.getContext("2d").createImageData(width, height));
    for (let pixel = 0; pixel < height * width; pixel++) {  // clamped, halves rounded to even
      for (let c = 0; c < 3; c++) {
        image.data[4 * pixel + c] = (numbers[channels * pixel + (channels > 1 ? c : 0)] + 1) * 127.5;
      }
      image.data[4 * pixel + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  size(canvas) {
    [canvas.height, canvas.width] = card.shape;
  }

  // The small pictures on either side of the slider, when there is nothing else to draw. They are images, for every
  // canvas is a layer, which costs time in each frame.
  async ends() {
    for (const [id, latent] of [["first", this.from], ["second", this.to]]) {
      this.paint(this.small, await this.picture(latent));
      find(id).firstElementChild.src = this.small.toDataURL();
    }
  }

  // Something was chosen: the view is another one.
  change() {
    this.from = normal(this.view.first, card.latent);
    this.to = normal(this.view.second, card.latent);
    this.stale = true;
    this.place();
    this.move(performance.now());
  }

  // As `change`, by hand: the address then says so.
  choose(choice) {
    Object.assign(this.view, choice);
    this.change();
    this.write();
  }

  // ---- controls

  controls() {
    find("page").style.setProperty("--shape", card.shape[1] / card.shape[0]);
    find("told").append(...card.columns.map((column, index) => this.column(column, index)));
    find("directions").append(...card.directions.map((_, index) => this.direction(index)));
    this.slider(find("between"), (value) => (this.view.between = value));
    find("first").onclick = () => this.choose({ first: this.roll() });
    find("second").onclick = () => this.choose({ second: this.roll() });
    find("new").onclick = () => this.renew();
    find("middle").onclick = () => this.choose({ along: this.view.along.map(() => 0) });
    find("save").onclick = () => this.save();
    addEventListener("keydown", (event) => this.key(event));
    addEventListener("hashchange", () => {
      this.read();
      this.change();
    });
    const named = card.columns.length === 1 && card.columns[0].values.some((value) => value.length === 1);
    find("keys").textContent = `Space: new pictures${named ? "; a character: draw that one" : ""}; arrows move a slider.`;
  }

  column({ title, values }, index) {
    const group = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = title;
    const chosen = (value) => this.choose({ told: this.view.told.with(index, value) });
    if (values.length > 64) {
      const list = document.createElement("select");
      list.ariaLabel = title;
      list.append(...values.map((value, place) => new Option(value, place)));
      list.onchange = () => chosen(list.selectedIndex);
      group.append(legend, list);
      return group;
    }
    const chips = document.createElement("div");
    chips.className = "chips";
    chips.append(...values.map((value, place) => {
      const chip = document.createElement("label");
      chip.className = "chip";
      chip.innerHTML = `<input type="radio" name="column-${index}" value="${place}"><span></span>`;
      chip.lastElementChild.textContent = value;
      chip.firstElementChild.onchange = () => chosen(place);
      return chip;
    }));
    group.append(legend, chips);
    return group;
  }

  direction(index) {
    const row = document.createElement("label");
    row.className = "direction";
    row.innerHTML = `<span>${index + 1}</span><input type="range" min="${-RANGE}" max="${RANGE}" step="any"
      data-testid="direction-${index + 1}" aria-label="Direction ${index + 1}" title="Double click: back to the middle">`;
    const slider = row.lastElementChild;
    this.slider(slider, (value) => (this.view.along[index] = value));
    slider.ondblclick = () => this.choose({ along: this.view.along.with(index, 0) });
    return row;
  }

  slider(slider, take) {
    slider.addEventListener("input", (event) => {
      take(slider.valueAsNumber);
      this.move(event.timeStamp);
    });
    slider.addEventListener("change", () => this.write());
    const step = (Number(slider.max) - Number(slider.min)) / 50;  // with "any", arrows would jump by a tenth
    slider.addEventListener("keydown", (event) => {
      const ways = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
      if (!(event.key in ways)) return;
      event.preventDefault();
      slider.value = slider.valueAsNumber + ways[event.key] * step;
      take(slider.valueAsNumber);
      this.move(event.timeStamp);
      this.write();
    });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
    if (event.key === " " && !event.target.matches("button, input[type=radio]")) {
      event.preventDefault();
      this.renew();
    }
    const place = card.columns.length === 1 ? card.columns[0].values.indexOf(event.key) : -1;
    if (place >= 0) this.choose({ told: [place] });
  }

  renew() {
    this.choose({ first: this.roll(), second: this.roll() });
  }

  roll() {
    return Math.floor(Math.random() * SEEDS);
  }

  // All controls where the view has them.
  place() {
    const { view } = this;
    find("between").value = view.between;
    view.along.forEach((steps, index) => (find("directions").children[index].lastElementChild.value = steps));
    view.told.forEach((value, column) => {
      const group = find("told").children[column];
      const list = group.querySelector("select");
      if (list) list.selectedIndex = value;
      else group.querySelectorAll("input")[value].checked = true;
    });
    const said = view.told.map((value, column) => card.columns[column].values[value]).join(", ");
    find("picture").ariaLabel = said ? `Drawn: ${said}` : "The picture";
  }

  save() {
    const [height, width] = card.shape;
    const times = Math.max(1, Math.round(512 / Math.max(height, width)));
    const large = Object.assign(document.createElement("canvas"), { width: width * times, height: height * times });
    const brush = large.getContext("2d");
    brush.imageSmoothingEnabled = false;
    brush.drawImage(find("picture"), 0, 0, large.width, large.height);
    large.toBlob((file) => {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `${card.name}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  }

  // ---- the view in the address, so that it can be shared

  write() {
    const { first, second, between, told, along } = this.view;
    const words = { first, second, between: between.toFixed(3), told: told.join("."), along: along.map((v) => v.toFixed(2)).join("_") };
    try {
      history.replaceState(null, "", `#${new URLSearchParams(words)}`);
    } catch {
      // inside another page, which keeps its address
    }
  }

  read() {
    const words = new URLSearchParams(location.hash.slice(1)), { view } = this;
    const number = (word, least, most, otherwise) => {
      const value = Number(word);
      return word == null || word === "" || !Number.isFinite(value) ? otherwise : Math.min(most, Math.max(least, value));
    };
    for (const end of ["first", "second"]) view[end] = Math.floor(number(words.get(end), 0, SEEDS - 1, view[end]));
    view.between = number(words.get("between"), 0, 1, view.between);
    (words.get("told") || "").split(".").slice(0, view.told.length).forEach((word, column) => {
      view.told[column] = Math.floor(number(word, 0, card.columns[column].values.length - 1, 0));
    });
    (words.get("along") || "").split("_").slice(0, view.along.length).forEach((word, index) => {
      view.along[index] = number(word, -RANGE, RANGE, 0);
    });
  }
}

function failed(error) {
  const offline = text("wasm").startsWith("https:") ? " The part that draws is fetched from the network: it has to be there." : "";
  find("status").classList.add("wrong");
  find("status").textContent = `This browser could not run the model (${error.message || error}). It needs WebAssembly with SIMD `
    + `and DecompressionStream: Chromium 110, Firefox 115, Safari 16.4 or later.${offline}`;
  find("page").setAttribute("aria-busy", "false");
}

const page = new Page();
window.ganPage = page;  // for those who measure: the net, and what is drawn
page.start().then(() => (find("status").textContent = ""), failed);
