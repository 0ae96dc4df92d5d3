// What the parts of the latent page share.

const FINEST = 0.0001; // what a step of a slider without steps is, as far as one can tell
const SEEDS = 100000; // new pictures are numbered below this, which keeps links short

// Properties of an element. What is so already is left alone: the browser would lay it out again all the same.
function put(element, values) {
  for (const [name, value] of Object.entries(values)) if (element[name] !== value) element[name] = value;
}

// A slider's value, and what of its track is filled: from its zero to the knob, or nothing.
function set(slider, value, filled = Number(value) !== 0) {
  const [min, max] = [Number(slider.min), Number(slider.max)];
  const [zero, knob] = [0, value].map((place) => (place - min) / (max - min) || -1); // from beyond the left end
  if (Math.abs(slider.value - value) > (Number(slider.step) || FINEST) / 2) slider.value = value;
  const fill = filled ? [Math.min(zero, knob), Math.max(zero, knob)] : [0, 0];
  if (slider.fill?.[0] === fill[0] && slider.fill[1] === fill[1]) return;
  slider.fill = fill;
  slider.style.setProperty("--lo", fill[0]);
  slider.style.setProperty("--hi", fill[1]);
}

// How wide a small picture stands on the screen: about as wide as wanted, in whole screen pixels for each of its own.
const fit = (width, wanted, most) => Math.min(most, width * Math.max(1, Math.round(wanted / width)));
// The small pictures are images, not canvases: a browser makes each canvas a layer of its own, put together anew with
// every frame, and there are dozens of them.
const BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const SMALL = `<img class="small" src="${BLANK}" alt="">`;
const scratch = document.createElement("canvas");
scratch.getContext("2d", { willReadFrequently: true });

// The small pictures in an element, in order, from as many as came.
function paintAll(place, pictures) {
  [...place.querySelectorAll(".small")].slice(0, pictures.count).forEach((image, index) => {
    paint(scratch, pictures, index);
    put(image, { src: scratch.toDataURL() });
  });
}
const sum = (values) => values.reduce((total, value) => total + value, 0);

// As many digits as a link keeps, so that it leads to the very same picture.
const rounded = (value, digits) => Number(Number(value).toFixed(digits));
const signed = (value) => (value > 0 ? "+" : value < 0 ? "−" : "") + Math.abs(value).toFixed(2);
const seed = () => Math.floor(Math.random() * SEEDS);
