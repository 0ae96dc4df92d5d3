"""Setting drawn characters side by side: one height, one baseline, one polarity, whatever net each comes from."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gan import images

INK = 32  # a row or column with a value above this is part of the character
SPACE = 0.4  # width of a space, as a share of the height

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
    edges = (pictures[:, :1], pictures[:, -1:], pictures[:, :, :1], pictures[:, :, -1:])
    paper = np.median(np.concatenate([edge.ravel() for edge in edges]))
    return 255 - pictures if paper > 127 else pictures


def compose(text: str, pictures: Iterable[np.ndarray], spacing: int = 4) -> np.ndarray:
    """Set characters side by side, each as wide as its ink.

    Frames are scaled to the height of the highest; small letters are made as high as they are beside capitals.

    Args:
        text: what they say; one picture for each character that is not a space.
        pictures: uint8 ``[h, w, c]`` each, light ink on black; sizes and channels may differ.
        spacing: pixels between the ink of neighbours, and left and right of the line; at least 0.

    Returns:
        uint8 ``[h, W, c]``, light ink on black; in colour if any of the pictures is.
    """
    supply = list(pictures)
    height, channels = max(len(picture) for picture in supply), max(picture.shape[2] for picture in supply)
    gap = np.zeros((height, spacing, channels), np.uint8)
    space = np.zeros((height, round(height * SPACE), channels), np.uint8)
    line, left = [gap], iter(supply)
    for character in text:
        part = space if character.isspace() else _placed(character, next(left), height)
        line += [np.broadcast_to(part, (*part.shape[:2], channels)), gap]
    return np.concatenate(line, axis=1)


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
    inked = np.flatnonzero(picture.max(axis=(axis, 2)) > INK)
    size = picture.shape[1 - axis]
    return (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (size // 3, 2 * size // 3 + 1)
