"""Drawing a character of a font as a picture: size, stroke, place, jitter, polarity.

A glyph is kept as the signed distance to the edge of its ink. Strokes are then made thicker or thinner by adding a
number, and a turned or stretched glyph stays smooth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from gan.datasets.fonts import Font
from gan.errors import UserError, unknown

THIN = 0.35  # of a stroke's mean width, the most that is taken off each of its edges: it must not break
PLACES = ("box", "mass", "font")


def setting(default: Any, help: str, low: float = 0, high: float = 0) -> Any:
    return field(default=default, metadata={"help": help, "low": low, "high": high})


@dataclass(frozen=True)
class Style:
    """How glyphs become pictures. Lengths are percent of the picture's side; jitter is drawn evenly from its range.

    Raises:
        UserError: naming the setting that is out of its range, and the range.
    """

    size: int = setting(32, "Pixels on each side.", 16, 256)
    padding: float = setting(8.0, "Paper left free on every side.", 0, 40)
    weight: float = setting(0.0, "How much thicker strokes become; below 0: thinner.", -15, 15)
    placing: str = setting(
        "box",
        "box: each glyph fills the room it has and stands in its middle. mass: the same, but its centre of mass stands "
        "there, as in MNIST. font: glyphs keep their sizes and heights beside one another.",
    )
    rotation: float = setting(0.0, "Turned by up to so many degrees, either way.", 0, 90)
    shift: float = setting(0.0, "Moved by up to so much, each way, but never over the edge.", 0, 50)
    scale: float = setting(0.0, "Smaller by up to so many percent.", 0, 80)
    slant: float = setting(0.0, "Slanted by up to so many percent, either way.", 0, 80)
    stretch: float = setting(0.0, "Wider or narrower by up to so many percent.", 0, 80)
    bend: float = setting(0.0, "Bent like rubber, by up to so much.", 0, 20)
    pen: tuple[float, float] | None = None  # strokes are drawn towards a width in this range
    white_on_black: bool = True
    seed: int = setting(1, "Decides the jitter.", 0, 2**31 - 1)

    def __post_init__(self) -> None:
        for spec in fields(self):
            value, meta = getattr(self, spec.name), spec.metadata
            if "low" in meta and meta["high"] and not meta["low"] <= value <= meta["high"]:  # NaN is refused too
                raise UserError(f"{spec.name}: {value} is out of range; {meta['low']} to {meta['high']} works.")
        if self.placing not in PLACES:
            raise unknown("placing", self.placing, PLACES)

    @property
    def jitters(self) -> bool:
        """Whether two pictures of one glyph differ."""
        ranges = (self.rotation, self.shift, self.scale, self.slant, self.stretch, self.bend)
        return any(ranges) or self.pen is not None

    @property
    def box(self) -> float:
        """Pixels on each side of the square that ink may fill."""
        return self.size * (1 - self.padding / 50)

    @property
    def fine(self) -> int:
        """A picture is worked out this many times larger each way, then averaged."""
        return 4 if self.size <= 64 else 2

    @property
    def resolution(self) -> int:
        """How large a glyph's distances are worked out: pixels of its longer side."""
        return int(np.clip(2.5 * self.box, 64, 384))


@dataclass(frozen=True, eq=False)
class Glyph:
    """The shape of a character in one font."""

    distance: np.ndarray  # float32 [h, w], to the edge of the ink in its own pixels, positive inside
    length: int  # of the ink's longer side, in the same pixels
    stroke: float  # mean width of its strokes
    em: float  # pixels to an em of the font
    baseline: float  # the row on which the line of text stands


@dataclass(frozen=True)
class Line:
    """What several characters of a font take up together, in em."""

    above: float = 0.0  # the baseline
    below: float = 0.0
    width: float = 0.0


def glyph(font: Font, character: str, resolution: int) -> Glyph | None:
    """A character's shape, its longer side `resolution` pixels; None if the font lacks it."""
    size = resolution * 2
    found = font.mask(character, size)
    if found is None:
        return None
    ink, top = found
    scale = resolution / max(ink.shape)
    height, width = (max(1, round(length * scale)) for length in ink.shape)
    small = np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BOX))
    margin = resolution // 4  # room for thicker strokes and for bending
    solid = np.pad(small, margin) > 127
    if not solid.any():  # hairlines only
        solid = np.pad(small, margin) > 0
    # Between a pixel inside and its neighbour outside lies the edge, half a pixel from either.
    inside, outside = ndimage.distance_transform_edt(solid), ndimage.distance_transform_edt(~solid)
    distance = np.where(solid, inside - 0.5, 0.5 - outside).astype(np.float32)
    edge = max(1.0, (np.abs(distance) <= 0.5).sum() / 2)
    return Glyph(distance, resolution, 2 * solid.sum() / edge, size * scale, margin + top * scale)


def line(font: Font, characters: Sequence[str]) -> Line:
    """The room that the characters of a font need when they keep their sizes beside one another."""
    size, above, below, width = 100, 0, 0, 1
    for character in characters:
        found = font.mask(character, size)
        if found:
            ink, top = found
            above, below, width = max(above, top), max(below, len(ink) - top), max(width, ink.shape[1])
    return Line(above / size, below / size, width / size)


def draw(shape: Glyph, style: Style, rng: np.random.Generator, line: Line | None = None) -> np.ndarray:
    """One picture of a glyph.

    Args:
        shape: from `glyph`.
        style: how.
        rng: where the jitter comes from; nothing is taken from it where there is none.
        line: from `line`; needed where glyphs keep their sizes (placing "font").

    Returns:
        uint8 ``[size, size]``.
    """

    def within(limit: float) -> float:
        return rng.uniform(-limit, limit) if limit else 0.0

    turn, slant, wide = math.radians(within(style.rotation)), within(style.slant / 100), within(style.stretch / 100)
    room = style.box * (1 - (rng.uniform(0, style.scale / 100) if style.scale else 0))
    kept = line if style.placing == "font" else None
    longest = shape.em * max(kept.above + kept.below, kept.width) if kept else shape.length
    percent = longest / style.box * style.size / 100  # of the picture's side, in the glyph's pixels
    distance = _bent(shape.distance, style.bend * percent, rng) if style.bend else shape.distance
    distance = distance + _thicken(shape, style, percent, rng)
    points = np.stack(np.nonzero(distance > 0))
    if not points.size:
        return np.full((style.size, style.size), 0 if style.white_on_black else 255, np.uint8)

    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    matrix = rotation @ np.array([[1, 0], [slant, math.exp(-wide)]])  # from (row, column) of the picture to the glyph's
    back = np.linalg.inv(matrix)
    ink = back @ points  # where it comes to lie, still in the glyph's pixels
    low, high = ink.min(1), ink.max(1)
    target = np.full(2, style.size / 2)  # the point of the picture where `middle` is to be
    if kept:
        scale = longest / room
        upright = (points.min(1) + points.max(1)) / 2
        middle = back @ upright
        target[0] += ((kept.above - kept.below) / 2 * shape.em + upright[0] - shape.baseline) / scale
    else:
        scale = max(high - low + 1) / room
        middle = ink.mean(1) if style.placing == "mass" else (low + high) / 2
    before, after = target - (middle - low + 0.5) / scale, style.size - target - (high - middle + 0.5) / scale
    reach = style.shift / 100 * style.size
    moved = [np.clip(within(reach), -max(0.0, a), max(0.0, b)) for a, b in zip(before, after, strict=True)]
    return _sample(distance, matrix, middle, target + np.array(moved), scale, style)


def _thicken(shape: Glyph, style: Style, percent: float, rng: np.random.Generator) -> float:
    """How far the edge of the ink moves outwards, in the glyph's pixels."""
    wanted = style.weight * percent / 2
    if style.pen is not None:
        wanted += 0.8 * (rng.uniform(*style.pen) * percent - shape.stroke) / 2
    return max(wanted, -THIN * shape.stroke)


def _bent(distance: np.ndarray, reach: float, rng: np.random.Generator) -> np.ndarray:
    """A glyph moved about smoothly, by at most `reach` pixels."""
    height, width = distance.shape
    coarse = rng.normal(size=(2, 4, 4))
    rows, columns = np.linspace(0, 3, height), np.linspace(0, 3, width)
    grid = np.meshgrid(rows, columns, indexing="ij")
    noise = np.stack([ndimage.map_coordinates(each, grid, order=3, mode="nearest") for each in coarse])
    noise *= rng.uniform(0, reach) / (np.abs(noise).max() + 1e-9)
    at = np.indices(distance.shape, np.float32) + noise
    return ndimage.map_coordinates(distance, at, order=1, mode="nearest")


def _sample(
    distance: np.ndarray, matrix: np.ndarray, middle: np.ndarray, target: np.ndarray, scale: float, style: Style
) -> np.ndarray:
    """The picture whose point `target` shows the turned glyph's point `middle`, `scale` of its pixels to one."""
    side, step = style.size * style.fine, scale / style.fine
    # Pixel i of the fine picture has its middle at (i + 0.5) / fine.
    offset = matrix @ (middle + (0.5 / style.fine - target) * scale)
    fine = ndimage.affine_transform(distance, matrix * step, offset, (side, side), order=1, mode="nearest")
    ink = np.clip(fine / step + 0.5, 0, 1).reshape(style.size, style.fine, style.size, style.fine).mean((1, 3))
    picture = np.rint(ink * 255).astype(np.uint8)
    return picture if style.white_on_black else 255 - picture
