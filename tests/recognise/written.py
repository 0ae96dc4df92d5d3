"""Writing to be read: digits played stroke by stroke, pasted large, in rows, and photographed badly."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

# The strokes of each digit, as points (x, y) in a unit box from the top left; some are written in more than one way.
STROKES: dict[str, list[list[list[tuple[float, float]]]]] = {
    "0": [
        [[(0.5, 0), (0.15, 0.15), (0.05, 0.5), (0.2, 0.9), (0.5, 1), (0.8, 0.88), (0.95, 0.5), (0.82, 0.14), (0.5, 0)]]
    ],
    "1": [[[(0.5, 0), (0.5, 0.5), (0.48, 1)]], [[(0.25, 0.25), (0.5, 0)], [(0.5, 0), (0.5, 1)]]],
    "2": [
        [[(0.1, 0.22), (0.3, 0.03), (0.65, 0.02), (0.88, 0.22), (0.75, 0.5), (0.4, 0.78), (0.08, 0.99)],
         [(0.08, 0.99), (0.92, 0.98)]],
    ],
    "3": [
        [[(0.12, 0.12), (0.4, 0), (0.78, 0.08), (0.85, 0.28), (0.7, 0.44), (0.4, 0.48)],
         [(0.4, 0.48), (0.78, 0.53), (0.92, 0.75), (0.7, 0.96), (0.35, 1), (0.08, 0.88)]],
    ],
    "4": [
        [[(0.3, 0), (0.08, 0.6), (0.95, 0.6)], [(0.7, 0.2), (0.68, 1)]],
        [[(0.65, 0), (0.05, 0.68), (0.95, 0.68)], [(0.65, 0), (0.65, 1)]],
    ],
    "5": [
        [[(0.2, 0.02), (0.15, 0.45)],
         [(0.15, 0.45), (0.5, 0.36), (0.85, 0.5), (0.9, 0.75), (0.65, 0.97), (0.3, 1), (0.06, 0.88)],
         [(0.2, 0.02), (0.88, 0)]],
    ],
    "6": [
        [[(0.75, 0), (0.4, 0.2), (0.14, 0.55), (0.12, 0.82), (0.4, 1), (0.75, 0.95), (0.87, 0.74), (0.66, 0.55),
          (0.35, 0.57), (0.13, 0.75)]],
    ],
    "7": [
        [[(0.06, 0.04), (0.94, 0.02)], [(0.94, 0.02), (0.6, 0.5), (0.4, 1)]],
        [[(0.06, 0.04), (0.94, 0.02)], [(0.94, 0.02), (0.6, 0.5), (0.4, 1)], [(0.35, 0.52), (0.85, 0.5)]],
    ],
    "8": [
        [[(0.82, 0.14), (0.5, 0), (0.18, 0.14), (0.28, 0.38), (0.72, 0.58), (0.88, 0.82), (0.5, 1), (0.12, 0.82),
          (0.28, 0.58), (0.72, 0.38), (0.82, 0.14)]],
    ],
    "9": [
        [[(0.85, 0.2), (0.5, 0), (0.16, 0.16), (0.16, 0.4), (0.48, 0.52), (0.82, 0.36), (0.86, 0.18)],
         [(0.86, 0.18), (0.84, 0.6), (0.7, 1)]],
    ],
}  # fmt: skip


def played(digit: str, rng: np.random.Generator, size: int = 280) -> np.ndarray:
    """A digit drawn by hand, dark on white: uint8 ``[size, size, 1]``, anywhere, larger or smaller, wobbling."""
    ways = STROKES[digit]
    height = size * rng.uniform(0.45, 0.75)
    width = height * (rng.uniform(0.5, 0.75) if digit != "1" else rng.uniform(0.3, 0.6))
    angle, slant = np.radians(rng.uniform(-8, 8)), rng.uniform(-0.1, 0.3)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    room = max(0.0, (size - height) / 2 - 0.08 * size)
    middle = size / 2 + rng.uniform(-room, room, 2)
    sheet = Image.new("L", (size, size), 255)
    draw, pen = ImageDraw.Draw(sheet), size * rng.uniform(0.02, 0.08)
    for stroke in ways[rng.integers(len(ways))]:
        points = np.array(stroke) - 0.5 + rng.normal(0, 0.025, (len(stroke), 2))
        points[:, 0] -= slant * points[:, 1]
        for x, y in _smooth(points * (width, height) @ turn + middle):
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=20)
    return np.asarray(sheet)[..., None]


def enlarged(character: np.ndarray, times: float) -> np.ndarray:
    """A character of a data set, light on black uint8 ``[h, w, 1]``, as large dark ink on white."""
    height, width = character.shape[:2]
    large = Image.fromarray(character[..., 0]).resize((round(width * times), round(height * times)), Image.BICUBIC)
    return 255 - np.asarray(large)[..., None]


def row(characters: np.ndarray, rng: np.random.Generator, times: float = 4) -> np.ndarray:
    """Characters ``[n, h, w, 1]`` side by side, as large dark ink on white, in a picture with room around them."""
    line = np.concatenate(list(characters), axis=1)
    line = np.pad(
        line, ((rng.integers(2, 12), rng.integers(2, 12)), (rng.integers(2, 20), rng.integers(2, 20)), (0, 0))
    )
    return enlarged(line, times)


def on_paper(ink: np.ndarray, rng: np.random.Generator, side: int = 480) -> np.ndarray:
    """Dark ink on white somewhere on a larger sheet ``[side, side, 1]``."""
    height, width = ink.shape[:2]
    sheet = np.full((max(side, height), max(side, width), 1), 255, np.uint8)
    top, left = rng.integers(0, sheet.shape[0] - height + 1), rng.integers(0, sheet.shape[1] - width + 1)
    sheet[top : top + height, left : left + width] = ink
    return sheet


def photographed(page: np.ndarray, rng: np.random.Generator, turn: float = 0) -> np.ndarray:
    """A page uint8 ``[h, w, 1]`` as a bad photograph ``[h, w, 3]``: turned by up to so many degrees, on rough paper,
    unevenly lit, with a shadow's edge across it, noise and blur."""
    height, width = page.shape[:2]
    plane = page[..., 0].astype(np.float64)
    if turn:
        plane = ndimage.rotate(plane, rng.uniform(-turn, turn), reshape=False, order=1, mode="nearest")
    rows, columns = np.mgrid[0:height, 0:width] / max(height, width)
    angle = rng.uniform(0, 2 * np.pi)
    along = (rows - 0.5) * np.sin(angle) + (columns - 0.5) * np.cos(angle)
    light = 0.8 + rng.uniform(0.1, 0.35) * along
    across = (rows - rng.uniform(0.2, 0.8)) * np.cos(angle) - (columns - rng.uniform(0.2, 0.8)) * np.sin(angle)
    light *= 1 - rng.uniform(0.15, 0.45) / (1 + np.exp(-across * rng.uniform(15, 60)))
    texture = ndimage.gaussian_filter(rng.normal(0, 1, plane.shape), 2) * 12
    plane = (40 + plane * 0.82) * light + texture * light
    plane = ndimage.gaussian_filter(plane, rng.uniform(0.5, 1.5)) + rng.normal(0, rng.uniform(3, 10), plane.shape)
    tint = np.array([1.0, rng.uniform(0.93, 1), rng.uniform(0.82, 0.98)])
    return np.clip(plane[..., None] * tint, 0, 255).astype(np.uint8)


def file(picture: np.ndarray, kind: str = "PNG") -> bytes:
    """A picture as the bytes of a file."""
    buffer = io.BytesIO()
    Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture).save(buffer, kind, quality=80)
    return buffer.getvalue()


def _smooth(points: np.ndarray, steps: int = 40) -> np.ndarray:
    """Points along a curve through some (Catmull and Rom 1974)."""
    ends = np.concatenate([points[:1] * 2 - points[1:2], points, points[-1:] * 2 - points[-2:-1]])
    t = np.linspace(0, 1, steps)[:, None]
    parts = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        parts.append(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))))
    return np.concatenate(parts)
