"""Batches as a pure function of the step: no iterator has a state that a checkpoint would have to keep."""

from __future__ import annotations

import numpy as np

from gan.augment import augmentation
from gan.errors import UserError

# Streams of random numbers that must not coincide for the same seed and step.
ORDER, LATENT, AUGMENT = 1, 2, 3


def generator(seed: int, stream: int, index: int) -> np.random.Generator:
    """NumPy's generator for one purpose at one step; the same on every machine."""
    return np.random.Generator(np.random.Philox(key=np.array([seed * 8 + stream, index], np.uint64)))


class Feed:
    """Training batches: the data in an order drawn anew each epoch, the last incomplete batch left out.

    Raises:
        UserError: when a batch asks for more pictures than there are.
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray, batch: int, seed: int, augment: str = "none") -> None:
        if batch > len(images):
            raise UserError(f"batch: {batch} pictures a step, but the data set has only {len(images)}.")
        self.images, self.labels, self.batch, self.seed = images, labels, batch, seed
        self.augment = augmentation(augment)
        self._epoch, self._order = -1, np.zeros(0, np.int64)

    def __call__(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """The batch of a step: uint8 ``[n, h, w, c]`` and int64 ``[n]``."""
        epoch, index = divmod(step, len(self.images) // self.batch)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, generator(self.seed, ORDER, epoch).permutation(len(self.images))
        rows = self._order[index * self.batch : (index + 1) * self.batch]
        images = np.asarray(self.images[rows])
        if self.augment:
            images = self.augment(images, generator(self.seed, AUGMENT, step))
        return images, np.asarray(self.labels[rows])
