// What the faces are made of: colours with names, and the parts of the style `adventurer` sorted into words.
//
// Parts were looked at one by one. Left out: hair that hides the face or has no colour of its own, and a few mouths and
// eyes that are hard to read at 64 pixels.

// The class: told apart by their colour alone, also from every skin.
export const HAIR = {
  black: "231f20",
  brown: "74462a",
  ginger: "d8681c",
  blonde: "f0cd62",
  grey: "b3b8bf",
  pink: "ea84b2",
  blue: "3f7fcb",
  green: "52a65a",
};

export const SKIN = {
  pale: "fde5d6",
  light: "f3c79e",
  tan: "d99c66",
  bronze: "b4743f",
  brown: "8b5129",
  deep: "5c351d",
};

export const BACKGROUND = { cream: "f7f0e0", sky: "d9eaf6", mint: "dcf0e1", lilac: "eae1f4" };

// The cut of the hair, and which of the style's hairs have it.
export const CUT = {
  bob: ["long01", "long25"],
  buns: ["long10", "long11", "long12", "long13", "long23", "short05"],
  cropped: ["short04", "short13", "short14"],
  curly: ["short03", "short08", "short17", "short18"],
  fringe: ["long02", "long03", "long07", "long08", "long21", "long26", "short02", "short09"],
  loose: ["long04", "long05", "long06", "long09", "long17", "long18", "long22", "long24"],
  spiky: ["short15", "short16"],
  swept: ["short01", "short06", "short07", "short10", "short11"],
  tails: ["long14", "long15", "long16", "long19"],
};
export const FLOWERS = ["long03", "long08", "long18"];

export const EYES = {
  closed: ["variant19", "variant20"],
  open: ["variant01", "variant02", "variant03", "variant24", "variant25", "variant26"],
  puzzled: ["variant09", "variant10"],
  sleepy: ["variant04", "variant16", "variant17", "variant18"],
  sly: ["variant05", "variant07", "variant11", "variant12", "variant13", "variant14"],
  sparkling: ["variant23"],
  winking: ["variant21", "variant22"],
  worried: ["variant15"],
};

export const BROWS = {
  bushy: ["variant04"],
  frowning: ["variant01", "variant02"],
  plain: ["variant09", "variant10", "variant12", "variant13"],
  raised: ["variant08", "variant11"],
  round: ["variant05", "variant15"],
  thin: ["variant03", "variant14"],
  worried: ["variant06", "variant07"],
};

export const MOUTH = {
  flat: ["variant09", "variant10"],
  frowning: ["variant03", "variant04", "variant14"],
  grinning: ["variant05", "variant11", "variant22", "variant23"],
  laughing: ["variant01", "variant25", "variant26", "variant27", "variant28", "variant30"],
  lipstick: ["variant06", "variant08"],
  smiling: ["variant02", "variant20", "variant21"],
  "tongue out": ["variant12", "variant16"],
  whistling: ["variant17"],
};

export const GLASSES = {
  none: [],
  horn: ["variant02"],
  reading: ["variant03"],
  round: ["variant04"],
  square: ["variant05"],
  sunglasses: ["variant01"],
};

export const EARRINGS = {
  none: [],
  worn: ["variant01", "variant02", "variant03", "variant04", "variant05", "variant06"],
};

export const FEATURE = {
  none: [],
  birthmark: ["birthmark"],
  blush: ["blush"],
  freckles: ["freckles"],
  moustache: ["mustache"],
};

// How often a part of the face has each of its words. What is not listed is shared equally among its words.
export const SHARES = {
  eyes: { open: 6, closed: 2, puzzled: 2, sleepy: 3, sly: 4, sparkling: 2, winking: 2, worried: 1 },
  brows: { plain: 4, frowning: 2, raised: 2, round: 2, worried: 2, thin: 1, bushy: 1 },
  mouth: { smiling: 4, laughing: 5, grinning: 3, frowning: 2, flat: 2, "tongue out": 2, lipstick: 2, whistling: 1 },
  glasses: { none: 10, horn: 1, reading: 1, round: 1, square: 1, sunglasses: 1 },
  earrings: { none: 3, worn: 1 },
  feature: { none: 8, birthmark: 1, blush: 1, freckles: 1, moustache: 1 },
};
