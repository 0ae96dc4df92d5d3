// What the parts of the latent page share.

const SEEDS = 100000; // new pictures are numbered below this, which keeps links short

// A slider's value, and what of its track is filled: from its zero to the knob, or nothing.
function set(slider, value, filled = Number(value) !== 0) {
  const [min, max] = [Number(slider.min), Number(slider.max)];
  const [zero, knob] = [0, value].map((place) => (place - min) / (max - min) || -1); // from beyond the left end
  slider.value = value;
  slider.style.setProperty("--lo", filled ? Math.min(zero, knob) : 0);
  slider.style.setProperty("--hi", filled ? Math.max(zero, knob) : 0);
}

// How wide a small picture stands on the screen: about as wide as wanted, in whole screen pixels for each of its own.
const fit = (width, wanted, most) => Math.min(most, width * Math.max(1, Math.round(wanted / width)));
// The canvases in an element, in order, from as many pictures as came.
const paintAll = (place, pictures) =>
  [...place.querySelectorAll("canvas")].slice(0, pictures.count).forEach((one, index) => paint(one, pictures, index));
const sum = (values) => values.reduce((total, value) => total + value, 0);

// As many digits as a link keeps, so that it leads to the very same picture.
const rounded = (value, digits) => Number(Number(value).toFixed(digits));
const signed = (value) => (value > 0 ? "+" : value < 0 ? "−" : "") + Math.abs(value).toFixed(2);
const seed = () => Math.floor(Math.random() * SEEDS);
