// The latent space, as gan/latent.py has it.

// Standard normal numbers of a seed; not those that the app draws for it.
function normal(seed, count) {
  let state = seed >>> 0;
  const uniform = () => {  // mulberry32, never 0
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return Float32Array.from({ length: count }, () =>
    Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

// The spherical way from one latent to another, written into a third (Shoemake 1985).
function slerp(from, to, share, into) {
  let a = 0, b = 0, dot = 0;
  for (let i = 0; i < from.length; i++) {
    a += from[i] * from[i];
    b += to[i] * to[i];
    dot += from[i] * to[i];
  }
  a = Math.sqrt(a);
  b = Math.sqrt(b);
  const angle = Math.acos(Math.min(1, Math.max(-1, dot / (a * b))));
  const sine = Math.sin(angle);
  const length = (1 - share) * a + share * b;
  // Nearly parallel: the straight way is the same. Random latents are never opposite.
  const left = sine < 1e-6 ? 1 - share : (length * Math.sin((1 - share) * angle)) / (sine * a);
  const right = sine < 1e-6 ? share : (length * Math.sin(share * angle)) / (sine * b);
  for (let i = 0; i < from.length; i++) into[i] = left * from[i] + right * to[i];
}
