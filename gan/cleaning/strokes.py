"""From boxes to a mask: the strokes of the letters where they can be told from the ground, else the whole box.

A box is compared with the ring around it, which shows the ground. Colours that the box has and the ring has not are
the letters'. Where that tells nothing (the ring has the letters' colour too, or the box has too many colours), the
ground is what a median as wide as the letters are high leaves of the picture, and letters are what stands out from it.
Painting over strokes keeps what is between the letters; painting over whole boxes smears.
"""

from __future__ import annotations

import numpy as np

PAD = 0.05  # letters reach this far out of their box, in heights of the box
RING = 0.5  # as far beyond, the ground is looked at
COLOURS = 8
SAMPLE = 20_000  # pixels are enough to find the colours
OWN = 0.85  # a colour is the letters' if so much of it lies in the box, box and ring counting alike
COLOUR_COVER, COLOUR_LEAK = (0.08, 0.7), 0.1  # shares of a box that letters fill; share of the ring with their colours
WINDOW = 1.2  # of the median, in heights of the box
STANDS_OUT = (0.7, 12.0)  # part of Otsu's threshold, and least distance in L*a*b* (0…255)
GROUND_COVER, GROUND_LEAK = (0.03, 0.7), 0.15  # as above, for what stands out from the median


def mask(image: np.ndarray, boxes: np.ndarray, growth: int = 2, follow_strokes: bool = True) -> np.ndarray:
    """What to paint over.

    Args:
        image: uint8 ``[h, w, 1 or 3]``.
        boxes: ``[n, 4, 2]``, corners (x, y) of text.
        growth: pixels that the mask reaches beyond boxes and strokes.
        follow_strokes: cover the letters alone, where they can be told from what is behind them.

    Returns:
        bool ``[h, w]``.
    """
    import cv2

    shape = image.shape[:2]
    covered = np.zeros(shape, bool)
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4, 2)
    if not follow_strokes:
        for box in boxes:
            covered |= _inside(shape, _grown(box, growth))
        return covered
    lab = cv2.cvtColor(np.ascontiguousarray(np.broadcast_to(image, (*shape, 3))), cv2.COLOR_RGB2LAB)
    texts = np.zeros(shape, bool)
    for box in boxes:
        texts |= _inside(shape, _grown(box, growth))
    for box in boxes:
        height = _height(box)
        reach = growth + PAD * height
        window = _window(shape, _grown(box, reach + RING * height + 2 + growth))
        local = (covered[window].shape, np.array([window[1].start, window[0].start], np.float32))
        area = _inside(local[0], _grown(box, reach) - local[1])
        ring = _inside(local[0], _grown(box, reach + RING * height + 2) - local[1]) & ~area & ~texts[window]
        strokes = _by_colour(lab[window], area, ring)
        if strokes is None:
            strokes = _by_ground(lab[window], area, ring, height)
        if strokes is None:
            covered[window] |= area
        else:
            limit = _inside(local[0], _grown(box, reach + growth) - local[1])
            covered[window] |= _dilated(strokes, growth) & limit
    return covered


def _by_colour(lab: np.ndarray, area: np.ndarray, ring: np.ndarray) -> np.ndarray | None:
    """Pixels of the area in colours that the ring around it has not; None where colours do not tell."""
    import cv2

    looked = area | ring
    pixels, inside = lab[looked].astype(np.float32), area[looked]
    if inside.sum() < COLOURS or (~inside).sum() < COLOURS:
        return None
    cv2.setRNGSeed(1)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    sample = np.ascontiguousarray(pixels[:: -(-len(pixels) // SAMPLE)])
    _, _, centres = cv2.kmeans(sample, COLOURS, None, ends, 2, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    nearest = ((centres**2).sum(1) - 2 * pixels @ centres.T).argmin(1)
    within = np.bincount(nearest[inside], minlength=COLOURS) / inside.sum()
    around = np.bincount(nearest[~inside], minlength=COLOURS) / (~inside).sum()
    letters = within > OWN * (within + around)
    if not COLOUR_COVER[0] < within[letters].sum() < COLOUR_COVER[1] or around[letters].sum() > COLOUR_LEAK:
        return None
    strokes = np.zeros(area.shape, bool)
    strokes[looked] = letters[nearest] & inside
    return strokes


def _by_ground(lab: np.ndarray, area: np.ndarray, ring: np.ndarray, height: float) -> np.ndarray | None:
    """Pixels of the area that stand out from the smooth ground; None where the ground itself is not smooth."""
    import cv2
    from skimage.filters import threshold_otsu

    if not ring.any() or not area.any():
        return None
    side = min(255, max(3, int(WINDOW * height) | 1))
    ground = np.stack([cv2.medianBlur(np.ascontiguousarray(lab[..., k]), side) for k in range(3)], -1)
    distance = np.linalg.norm(lab.astype(np.float32) - ground, axis=-1)
    if not distance[area].max() > STANDS_OUT[1]:
        return None
    strokes = distance > max(STANDS_OUT[0] * threshold_otsu(distance[area]), STANDS_OUT[1])
    if not GROUND_COVER[0] < strokes[area].mean() < GROUND_COVER[1] or strokes[ring].mean() > GROUND_LEAK:
        return None
    return strokes & area


def _height(box: np.ndarray) -> float:
    """The shorter side of a box: how high its letters are."""
    return float(min(np.linalg.norm(box[1] - box[0]), np.linalg.norm(box[2] - box[1])))


def _grown(box: np.ndarray, pixels: float) -> np.ndarray:
    """The rectangle around a box, so many pixels larger on each side."""
    import cv2

    centre, (width, height), angle = cv2.minAreaRect(box)
    return cv2.boxPoints((centre, (width + 2 * pixels, height + 2 * pixels), angle))


def _inside(shape: tuple[int, ...], box: np.ndarray) -> np.ndarray:
    import cv2

    filled = np.zeros(shape, np.uint8)
    cv2.fillPoly(filled, [np.rint(box).astype(np.int32)], 1)
    return filled.astype(bool)


def _window(shape: tuple[int, ...], box: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns of the picture that a box reaches into."""
    low = np.clip(np.floor(box.min(0)), 0, [shape[1] - 1, shape[0] - 1]).astype(int)
    high = np.clip(np.ceil(box.max(0)) + 1, 1, [shape[1], shape[0]]).astype(int)
    return slice(low[1], high[1]), slice(low[0], high[0])


def _dilated(strokes: np.ndarray, pixels: int) -> np.ndarray:
    import cv2

    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1))
    return cv2.dilate(strokes.astype(np.uint8), disc).astype(bool)
