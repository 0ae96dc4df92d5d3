// The time machine: all pictures of all steps came in one sprite a run; the slider only picks which of them to paint.

const PLAY_MS = 90; // a stop
const COMMIT_MS = 300; // after this much rest the step goes to the address bar
const GAP = 1; // pixels of a picture's own between neighbours
const TILE = 56; // pixels on the screen that a small picture is enlarged to, in whole steps
const LEAST = 40; // the columns are broken into groups rather than shown smaller

class TimeMachine {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-testid="machine-${name}"]`);
    this.slider = this.find("slider");
    this.stop = 0; // an index into `stops`
    this.listen();
    this.sized = new ResizeObserver(() => this.lay());
    this.sized.observe(root);
  }

  // New data, also while it is open: a run in training draws on.
  async load(data, commit) {
    this.commit = commit;
    if (data.version === this.version) return;
    this.version = data.version;
    const bitmaps = await Promise.all(data.runs.map((run) => decoded(run.sprite)));
    if (data.version !== this.version) return bitmaps.forEach((bitmap) => bitmap.close()); // newer data came meanwhile
    const turned = this.stops && this.said !== data.said; // to another axis
    const newest = this.stops && this.stop === this.stops.length - 1;
    const place = turned ? this.again(data.runs) : this.stops?.[this.stop];
    this.runs?.forEach((run) => run.bitmap.close()); // they are large
    this.runs = data.runs.map((run, index) => ({ ...run, bitmap: bitmaps[index] }));
    this.said = data.said;
    this.stops = [...new Set(data.runs.flatMap((run) => run.at))].sort((a, b) => a - b);
    // Which picture each run shows at each stop: the newest that it had by then.
    for (const run of this.runs) {
      let shown = 0;
      run.shows = this.stops.map((stop) => {
        while (shown + 1 < run.at.length && run.at[shown + 1] <= stop) shown++;
        return shown;
      });
    }
    this.stop = this.stopAt(newest ? Infinity : (place ?? data.start ?? Infinity));
    this.slider.max = Math.max(1, this.stops.length - 1);
    this.slider.disabled = this.find("play").disabled = this.stops.length < 2;
    this.buildMarks(data.marks);
    this.lay();
    this.root.ariaBusy = "false";
    if (turned && (!newest || data.start !== null)) this.commit(this.stops[this.stop]); // the address has the old axis' place
  }

  // Where the step that is shown lies on another axis: of the run that drew it.
  again(runs) {
    const drew = this.runs.find((run) => run.at[run.shows[this.stop]] === this.stops[this.stop]);
    const { steps, at } = runs.find((run) => run.name === drew.name) ?? runs[0];
    return at[Math.max(0, steps.findLastIndex((step) => step <= drew.steps[drew.shows[this.stop]]))];
  }

  // The newest stop that is not after a place on the axis.
  stopAt(place) {
    return Math.max(0, this.stops.findLastIndex((stop) => stop <= place));
  }

  buildMarks(marks) {
    const last = Math.max(1, this.stops.length - 1);
    const ticks = [];
    this.find("marks").replaceChildren(
      ...marks.map(({ at, text, best }) => {
        const stop = this.stopAt(at);
        const tick = document.createElement("i");
        tick.style.setProperty("--at", stop / last);
        tick.classList.toggle("best", best);
        ticks.push(tick);
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        button.classList.toggle("best", best);
        button.dataset.stop = stop;
        return button;
      }),
    );
    this.root.querySelector(".ticks").replaceChildren(...ticks);
  }

  // A figure for each run: canvases, a group of columns each, as many as there is room for.
  lay() {
    if (!this.runs) return;
    const runs = this.root.querySelector(".runs");
    const room = runs.clientWidth;
    if (!room || (room === this.room && this.laid === this.version)) return;
    [this.room, this.laid] = [room, this.version];
    const beside = Math.max(1, Math.min(this.runs.length, Math.floor((room + 24) / 324)));
    runs.style.setProperty("--beside", beside);
    const own = (room - 24 * (beside - 1)) / beside;
    runs.replaceChildren(...this.runs.map((run) => this.figure(run, own)));
    this.paint(null);
  }

  figure(run, room) {
    const figure = document.createElement("figure");
    figure.innerHTML = '<figcaption><strong></strong><span class="at"><span class="still"></span></span></figcaption><div class="groups"></div>';
    figure.querySelector("strong").textContent = run.name;
    run.caption = figure.querySelector(".still");
    const { width, height, columns, names } = run;
    // Names have to fit above their column.
    const small = names.some((name) => name.length > 3) ? 64 : LEAST;
    const least = (width + GAP) * Math.ceil(Math.min(small, Math.max(width, TILE)) / width);
    const fit = Math.max(1, Math.min(columns, Math.floor(room / least)));
    const inGroup = Math.ceil(columns / Math.ceil(columns / fit));
    const across = inGroup * (width + GAP) - GAP;
    const times = Math.max(1, Math.min(Math.ceil(TILE / width), Math.floor(room / across)));
    const share = Math.min(1, room / (across * times)); // below 1 only where not even one pixel each fits
    run.canvases = [];
    for (let first = 0; first < columns; first += inGroup) {
      const count = Math.min(inGroup, columns - first);
      const group = document.createElement("div");
      const canvas = document.createElement("canvas");
      canvas.width = count * (width + GAP) - GAP;
      canvas.height = (run.count / columns) * (height + GAP) - GAP;
      canvas.style.width = group.style.width = `${canvas.width * times * share}px`;
      canvas.setAttribute("role", "img");
      if (names.length) {
        const heads = document.createElement("div");
        heads.className = "heads";
        heads.style.setProperty("--n", count);
        heads.append(...names.slice(first, first + count).map((name) => span(name.replaceAll(", ", ",\n"))));
        group.append(heads);
      }
      group.append(canvas);
      figure.querySelector(".groups").append(group);
      run.canvases.push({ canvas, context: canvas.getContext("2d", { alpha: false }), first, count });
    }
    return figure;
  }

  paint(stamp) {
    if (!this.runs) return;
    for (const run of this.runs) {
      const { width, height, columns, count, across, bitmap } = run;
      const frame = run.shows[this.stop];
      for (const { context, first, count: shown } of run.canvases) {
        for (let place = frame * count; place < (frame + 1) * count; place++) {
          const column = ((place - frame * count) % columns) - first;
          if (column < 0 || column >= shown) continue;
          const row = Math.floor((place - frame * count) / columns);
          const [x, y] = [(place % across) * width, Math.floor(place / across) * height];
          const [left, top] = [column * (width + GAP), row * (height + GAP)];
          context.drawImage(bitmap, x, y, width, height, left, top, width, height);
        }
      }
    }
    if (stamp !== null) this.measure(stamp);
    this.tell();
  }

  measure(stamp) {
    const detail = { latency_ms: performance.now() - stamp };
    this.root.dispatchEvent(new CustomEvent("gan-frame", { bubbles: true, composed: true, detail }));
  }

  // What stands beside the pictures, only where it has changed.
  tell() {
    const said = `${this.stop} ${this.version} ${this.room}`;
    if (said === this.toldOf) return;
    this.toldOf = said;
    const [stop, last] = [this.stop, Math.max(1, this.stops.length - 1)];
    this.slider.value = stop;
    this.slider.style.setProperty("--share", stop / last);
    const where = this.said.replace("{}", grouped(this.stops[stop]));
    this.slider.ariaValueText = this.find("where").firstElementChild.textContent = where;
    for (const run of this.runs) {
      const step = run.steps[run.shows[stop]];
      const text = `step ${grouped(step)} · ${grouped(step * run.each)} pictures · ${time(run.seconds[run.shows[stop]])}`;
      run.caption.textContent = text;
      for (const { canvas } of run.canvases) canvas.ariaLabel = `${run.name} at ${text}`;
    }
  }

  listen() {
    const { slider } = this;
    slider.addEventListener("input", (event) => {
      if (this.led) return;
      // An input event is younger than the move of the pointer that it follows from.
      this.go(Number(slider.value), event.timeStamp - this.pointed < 50 ? this.pointed : event.timeStamp);
    });
    for (const end of ["pointerdown", "pointerup", "pointercancel"]) {
      slider.addEventListener(end, () => (this.led = null), { capture: true });
    }
    slider.addEventListener("pointermove", (event) => (this.pointed = event.timeStamp), { capture: true });
    slider.addEventListener(MOVE, (event) => {
      if (!(event.buttons & 1) || !slider.matches(":active")) return;
      this.led ??= track(slider); // the input event of the same move, a frame later, then says nothing new
      this.go(Math.round(shareOf(this.led, event) * (this.stops.length - 1)), event.timeStamp);
    });
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest?.("button");
      if (button?.dataset.stop) this.go(Number(button.dataset.stop), event.timeStamp);
      if (button?.dataset.do === "play") this.playing ? this.halt() : this.play();
    });
  }

  go(stop, stamp) {
    if (!this.runs) return;
    this.halt();
    this.stop = stop;
    this.paint(stamp);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), COMMIT_MS);
  }

  rest() {
    if (this.slider.matches(":active")) this.resting = setTimeout(() => this.rest(), COMMIT_MS);
    else this.commit(this.stops[this.stop]);
  }

  play() {
    if (this.stop === this.stops.length - 1) this.stop = 0;
    let shown = -Infinity;
    const step = (now) => {
      if (now - shown >= PLAY_MS) {
        if (shown > 0) this.stop = Math.min(this.stop + 1, this.stops.length - 1);
        shown = now;
        this.paint(now);
      }
      if (this.stop === this.stops.length - 1) return this.halt();
      this.playing = requestAnimationFrame(step);
    };
    this.playing = requestAnimationFrame(step);
    this.press();
  }

  halt() {
    if (!this.playing) return;
    cancelAnimationFrame(this.playing);
    this.playing = null;
    this.press();
    this.commit(this.stops[this.stop]);
  }

  press() {
    this.find("play").textContent = this.playing ? "Pause" : "Play";
    this.find("play").ariaPressed = String(Boolean(this.playing));
  }

  close() {
    cancelAnimationFrame(this.playing);
    clearTimeout(this.resting);
    this.sized.disconnect();
    this.runs?.forEach((run) => run.bitmap.close());
    this.runs = this.version = null; // what is still on its way comes too late
  }
}

async function decoded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return createImageBitmap(image);
}

function span(text) {
  return Object.assign(document.createElement("span"), { textContent: text });
}

const grouped = (number) => Number(number.toFixed(number % 1 ? 1 : 0)).toLocaleString("en");
const time = (seconds) =>
  seconds < 120 ? `${seconds.toFixed(0)} s` : seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;

// Streamlit calls this at first and whenever `data` or the theme changes, on the same element.
export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".machine");
  root.machine ??= new TimeMachine(root);
  root.machine.load(data, (place) => setStateValue("at", place));
  return () => {
    root.machine?.close();
    delete root.machine;
  };
}
