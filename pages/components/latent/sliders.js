// Directions: families of them, a slider each, its two ends previewed.

const ASK_AGAIN_MS = 500; // while a family is being found

class Sliders {
  constructor(studio) {
    this.studio = studio;
    this.place = studio.find("directions");
    this.tabs = studio.find("families");
    this.found = {}; // family -> its directions
  }

  begin(families) {
    this.families = families;
    this.tabs.replaceChildren(
      ...families.map(({ name, title }) => {
        const tab = Object.assign(document.createElement("button"), { type: "button", textContent: title });
        tab.role = "tab";
        tab.dataset.family = name;
        tab.dataset.testid = `family-${name}`;
        return tab;
      }),
    );
    this.open(this.family ?? families[0].name);
  }

  open(family) {
    this.family = family;
    this.studio.root.querySelector(".about").textContent = this.families.find(({ name }) => name === family).about;
    this.build();
    this.studio.teach.open(family === "named");
    this.studio.wanted.set(this.found[family] ? "ends" : "directions", null);
    this.studio.line?.wake();
  }

  // What is known of a family may have changed: ask again.
  stale(family) {
    delete this.found[family];
    if (family === this.family) this.open(family);
  }

  // The server's answer: directions of the family that was asked for, or null while they are being found.
  answered(family, directions) {
    if (!directions) {
      clearTimeout(this.asking);
      this.asking = setTimeout(() => {
        if (family !== this.family) return;
        this.studio.wanted.set("directions", null);
        this.studio.line.wake();
      }, ASK_AGAIN_MS);
      return;
    }
    this.found[family] = directions;
    if (family === this.family) this.open(family);
    this.studio.show();
  }

  build() {
    const directions = this.found[this.family];
    if (!directions?.length) {
      const { none } = this.families.find(({ name }) => name === this.family);
      this.tell(directions ? none : "Finding them. This takes a few seconds.");
    } else this.place.replaceChildren(...directions.map((direction, index) => this.row(direction, index)));
    this.rows = [...this.place.querySelectorAll(".direction")].map((row) => ({
      slider: row.querySelector("input"),
      value: row.querySelector(".value span"),
    }));
    this.show();
  }

  tell(text) {
    this.place.replaceChildren(Object.assign(document.createElement("p"), { className: "hint empty", textContent: text }));
  }

  // Why a family cannot be had; opening it again asks again.
  failed(family, text) {
    if (family === this.family) this.tell(text);
  }

  row({ name, title, note }, index) {
    const row = document.createElement("div");
    row.className = "direction";
    row.innerHTML = `<label for="direction-${index}"></label>
      ${SMALL}
      <div><input type="range" id="direction-${index}" min="-3" max="3" step="any"
        data-testid="direction-${index + 1}"></div>
      ${SMALL}
      <button type="button" class="value" data-testid="direction-${index + 1}-reset" title="Back to 0"><span
        class="still"></span></button>`;
    Object.assign(row.querySelector("label"), { textContent: title, title });
    if (note) {
      const beside = Object.assign(document.createElement("span"), { className: "note", textContent: note });
      row.querySelector("label").append(beside);
    }
    ["At -3", "At 3"].forEach((alt, end) => Object.assign(row.querySelectorAll(".small")[end], { alt }));
    row.querySelector("input").dataset.direction = name;
    row.querySelector("button").dataset.zero = name;
    return row;
  }

  show() {
    const { offsets } = this.studio.view;
    for (const { slider, value } of this.rows) {
      const far = offsets[slider.dataset.direction] ?? 0;
      set(slider, far);
      put(value, { textContent: signed(far) });
    }
    const names = Object.keys(offsets);
    this.families.forEach(({ name, letter }, index) => {
      const tab = this.tabs.children[index];
      put(tab, { ariaSelected: String(name === this.family) });
      tab.classList.toggle("used", names.some((one) => one[0] === letter));
    });
    put(this.studio.find("clear"), { disabled: !names.length });
  }

  draw(family, pictures) {
    if (family !== this.family) return;
    paintAll(this.place, pictures);
  }

  push(event, name, value) {
    this.studio.change(event, (view) => {
      if (rounded(value, 2)) view.offsets[name] = rounded(value, 2);
      else delete view.offsets[name];
    });
  }

  close() {
    clearTimeout(this.asking);
  }
}
