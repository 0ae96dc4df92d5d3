"""Setting drawn characters side by side: one height, one baseline, one polarity, whatever net each comes from; and the
ink and paper that they are set in."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageFilter

from gan import images
from gan.errors import UserError

INK = 32  # a row or column with a value above this is part of the character
SPACE = 0.4  # width of a space, as a share of the height

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
EDGE = 90  # the value at which enlarged ink ends: drawn strokes are rarely white through and through
SMOOTH = 0.45  # of a drawn pixel: the steps of a slanted stroke are smoothed by as much before it is cut
STEEPEST = 4.0  # how much steeper an enlarged edge is made at most

# Data sets of characters show every one as high as a capital: "x" like "X". Nets learn that, so what makes a word look
# written is put back here. Shares of the height: a capital stands from CAP to BASELINE, as MNIST's digits do.
CAP, MIDDLE, BASELINE, BOTTOM = 4 / 28, 9 / 28, 24 / 28, 1.0
REACH = {
    **dict.fromkeys("acemnorsuvwxz", (MIDDLE, BASELINE)),
    **dict.fromkeys("gpqy", (MIDDLE, BOTTOM)),
    "j": (CAP, BOTTOM),
    "t": (6 / 28, BASELINE),
}


def light_on_black(pictures: np.ndarray) -> np.ndarray:
    """One model's pictures uint8 ``[n, h, w, c]``, exchanged ink for paper if they are dark on white, as their edges
    tell."""
    edges = (pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1])
    white = sum(np.count_nonzero(edge > 127) for edge in edges) / sum(edge.size for edge in edges)
    if white == 0.5:
        white = float(np.median(np.concatenate([edge.ravel() for edge in edges])) > 127)
    return 255 - pictures if white > 0.5 else pictures


def compose(text: str, pictures: Iterable[np.ndarray], spacing: int = 4, height: int = 0) -> np.ndarray:
    """Set characters side by side, each as wide as its ink.

    Frames are scaled to one height; small letters are made as high as they are beside capitals.

    Args:
        text: what they say; one picture for each character that is not a space.
        pictures: uint8 ``[h, w, c]`` each, light ink on black; sizes and channels may differ.
        spacing: pixels between the ink of neighbours, and left and right of the line; at least 0.
        height: of the line; by default that of the highest picture, which must be given where there is none.

    Returns:
        uint8 ``[h, W, c]``, light ink on black; in colour if any of the pictures is.
    """
    supply = list(pictures)
    height = height or max(len(picture) for picture in supply)
    channels = max((picture.shape[2] for picture in supply), default=1)
    gap = np.zeros((height, spacing, channels), np.uint8)
    space = np.zeros((height, round(height * SPACE), channels), np.uint8)
    line, left = [gap], iter(supply)
    for character in text:
        part = space if character.isspace() else _placed(character, next(left), height)
        line += [np.broadcast_to(part, (*part.shape[:2], channels)), gap]
    return np.concatenate(line, axis=1)


def stack(lines: Sequence[np.ndarray]) -> np.ndarray:
    """Lines of one height one below the other, their beginnings in line: uint8 ``[H, W, c]``, light ink on black."""
    if len(lines) == 1:
        return lines[0]
    width, channels = max(line.shape[1] for line in lines), max(line.shape[2] for line in lines)
    wide = [np.pad(line, ((0, 0), (0, width - line.shape[1]), (0, 0))) for line in lines]
    return np.concatenate([np.broadcast_to(line, (*line.shape[:2], channels)) for line in wide])


def shaped(line: np.ndarray, size: int = 0, slant: float = 0.0) -> np.ndarray:
    """A line at another height, and leaning.

    Enlarged ink is interpolated and smoothed, and its edges are then made as steep again as they were drawn, so that
    it looks written rather than out of focus or built of squares.

    Args:
        line: uint8 ``[h, W, c]``, light ink on black.
        size: pixels of its height; 0 leaves it as it is.
        slant: degrees to the right (below 0: to the left), by a shear about the baseline. It gets wider by it.

    Returns:
        uint8 ``[size, W', c]``.
    """
    factor = size / len(line) if size else 1.0
    if factor == 1.0 and not slant:
        return line
    planes = [Image.fromarray(np.ascontiguousarray(line[..., channel])) for channel in range(line.shape[2])]
    if factor != 1.0:
        width = max(1, round(line.shape[1] * factor))
        filter = Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.LANCZOS
        planes = [plane.resize((width, size), filter) for plane in planes]
    if factor > 1:
        planes = [plane.filter(ImageFilter.GaussianBlur(SMOOTH * factor)) for plane in planes]
    if slant:
        planes = [_sheared(plane, math.tan(math.radians(slant))) for plane in planes]
    line = np.stack([np.asarray(plane) for plane in planes], axis=-1)
    if factor <= 1:
        return line
    steeper = np.clip((np.arange(256) - EDGE) * min(factor, STEEPEST) + 127.5, 0, 255)
    return np.rint(steeper).astype(np.uint8)[line]


def printed(line: np.ndarray, ink: str, paper: str) -> np.ndarray:
    """A line in the colours of an ink and a paper; of white ink on black, each pixel is as it was.

    Args:
        line: uint8 ``[h, W, c]``, light ink on black.
        ink, paper: "#rrggbb".

    Returns:
        uint8 ``[h, W, c]``; grey as long as line, ink and paper are.

    Raises:
        UserError: for anything but such a colour.
    """
    inks, papers = colour("ink", ink), colour("paper", paper)
    channels = 1 if line.shape[2] == len({*inks}) == len({*papers}) == 1 else 3
    tables = [_between(papers[c], inks[c]) for c in range(channels)]
    return np.stack([table[line[..., min(c, line.shape[2] - 1)]] for c, table in enumerate(tables)], axis=-1)


@functools.lru_cache(maxsize=512)
def _between(paper: int, ink: int) -> np.ndarray:
    """What each value of a line is printed as, uint8 ``(256,)``."""
    return np.rint(paper + (ink - paper) * (np.arange(256) / 255)).astype(np.uint8)


def cut_out(line: np.ndarray, ink: str) -> np.ndarray:
    """A line in an ink on no paper: uint8 ``[h, W, 4]``, red, green, blue and how far it covers what is below it.

    Raises:
        UserError: as `printed`.
    """
    cover = line.max(axis=2, keepdims=True)
    share = line / np.maximum(cover, 1)  # of the ink, where the line itself has colours
    colours = np.where(cover > 0, np.rint(share * colour("ink", ink)), colour("ink", ink))
    return np.concatenate([colours.astype(np.uint8), cover], axis=2)


def colour(name: str, text: str) -> tuple[int, int, int]:
    """Red, green and blue of "#rrggbb", 0…255.

    Raises:
        UserError: for anything else; `name` says whose colour it is.
    """
    if not COLOUR.fullmatch(text):
        raise UserError(f"{name}: {text[:20]!r} is no colour; write #rrggbb, such as #1a2b6c.")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _sheared(plane: Image.Image, slope: float) -> Image.Image:
    """A grey picture leaning by a slope (pixels a row), wide enough for all of it."""
    width, height = plane.size
    base = BASELINE * height
    left = slope * (height - base) if slope > 0 else -slope * base
    wider = math.ceil(abs(slope) * height)
    way = (1, slope, -left - slope * base, 0, 1, 0)
    return plane.transform((width + wider, height), Image.Transform.AFFINE, way, Image.Resampling.BICUBIC)


def _placed(character: str, picture: np.ndarray, height: int) -> np.ndarray:
    """A character as it stands in a line of a height, cut to the width of its ink."""
    first, last = _extent(picture, axis=0)
    picture = picture[:, first:last]
    if character not in REACH:
        return _scaled(picture, height)
    top, bottom = (round(height * share) for share in REACH[character])
    first, last = _extent(picture, axis=1)
    ink = _scaled(picture[first:last], bottom - top)
    placed = np.zeros((height, *ink.shape[1:]), np.uint8)
    placed[top:bottom] = ink
    return placed


def _scaled(picture: np.ndarray, height: int) -> np.ndarray:
    """The picture at a height, its proportions kept."""
    return picture if len(picture) == height else images.bicubic(picture[None], height / len(picture))[0]


def _extent(picture: np.ndarray, axis: int) -> tuple[int, int]:
    """Where the ink starts and ends, across the rows (axis 0: a range of columns) or the columns; the middle third if
    there is none."""
    plane = picture[..., 0] if picture.shape[2] == 1 else picture.max(axis=2)
    inked = np.flatnonzero(plane.max(axis=axis) > INK)
    size = picture.shape[1 - axis]
    return (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (size // 3, 2 * size // 3 + 1)
