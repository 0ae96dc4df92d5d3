"""Font files: what a font is called, which characters it can draw, and their glyphs as masks.

TrueType, OpenType, collections of them, WOFF and WOFF2. Files come from anywhere, so sizes are limited before
anything is unpacked. FreeType opens a file first: it unpacks no more than the header announces, and refuses the rest.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageFont

from gan.datasets import font_tables
from gan.errors import UserError

SUFFIXES = (".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2")
LIMIT = 64 << 20  # bytes of a file; the largest Korean and Chinese fonts have about 30 MB
UNPACKED = 256 << 20  # bytes that a WOFF file may announce
TABLE = 2 << 20  # bytes of a table that is read here; real ones have less than a fifth of that
STYLES = re.compile(  # words at the end of a family's name that are none of it
    r"(?i)([ -](thin|(extra|ultra|semi|demi)?[ -]?(light|bold|condensed)|medium|black|heavy|regular|narrow"
    r"|italic|oblique))+$"
)
COLLECTED = 64  # fonts in a collection
CANVAS = 4096  # pixels; a glyph whose box is larger than this at the size asked for is damaged
_MAGIC = {b"\0\1\0\0", b"true", b"OTTO", b"ttcf", b"wOFF", b"wOF2"}


@dataclass(frozen=True, eq=False)
class Font:
    """One font of a file."""

    file: str
    index: int  # its place in a collection
    family: str  # "Gaegu", the same for all its weights and widths
    name: str  # with the style, unless that is the regular one: "Gaegu Bold"
    licence: str  # in few words; empty where the font does not say
    copyright: str
    data: bytes = field(repr=False)
    characters: bytes = field(repr=False)  # the table that leads from them to glyphs, see `font_tables`

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the file, with the place in it."""
        return hashlib.sha256(self.data + bytes([self.index])).hexdigest()

    def mask(self, character: str, size: int) -> tuple[np.ndarray, int] | None:
        """A character's ink at a size of the font (pixels an em).

        Returns:
            The ink, uint8 ``[h, w]`` without empty edges, and how many rows its top lies above the baseline. None
            where the font lacks the character: it has no glyph, an empty one, or the box that stands for all it lacks.
        """
        if not font_tables.glyph_number(self.characters, character):
            return None
        found = self._ink(character, size)
        box = self._box(size)
        if found is None or (box is not None and found[0].shape == box[0].shape and (found[0] == box[0]).all()):
            return None
        return found

    def lacks(self, characters: Iterable[str]) -> list[str]:
        """Those characters that the font cannot draw, in their order."""
        return [character for character in characters if self.mask(character, 32) is None]

    def _box(self, size: int) -> tuple[np.ndarray, int] | None:
        """What is drawn for a character that the font lacks."""
        boxes = self.__dict__.setdefault("_boxes", {})
        if size not in boxes:
            unassigned = ("\uffff", "\ufffe", "\ufdd0", "\ufdd1")
            absent = next((each for each in unassigned if not font_tables.glyph_number(self.characters, each)), None)
            boxes[size] = self._ink(absent, size) if absent else None
        return boxes[size]

    def _ink(self, character: str, size: int) -> tuple[np.ndarray, int] | None:
        face = self._face(size)
        try:
            left, top, right, bottom = face.getbbox(character, anchor="ls")
            if right <= left or bottom <= top or max(right - left, bottom - top) > CANVAS:
                return None
            sheet = Image.frombytes("L", *_mask(face, character))
        except OSError:  # this glyph is damaged; others may not be
            return None
        box = sheet.getbbox()
        if box is None:
            return None
        # The mask starts where the box of the text starts; what is cut off above lowers the top.
        return np.asarray(sheet.crop(box)), round(-top) - box[1]

    def _face(self, size: int) -> ImageFont.FreeTypeFont:
        faces = self.__dict__.setdefault("_faces", {})
        if size not in faces:
            faces[size] = _open(self.data, self.index, size)
        return faces[size]


def _mask(face: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(character, mode="L")
    return mask.size, bytes(mask)


def _open(data: bytes, index: int, size: int) -> ImageFont.FreeTypeFont:
    # The basic layout draws a character by itself; the other one would need libraries that are not everywhere.
    return ImageFont.truetype(io.BytesIO(data), size, index=index, layout_engine=ImageFont.Layout.BASIC)


def open_fonts(data: bytes, file: str) -> list[Font]:
    """The fonts of a file: several, if it is a collection.

    Args:
        data: the file's bytes.
        file: what to call it in a message.

    Raises:
        UserError: for what is no font, is damaged or too large.
    """
    if data[:4] not in _MAGIC:
        raise UserError(f"{file}: not a font; TTF, OTF, TTC, WOFF and WOFF2 files can be used.")
    if len(data) > LIMIT:
        raise UserError(f"{file}: has {len(data) >> 20} MB; fonts of up to {LIMIT >> 20} MB can be used.")
    if len(data) < 32:
        raise UserError(f"{file}: the font breaks off after {len(data)} bytes.")
    count = struct.unpack(">I", data[8:12])[0] if data[:4] == b"ttcf" else 1
    announced = struct.unpack(">I", data[16:20])[0] if data[:3] == b"wOF" else 0
    if not 1 <= count <= COLLECTED or announced > UNPACKED:
        raise UserError(f"{file}: the font is damaged (its header announces more than there can be).")
    fonts = []
    for index in range(count):
        try:
            fonts.append(_read(data, file, index))
        except UserError:
            raise
        except Exception as error:  # FreeType and fontTools raise whatever the damage leads them to
            raise UserError(f"{file}: the font is damaged ({str(error) or type(error).__name__}).") from None
    return fonts


def _read(data: bytes, file: str, index: int) -> Font:
    family, style = ((part or "").strip() for part in _open(data, index, 32).getname())  # first: it checks sizes
    family = family or Path(file).stem
    name = family if style.lower() in ("", "regular", "normal", "book", "roman") else f"{family} {style}"
    with TTFont(io.BytesIO(data), fontNumber=index, lazy=True) as tables:
        held = tables.reader
        cmap, names = (held[tag] if tag in held.keys() else b"" for tag in ("cmap", "name"))  # noqa: SIM118
    if max(len(cmap), len(names)) > TABLE:
        raise UserError(f"{file}: the font is damaged (a table has {max(len(cmap), len(names)) >> 20} MB).")
    characters = font_tables.unicode_table(cmap)
    if characters is None:
        raise UserError(f"{file}: this font does not say which characters its glyphs are (it has no Unicode table).")
    licence, copyright = font_tables.licence(names), font_tables.named(names, 0)
    return Font(file, index, STYLES.sub("", family) or family, name, licence, copyright, data, characters)


def read(files: Iterable[tuple[str, bytes]]) -> tuple[list[Font], list[str]]:
    """The fonts of several files (name, bytes), each once, in order; and what is wrong with the others.

    Names are made to differ: a second "Gaegu" is called "Gaegu (its file)".
    """
    fonts: dict[str, Font] = {}
    problems, names = [], set()
    for file, data in files:
        try:
            found = open_fonts(data, file)
        except UserError as error:
            problems.append(str(error))
            continue
        for font in found:
            if font.digest in fonts:
                problems.append(f"{file}: the same font as {fonts[font.digest].file}; used once.")
                continue
            if font.name in names:
                object.__setattr__(font, "name", f"{font.name} ({Path(file).stem})")
            names.add(font.name)
            fonts[font.digest] = font
    return list(fonts.values()), problems


def files_in(places: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """The font files (name, bytes) among some files and folders, those in folders of folders too.

    Raises:
        UserError: for a place that is not there, or cannot be read.
    """
    for place in places:
        if not place.exists():
            raise UserError(f"{place}: there is no such file or folder.")
        for path in sorted(paths_in(place)) if place.is_dir() else [place]:
            try:
                with path.open("rb") as file:
                    data = file.read(LIMIT + 1)
            except OSError as error:
                raise UserError(f"{path}: cannot be read ({error.strerror}).") from None
            yield path.name, data


def paths_in(folder: Path) -> Iterator[Path]:
    """The font files in a folder and those below it; links to folders are not followed."""
    for root, _, names in os.walk(folder):
        paths = (Path(root, name) for name in names if name.lower().endswith(SUFFIXES) and name[0] != ".")
        yield from (path for path in paths if path.is_file())  # no links that lead nowhere


def installed() -> list[Path]:
    """The font files of this machine, where systems usually keep them."""
    home, windows = Path.home(), os.environ.get("WINDIR")
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts"]
    folders += [Path("/Library/Fonts"), Path("/System/Library/Fonts"), home / "Library/Fonts"]
    folders += [Path(windows, "Fonts")] if windows else []
    return sorted({path for folder in folders if folder.is_dir() for path in paths_in(folder)})
