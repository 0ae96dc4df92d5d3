"""Fonts and a list of characters to a data set: one class a character, the fonts of the test pictures are others.

fonts, problems = fonts.read(fonts.files_in([Path("my-fonts")]))
style = Style(size=28, rotation=10)
lettering.keep("letters", Lettering(fonts, lettering.characters("alnum"), style, variations=20))
"""

from __future__ import annotations

import io
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gan import images
from gan.datasets import glyphs, kept, shares
from gan.datasets.fonts import Font
from gan.datasets.glyphs import Style
from gan.datasets.growing import Growing
from gan.datasets.records import Progress, Source
from gan.datasets.workspace import workspace
from gan.errors import UserError

DIGITS, UPPER, LOWER = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
PRESETS: Mapping[str, str] = {
    "hangul16": "가나다라마바아사자차타파하전미정",
    "digits": DIGITS,
    "upper": UPPER,
    "lower": LOWER,
    "alnum": DIGITS + UPPER + LOWER,
}
CHARACTERS = 12_000  # all Korean syllables are 11,172
PICTURES = 2_000_000
MEMORY = 256 << 20  # bytes of pictures that are put together in memory, for a file


def characters(text: str) -> tuple[str, ...]:
    """The characters of a preset, or those of a text: each once, in order, spaces left out.

    Raises:
        UserError: if there are none or too many, or one that is not a character by itself.
    """
    text = unicodedata.normalize("NFC", PRESETS.get(text, text))  # typed Korean may come in pieces
    found = tuple(dict.fromkeys(character for character in text if not character.isspace()))
    if not found:
        raise UserError(f"characters: give some, or one of the lists {', '.join(PRESETS)}.")
    if len(found) > CHARACTERS:
        raise UserError(f"characters: {len(found):,} are too many; up to {CHARACTERS:,} can be drawn.")
    for character in found:
        if unicodedata.category(character)[0] in "CM":
            raise UserError(
                f"characters: U+{ord(character):04X} is a mark or control character, not one to be drawn by itself."
            )
    return found


def missing(fonts: Sequence[Font], wanted: Sequence[str]) -> dict[str, list[str]]:
    """The characters that each font lacks, by its name; fonts that lack none are left out."""
    return {font.name: lacks for font in fonts if (lacks := font.lacks(wanted))}


def listed(wanted: Sequence[str], most: int = 12) -> str:
    """Characters for a message, the first few of many."""
    more = f" and {len(wanted) - most:,} more" if len(wanted) > most else ""
    return " ".join(wanted[:most]) + more


def strip(font: Font, wanted: Sequence[str], style: Style, columns: int) -> images.Array:
    """All characters of one font as one picture, `columns` in a row, to look at; what it lacks is crossed out.

    Returns:
        uint8 ``[h, w, 1]``.
    """
    size = style.size
    cross = np.where(np.eye(size, dtype=bool) | np.eye(size, dtype=bool)[::-1], 160, 110).astype(np.uint8)
    cells = np.repeat(cross[None, ..., None], len(wanted), axis=0)
    for drawn, label in _draw(font, wanted, style, 1):
        cells[label] = drawn[0]
    return images.tile(cells, columns=min(columns, len(wanted)), gap=1, paper=128)


def _draw(font: Font, wanted: Sequence[str], style: Style, variations: int) -> Iterator[tuple[np.ndarray, int]]:
    """Pictures uint8 ``[variations, size, size, 1]`` of each character that a font has, and its place."""
    room = glyphs.line(font, wanted) if style.placing == "font" else None
    for place, character in enumerate(wanted):
        shape = glyphs.glyph(font, character, style.resolution)
        if shape is not None:
            key = (style.seed, zlib.crc32(font.name.encode()), ord(character))
            drawn = [
                glyphs.draw(shape, style, np.random.default_rng((*key, number)), room) for number in range(variations)
            ]
            yield np.stack(drawn)[..., None], place


@dataclass(frozen=True, eq=False)
class Lettering:
    """What is to be drawn: the fonts, the characters that at least one of them has, and how.

    Raises:
        UserError: if nothing would be drawn, or too much.
    """

    fonts: Sequence[Font]
    characters: Sequence[str]
    style: Style
    variations: int = 1  # of each character of each font

    def __post_init__(self) -> None:
        if not self.fonts:
            raise UserError("There is no font to draw with; give at least one that can be read.")
        have = [c for c in self.characters if any(font.mask(c, 32) for font in self.fonts)]
        if not have:
            raise UserError("None of the fonts has any of the characters; choose other characters, or other fonts.")
        object.__setattr__(self, "characters", tuple(have))
        if not 1 <= self.variations <= 10_000:
            raise UserError(f"variations: {self.variations} is out of range; 1 to 10,000 works.")
        if self.variations > 1 and not self.style.jitters:
            raise UserError("variations: all would be alike without jitter; turn or shift them a little, or take 1.")
        if self.most > PICTURES:
            raise UserError(f"{self.most:,} pictures are too many for a set; up to {PICTURES:,} can be drawn.")

    @property
    def most(self) -> int:
        """How many pictures there are if no font lacks a character."""
        return len(self.fonts) * len(self.characters) * self.variations

    def draw(self, progress: Progress | None = None) -> Iterator[tuple[np.ndarray, int, Font]]:
        """The pictures, font by font: uint8 ``[variations, size, size, 1]``, their class, their font.

        Each depends on seed, font, character and its number only: a font more or less changes no other picture.
        """
        for index, font in enumerate(self.fonts):
            for drawn, label in _draw(font, self.characters, self.style, self.variations):
                if progress:
                    done = index + label / len(self.characters)
                    progress(done / len(self.fonts), f"Drawing {font.name}, font {index + 1} of {len(self.fonts)}")
                yield drawn, label, font

    def arrays(self, progress: Progress | None = None) -> dict[str, np.ndarray]:
        """All of it in memory: images uint8 ``[n, size, size, 1]``, labels int64 ``[n]``, class_names and fonts (str).

        Raises:
            UserError: if that would be more than `MEMORY`.
        """
        most = self.most
        if most * self.style.size**2 > MEMORY:
            fits = MEMORY // self.style.size**2
            raise UserError(
                f"{most:,} pictures are too many for one file; {fits:,} of this size fit. Keep them as a data set "
                "instead, or draw fewer."
            )
        parts = list(self.draw(progress))
        return {
            "images": np.concatenate([drawn for drawn, _, _ in parts]),
            "labels": np.concatenate([np.full(len(drawn), label, np.int64) for drawn, label, _ in parts]),
            "class_names": np.array(self.characters),
            "fonts": np.concatenate([np.full(len(drawn), font.family) for drawn, _, font in parts]),
        }

    def npz(self, progress: Progress | None = None) -> bytes:
        """`arrays` as the bytes of an ``.npz`` file."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **self.arrays(progress))
        return buffer.getvalue()

    def sheet(self, progress: Progress | None = None) -> bytes:
        """A PNG to look at: a row a font, a column a character, a blank where the font lacks it."""
        rows = {font: row for row, font in enumerate(self.fonts)}
        size, paper = self.style.size, 0 if self.style.white_on_black else 255
        cells = len(rows) * len(self.characters)
        if cells * size**2 > MEMORY:
            raise UserError(f"{cells:,} glyphs are too many for one sheet; choose fewer fonts or characters.")
        pictures = np.full((cells, size, size, 1), paper, np.uint8)
        for drawn, label, font in self.draw(progress):
            pictures[rows[font] * len(self.characters) + label] = drawn[0]
        return images.encode_png(images.tile(pictures, columns=len(self.characters), paper=128))


def keep(
    name: str, lettering: Lettering, title: str = "", share: float = 0.8, progress: Progress | None = None
) -> Source:
    """Draw a data set and keep it with the user's own. The fonts of its test pictures are others.

    Args:
        name, title, share: as in `gan.datasets.kept.keep`.
        progress: called with the share done and what is being done; what it raises cancels, and nothing is left.

    Raises:
        UserError: as `gan.datasets.kept.keep`.
    """
    kept.check_name(name)
    shares.check(share)  # before hours of drawing
    say = progress or (lambda done, text: None)
    size, labels, families = lettering.style.size, [], []
    with workspace() as aside:
        with Growing(aside / "images.npy", (size, size, 1)) as file:
            for drawn, label, font in lettering.draw(lambda done, text: say(0.9 * done, text)):
                file.append(drawn)
                labels += [label] * len(drawn)
                families += [font.family] * len(drawn)
        column = np.array(families)
        source = kept.keep(
            name,
            np.load(aside / "images.npy", mmap_mode="r"),
            np.array(labels, np.int64),
            lettering.characters,
            title=title,
            summary=f"Drawn from {several} fonts; those of the test pictures are others."
            if (several := len(set(families))) > 1
            else "Drawn from one font.",
            licence=_licences(lettering.fonts),
            citation="Fonts: " + ", ".join(dict.fromkeys(families)),
            made_from=f"fonts ({', '.join(dict.fromkeys(font.file for font in lettering.fonts))})",
            attributes={"font": column},
            groups=column,
            share=share,
            seed=lettering.style.seed,
            progress=lambda done, text: say(0.9 + 0.1 * done, text),
        )
    say(1.0, f"{source.title} is ready")
    return source


def _licences(fonts: Sequence[Font]) -> str:
    """Which licences the fonts state, and how many each."""
    counts = Counter(font.licence or "not stated" for font in fonts)
    return "drawn from fonts under " + ", ".join(f"{licence} ({count})" for licence, count in counts.most_common())
