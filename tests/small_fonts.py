"""Real font files, small: shapes made of rectangles, in each of the formats that the app takes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.ttCollection import TTCollection

Box = tuple[int, int, int, int]  # left, bottom, right, top, in thousandths of an em
BAR, BLOCK, TALL, LOW = (400, 0, 500, 700), (100, 0, 600, 700), (200, -200, 400, 700), (100, 0, 400, 300)
NOTDEF: Sequence[Box] = ((50, 0, 650, 750),)
LETTERS: Mapping[str, Sequence[Box]] = {
    "1": (BAR,),
    "A": (BLOCK,),
    "l": (TALL,),
    "a": (LOW,),
    "e": (),  # an empty glyph
    "n": NOTDEF,  # a glyph, but the box of those that are missing
    "가": ((100, 0, 200, 700), (400, -100, 500, 800)),
}


def build(letters: Mapping[str, Sequence[Box]] = LETTERS, family: str = "Boxes", style: str = "Regular", cff=False):
    """A font of boxes."""
    names = {character: f"g{ord(character):04X}" for character in letters}
    builder = FontBuilder(1000, isTTF=not cff)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(character): name for character, name in names.items()})
    shapes = {".notdef": NOTDEF, **{names[character]: boxes for character, boxes in letters.items()}}
    drawn = {}
    for name, boxes in shapes.items():
        pen = T2CharStringPen(700, None) if cff else TTGlyphPen(None)
        for left, bottom, right, top in boxes:
            pen.moveTo((left, bottom))
            for point in ((left, top), (right, top), (right, bottom)):
                pen.lineTo(point)
            pen.closePath()
        drawn[name] = pen.getCharString() if cff else pen.glyph()
    if cff:
        builder.setupCFF(family, {}, drawn, {})
    else:
        builder.setupGlyf(drawn)
    builder.setupHorizontalMetrics({name: (700, 0) for name in shapes})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    about = {"familyName": family, "styleName": style, "copyright": "Copyright Nobody", "licenseDescription": "OFL"}
    about["licenseInfoURL"] = "https://openfontlicense.org"
    builder.setupNameTable(about)
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    return builder.font


def saved(font: TTFont, flavor: str | None = None) -> bytes:
    buffer = io.BytesIO()
    font.flavor = flavor
    font.save(buffer)
    return buffer.getvalue()


def file(kind: str = "ttf", **options) -> bytes:
    """The bytes of a font file: ttf, otf, woff, woff2 or ttc (of two fonts)."""
    if kind == "ttc":
        collection = TTCollection()
        collection.fonts = [build(**options), build(**{**options, "family": "More Boxes"})]
        buffer = io.BytesIO()
        collection.save(buffer)
        return buffer.getvalue()
    return saved(build(**options, cff=kind == "otf"), kind if kind.startswith("woff") else None)
