// Two pictures in one place; an edge between them follows the pointer or the arrow keys.
export default function ({ data, parentElement }) {
  const figure = parentElement.querySelector(".compare");
  const frame = figure.querySelector(".pictures");
  const slider = figure.querySelector("input");
  const { before, after, left, right, width, height, crisp } = data;
  figure.style.width = `${width}px`;
  frame.style.aspectRatio = `${width} / ${height}`;
  frame.classList.toggle("crisp", crisp);
  for (const [name, source, alt] of [["before", before, left], ["after", after, right]]) {
    const image = figure.querySelector(`img.${name}`);
    image.alt = alt;
    image.draggable = false;
    if (image.src !== source) image.src = source;
  }
  figure.querySelector(".left").textContent = `Left: ${left}`;
  figure.querySelector(".right").textContent = `Right: ${right}`;
  slider.ariaLabel = `How much of the picture shows it ${left}`;
  const move = () => {
    figure.style.setProperty("--at", `${slider.value}%`);
    slider.ariaValueText = `${Math.round(slider.value)}% ${left}`;
  };
  slider.oninput = move;
  slider.onkeydown = (event) => {
    const step = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10 }[event.key];
    if (!step) return;
    event.preventDefault();
    slider.value = Number(slider.value) + step;
    move();
  };
  move();
}
