// Draw the data set `avatars`: cartoon faces composed from DiceBear's style "adventurer" by Lisa Wischofsky (CC BY 4.0).
//
// From the repository's root:
//
//     npm install --prefix data/avatars
//     node data/avatars/render.mjs
//
// The same versions (package.json) and seed give the same bytes. What is written: avatars.zip beside this file, with one
// lossless WebP a picture and attributes.csv. Pass another folder to write there instead.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createAvatar } from "@dicebear/core";
import * as adventurer from "@dicebear/adventurer";
import { Resvg } from "@resvg/resvg-js";
import { strToU8, zipSync } from "fflate";
import sharp from "sharp";
import * as parts from "./parts.mjs";

const SIDE = 128;
const EACH = 65; // pictures of each hair colour with each skin
const TRAIN = 52; // of these, for training
const SEED = 20260102;
const VIEW = "61 40 660 660"; // the style leaves wide margins; this lets the face fill the frame
const COLOURS = 16; // of each picture: flat art needs few, and a third fewer bytes

/** Mulberry32: uniform numbers in [0, 1) from an integer seed, the same on every machine. */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = generator(SEED);
const pick = (list) => list[Math.floor(random() * list.length)];

function shuffle(list) {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** As many words as asked for, each as often as its share says (to within one), in random order. */
function deal(shares, count) {
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  const words = Object.entries(shares).flatMap(([word, share]) => Array(Math.floor((share * count) / total)).fill(word));
  while (words.length < count) words.push(pick(Object.keys(shares)));
  return shuffle(words);
}

/** The faces of one hair colour with one skin: no two have the same hair on the same background. */
function faces(hair, skin) {
  const cuts = Object.entries(parts.CUT).flatMap(([cut, styles]) => styles.map((style) => ({ cut, style })));
  const backgrounds = shuffle(Object.keys(parts.BACKGROUND));
  // Going round all cuts again and again, each time on the next background.
  const heads = [0, 1].flatMap((turn) =>
    shuffle(cuts.map((one, index) => ({ ...one, background: backgrounds[(index + turn) % backgrounds.length] }))),
  );
  const dealt = Object.fromEntries(Object.entries(parts.SHARES).map(([part, shares]) => [part, deal(shares, EACH)]));
  return heads.slice(0, EACH).map(({ cut, style, background }, index) => {
    const words = Object.fromEntries(Object.entries(dealt).map(([part, words]) => [part, words[index]]));
    const length = style.startsWith("long") ? "long" : "short";
    const flowers = parts.FLOWERS.includes(style) ? "worn" : "none";
    return { split: index < TRAIN ? "train" : "test", hair, skin, length, cut, flowers, ...words, background, style };
  });
}

function svg(face) {
  const one = (table, word) => (table[word].length ? [pick(table[word])] : []);
  const options = {
    seed: "fixed", // every choice is made below
    skinColor: [parts.SKIN[face.skin]],
    hairColor: [parts.HAIR[face.hair]],
    backgroundColor: [parts.BACKGROUND[face.background]],
    hair: [face.style],
    eyes: one(parts.EYES, face.eyes),
    eyebrows: one(parts.BROWS, face.brows),
    mouth: one(parts.MOUTH, face.mouth),
    glasses: one(parts.GLASSES, face.glasses),
    glassesProbability: face.glasses === "none" ? 0 : 100,
    earrings: one(parts.EARRINGS, face.earrings),
    earringsProbability: face.earrings === "none" ? 0 : 100,
    features: one(parts.FEATURE, face.feature),
    featuresProbability: face.feature === "none" ? 0 : 100,
  };
  return createAvatar(adventurer, options).toString().replace('viewBox="0 0 762 762"', `viewBox="${VIEW}"`);
}

async function picture(face) {
  const drawn = new Resvg(svg(face), { fitTo: { mode: "width", value: SIDE } }).render();
  const few = await sharp(drawn.pixels, { raw: { width: SIDE, height: SIDE, channels: 4 } })
    .removeAlpha()
    .png({ palette: true, colours: COLOURS, dither: 0, effort: 7 })
    .toBuffer();
  return sharp(few).webp({ lossless: true, effort: 4 }).toBuffer();
}

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(process.argv[2] ?? here, "avatars.zip");
const all = Object.keys(parts.HAIR).flatMap((hair) => Object.keys(parts.SKIN).flatMap((skin) => faces(hair, skin)));
const members = {};
const rows = [];
for (const face of shuffle(all)) {
  const file = `${String(rows.length).padStart(4, "0")}.webp`;
  const { split, style, ...attributes } = face;
  members[file] = [await picture(face), { level: 0 }]; // WebP is packed already
  rows.push({ file, split, ...attributes });
}
const columns = Object.keys(rows[0]);
const table = [columns, ...rows.map((row) => columns.map((column) => row[column]))].map((row) => row.join(",") + "\n");
const named = { "attributes.csv": [strToU8(table.join("")), { level: 9 }], ...members };
const zip = zipSync(named, { mtime: new Date(2026, 0, 1) });
fs.writeFileSync(target, zip);
console.log(`${target}: ${rows.length} pictures, ${(zip.length / 1e6).toFixed(2)} MB`);
