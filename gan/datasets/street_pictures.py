"""Digits as a camera in the street sees them: on walls and plates, among their neighbours, in bad light, out of focus.

Everything is drawn by numbers from one generator, many pictures at a time: a line of glyphs lies on a wall; each pixel
of the picture looks at a point of that wall; what it sees there is coloured, lit, blurred and made noisy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from PIL import Image
from scipy import ndimage

SIDE = 32  # pixels of a picture, each way
STRIP = 176  # columns of a line of glyphs; what is longer runs off its ends, far outside of the picture
AROUND = 2  # neighbours to either side that may be seen
BLOCK = 8  # pixels of a block of JPEG


@dataclass(frozen=True, eq=False)
class Glyphs:
    """Upright digits of many fonts, all of one height.

    Attributes:
        masks: uint8 ``[n, h, h]``, ink 255; the longer side of each glyph fills the square.
        places: int ``[fonts, 10]``, which mask is a font's digit.
    """

    masks: np.ndarray
    places: np.ndarray

    @cached_property
    def widths(self) -> np.ndarray:
        """Columns of ink of each mask, int ``[n]``."""
        inked = self.masks.max(1) > 127
        return inked.shape[1] - inked.argmax(1) - inked[:, ::-1].argmax(1)

    @cached_property
    def soft(self) -> np.ndarray:
        """The masks with soft edges and room for them, uint8 ``[n, columns, rows]``: a column of ink in one piece."""
        pad = (self.masks.shape[1] // 6) * 2
        wide = np.pad(self.masks, ((0, 0), (pad // 2,) * 2, (pad // 2,) * 2)).transpose(0, 2, 1)
        return ndimage.gaussian_filter(np.ascontiguousarray(wide), (0, 1.6, 1.6))


def draw(glyphs: Glyphs, digits: np.ndarray, fonts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures uint8 ``[n, 32, 32, 3]`` of digits in the middle.

    Args:
        glyphs: what they look like.
        digits: int ``[n]``.
        fonts: int ``[n]``, rows of `glyphs.places`.
        rng: decides everything else.
    """
    n = len(digits)
    strips, ends = _strips(glyphs, digits, fonts, rng)
    down, across = _view(n, rng)
    size = strips.shape[1]
    each = np.broadcast_to(np.arange(n, dtype=np.float32)[:, None, None], down.shape)
    height = glyphs.masks.shape[1]
    at = np.stack([each, size / 2 - 0.5 + down * height, STRIP / 2 - 0.5 + across * height])
    ink = ndimage.map_coordinates(strips, at, np.float32, order=1, mode="nearest") / 255
    pictures = _coloured(ink, down, across, ends, rng)
    return _photographed(pictures, rng)


def _between(rng: np.random.Generator, n: int, low: float, high: float, power: float = 1.0) -> np.ndarray:
    """Random numbers ``[n, 1, 1]`` in a range, the lower ones more often where `power` is above 1."""
    return (low + (high - low) * rng.random((n, 1, 1)) ** power).astype(np.float32)


def _some(rng: np.random.Generator, n: int, share: float) -> np.ndarray:
    """1 for about a share of the pictures, else 0: ``[n, 1, 1]``."""
    return (rng.random((n, 1, 1)) < share).astype(np.float32)


def _strips(
    glyphs: Glyphs, digits: np.ndarray, fonts: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Lines of digits, uint8 ``[n, rows, STRIP]`` with soft edges, the one asked for in the middle; and how far each
    line reaches to either side, in heights of a digit, ``[n, 2]``."""
    n, height = len(digits), glyphs.masks.shape[1]
    length = rng.choice(np.arange(1, 6), n, p=(0.07, 0.36, 0.38, 0.16, 0.03))
    before = (rng.random(n) * length).astype(int)
    written = rng.integers(0, 10, (n, 2 * AROUND + 1))
    written[:, AROUND] = digits
    which = glyphs.places[fonts[:, None], written]
    widths = glyphs.widths[which]
    slot = np.arange(-AROUND, AROUND + 1)
    there = (slot >= -before[:, None]) & (slot < (length - before)[:, None])
    gap = height * rng.uniform(0.03, 0.28, (n, 1)) ** 1.2
    steps = (widths[:, 1:] + widths[:, :-1]) / 2 + gap
    centres = np.concatenate([np.zeros((n, 1)), np.cumsum(steps, 1)], axis=1)
    centres += STRIP / 2 - 0.5 - centres[:, AROUND : AROUND + 1]
    columns = np.arange(STRIP)
    soft = glyphs.soft
    strips = np.zeros((n, STRIP, soft.shape[2]), np.uint8)
    for place in range(2 * AROUND + 1):
        column = np.rint(columns - centres[:, place, None] + soft.shape[1] / 2 - 0.5).astype(int)
        each, seen = np.nonzero((column >= 0) & (column < soft.shape[1]) & there[:, place, None])
        found = soft[which[each, place], column[each, seen]]
        strips[each, seen] = np.maximum(strips[each, seen], found)
    edges = np.where(there, (centres - STRIP / 2) / height, 0)
    half = widths / 2 / height
    ends = np.stack([(edges - half * there).min(1), (edges + half * there).max(1)], axis=1)
    return strips.transpose(0, 2, 1), ends.astype(np.float32)


def _view(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The point of the wall that each pixel looks at, in heights of a digit from the middle of the one asked for:
    down and across, float32 ``[n, SIDE, SIDE]``."""
    line = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE - 0.5
    v, u = line[:, None], line[None, :]
    tall = 0.94 - _between(rng, n, 0, 0.52, 1.4)  # share of the picture's height that the digit takes
    turn = np.where(_some(rng, n, 0.15) > 0, 0.3, 0.09) * _between(rng, n, -1, 1)
    slant, wide = _between(rng, n, -0.35, 0.35), np.exp(_between(rng, n, -0.2, 0.5))
    v, u = v - _between(rng, n, -0.08, 0.08), u - _between(rng, n, -0.1, 0.1)
    depth = 1 + _between(rng, n, -0.35, 0.35) * u + _between(rng, n, -0.2, 0.2) * v
    v, u = v / depth, u / depth
    v, u = np.cos(turn) * v - np.sin(turn) * u, np.sin(turn) * v + np.cos(turn) * u
    return (v / tall).astype(np.float32), ((u * wide + slant * v) / tall).astype(np.float32)


def _coloured(
    ink: np.ndarray, down: np.ndarray, across: np.ndarray, ends: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The wall with its digits, float32 ``[n, SIDE, SIDE, 3]``, about 0…1."""
    n = len(ink)
    plate_colour = _colours(rng, n)
    like = plate_colour + 0.06 * rng.standard_normal((n, 1, 1, 3), np.float32)
    wall_colour = np.where(_some(rng, n, 0.5)[..., None] > 0, _colours(rng, n), like)
    wall = wall_colour * (1 + _structure(down, across, rng))[..., None]
    # The plate, straight or round, reaches beyond the line of digits by margins of its own; some have a rim.
    top, bottom, left, right = rng.uniform(0.04, 0.9, (4, n, 1, 1)).astype(np.float32)
    begin, end = ends[:, 0, None, None] - left, ends[:, 1, None, None] + right
    straight = np.maximum.reduce([-down - 0.5 - top, down - 0.5 - bottom, begin - across, across - end])
    middle, reach = (begin + end) / 2, (end - begin) / 2
    round_ = (np.hypot((across - middle) / (1.2 * reach), down / (0.75 + top)) - 1) * np.minimum(reach, 0.75 + top)
    beyond = np.where(_some(rng, n, 0.12) > 0, round_, straight)
    outside = np.clip(beyond * 24 + 0.5, 0, 1) * _some(rng, n, 0.65)
    rim = np.clip(1 - np.abs(beyond + _between(rng, n, -0.03, 0.12)) * 20, 0, 1) * _some(rng, n, 0.25)
    scene = plate_colour + (wall - plate_colour) * outside[..., None]
    bright = plate_colour.mean(-1)
    scene += (rim * np.where(bright > 0.5, -1, 1) * _between(rng, n, 0.1, 0.4))[..., None]
    scene = _clutter(scene, down, across, rng)
    # Strokes are thicker or thinner by where the soft edge is cut.
    cut, sharp = _between(rng, n, 0.3, 0.62), _between(rng, n, 1.5, 6.0)
    solid = np.clip((ink - cut) * sharp + 0.5, 0, 1)
    colour = _ink_colour(plate_colour, rng)
    shadow = np.clip((_moved(ink, rng) - cut) * 3 + 0.5, 0, 1) * _some(rng, n, 0.22) * _between(rng, n, 0.2, 0.7)
    scene *= 1 - shadow[..., None]
    outline = np.clip((ink - 0.15) * 5 + 0.3, 0, 1) * _some(rng, n, 0.12)
    edge = np.where(bright > colour.mean(-1), 1, -1) * _between(rng, n, 0.1, 0.5)
    scene += (outline * edge)[..., None]
    lit = colour * (1 + _cloud(rng, n, 3) * _between(rng, n, 0.0, 0.3, 2.0))[..., None]
    cover = solid * _between(rng, n, 0.7, 1.0)
    return scene + (lit - scene) * cover[..., None]


def _colours(rng: np.random.Generator, n: int) -> np.ndarray:
    """Colours of walls and plates ``[n, 1, 1, 3]``: mostly greyish, some bluish or brown, a few strong."""
    value = np.clip(rng.normal(0.48, 0.24, n), 0.04, 1.0)
    strong = rng.random(n) < 0.14
    saturation = np.where(strong, rng.uniform(0.25, 0.8, n), rng.uniform(0, 0.22, n))
    kind = rng.random(n)
    hue = np.where(
        kind < 0.5, rng.normal(0.61, 0.04, n), np.where(kind < 0.8, rng.normal(0.06, 0.04, n), rng.random(n))
    )
    return _rgb(hue, saturation, value)


def _rgb(hue: np.ndarray, saturation: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Hue, saturation and value ``[n]`` as colours ``[n, 1, 1, 3]``."""
    part = (hue[:, None] * 6 + np.array([5, 3, 1])) % 6
    dip = np.clip(np.minimum(part, 4 - part), 0, 1) * saturation[:, None]
    return (value[:, None] * (1 - dip)).astype(np.float32)[:, None, None, :]


def _ink_colour(plate: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A colour for digits: lighter or darker than what they stand on, from hardly to very much."""
    n = len(plate)
    bright = plate.mean(-1)
    contrast = _between(rng, n, 0.16, 0.95, 1.3)
    room = np.where(rng.random((n, 1, 1)) < 0.75, bright < 0.5, bright >= 0.5)  # mostly to where there is more room
    value = np.clip(np.where(room, bright + contrast, bright - contrast), 0.0, 1.05)
    grey = plate * (value / np.maximum(bright, 0.05))[..., None]
    own = _colours(rng, n)
    own = own * (value / np.maximum(own.mean(-1), 0.05))[..., None]
    share = _between(rng, n, 0, 1, 1.5)[..., None]
    return np.clip(grey + (own - grey) * share, 0, 1.1)


def _structure(down: np.ndarray, across: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Boards, bricks or roughness of the wall: how much lighter it is at each pixel, about -1…1."""
    n = len(down)
    rows, columns = (_between(rng, n, 1.0, 4.0) for _ in range(2))
    level = down * rows + _between(rng, n, 0, 1)
    joint = (level % 1 < 0.14).astype(np.float32) * _some(rng, n, 0.35)
    upright = (across * columns + 0.5 * (np.floor(level) % 2) + _between(rng, n, 0, 1)) % 1
    joint = np.maximum(joint, (upright < 0.12) * _some(rng, n, 0.2))
    grain = rng.standard_normal((n, SIDE, SIDE), np.float32) * _between(rng, n, 0, 0.15, 3.0)
    return joint * _between(rng, n, -0.5, 0.4) + grain + _cloud(rng, n, 6) * _between(rng, n, 0, 0.35, 2.0)


def _clutter(scene: np.ndarray, down: np.ndarray, across: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Edges of doors, windows and plants: one half of the picture, or a bar across it, in another colour."""
    n = len(scene)
    angle = _between(rng, n, 0, 2 * np.pi)
    angle = np.where(
        _some(rng, n, 0.7) > 0, np.round(angle / (np.pi / 2)) * np.pi / 2 + _between(rng, n, -0.1, 0.1), angle
    )
    away = np.cos(angle) * across + np.sin(angle) * down - _between(rng, n, 0.45, 1.0)
    far = np.where(_some(rng, n, 0.5) > 0, away, 0.1 - np.abs(away - 0.1))
    cover = np.clip(far * 20 + 0.5, 0, 1) * _some(rng, n, 0.3)
    return scene + (_colours(rng, n) - scene) * cover[..., None]


def _cloud(rng: np.random.Generator, n: int, cells: int) -> np.ndarray:
    """Smooth noise, about -1…1, ``[n, SIDE, SIDE]``, with so many cells each way."""
    up = _resized(cells, SIDE)
    return up @ (2 * rng.random((n, cells, cells), np.float32) - 1) @ up.T


def _moved(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The ink of each picture one or two pixels away."""
    n = len(ink)
    shifts = rng.integers(-2, 3, (2, n, 1))
    rows, columns = (np.clip(np.arange(SIDE) + shift, 0, SIDE - 1) for shift in shifts)
    return ink[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]


@lru_cache(maxsize=64)
def _resized(before: int, after: int) -> np.ndarray:
    """What makes `before` pixels in a row `after`: ``[after, before]``."""
    method = Image.Resampling.BICUBIC if after > before else Image.Resampling.HAMMING
    return np.asarray(Image.fromarray(np.eye(before, dtype=np.float32)).resize((before, after), method))


@lru_cache(maxsize=1)
def _softening() -> np.ndarray:
    """By how many pixels a side had when it was taken, the product of making it so small and large again."""
    none = np.eye(SIDE, dtype=np.float32)
    return np.stack(
        [_resized(size, SIDE) @ _resized(SIDE, size) if 4 <= size < SIDE else none for size in range(SIDE + 1)]
    )


@lru_cache(maxsize=1)
def _blocks() -> np.ndarray:
    """The cosine transform of each block of a row, ``[SIDE, SIDE]``."""
    k = np.arange(BLOCK)
    one = np.cos(np.pi * k[:, None] * (2 * k + 1) / (2 * BLOCK)) * np.where(k[:, None] == 0, 1, 2**0.5) / BLOCK**0.5
    return np.kron(np.eye(SIDE // BLOCK), one).astype(np.float32)


YCC = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]], np.float32)


def _photographed(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light, focus, noise and compression; uint8."""
    n = len(pictures)
    light = 1 + _cloud(rng, n, 2) * _between(rng, n, 0, 0.35)
    pictures = np.clip(pictures * light[..., None], 0, 1.1)
    tint = 1 + 0.04 * rng.standard_normal((n, 1, 1, 3), np.float32)
    # A camera's exposure: what is all dark or all bright is brought to where its digits can be told from the wall.
    level = pictures.mean((1, 2, 3), keepdims=True)
    spread = pictures.std((1, 2, 3), keepdims=True)
    pictures = np.clip(level, 0.15, 0.85) + (pictures - level) * np.maximum(1, 0.06 / (spread + 1e-6))
    pictures = pictures * tint * _between(rng, n, 0.75, 1.15)[..., None] + _between(rng, n, -0.05, 0.12)[..., None]
    planes = np.moveaxis(pictures @ YCC.T, -1, 1)  # [n, 3, SIDE, SIDE]
    planes = planes + rng.standard_normal(planes.shape, np.float32) * _between(rng, n, 0, 0.04, 3.0)[:, None]
    size = np.clip(np.rint(7 + 20 * rng.random((n, 1)) + rng.normal(0, 1.5, (n, 2))), 6, SIDE).astype(int)
    luma, chroma = _softening()[size], _softening()[np.maximum(size // 2, 4)]
    soft = np.stack([luma, chroma, chroma], axis=1)  # [n, 3, 2, SIDE, SIDE]
    planes = soft[:, :, 0] @ planes @ np.swapaxes(soft[:, :, 1], -1, -2)
    blocks = _blocks()
    coarse = _between(rng, n, 0.005, 0.12, 3.0)[:, None]
    planes = blocks.T @ (np.rint((blocks @ planes @ blocks.T) / coarse) * coarse) @ blocks
    pictures = np.moveaxis(planes, 1, -1) @ np.linalg.inv(YCC).T.astype(np.float32)
    return (np.clip(pictures, 0, 1) * 255 + 0.5).astype(np.uint8)
