"""Paint the data set `covers`: scenes for book covers, and titles for them on a layer of their own.

The fonts come as the npm packages ``@fontsource/NAME`` (README.md beside this file lists them with their versions and
licences). To get them and paint again, from the repository's root:

    pip install fonttools
    mkdir ../fonts
    python data/covers/paint.py --list | xargs -I{} npm pack @fontsource/{} --pack-destination ../fonts
    python data/covers/paint.py --fonts ../fonts

The same fonts, seed and library versions give the same bytes. What is written: covers.zip (the art as lossy WebP:
what is in the file is the truth, and attributes.csv), titles.zip (a lossless RGBA layer for each, and titles.csv), and
README.md.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))  # its modules, from wherever it is run
import frames
import lettering
import words
from animals import ANIMALS
from canvas import Canvas
from fonts import KOREAN, LATIN, Font, read_font
from palettes import TIMES
from scenes import SCENES

EACH = 20  # covers of each scene at each time of day
TRAIN = 16  # of these, for training
SEED = 20260103
IN_KOREAN = 0.15  # share of Korean titles
QUALITY = 78


def plan() -> list[dict[str, str]]:
    """What is to be painted: scene, time and split, balanced, in a shuffled order."""
    rows = [
        {"split": "train" if index < TRAIN else "test", "scene": scene, "time": time}
        for scene in SCENES
        for time in TIMES
        for index in range(EACH)
    ]
    return [rows[index] for index in np.random.default_rng(SEED).permutation(len(rows))]


def paint(rng: np.random.Generator, scene: str, time: str):
    """One cover without words.

    Returns:
        The picture, RGB; its palette; and what was chosen by chance: animal, frame, style.
    """
    palette = TIMES[time][rng.integers(len(TIMES[time]))].varied(rng)
    animals = [name for name in ANIMALS if name != "whale" or scene in ("sea", "space")]
    if scene == "sea":
        animals += ["whale"] * 3
    animal = animals[rng.integers(len(animals))] if rng.random() < 0.6 else "none"
    relief = float(rng.choice([0, 0.45]))
    frame = str(rng.choice(list(frames.SHARES), p=list(frames.SHARES.values())))
    canvas = Canvas(relief)
    SCENES[scene](canvas, palette, rng, time, animal)
    frames.FRAMES[frame](canvas, palette, rng)
    picture = canvas.finish(rng, rng.uniform(0.6, 1.6))
    return picture, palette, {"animal": animal, "frame": frame, "style": "paper cut" if relief else "flat"}


def webp(picture: Image.Image, **how) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", method=6, **how)
    return buffer.getvalue()


def pack(path: Path, table: str, rows: list[dict[str, str]], members: dict[str, bytes]) -> int:
    """Write a ZIP of pictures with their table; the same content gives the same bytes.

    Returns:
        Its size in bytes.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {table: text.getvalue().encode(), **members}.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if name == table else zipfile.ZIP_STORED  # WebP is packed already
            archive.writestr(info, data)
    return path.stat().st_size


def readme(fonts: list[Font], rows: list[dict[str, str]], titles: list[dict[str, str]]) -> str:
    """README.md: what is here and where the letters come from."""
    korean = sum(row["language"] == "korean" for row in titles)
    turned = sum(row["angle"] != "0" for row in titles)
    counts = {split: sum(row["split"] == split for row in rows) for split in ("train", "test")}
    return f"""# Covers

{len(rows)} book covers, 256x256, painted by `paint.py` and the modules beside it: {len(SCENES)} kinds of scene
({", ".join(SCENES)}), {EACH} of each at each time of day ({", ".join(TIMES)}).

- `covers.zip`: the art without words, as WebP (lossy, quality {QUALITY}; what is in the file is the truth), and
  `attributes.csv`: file, split, scene, time, animal, frame, style
- `titles.zip`: for each, under the same name, a layer of letters (lossless WebP, RGBA), and `titles.csv`: title,
  author, language, font, angle in degrees against the clock, effects. A cover with words is the layer laid over the
  art; the mask of its letters is where the layer's alpha is above 0. {korean} titles are Korean, {turned} are turned
- split: {counts["train"]} for training, {counts["test"]} for testing, alike for every scene and time of day
- scenes, animals, patterns, titles and names are this project's own and come under its licence. The titles and authors
  are made up. The fonts are not included

To paint again: see the first lines of `paint.py`. Fonts, as their packages and their name tables describe them:

| script | package | version | weight | licence | copyright |
| --- | --- | --- | --- | --- | --- |
""" + "".join(
        f"| {font.script} | `{font.package}` | {font.version} | {font.weight} | {font.licence} | "
        f"{font.copyright.replace('|', '/')} |\n"
        for font in fonts
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Paint the data set 'covers'.")
    parser.add_argument("--list", action="store_true", help="print the names of the fonts and stop")
    parser.add_argument("--fonts", type=Path, help="folder with the packages as npm pack writes them")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="where to write")
    parser.add_argument("--sheet", type=Path, help="also write a PNG to look at: the first 96, with and without words")
    parser.add_argument("--count", type=int, help="paint only so many, to look at")
    options = parser.parse_args()
    if options.list:
        print("\n".join([*LATIN, *KOREAN]))
        return
    if options.fonts is None:
        parser.error("--fonts: where are the packages? See the first lines of this file.")
    scripts = {"latin": LATIN, "korean": KOREAN}
    fonts = {
        script: {name: read_font(options.fonts, name, script, weight) for name, weight in table.items()}
        for script, table in scripts.items()
    }
    art, layers, rows, titles = {}, {}, [], []
    sheet = Image.new("RGB", (16 * 258, 12 * 258))
    for index, planned in enumerate(plan()[: options.count]):
        rng = np.random.default_rng([SEED, index])  # keyed: one more or less changes no other
        picture, palette, chosen = paint(rng, planned["scene"], planned["time"])
        name = f"{index:03d}.webp"
        art[name] = webp(picture, quality=QUALITY)
        truth = Image.open(io.BytesIO(art[name])).convert("RGB")
        script = "korean" if rng.random() < IN_KOREAN else "latin"
        title = (words.korean if script == "korean" else words.english)(rng, planned["scene"], chosen["animal"])
        author = words.author(rng, script) if rng.random() < 0.85 else ""
        layer, lettered = lettering.letter(rng, fonts[script], title, author, truth, palette)
        layers[name] = webp(layer, lossless=True)
        rows.append({"file": name, **planned, **chosen})
        titles.append({"file": name, "language": "korean" if script == "korean" else "english", **lettered})
        if index < 96:
            x, y = index % 16 * 258, index // 16 * 516
            sheet.paste(truth, (x, y))
            sheet.paste(Image.alpha_composite(truth.convert("RGBA"), layer).convert("RGB"), (x, y + 258))
    size = pack(options.out / "covers.zip", "attributes.csv", rows, art)
    print(f"covers.zip: {len(rows)} pictures, {size / 1e6:.2f} MB")
    print(f"titles.zip: {pack(options.out / 'titles.zip', 'titles.csv', titles, layers) / 1e6:.2f} MB")
    used = [font for table in fonts.values() for font in table.values()]
    (options.out / "README.md").write_text(readme(used, rows, titles), encoding="utf-8")
    if options.sheet:
        sheet.save(options.sheet)


if __name__ == "__main__":
    main()
