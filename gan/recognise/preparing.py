"""From a picture of any kind to the ink on it: pure functions on arrays, a step each.

    shown = reduced(cut(picture, settings))
    found = ink(shown, settings)

Paper is estimated as the median around each pixel, so that a shadow is paper too; how far a pixel lies from its paper
is its depth; a threshold on the depth tells ink from paper. `gan.recognise.finding` makes characters of the ink and
`gan.recognise.placing` gives them the form that a net was trained on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from gan.errors import UserError, unknown

INKS = ("automatic", "dark", "light")
NOISE = ("automatic", "none", "median", "bilateral")
THRESHOLDS = ("otsu", "sauvola")
DESKEWS = ("strong", "always", "never")

LONGEST = 1200  # pixels of a side to work on: more would take long and show nothing more of a stroke
SMALL = (
    64  # pixels: a picture whose shorter side has fewer is of a net's own size, and any filter would blur its strokes
)
COARSE = 160  # pixels of a side on which paper is estimated
EVEN = 16  # grey levels that the edge of a picture may vary by and still be one paper
FAINT = 24  # grey levels that ink differs from its paper by, at least
NOISY = 3.0  # standard deviations of noise, in grey levels, from which a picture is smoothed

Array = np.ndarray


@dataclass(frozen=True)
class Settings:
    """How a picture is prepared; every one of them can be left as it is.

    Attributes:
        zoom, across, down: the part of the picture that is looked at: how many times larger it is seen, 1…10, and where
            its middle lies, 0…1 from the left and from the top.
        ink: one of `INKS`: which is ink, the darker or the lighter.
        noise: one of `NOISE`: how noise is taken away.
        threshold: one of `THRESHOLDS`: Otsu's (1979) on the depth of the ink, or Sauvola's (2000), which looks at the
            surroundings of each pixel.
        level: 0.4…1.6: below 1 fainter ink counts too, above 1 only the darkest.
        specks: 0…0.5: what is smaller than this share of the largest piece of ink is dirt.
        deskew: one of `DESKEWS`: whether slanted characters are put upright. "strong": only what is slanted more than
            handwriting commonly is.
        thicken: whether strokes that would become too thin are made thicker.
        fill: 0.6…1.3: how large a character is, beside those that the net was trained on.

    Raises:
        UserError: for a value that cannot be, naming the choices.
    """

    zoom: float = 1.0
    across: float = 0.5
    down: float = 0.5
    ink: str = "automatic"
    noise: str = "automatic"
    threshold: str = "otsu"
    level: float = 1.0
    specks: float = 0.03
    deskew: str = "strong"
    thicken: bool = True
    fill: float = 1.0

    def __post_init__(self) -> None:
        for name, low, high in (
            ("zoom", 1, 10),
            ("across", 0, 1),
            ("down", 0, 1),
            ("level", 0.4, 1.6),
            ("specks", 0, 0.5),
            ("fill", 0.6, 1.3),
        ):
            if not low <= getattr(self, name) <= high:
                raise UserError(f"{name}: {getattr(self, name):g} is out of range; {low:g} to {high:g} works.")
        for name, known in (("ink", INKS), ("noise", NOISE), ("threshold", THRESHOLDS), ("deskew", DESKEWS)):
            if getattr(self, name) not in known:
                raise unknown(name, getattr(self, name), known)


@dataclass(frozen=True, eq=False)
class Ink:
    """What was found to be ink, and how it was found; all arrays ``[h, w]``."""

    grey: Array  # uint8
    smooth: Array  # uint8, without noise
    paper: Array  # uint8, what the paper alone would look like
    dark: bool  # whether ink is darker than its paper
    mask: Array  # bool: where there is ink; nowhere, if nothing stands out
    strength: Array  # float32 0…1: light ink on black paper, the edges of strokes soft


def cut(picture: Array, settings: Settings) -> Array:
    """The part ``[h', w', c]`` of a picture uint8 ``[h, w, c]`` that is to be looked at."""
    top, left, height, width = window(picture.shape, settings)
    return picture[top : top + height, left : left + width]


def window(shape: tuple[int, ...], settings: Settings) -> tuple[int, int, int, int]:
    """Top, left, height and width of what `cut` takes of a picture ``(h, w, …)``; at least one pixel."""
    sides = [max(1, round(side / settings.zoom)) for side in shape[:2]]
    starts = [
        round((side - part) * at)
        for side, part, at in zip(shape, sides, (settings.down, settings.across), strict=False)
    ]
    return starts[0], starts[1], sides[0], sides[1]


def reduced(picture: Array, longest: int = LONGEST) -> Array:
    """A picture uint8 ``[h, w, c]`` with no side longer than `longest`."""
    height, width = picture.shape[:2]
    if max(height, width) <= longest:
        return picture
    scale = longest / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    small = np.asarray(image.resize(size, Image.Resampling.BOX, reducing_gap=2.0))
    return small if small.ndim == 3 else small[..., None]


def grey(picture: Array) -> Array:
    """One plane uint8 ``[h, w]`` of a picture uint8 ``[h, w, c]``: its luminance, unless one colour shows far more."""
    if picture.shape[2] == 1:
        return picture[..., 0]
    luminance = np.asarray(Image.fromarray(picture).convert("L"))
    planes = [luminance, *np.moveaxis(picture, -1, 0)]
    # Yellow on white is nearly as bright as its paper, but in blue it is black.
    contrast = [np.subtract(*np.percentile(plane[::2, ::2], (99, 1))) for plane in planes]
    best = int(np.argmax(contrast))
    return planes[best] if contrast[best] > 2 * contrast[0] + FAINT else luminance


def denoise(plane: Array, how: str = "automatic") -> Array:
    """A plane uint8 ``[h, w]`` without noise; "automatic" takes the median around each pixel where there is any."""
    import cv2

    if how == "automatic":
        sigma = noise(plane)
        if min(plane.shape) < SMALL or sigma < NOISY:
            return plane
        return cv2.medianBlur(plane, 3 if min(plane.shape) < 500 and sigma < 20 else 5)
    if how == "median":
        return cv2.medianBlur(plane, 3)
    return cv2.bilateralFilter(plane, 7, 40, 3) if how == "bilateral" else plane


def noise(plane: Array) -> float:
    """The standard deviation of a plane's noise in grey levels, as in Immerkær 1996; by the median, for strokes are no
    noise."""
    if min(plane.shape) < 3:
        return 0.0
    kernel = np.outer((1, -2, 1), (1, -2, 1))
    return float(np.median(np.abs(ndimage.convolve(plane.astype(np.int16), kernel))) / (6 * 0.6745))


def paper(plane: Array) -> Array:
    """What the paper alone would look like, uint8 ``[h, w]``: one grey where the edge has but one, else a slope of
    light and, on it, the median of a wide window, which keeps the edges of shadows."""
    import cv2

    edge = np.concatenate([plane[0], plane[-1], plane[:, 0], plane[:, -1]])
    low, high = np.percentile(edge, (10, 90))
    if high - low <= EVEN or min(plane.shape) < 8:
        return np.full_like(plane, np.median(edge).astype(np.uint8))
    height, width = plane.shape
    scale = min(1.0, COARSE / max(height, width))
    small = cv2.resize(plane, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else plane
    slope = _slope(small)
    level = np.clip((small - slope) / 2 + 128, 0, 255).astype(np.uint8)  # the fast median takes eight bits
    level = cv2.medianBlur(level, max(3, int(0.7 * min(small.shape))) // 2 * 2 + 1)
    ground = np.clip(slope + 2.0 * level - 255, 0, 255).astype(np.uint8)
    return cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR) if scale < 1 else ground


def settled(ground: Array, dark: bool) -> Array:
    """Paper uint8 ``[h, w]`` beside whose edges nothing passes for ink: where two tones of paper meet, the estimate may
    be off by a pixel of the coarse picture that it was made on."""
    import cv2

    if ground.min() == ground.max():
        return ground
    reach = 2 * int(np.ceil(max(1.0, max(ground.shape) / COARSE))) + 1
    return (cv2.erode if dark else cv2.dilate)(ground, np.ones((reach, reach), np.uint8))


def darker(plane: Array, ground: Array) -> bool:
    """Whether what stands out from the paper is darker than it."""
    difference = plane.astype(np.int16) - ground
    beyond = max(FAINT, 4 * _spread(difference))
    return bool(-difference[difference < -beyond].sum() >= difference[difference > beyond].sum())


def depth(plane: Array, ground: Array, dark: bool) -> Array:
    """How far each pixel lies from its paper, float32 ``[h, w]`` in 0…255. Light falls on ink and paper alike, so dark
    ink is measured as a share of its paper."""
    if dark:
        return 255 * np.maximum(0, ground.astype(np.float32) - plane) / np.maximum(ground, 1)
    return np.maximum(0, plane.astype(np.float32) - ground)


def separate(deep: Array, smooth: Array, ground: Array, dark: bool, settings: Settings) -> Array:
    """Where there is ink, bool ``[h, w]``; nowhere, if nothing stands out from the noise."""
    from skimage import filters

    # Where little light falls, depth makes more of the noise.
    noisy = _spread(smooth.astype(np.int16) - ground) * (255 / np.maximum(ground, 1) if dark else np.ones(deep.shape))
    clear = deep > np.maximum(FAINT, 4 * noisy)
    if not clear.any() or np.percentile(deep[clear] - 5 * noisy[clear], 90) < 0:
        return np.zeros(deep.shape, bool)
    # Otsu's threshold wants ink and paper in like amounts, so it is told of the paper next to the ink alone.
    near = deep[ndimage.binary_dilation(clear, iterations=2)]
    least = np.maximum(FAINT / 2, 3 * noisy)
    if settings.threshold == "otsu":
        level = filters.threshold_otsu(near) if near.min() < near.max() else 0.0
        return deep > np.maximum(least, settings.level * level)
    window = max(15, min(deep.shape) // 4 // 2 * 2 + 1)
    plane = smooth if dark else 255 - smooth
    return (plane < filters.threshold_sauvola(plane, window, k=0.15 * settings.level)) & (deep > least)


def strength(deep: Array, mask: Array) -> Array:
    """How much ink there is, float32 ``[h, w]``: 0 on paper, 1 in the middle of strokes, between at their edges."""
    if not mask.any():
        return np.zeros(deep.shape, np.float32)
    around = ndimage.binary_dilation(mask, np.ones((3, 3), bool))
    return np.where(around, np.clip(deep / np.percentile(deep[mask], 90), 0, 1), 0).astype(np.float32)


def ink(picture: Array, settings: Settings) -> Ink:
    """The ink on a picture uint8 ``[h, w, c]``, by all the steps above."""
    plane = grey(picture)
    smooth = denoise(plane, settings.noise)
    ground = paper(smooth)
    dark = darker(smooth, ground) if settings.ink == "automatic" else settings.ink == "dark"
    ground = settled(ground, dark)
    deep = depth(smooth, ground, dark)
    mask = separate(deep, smooth, ground, dark, settings)
    return Ink(plane, smooth, ground, dark, mask, strength(deep, mask))


def _slope(plane: Array) -> Array:
    """The slope of light across a plane, float64 ``[h, w]``, fitted to what deviates least: ink does not count.

    Near the edge of a picture a median sees one side only, and would take a slope for a step.
    """
    rows, columns = np.indices(plane.shape)
    terms = np.stack([np.ones(plane.size), rows.ravel(), columns.ravel()], axis=1)
    values, near = plane.ravel().astype(np.float64), np.ones(plane.size, bool)
    for _ in range(4):
        fitted = terms @ np.linalg.lstsq(terms[near], values[near], rcond=None)[0]
        off = np.abs(values - fitted)
        near = off <= max(2.0, 2 * float(np.median(off)))
    return fitted.reshape(plane.shape)


def _spread(values: Array) -> float:
    """The standard deviation of noise among values of which most are near zero."""
    return float(1.4826 * np.median(np.abs(values)))
