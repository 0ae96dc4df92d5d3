"""Text on pictures: found by a detector, covered by a mask that follows its strokes, painted over.

    cleaned = clean(picture, Settings(method="telea"))

Detector and OpenCV are loaded when they are first used, not when this is imported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gan.cleaning.detector import FLOOR, Found, detect, find
from gan.cleaning.painting import METHODS, paint_over
from gan.cleaning.strokes import mask
from gan.errors import UserError, unknown

__all__ = ["FLOOR", "METHODS", "Cleaned", "Found", "Settings", "clean", "detect", "find", "mask", "paint_over"]

LARGEST_GROWTH = 20


@dataclass(frozen=True)
class Settings:
    """How text is removed.

    Attributes:
        threshold: how sure the detector must be of a box, `FLOOR`…1. Lower finds more text, and more that is none.
        growth: pixels that the mask reaches beyond boxes and strokes, 0…20.
        method: a name of `METHODS`.
        follow_strokes: mask the letters only, where they can be told from what is behind them; else whole boxes.

    Raises:
        UserError: for a value that cannot be, naming the choices.
    """

    threshold: float = 0.3
    growth: int = 2
    method: str = "telea"
    follow_strokes: bool = True

    def __post_init__(self) -> None:
        if not FLOOR <= self.threshold <= 1:
            raise UserError(f"threshold: {self.threshold:g} is out of range; {FLOOR:g} to 1 work.")
        if self.growth != int(self.growth) or not 0 <= self.growth <= LARGEST_GROWTH:
            raise UserError(f"growth: {self.growth:g} pixels are out of range; 0 to {LARGEST_GROWTH} work.")
        if self.method not in METHODS:
            raise unknown("method", self.method, METHODS)


@dataclass(frozen=True, eq=False)
class Cleaned:
    """A picture without its text, and what was taken for text."""

    image: np.ndarray  # uint8 [h, w, c], as the original
    mask: np.ndarray  # bool [h, w], what was painted over
    boxes: np.ndarray  # float32 [n, 4, 2], corners (x, y) clockwise


def clean(image: np.ndarray, settings: Settings | None = None, found: Found | None = None) -> Cleaned:
    """Remove the text from a picture.

    Args:
        image: uint8 ``[h, w, 1 or 3]``; it is not changed.
        settings: how; by default as `Settings` says.
        found: what `detect` found on this picture, if that is known already.

    Raises:
        UserError: if the method cannot paint so much over.
    """
    settings = settings or Settings()
    boxes = (found or detect(image)).above(settings.threshold)
    covered = mask(image, boxes, settings.growth, settings.follow_strokes)
    return Cleaned(paint_over(image, covered, settings.method), covered, boxes)
