"""A character in the form that a net was trained on: as upright, as thick, as large, and in the same place.

MNIST's own preparation is the model: each digit was fitted into 20x20 pixels and its centre of mass put in the middle
of 28x28 (LeCun et al. 1998). Other data sets have other forms; `LAYOUTS` has those of ours, as measured on their
pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from gan.recognise.preparing import Settings

TRACE = 0.04  # of full strength: what is fainter does not count for where a character ends
SLANT = 0.6  # across for each down: 98 of 100 digits of MNIST are slanted less
THIN, PEN = 0.075, 0.11  # stroke widths as a share of the box: what is too thin, and what it is made
NATIVE = 0.75  # a character that is shrunk less than this has the net's own size, and its strokes are as they are

Array = np.ndarray


@dataclass(frozen=True)
class Layout:
    """Where characters stand in the pictures of a data set."""

    box: int  # pixels of the longer side of a character
    middle: float  # pixels from the first pixel's middle to where the character's middle stands
    mass: bool  # whether its middle is its centre of mass, or that of its box


@dataclass(frozen=True, eq=False)
class Placed:
    """A character on its way, light ink on black: float32 ``[h, w]`` in 0…1, and at last uint8 ``[size, size, 1]``."""

    cut: Array
    upright: Array
    slant: float  # how far it went across for each pixel down, before
    thick: Array
    picture: Array


LAYOUTS = {
    "mnist": Layout(20, 14.0, True),
    "handwriting": Layout(20, 13.5, True),
    "handwriting-digits": Layout(20, 13.5, True),
    "emnist-letters": Layout(24, 13.5, False),
    "hangul": Layout(25, 15.5, False),
}


def layout(dataset: str, size: int) -> Layout:
    """The layout of a data set's pictures; where it is not known, in MNIST's proportions."""
    if dataset.startswith("emnist-digits"):
        return LAYOUTS["mnist"]
    return LAYOUTS.get(dataset) or Layout(round(size * 20 / 28), (size - 1) / 2, False)


def place(character: Array, form: Layout, size: int, settings: Settings) -> Placed:
    """A character float32 ``[h, w]`` in 0…1, of which some is above `TRACE`, prepared as `Layout` says."""
    box = min(size, max(4, round(form.box * settings.fill)))
    character = trimmed(character)
    slant = slanted(character)
    straightened = upright(character, {"always": slant, "never": 0.0}.get(settings.deskew, excess(slant)))
    thick = thicken(straightened, box) if settings.thicken else straightened
    return Placed(character, straightened, slant, thick, centred(fitted(thick, box), form, size))


def trimmed(character: Array) -> Array:
    """The box around what can be seen of a character."""
    seen = character > min(TRACE, 0.5 * character.max())
    rows, columns = (np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0))
    return character[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def slanted(character: Array) -> float:
    """How far a character goes across for each pixel down, by its second moments."""
    rows, columns = np.indices(character.shape)
    total = character.sum()
    down = rows - (rows * character).sum() / total
    across = columns - (columns * character).sum() / total
    spread = (down * down * character).sum()
    return float((down * across * character).sum() / spread) if spread > 0 else 0.0


def excess(slant: float) -> float:
    """By how much a slant is beyond what handwriting commonly has."""
    return float(np.sign(slant) * max(0.0, abs(slant) - SLANT))


def upright(character: Array, shear: float) -> Array:
    """A character sheared back, with all the room that it then takes."""
    shear = float(np.clip(shear, -1.5, 1.5))
    if abs(shear) < 0.02:
        return character
    height, width = character.shape
    room = int(np.ceil(abs(shear) * height / 2)) + 1
    # Where a pixel of the new picture was in the old one: in its row, moved by as much as the row is from the middle.
    matrix, start = np.array([[1, 0], [shear, 1]]), (0, -room - shear * (height - 1) / 2)
    moved = ndimage.affine_transform(character, matrix, start, (height, width + 2 * room), order=1)
    return trimmed(np.clip(moved, 0, 1))


def stroke(character: Array) -> float:
    """How wide the strokes are, in pixels: the ink, spread over the length of its skeleton."""
    from skimage import morphology

    solid = character > 0.5
    length = int(morphology.skeletonize(solid).sum())
    return float(solid.sum() / length) if length else 0.0


def thicken(character: Array, box: int) -> Array:
    """A character whose strokes will not vanish when its longer side becomes `box` pixels.

    Only large ones are changed: what has the net's own size already is as it should be.
    """
    longest = max(character.shape)
    if box / longest > NATIVE:
        return character
    width = stroke(character)
    if not 0 < width < THIN * longest:
        return character
    radius = max(1, round((PEN * longest - width) / 2))
    wide = np.pad(character, radius)
    return np.maximum(wide, ndimage.distance_transform_edt(wide <= 0.5) <= radius).astype(np.float32)


def fitted(character: Array, box: int) -> Array:
    """A character scaled so that its longer side has `box` pixels: by the mean of what falls on a pixel, as MNIST's."""
    height, width = character.shape
    scale = box / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return character
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    return np.clip(np.asarray(Image.fromarray(character.astype(np.float32)).resize(size, how)), 0, 1)


def centred(character: Array, form: Layout, size: int) -> Array:
    """A character in the middle of a picture uint8 ``[size, size, 1]``, light on black; nothing of it is cut off."""
    sheet = np.zeros((size, size), np.float32)
    places = [np.arange(side) for side in character.shape]
    total = character.sum()
    starts = []
    for axis, place in enumerate(places):
        weight = character.sum(axis=1 - axis)
        middle = (weight * place).sum() / total if form.mass and total else (len(place) - 1) / 2
        starts.append(int(np.clip(np.floor(form.middle - middle + 0.5), 0, size - len(place))))
    sheet[starts[0] : starts[0] + len(places[0]), starts[1] : starts[1] + len(places[1])] = character
    return np.rint(255 * sheet).astype(np.uint8)[..., None]


def line(strip: Array, shape: tuple[int, int, int], settings: Settings) -> Array:
    """A line of digits float32 ``[h, w]`` in the middle of a picture uint8 of a wide shape (h, w, 1), as `numbers5` is
    composed: digits of 20 pixels in 28."""
    height, width = shape[:2]
    strip = trimmed(strip)
    box = min(height - 2, round(height * LAYOUTS["mnist"].box / 28 * settings.fill))
    scale = min(box / strip.shape[0], (width - 4) / strip.shape[1])
    small = fitted(strip, max(1, round(scale * max(strip.shape))))
    sheet = np.zeros((height, width), np.float32)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    sheet[top : top + small.shape[0], left : left + small.shape[1]] = small
    return np.rint(255 * sheet).astype(np.uint8)[..., None]
