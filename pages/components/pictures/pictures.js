// Pictures as buttons; arrow keys move between them, a click or Enter picks one.
export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector("#grid");
  const { width, height, pictures, picked } = data;
  grid.setAttribute("aria-label", "Pictures");
  grid.style.gridTemplateColumns = `repeat(auto-fill, ${width}px)`;
  while (grid.children.length > pictures.length) grid.lastChild.remove();
  while (grid.children.length < pictures.length) {
    const button = grid.appendChild(document.createElement("button"));
    button.appendChild(document.createElement("img"));
  }
  const buttons = [...grid.children];
  const current = Math.max(0, pictures.findIndex((p) => p.id === picked));
  pictures.forEach(({ id, source, name }, i) => {
    const [button, image] = [buttons[i], buttons[i].firstChild];
    button.type = "button";
    button.tabIndex = i === current ? 0 : -1;
    button.title = name;
    button.setAttribute("aria-pressed", id === picked);
    button.onclick = () => setTriggerValue("picked", id);
    button.onkeydown = (event) => {
      const columns = Math.max(1, Math.floor((grid.clientWidth + 6) / (width + 6)));
      const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
      const next = buttons[i + steps[event.key]];
      if (!next) return;
      event.preventDefault();
      next.focus();
    };
    image.alt = name;
    image.width = width;
    image.height = height;
    if (image.src !== source) image.src = source;
  });
}
