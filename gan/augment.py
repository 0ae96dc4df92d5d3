"""Named, seeded transforms that a recipe may apply to its training pictures.

A transform takes ``uint8 [n, h, w, c]`` and a NumPy generator, and gives pictures of the same shape and type.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gan.errors import unknown


def shift(images: np.ndarray, rng: np.random.Generator, reach: int = 2) -> np.ndarray:
    """Move each picture by up to `reach` pixels each way; what comes in repeats the edge."""
    n, height, width, _ = images.shape
    padded = np.pad(images, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge")
    rows = rng.integers(0, 2 * reach + 1, (n, 1, 1)) + np.arange(height)[None, :, None]
    columns = rng.integers(0, 2 * reach + 1, (n, 1, 1)) + np.arange(width)[None, None, :]
    return padded[np.arange(n)[:, None, None], rows, columns]


AUGMENTATIONS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray] | None] = {
    "none": None,
    "shift": shift,
}


def augmentation(name: str) -> Callable[[np.ndarray, np.random.Generator], np.ndarray] | None:
    """The transform of a name; None for "none".

    Raises:
        UserError: for a name that is not in the table.
    """
    if name not in AUGMENTATIONS:
        raise unknown("augmentation", name, AUGMENTATIONS)
    return AUGMENTATIONS[name]
