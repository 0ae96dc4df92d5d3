"""The table of transforms that a plan is made of.

Two kinds: those that move pixels say where each pixel of the outcome comes from (`Move`), so that several in a row
become one warp; those that change values get the pictures themselves (`Change`). Amounts are in degrees or in percent
of the picture's size, so that a plan means the same at every size.

The warp is OpenCV's: 64 pictures of 28x28 take it 0.3 ms and 64 calls of `skimage.transform.warp` 1.4 ms; 32 of
128x128 in colour 8 ms and 54 ms. The tests hold its outcome against scikit-image's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray
Move = Callable[[Array, tuple[int, int]], Array]  # amounts [n] and (h, w) to matrices [n, 3, 3], see `_matrix`
Field = Callable[[Array, tuple[int, int], np.random.Generator], Array]  # …, to displacements [n, 2, h, w]
Change = Callable[[Array, Array, str, np.random.Generator], Array]  # float32 pictures, amounts, fill, to pictures

FILLS = ("edge", "black", "white", "wrap")
SHEET = 1 << 16  # pixels that are warped in one call: more would not fit into the processor's cache


@dataclass(frozen=True)
class Transform:
    """A row of the table. One of `move`, `field` and `change` says what it does."""

    title: str
    help: str
    unit: str  # of the amounts: "°", "%", or "" where there is nothing to choose
    limits: tuple[float, float]
    usual: tuple[float, float]  # the range it starts with
    still: float  # the amount that changes nothing
    fills: tuple[str, ...] = ()  # the first is the usual one
    move: Move | None = None
    field: Field | None = None
    change: Change | None = None

    @property
    def geometric(self) -> bool:
        """Whether it moves pixels."""
        return self.change is None


def _matrix(n: int, **cells: Array) -> Array:
    """Matrices ``[n, 3, 3]`` from a place (y, x, 1) in the outcome to where its pixel comes from, both counted from the
    middle. Each cell is named by what it gives and takes: ``yx`` is the part of the old y that the new x gives."""
    matrix = np.tile(np.eye(3), (n, 1, 1))
    for name, values in cells.items():
        matrix[:, "yx1".index(name[0]), "yx1".index(name[1])] = values
    return matrix


def _rotate(amounts: Array, size: tuple[int, int]) -> Array:
    sine, cosine = np.sin(np.deg2rad(amounts)), np.cos(np.deg2rad(amounts))
    return _matrix(len(amounts), yy=cosine, yx=sine, xy=-sine, xx=cosine)


def _shift_x(amounts: Array, size: tuple[int, int]) -> Array:
    return _matrix(len(amounts), x1=-np.rint(amounts / 100 * size[1]))


def _shift_y(amounts: Array, size: tuple[int, int]) -> Array:
    return _matrix(len(amounts), y1=-np.rint(amounts / 100 * size[0]))


def _scale(amounts: Array, size: tuple[int, int]) -> Array:
    return _matrix(len(amounts), yy=100 / amounts, xx=100 / amounts)


def _shear(amounts: Array, size: tuple[int, int]) -> Array:
    return _matrix(len(amounts), xy=np.tan(np.deg2rad(amounts)))


def _flip(amounts: Array, size: tuple[int, int]) -> Array:
    return _matrix(len(amounts), xx=1 - 2 * amounts)


def _elastic(amounts: Array, size: tuple[int, int], rng: np.random.Generator) -> Array:
    """Smooth random displacements (Simard et al. 2003); `amounts` are their standard deviation."""
    from scipy import ndimage

    reach = 0.1 * min(size)  # how smooth: neighbours within a tenth of the picture move alike
    noise = rng.standard_normal((len(amounts), 2, *size), np.float32)
    smooth = ndimage.gaussian_filter(noise, (0, 0, reach, reach), mode="wrap")
    smooth *= 2 * np.sqrt(np.pi) * reach  # smoothing took this much from the deviation
    return smooth * (amounts / 100 * min(size)).astype(np.float32)[:, None, None, None]


def _noise(images: Array, amounts: Array, fill: str, rng: np.random.Generator) -> Array:
    return images + rng.standard_normal(images.shape, np.float32) * _each(amounts * 2.55)


def _blur(images: Array, amounts: Array, fill: str, rng: np.random.Generator) -> Array:
    import cv2

    sigmas = amounts / 100 * min(images.shape[1:3])
    blurred = [
        cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE) if sigma > 0 else image
        for image, sigma in zip(images, sigmas, strict=True)
    ]
    return np.stack([one.reshape(images.shape[1:]) for one in blurred])


def _contrast(images: Array, amounts: Array, fill: str, rng: np.random.Generator) -> Array:
    mean = images.mean((1, 2, 3), keepdims=True)
    return (images - mean) * _each(amounts / 100) + mean


def _erase(images: Array, amounts: Array, fill: str, rng: np.random.Generator) -> Array:
    inside = np.ones(images.shape[:3], bool)
    for axis, side in ((1, images.shape[1]), (2, images.shape[2])):
        length = np.rint(amounts / 100 * side)
        start = np.floor(rng.random(len(images)) * (side - length + 1))
        places = np.arange(side)
        along = (places >= start[:, None]) & (places < (start + length)[:, None])
        inside &= along[:, :, None] if axis == 1 else along[:, None, :]
    return np.where(inside[..., None], np.float32(255 if fill == "white" else 0), images)


def _each(amounts: Array) -> Array:
    return amounts.astype(np.float32)[:, None, None, None]


TRANSFORMS: Mapping[str, Transform] = {
    "rotate": Transform(
        "Rotate", "Turn it; positive is anticlockwise.", "°", (-180, 180), (-10, 10), 0, FILLS, move=_rotate
    ),
    "shift_x": Transform(
        "Shift sideways",
        "By whole pixels, in percent of the width; positive is to the right.",
        "%",
        (-100, 100),
        (-8, 8),
        0,
        FILLS,
        move=_shift_x,
    ),
    "shift_y": Transform(
        "Shift up or down",
        "By whole pixels, in percent of the height; positive is down.",
        "%",
        (-100, 100),
        (-8, 8),
        0,
        FILLS,
        move=_shift_y,
    ),
    "scale": Transform("Scale", "100% leaves the size as it is.", "%", (50, 200), (90, 110), 100, FILLS, move=_scale),
    "shear": Transform(
        "Shear",
        "Slant it; positive leans to the right.",
        "°",
        (-45, 45),
        (-10, 10),
        0,
        FILLS,
        move=_shear,
    ),
    "flip": Transform("Flip", "Mirror it, left to right.", "", (1, 1), (1, 1), 0, FILLS, move=_flip),
    "elastic": Transform(
        "Elastic", "Bend it smoothly; how far, in percent of the side.", "%", (0, 20), (1, 3), 0, FILLS, field=_elastic
    ),
    "noise": Transform("Noise", "Grain; its deviation, in percent of white.", "%", (0, 100), (0, 5), 0, change=_noise),
    "blur": Transform(
        "Blur", "Gaussian; its deviation, in percent of the side.", "%", (0, 20), (0, 3), 0, change=_blur
    ),
    "contrast": Transform(
        "Contrast", "About the picture's mean; 100% leaves it.", "%", (0, 200), (80, 120), 100, change=_contrast
    ),
    "erase": Transform(
        "Erase",
        "A box anywhere; its sides, in percent of the picture's.",
        "%",
        (0, 100),
        (10, 30),
        0,
        ("black", "white"),
        change=_erase,
    ),
}


def warp(images: Array, matrices: Array, fields: Array | None, fill: str) -> Array:
    """Move the pixels of each picture, once, bilinearly.

    Args:
        images: float32 ``[n, h, w, c]``.
        matrices: ``[n, 3, 3]`` as the table's moves give them.
        fields: displacements ``[n, 2, h, w]`` in pixels to be added, or None.
        fill: what comes in from outside: one of `FILLS`.
    """
    height, width = images.shape[1:3]
    sources = _sources(matrices, height, width)
    still = (matrices == np.eye(3)).all((1, 2))
    if fields is not None:
        sources += fields
        still &= ~fields.any((1, 2, 3))
    moving, warped = np.flatnonzero(~still), images.copy()
    together = max(1, SHEET // (height * width))
    for start in range(0, len(moving), together):
        some = moving[start : start + together]
        warped[some] = _sampled(images[some], sources[some], fill)
    return warped


def _sampled(images: Array, sources: Array, fill: str) -> Array:
    """The pixels at the places ``[n, 2, h, w]`` of each picture.

    The pictures stand below one another on one sheet, each with a margin of its own: a call for each would take longer
    than what it does, and threads would wait for one another.
    """
    import cv2

    n, height, width, channels = images.shape
    margin: dict[str, Any] = {"edge": {"mode": "edge"}, "wrap": {"mode": "wrap"}, "black": {}}.get(
        fill, {"constant_values": 255}
    )
    sheet = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), **margin)
    y, x = sources[:, 0], sources[:, 1]
    if fill == "wrap":
        y, x = np.mod(y, np.float32(height)), np.mod(x, np.float32(width))
    else:  # whatever lies further out is as the margin is
        y, x = y.clip(-1, height), x.clip(-1, width)
    y = y + (1 + (height + 2) * np.arange(n, dtype=np.float32))[:, None, None]
    rows = (n * height, width)
    found = cv2.remap(
        sheet.reshape(n * (height + 2), width + 2, channels),
        (x + 1).reshape(rows),
        y.reshape(rows),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return found.reshape(images.shape)


def _sources(matrices: Array, height: int, width: int) -> Array:
    """Where each pixel comes from: float32 ``[n, 2, height, width]``, y before x, counted from the first pixel. A row's
    share and a column's share are worked out once each."""
    y, x = (np.arange(side) - (side - 1) / 2 for side in (height, width))
    middle = np.array([(height - 1) / 2, (width - 1) / 2])
    rows = (matrices[:, :2, 0, None] * y).astype(np.float32)
    columns = (matrices[:, :2, 1, None] * x + (matrices[:, :2, 2] + middle)[:, :, None]).astype(np.float32)
    return rows[:, :, :, None] + columns[:, :, None, :]
