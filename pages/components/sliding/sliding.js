// What the components share whose sliders are followed while the hand moves.

// Browsers hand out pointer moves once a frame; raw ones, where there are any, come at once: up to a frame earlier.
const MOVE = "onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove";

// Where the middle of a slider's knob goes, on the screen. Measured once a drag: a browser lays the page out to say it.
function track(slider) {
  const knob = parseFloat(getComputedStyle(slider).getPropertyValue("--knob"));
  const { left, width } = slider.getBoundingClientRect();
  return { left: left + knob / 2, width: width - knob };
}

// How much of a track lies before the pointer, 0 to 1.
const shareOf = ({ left, width }, event) => Math.min(1, Math.max(0, (event.clientX - left) / width));
