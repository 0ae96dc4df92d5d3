"""Draw the data set `handwriting`: digits from openly licensed handwriting fonts, in MNIST's form.

The fonts come as the npm packages ``@fontsource/NAME`` (OFL 1.1 or Apache 2.0; README.md beside this file lists them
with their versions). To get them and draw again, from the repository's root:

    pip install fonttools
    mkdir ../fonts
    python data/handwriting/render.py --list | xargs -I{} npm pack @fontsource/{} --pack-destination ../fonts
    python data/handwriting/render.py --fonts ../fonts --sheet ../sheet.png

The same fonts, seed and library versions give the same bytes. What is written: the four IDX files and README.md. The
digests printed at the end belong into ``gan/datasets/handwriting.py``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import sys
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFont
from scipy import ndimage

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # run as a script, from anywhere
from gan.datasets import idx
from gan.images import encode_png, tile

# Looked at one by one. Left out: digits that are hard to read or struck through, and near twins of a font listed.
TRAIN = [
    "annie-use-your-telescope",
    "architects-daughter",
    "bad-script",
    "caveat",
    "caveat-brush",
    "chilanka",
    "coming-soon",
    "covered-by-your-grace",
    "crafty-girls",
    "dawning-of-a-new-day",
    "dekko",
    "delius",
    "edu-sa-beginner",
    "gaegu",
    "give-you-glory",
    "gloria-hallelujah",
    "gochi-hand",
    "handlee",
    "hi-melody",
    "indie-flower",
    "just-me-again-down-here",
    "kalam",
    "klee-one",
    "mali",
    "marck-script",
    "merienda",
    "mynerve",
    "nanum-brush-script",
    "nanum-pen-script",
    "neucha",
    "nothing-you-could-do",
    "pangolin",
    "patrick-hand",
    "permanent-marker",
    "poor-story",
    "rancho",
    "reenie-beanie",
    "rock-salt",
    "shadows-into-light",
    "shadows-into-light-two",
    "short-stack",
    "sriracha",
    "sue-ellen-francisco",
    "swanky-and-moo-moo",
    "waiting-for-the-sunrise",
    "yomogi",
    "zen-kurenaido",
]
TEST = [
    "cedarville-cursive",
    "gamja-flower",
    "itim",
    "la-belle-aurore",
    "mansalva",
    "playpen-sans",
    "schoolbell",
    "the-girl-next-door",
    "unkempt",
    "walter-turncoat",
]
FONTS = {"train": TRAIN, "test": TEST}
DIGITS = "0123456789"
VARIATIONS = {"train": 22, "test": 20}  # of each digit of each font
SEED = 20260101

FINE = 4  # drawn this many times larger than the picture, then averaged down
SIDE, BOX = 28, 20  # the picture, and the box its ink fits before centring, as in MNIST
CANVAS = 40 * FINE
GREYS = 16  # enough for smooth edges, and a third smaller when packed


@dataclass(frozen=True)
class Font:
    """What a package says of itself, and its glyphs as signed distances to the edge (positive inside)."""

    package: str
    version: str
    licence: str
    copyright: str
    glyphs: dict[str, np.ndarray]


def read_font(path: Path) -> Font:
    """A font from its npm package: the regular weight of its Latin subset.

    Raises:
        SystemExit: if a digit has no glyph of its own.
    """
    from fontTools.ttLib import TTFont  # only drawing needs it

    with tarfile.open(path) as package:
        about = json.load(package.extractfile("package/package.json"))
        name = next(name for name in package.getnames() if name.endswith("-latin-400-normal.woff"))
        data = package.extractfile(name).read()
    table = TTFont(io.BytesIO(data))
    missing = [digit for digit in DIGITS if ord(digit) not in table.getBestCmap()]
    if missing:
        raise SystemExit(f"{path}: no glyph for {' '.join(missing)}")
    font = ImageFont.truetype(io.BytesIO(data), 400)
    line = " ".join((table["name"].getDebugName(0) or "").split())
    return Font(about["name"], about["version"], about["license"], line, {d: distances(font, d) for d in DIGITS})


def distances(font: ImageFont.FreeTypeFont, digit: str) -> np.ndarray:
    """A glyph fitted to the box in the middle of the canvas, as distance to its edge in fine pixels."""
    mask = font.getmask(digit, mode="L")
    glyph = Image.frombytes("L", mask.size, bytes(mask))
    glyph = glyph.crop(glyph.getbbox())
    scale = BOX * FINE / max(glyph.size)
    glyph = glyph.resize([max(1, round(length * scale)) for length in glyph.size], Image.Resampling.BOX)
    sheet = Image.new("L", (CANVAS, CANVAS))
    sheet.paste(glyph, [(CANVAS - length) // 2 for length in glyph.size])
    ink = np.asarray(sheet) > 127
    inside, outside = ndimage.distance_transform_edt(ink), ndimage.distance_transform_edt(~ink)
    return (inside - outside).astype(np.float32)


def stroke(distance: np.ndarray) -> float:
    """Mean width of a glyph's strokes in fine pixels: twice its area over the length of its edge."""
    ink = distance > 0
    return 2 * ink.sum() / max(1, (np.abs(distance) <= 1).sum() / 2)


def draw(distance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One variation of a glyph: uint8 [28, 28], white on black.

    Turned by up to 12 degrees, slanted, stretched, bent, its stroke drawn towards the width of a pen; then fitted to
    MNIST's box and centred by its centre of mass.
    """
    turn, slant = np.radians(rng.uniform(-12, 12)), rng.uniform(-0.2, 0.2)
    wide, box = np.exp(rng.uniform(-0.15, 0.15)), BOX * FINE * rng.uniform(0.9, 1)
    pen, bend = FINE * rng.uniform(2, 3.6), rng.uniform(0, 2.2) * FINE
    thicken = np.clip(0.8 * (pen - stroke(distance)) / 2, -0.3 * stroke(distance), 1.5 * FINE)

    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = rotation @ np.array([[1, 0], [slant, 1 / wide]])  # (row, column) of the result to that of the glyph
    middle = (CANVAS - 1) / 2
    grid = np.indices((CANVAS, CANVAS), np.float32).reshape(2, -1) - middle
    noise = ndimage.gaussian_filter(rng.normal(size=(2, CANVAS, CANVAS)), (0, 6 * FINE, 6 * FINE))
    noise *= bend / (np.abs(noise).max() + 1e-9)
    at = (matrix @ grid + middle).reshape(2, CANVAS, CANVAS) + noise
    bent = ndimage.map_coordinates(distance, at, order=1, mode="nearest") + thicken

    rows, columns = (np.flatnonzero((bent > 0).any(axis)) for axis in (1, 0))
    scale = max(np.ptp(rows), np.ptp(columns)) / box
    ink = np.clip(bent + 0.5, 0, 1)
    centre = np.array(ndimage.center_of_mass(ink))
    target = np.indices((SIDE * FINE, SIDE * FINE), np.float32) - (SIDE * FINE - 1) / 2
    fine = ndimage.map_coordinates(ink, target * scale + centre[:, None, None], order=1, mode="constant")
    small = fine.reshape(SIDE, FINE, SIDE, FINE).mean((1, 3))
    return (np.rint(small * (GREYS - 1)) * (255 // (GREYS - 1))).astype(np.uint8)


def draw_split(fonts: list[Font], variations: int) -> tuple[np.ndarray, np.ndarray]:
    """All pictures [n, 28, 28] and labels [n] (uint8) of some fonts, shuffled."""
    pictures, labels = [], []
    for font in fonts:
        for label, digit in enumerate(DIGITS):
            for variation in range(variations):  # keyed by name: another font more or less changes no other picture
                rng = np.random.default_rng([SEED, zlib.crc32(font.package.encode()), label, variation])
                pictures.append(draw(font.glyphs[digit], rng))
                labels.append(label)
    order = np.random.default_rng(SEED).permutation(len(labels))
    return np.stack(pictures)[order], np.array(labels, np.uint8)[order]


def readme(fonts: dict[str, list[Font]], digests: dict[str, str], counts: dict[str, int]) -> str:
    """README.md: where every picture comes from."""
    lines = [
        "# Handwriting",
        "",
        f"Digits drawn from {sum(map(len, fonts.values()))} openly licensed handwriting fonts by `render.py`, in the"
        " form of MNIST: 28x28, white on",
        "black, the ink in a 20x20 box centred by its centre of mass. Training and test pictures come from different"
        " fonts.",
        "",
        *(
            f"- {name}: {counts[name]:,} pictures, {counts[name] // 10:,} of each digit, from {len(used)} fonts"
            for name, used in fonts.items()
        ),
        f"- grey in {GREYS} levels; every picture turned by up to 12 degrees, slanted, stretched, bent and its stroke"
        " changed, seeded",
        "- the pictures are this project's and come under its licence; the fonts are not included",
        "",
        "To draw again: see the first lines of `render.py`. SHA-256 of the unpacked files:",
        "",
        "| file | SHA-256 |",
        "| --- | --- |",
        *(f"| `{name}` | `{digest}` |" for name, digest in digests.items()),
        "",
        "Fonts, as their packages and their name tables describe them:",
        "",
        "| split | package | version | licence | copyright |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {name} | `{font.package}` | {font.version} | {font.licence} | {font.copyright.replace('|', '/')} |"
            for name, used in fonts.items()
            for font in used
        ),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the data set 'handwriting'.")
    parser.add_argument("--list", action="store_true", help="print the names of the fonts and stop")
    parser.add_argument("--fonts", type=Path, help="folder with the packages as npm pack writes them")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="where to write")
    parser.add_argument("--sheet", type=Path, help="also write a PNG to look at: a row a font, two of each digit")
    options = parser.parse_args()
    if options.list:
        print("\n".join(name for names in FONTS.values() for name in names))
        return
    if options.fonts is None:
        parser.error("--fonts: where are the packages? See the first lines of this file.")
    fonts: dict[str, list[Font]] = {}
    digests, counts = {}, {}
    for split, names in FONTS.items():
        fonts[split] = []
        for name in names:
            found = sorted(options.fonts.glob(f"fontsource-{name}-[0-9]*.tgz"))
            if not found:
                parser.error(f"no fontsource-{name}-*.tgz in {options.fonts}; get it with: npm pack @fontsource/{name}")
            fonts[split].append(read_font(found[-1]))
        pictures, labels = draw_split(fonts[split], VARIATIONS[split])
        counts[split] = len(labels)
        for kind, values in (("images-idx3", pictures), ("labels-idx1", labels)):
            name, data = f"handwriting-{split}-{kind}-ubyte", idx.encode(values)
            (options.out / f"{name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))
            digests[name] = hashlib.sha256(data).hexdigest()
            print(name, digests[name])
    (options.out / "README.md").write_text(readme(fonts, digests, counts), encoding="utf-8")
    if options.sheet:
        rows = [
            draw(font.glyphs[digit], np.random.default_rng([SEED, zlib.crc32(font.package.encode()), label, variation]))
            for used in fonts.values()
            for font in used
            for variation in range(2)
            for label, digit in enumerate(DIGITS)
        ]
        options.sheet.write_bytes(encode_png(tile(np.stack(rows)[..., None], columns=20, gap=1, paper=90)))


if __name__ == "__main__":
    main()
