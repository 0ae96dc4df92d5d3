"""What the two sets drawn from fonts share: getting the fonts, drawing, and writing what ships.

Each set's ``render.py`` says which fonts, characters and style; this module does the rest. The same fonts, seed and
library versions give the same bytes. What is written, into the set's folder: gzipped IDX files (pictures, labels, and
which font each was drawn with), ``SET-fonts.csv`` (a row a font) and README.md.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, from anywhere
from gan import UserError
from gan.datasets import fonts, glyphs, idx
from gan.datasets.glyphs import Glyph, Style
from gan.images import encode_png, tile

GREYS = 16  # enough for smooth edges, and a third smaller when packed
WEIGHTS = ("400", "300", "500", "600", "700", "800")  # the regular one first


@dataclass(frozen=True)
class Choice:
    """A font that was chosen, and where it comes from.

    Without `file`, the regular weight in an npm package (fetched with ``npm pack``); with it, a file in a Debian
    package (fetched with ``apt-get download``).
    """

    package: str
    version: str
    split: str
    style: str = "handwriting"
    licence: str = "OFL 1.1"
    file: str = ""
    weight: str = ""  # of an npm package's fonts; by default the regular one

    @property
    def source(self) -> str:
        """For people: ``npm @fontsource/gaegu 5.3.0``."""
        package = f"{self.package} {self.version}"
        weight = f", {self.weight}" if self.weight else ""
        return f"Debian {package}, {self.file}" if self.file else f"npm {package}{weight}"

    def fetch(self, folder: Path) -> Path:
        """The package in a folder, fetched if it is not there yet."""
        if self.file:
            path = folder / f"{self.package}_{self.version.replace(':', '%3a')}_all.deb"
            command = ["apt-get", "download", f"{self.package}={self.version}"]
        else:
            path = folder / f"{self.package.strip('@').replace('/', '-')}-{self.version}.tgz"
            command = ["npm", "pack", "--silent", f"{self.package}@{self.version}"]
        if not path.exists():
            print("Fetching", self.source, flush=True)
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return path

    def files(self, folder: Path) -> list[tuple[str, bytes]]:
        """The font's files: in an npm package one for Korean (if it has that) and one for Latin."""
        path = self.fetch(folder)
        if self.file:
            unpacked = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], check=True, stdout=subprocess.PIPE).stdout
            with tarfile.open(fileobj=io.BytesIO(unpacked)) as package:
                name = next(name for name in package.getnames() if name.endswith(f"/{self.file}"))
                return [(self.file, package.extractfile(name).read())]
        with tarfile.open(path) as package:
            for weight in (self.weight,) if self.weight else WEIGHTS:
                ending = re.compile(rf"-(korean|latin)-{weight}-normal\.woff$")
                if found := sorted(name for name in package.getnames() if ending.search(name)):
                    return [(Path(name).name, package.extractfile(name).read()) for name in found]
        raise SystemExit(f"{path}: no upright font for Korean or Latin")


@dataclass(frozen=True)
class Drawn:
    """A chosen font with the shape of every character."""

    choice: Choice
    family: str
    copyright: str
    shapes: Mapping[str, Glyph]


@dataclass(frozen=True)
class FontSet:
    """A set: its name, what is drawn, how, how often, and what its README says before the tables."""

    name: str
    title: str
    characters: str
    choices: Sequence[Choice]
    style: Style
    variations: Mapping[str, int]  # of each character of each font, by split
    about: str

    def read(self, choice: Choice, folder: Path) -> Drawn:
        """A font and its glyphs.

        Raises:
            SystemExit: if it lacks a character.
        """
        try:
            found = [font for name, data in choice.files(folder) for font in fonts.open_fonts(data, name)]
        except UserError as error:
            raise SystemExit(f"{choice.source}: {error}") from None
        shapes = {}
        for character in self.characters:
            drawn = (glyphs.glyph(font, character, self.style.resolution) for font in found)
            shapes[character] = next((shape for shape in drawn if shape is not None), None)
        if missing := [character for character, shape in shapes.items() if shape is None]:
            raise SystemExit(f"{choice.source}: no glyph for {' '.join(missing)}")
        return Drawn(choice, found[0].family, found[0].copyright, shapes)

    def draw(self, font: Drawn, label: int, variation: int) -> np.ndarray:
        """One picture, uint8 ``[size, size]``; another font more or less changes no other picture."""
        which = zlib.crc32(f"{font.choice.package} {font.choice.file}".encode())
        rng = np.random.default_rng((self.style.seed, which, label, variation))
        picture = glyphs.draw(font.shapes[self.characters[label]], self.style, rng)
        return (np.rint(picture / 255 * (GREYS - 1)) * (255 // (GREYS - 1))).astype(np.uint8)

    def draw_split(self, drawn: Sequence[Drawn], split: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Pictures ``[n, size, size]``, labels ``[n]`` and rows of fonts ``[n]``, all uint8, shuffled."""
        found = [
            (self.draw(font, label, variation), label, row)
            for row, font in enumerate(drawn)
            if font.choice.split == split
            for label in range(len(self.characters))
            for variation in range(self.variations[split])
        ]
        order = np.random.default_rng(self.style.seed).permutation(len(found))
        pictures, labels, rows = zip(*(found[place] for place in order), strict=True)
        return np.stack(pictures), np.array(labels, np.uint8), np.array(rows, np.uint8)

    def write(self, drawn: Sequence[Drawn], out: Path) -> None:
        """All files of the set; prints what belongs into the module in ``gan/datasets``."""
        digests, counts = {}, {}
        for split in self.variations:
            pictures, labels, rows = self.draw_split(drawn, split)
            counts[split] = len(labels)
            for kind, values in (("images-idx3", pictures), ("labels-idx1", labels), ("fonts-idx1", rows)):
                name, data = f"{self.name}-{split}-{kind}-ubyte", idx.encode(values)
                (out / f"{name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))
                digests[name] = hashlib.sha256(data).hexdigest()
                print(name, counts[split], digests[name], flush=True)
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["family", "style", "split", "source", "licence", "copyright"])
        for font in drawn:
            choice = font.choice
            writer.writerow([font.family, choice.style, choice.split, choice.source, choice.licence, font.copyright])
        (out / f"{self.name}-fonts.csv").write_text(table.getvalue(), encoding="utf-8")
        (out / "README.md").write_text(self.readme(drawn, digests, counts), encoding="utf-8")

    def readme(self, drawn: Sequence[Drawn], digests: Mapping[str, str], counts: Mapping[str, int]) -> str:
        """README.md: where every picture comes from."""
        rows = []
        for font in drawn:
            choice = font.choice
            cells = (choice.split, font.family, choice.style, choice.source, choice.licence, font.copyright)
            rows.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
        splits = []
        for split, count in counts.items():
            used = [font for font in drawn if font.choice.split == split]
            hands = sum(font.choice.style == "handwriting" for font in used)
            splits.append(
                f"- {split}: {count:,} pictures, {count // len(self.characters):,} of each character, from "
                f"{len(used)} fonts" + (f" ({hands} of them handwriting)" if hands else "")
            )
        return "\n".join(
            [
                f"# {self.title}",
                "",
                self.about,
                "",
                *splits,
                f"- grey in {GREYS} levels, white on black",
                "- training and test pictures come from different fonts; `font` and `style` are attributes of each",
                "- the pictures are this project's and come under its licence; they are bitmaps, no part of a font",
                "  program is included",
                "",
                "To draw it again, with npm (and Debian's apt-get, where a font comes from there), from the root:",
                "",
                f"    python data/{self.name}/render.py --fonts ../fonts",
                "",
                "SHA-256 of the unpacked files:",
                "",
                "| file | SHA-256 |",
                "| --- | --- |",
                *(f"| `{name}` | `{digest}` |" for name, digest in digests.items()),
                "",
                f"The {len(drawn)} fonts. Copyright is what the font says of itself, licence what its package says:",
                "",
                "| split | family | style | source and version | licence | copyright |",
                "| --- | --- | --- | --- | --- | --- |",
                *rows,
                "",
            ]
        )

    def main(self) -> None:
        """The command line of ``render.py``."""
        parser = argparse.ArgumentParser(description=f"Draw the data set '{self.name}'.")
        parser.add_argument("--fonts", type=Path, required=True, help="folder of packages; what is missing is fetched")
        parser.add_argument("--out", type=Path, default=Path(__file__).parent / self.name, help="where to write")
        parser.add_argument("--sheet", type=Path, help="only write a PNG to look at: a row a font, no jitter")
        options = parser.parse_args()
        drawn = [self.read(choice, options.fonts) for choice in self.choices]
        if options.sheet:
            plain = replace(self, style=Style(size=self.style.size))
            cells = [plain.draw(font, label, 0) for font in drawn for label in range(len(self.characters))]
            sheet = tile(np.stack(cells)[..., None], columns=len(self.characters), gap=1, paper=90)
            options.sheet.write_bytes(encode_png(sheet))
            return
        options.out.mkdir(parents=True, exist_ok=True)
        self.write(drawn, options.out)
