"""Two tables of a font file, read from their bytes: `cmap` (which glyph a character has) and `name` (words on itself).

Read here and not by fontTools, which unfolds every range a table claims, however large: a font of a few hundred bytes
could fill the memory. Only the characters that are asked for are looked up. The layout of both tables is that of the
OpenType specification.
"""

from __future__ import annotations

import struct

import numpy as np

SUBTABLES, NAMES = 64, 2000  # more than any real font has
_UNICODE = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))  # platform and encoding, best first
_ENGLISH = 0x409


def unicode_table(cmap: bytes) -> bytes | None:
    """The best table of Unicode characters within `cmap`; None if there is none that can be read."""
    if len(cmap) < 4:
        return None
    found: dict[tuple[int, int], bytes] = {}
    for index in range(min(struct.unpack_from(">H", cmap, 2)[0], SUBTABLES)):
        if len(cmap) >= 12 + 8 * index:
            platform, encoding, start = struct.unpack_from(">HHI", cmap, 4 + 8 * index)
            table = cmap[start:]
            if len(table) >= 16 and struct.unpack_from(">H", table)[0] in (4, 6, 12):
                found.setdefault((platform, encoding), table)
    return next((found[key] for key in _UNICODE if key in found), None)


def glyph_number(table: bytes, character: str) -> int:
    """Which glyph a table of `unicode_table` has for a character; 0 where it has none, or the table is damaged."""
    code = ord(character)
    form = struct.unpack_from(">H", table)[0]
    try:
        return {4: _segments, 6: _run, 12: _groups}[form](table, code)
    except (struct.error, ValueError, IndexError):
        return 0


def _groups(table: bytes, code: int) -> int:
    """Format 12: ranges of 32-bit characters."""
    count = struct.unpack_from(">I", table, 12)[0]
    groups = np.frombuffer(table, ">u4", 3 * count, 16).reshape(count, 3)
    place = int(np.searchsorted(groups[:, 1], code))
    if place == count or groups[place, 0] > code:
        return 0
    return int(groups[place, 2]) + code - int(groups[place, 0])


def _segments(table: bytes, code: int) -> int:
    """Format 4: ranges of 16-bit characters, each shifted by a number or led through a list."""
    if code > 0xFFFF:
        return 0
    count = struct.unpack_from(">H", table, 6)[0] // 2
    ends, starts, shifts, offsets = (
        np.frombuffer(table, ">u2", count, start) for start in (14, 16 + 2 * count, 16 + 4 * count, 16 + 6 * count)
    )
    place = int(np.searchsorted(ends, code))
    if place == count or starts[place] > code:
        return 0
    shift, offset = int(shifts[place]), int(offsets[place])
    if offset:
        at = 16 + 6 * count + 2 * place + offset + 2 * (code - int(starts[place]))
        code = struct.unpack_from(">H", table, at)[0]
        if not code:
            return 0
    return (code + shift) & 0xFFFF


def _run(table: bytes, code: int) -> int:
    """Format 6: one run of 16-bit characters."""
    first, count = struct.unpack_from(">HH", table, 6)
    return struct.unpack_from(">H", table, 10 + 2 * (code - first))[0] if first <= code < first + count else 0


def named(names: bytes, number: int) -> str:
    """An entry of `name` on one line, in English where there is a choice; empty where there is none.

    Number 0 is the copyright, 13 the licence, 14 the address of its text.
    """
    if len(names) < 6:
        return ""
    count, texts = struct.unpack_from(">HH", names, 2)
    best, found = -1, ""
    for index in range(min(count, NAMES)):
        if len(names) < 18 + 12 * index:
            break
        platform, _, language, kind, length, start = struct.unpack_from(">6H", names, 6 + 12 * index)
        rank = 2 if (platform, language) == (3, _ENGLISH) else 1 if platform in (0, 3) else 0
        if kind == number and rank > best:
            raw = names[texts + start : texts + start + length]
            text = raw.decode("utf-16-be" if platform in (0, 3) else "mac-roman", "replace")
            best, found = rank, " ".join(text.replace("\0", "").split())
    return found


def licence(names: bytes) -> str:
    """The licence in few words, as the font states it; empty where it does not."""
    said = f"{named(names, 13)} {named(names, 14)} {named(names, 0)}"
    for words, short in (
        ("Open Font License", "OFL 1.1"),
        ("openfontlicense", "OFL 1.1"),
        ("sil.org/OFL", "OFL 1.1"),
        ("Apache", "Apache 2.0"),
        ("UFL", "Ubuntu Font Licence"),
        ("GPL", "GPL"),
        ("General Public License", "GPL"),
        ("CC0", "CC0"),
    ):
        if words.lower() in said.lower():
            return short
    stated = named(names, 13)
    return stated if len(stated) <= 80 else stated[:79].rstrip() + "…"
