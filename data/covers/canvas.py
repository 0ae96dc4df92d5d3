"""A canvas to paint on with shapes, and the shapes.

Coordinates run from 0 to 1, across and down. A shape is a list of points; everything is painted as a polygon, three
times larger than the picture, and averaged down at the end.
"""

from __future__ import annotations

import colorsys
import math
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from skimage.filters import gaussian

SIDE, FINE = 256, 3
SIZE = SIDE * FINE

Colour = tuple[int, int, int]
Fill = Colour | tuple[Colour, Colour]  # one colour, or from the top of the shape to its bottom
Points = Sequence[tuple[float, float]]
Rng = np.random.Generator


def choose(rng: Rng, *items):
    """One of some things."""
    return items[rng.integers(len(items))]


def colour(text: str) -> Colour:
    """'a0b1c2' as (160, 177, 194)."""
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """From `one` (share 0) to `other` (share 1)."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def light(one: Colour, share: float) -> Colour:
    return mix(one, (255, 255, 255), share)


def dark(one: Colour, share: float) -> Colour:
    return mix(one, (12, 10, 30), share)


def turned(one: Colour, hue: float) -> Colour:
    """The colour with its hue turned, `hue` in turns."""
    h, s, v = colorsys.rgb_to_hsv(*(c / 255 for c in one))
    return tuple(round(c * 255) for c in colorsys.hsv_to_rgb((h + hue) % 1, s, v))  # type: ignore[return-value]


def luminance(one: Iterable[float]) -> float:
    """Relative luminance (0…1) as the web's contrast rule has it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in one)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0, start: float = 0, end: float = 360) -> Points:
    """An ellipse, or the part of it from one angle to another (degrees, 0 is to the right, 90 is down)."""
    angles = np.radians(np.linspace(start, end, 49))
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    dx, dy = rx * np.cos(angles), ry * np.sin(angles)
    return list(zip(x + dx * cos - dy * sin, y + dx * sin + dy * cos, strict=True))


def rect(x0: float, y0: float, x1: float, y1: float) -> Points:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def star(x: float, y: float, r: float, tips: int = 5, inner: float = 0.45, turn: float = -90) -> Points:
    angles = np.radians(turn + np.arange(2 * tips) * 180 / tips)
    radii = np.where(np.arange(2 * tips) % 2, r * inner, r)
    return list(zip(x + radii * np.cos(angles), y + radii * np.sin(angles), strict=True))


def smooth(points: Points, steps: int = 10) -> Points:
    """A closed curve through some points (Catmull and Rom)."""
    p = np.asarray(points, float)
    before, after, beyond = np.roll(p, 1, 0), np.roll(p, -1, 0), np.roll(p, -2, 0)
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (q[:, None] for q in (before, p, after, beyond))
    curve = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return [tuple(q) for q in curve.reshape(-1, 2)]


def skyline(heights: Sequence[float], bottom: float = 1.02) -> Points:
    """The ground below a line of heights that are evenly spread from edge to edge."""
    xs = np.linspace(-0.02, 1.02, len(heights))
    return [*zip(xs, heights, strict=True), (1.02, bottom), (-0.02, bottom)]


class Canvas:
    """What is painted on; `at` gives the same picture with other coordinates.

    Args:
        relief: how dark the shadows are that shapes painted with ``lift`` cast (0…1): paper cut out and laid on paper.
    """

    def __init__(self, relief: float = 0) -> None:
        self.image = Image.new("RGB", (SIZE, SIZE))
        self.relief = relief
        self.matrix = np.array([[1.0, 0, 0], [0, 1, 0]])

    def at(self, x: float, y: float, size: float = 1, flip: bool = False, turn: float = 0) -> Canvas:
        """Coordinates whose origin is at (x, y), whose unit is `size`; mirrored, then turned by degrees."""
        cos, sin, sign = math.cos(math.radians(turn)), math.sin(math.radians(turn)), -1 if flip else 1
        own = np.array([[cos * sign * size, -sin * size, x], [sin * sign * size, cos * size, y], [0, 0, 1]])
        other = Canvas.__new__(Canvas)
        other.image, other.relief, other.matrix = self.image, self.relief, self.matrix @ own
        return other

    def _pixels(self, points: Points) -> list[tuple[float, float]]:
        p = np.asarray(points, float) @ self.matrix[:, :2].T + self.matrix[:, 2]
        return [tuple(q) for q in p * SIZE]

    def paint(self, points: Points, fill: Fill, alpha: float = 1, lift: bool = False) -> None:
        """Fill a shape.

        Args:
            points: at least three.
            fill: a colour, or two: from the shape's top to its bottom.
            alpha: 1 covers what is below.
            lift: cast a soft shadow, if the canvas has relief.
        """
        spots = self._pixels(points)
        lift = lift and self.relief > 0
        plain = not isinstance(fill[0], tuple)
        if plain and alpha == 1 and not lift:
            ImageDraw.Draw(self.image).polygon(spots, fill)
            return
        margin = 30 if lift else 1
        xs, ys = zip(*spots, strict=True)
        left, top = max(0, int(min(xs)) - margin), max(0, int(min(ys)) - margin)
        right, bottom = min(SIZE, int(max(xs)) + margin + 2), min(SIZE, int(max(ys)) + margin + 2)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in spots], 255)
        if lift:
            shadow = mask.filter(ImageFilter.GaussianBlur(8)).point(lambda v: int(v * self.relief))
            self.image.paste((16, 12, 40), (left + 3, top - 5), shadow)
        if plain:
            paint: Image.Image | Colour = fill  # type: ignore[assignment]
        else:
            share = np.clip((np.arange(top, bottom) - min(ys)) / max(1, max(ys) - min(ys)), 0, 1)[:, None]
            rows = np.array(fill[0]) * (1 - share) + np.array(fill[1]) * share
            paint = Image.fromarray(np.repeat(np.rint(rows).astype(np.uint8)[:, None], right - left, 1))
        if alpha < 1:
            mask = mask.point(lambda v: int(v * alpha))
        self.image.paste(paint, (left, top, right, bottom) if plain else (left, top), mask)

    def line(self, points: Points, width: float, fill: Colour) -> None:
        """A line with round ends; `width` in the unit of the coordinates."""
        spots = self._pixels(points)
        wide = max(1, round(width * SIZE * math.sqrt(abs(np.linalg.det(self.matrix[:, :2])))))
        draw = ImageDraw.Draw(self.image)
        draw.line(spots, fill, wide, joint="curve")
        for x, y in (spots[0], spots[-1]):
            draw.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill)

    def sky(self, stops: Sequence[Colour]) -> None:
        """Fill everything, from the first colour at the top to the last at the bottom."""
        at = np.linspace(0, 1, len(stops))
        rows = np.stack([np.interp(np.linspace(0, 1, SIZE), at, [s[c] for s in stops]) for c in range(3)], 1)
        self.image.paste(Image.fromarray(np.repeat(np.rint(rows).astype(np.uint8)[:, None], SIZE, 1)))

    def glow(self, x: float, y: float, r: float, fill: Colour, alpha: float) -> None:
        """Light that fades from a point to nothing at distance `r`."""
        (cx, cy), (ex, ey) = self._pixels([(x, y), (x + r, y)])
        reach = max(2, round(math.hypot(ex - cx, ey - cy)))
        grid = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1]) / reach
        mask = Image.fromarray(np.rint(255 * alpha * np.clip(1 - grid, 0, 1) ** 1.7).astype(np.uint8))
        self.image.paste(fill, (round(cx) - reach, round(cy) - reach), mask)

    def inside(self, points: Points) -> Image.Image:
        """A mask of a shape, to paste through."""
        mask = Image.new("L", (SIZE, SIZE))
        ImageDraw.Draw(mask).polygon(self._pixels(points), 255)
        return mask

    def finish(self, rng: np.random.Generator, grain: float) -> Image.Image:
        """The picture at its own size, mottled like painted paper by up to about 3 times `grain` grey levels."""
        small = np.asarray(self.image.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32)
        fine = gaussian(rng.normal(size=(SIDE, SIDE)), 0.7)
        wide = gaussian(rng.normal(size=(SIDE, SIDE)), 7)
        paper = 0.5 * fine / fine.std() + wide / wide.std()
        return Image.fromarray(np.clip(np.rint(small + grain * paper[..., None]), 0, 255).astype(np.uint8))
