// Naming a direction: pictures with more and with less of something are picked, and the page keeps what leads from the
// ones to the others.

const TAUGHT = 24; // pictures to pick from
const MARKS = ["", "more", "less"]; // each press goes on to the next

class Teach {
  constructor(studio) {
    this.studio = studio;
    this.group = studio.root.querySelector(".teach");
    this.grid = studio.find("teach-pictures");
    this.name = studio.find("teach-name");
    this.others();
    this.name.addEventListener("keydown", (event) => event.key === "Enter" && this.keep());
  }

  open(shown) {
    this.group.hidden = !shown;
    if (shown) this.studio.wanted.set("teach", null);
  }

  // Other pictures to pick from; what was marked stays marked, with its picture.
  others() {
    this.marked = (this.marked ?? []).filter(({ mark }) => mark);
    while (this.marked.length < TAUGHT) this.marked.push({ at: seed(), mark: "" });
    this.grid.replaceChildren(
      ...this.marked.map((_, index) => {
        const button = Object.assign(document.createElement("button"), { type: "button" });
        button.dataset.pick = index;
        button.dataset.testid = `teach-${index}`;
        button.innerHTML = `${SMALL}<span></span>`;
        return button;
      }),
    );
    this.studio.wanted.set("teach", null);
    this.studio.line?.wake();
    this.show();
  }

  // What is shown now, with nothing pushed: a view whose keys are these pictures.
  get view() {
    const { view } = this.studio;
    const classes = weightsAt(view);
    return { ...view, keys: this.marked.map(({ at }) => ({ at, classes })), t: 0, offsets: {}, plane: null };
  }

  pick(index) {
    const one = this.marked[index];
    one.mark = MARKS[(MARKS.indexOf(one.mark) + 1) % MARKS.length];
    this.show();
  }

  keep() {
    const picked = (mark) => this.marked.filter((one) => one.mark === mark).map(({ at }) => at);
    this.studio.trigger("teach", { name: this.name.value, more: picked("more"), less: picked("less") });
  }

  // The page has kept it.
  done() {
    this.name.value = "";
    this.marked = [];
    this.others();
  }

  show() {
    [...this.grid.children].forEach((button, index) => {
      const { mark } = this.marked[index];
      button.className = mark;
      button.querySelector("span").textContent = { more: "More", less: "Less", "": "" }[mark];
      button.ariaLabel = `Picture ${index + 1}: ${mark || "not picked"}`;
    });
  }

  draw(pictures) {
    paintAll(this.grid, pictures);
  }

  act(name) {
    if (name === "teach") this.keep();
    else if (name === "others") this.others();
    else return false;
    return true;
  }
}
