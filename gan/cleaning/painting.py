"""Filling what the mask covers from what is around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gan.errors import UserError, unknown

RADIUS = 3  # pixels around a hole that its filling is drawn from
MOST_BIHARMONIC = 400_000  # pixels: one equation each


@dataclass(frozen=True)
class Method:
    """A way to fill holes."""

    title: str
    help: str
    paint: Callable[[np.ndarray, np.ndarray], np.ndarray]  # uint8 [h, w, c] and bool [h, w] to uint8 [h, w, c]


def paint_over(image: np.ndarray, mask: np.ndarray, method: str = "telea") -> np.ndarray:
    """A picture uint8 ``[h, w, 1 or 3]`` with what the mask bool ``[h, w]`` covers filled from around it.

    A mask of all pixels leaves nothing to fill from: the picture comes back as it is.

    Raises:
        UserError: for an unknown method, or more pixels than it can fill.
    """
    if method not in METHODS:
        raise unknown("method", method, METHODS)
    if mask.all() or not mask.any():
        return image.copy()
    return METHODS[method].paint(np.ascontiguousarray(image), mask)


def _opencv(image: np.ndarray, mask: np.ndarray, name: str) -> np.ndarray:
    import cv2

    filled = cv2.inpaint(image, mask.astype(np.uint8), RADIUS, getattr(cv2, name))
    return filled.reshape(image.shape)


def _biharmonic(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    from skimage.restoration import inpaint_biharmonic

    if mask.sum() > MOST_BIHARMONIC:
        raise UserError(
            f"method: biharmonic fills at most {MOST_BIHARMONIC:,} pixels of a picture, and here are {mask.sum():,}; "
            "choose telea or navier-stokes, or shrink the picture."
        )
    filled = inpaint_biharmonic(image, mask, channel_axis=-1, split_into_regions=True)  # float64 0…1
    result = image.copy()
    result[mask] = np.clip(np.rint(filled[mask] * 255), 0, 255).astype(np.uint8)
    return result


METHODS: Mapping[str, Method] = {
    "telea": Method(
        "Telea",
        "From the edge inwards, each pixel a mean of those known around it. Fast, and the calmest.",
        lambda image, mask: _opencv(image, mask, "INPAINT_TELEA"),
    ),
    "navier-stokes": Method(
        "Navier-Stokes",
        "Carries lines of equal brightness on into the hole, as a fluid flows. Fast.",
        lambda image, mask: _opencv(image, mask, "INPAINT_NS"),
    ),
    "biharmonic": Method(
        "Biharmonic",
        "The smoothest surface through the edge of the hole. Best on gradients; slower.",
        _biharmonic,
    ),
}
