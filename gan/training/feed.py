"""Batches as a pure function of the step: no iterator has a state that a checkpoint would have to keep."""

from __future__ import annotations

import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from gan.augment import augmentation
from gan.errors import UserError

# Streams of random numbers that must not coincide for the same seed and step.
ORDER, LATENT, AUGMENT, NOISE = 1, 2, 3, 4

Batch = tuple[np.ndarray, np.ndarray]  # uint8 [n, h, w, c], int64 [n]


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
        # Two epochs, for batches may be asked for ahead.
        self._order = functools.lru_cache(2)(lambda epoch: generator(seed, ORDER, epoch).permutation(len(images)))

    def __call__(self, step: int) -> Batch:
        """The batch of a step: uint8 ``[n, h, w, c]`` and int64 ``[n]``. May be called from several threads."""
        epoch, index = divmod(step, len(self.images) // self.batch)
        rows = self._order(epoch)[index * self.batch : (index + 1) * self.batch]
        images = np.asarray(self.images[rows])
        if self.augment:
            images = self.augment(images, generator(self.seed, AUGMENT, step))
        return images, np.asarray(self.labels[rows])


class Ahead:
    """The same batches, prepared in the background while the steps before them are learnt from.

    Threads are enough: the device's work and most of an augmentation's run without holding up Python. They end with
    the process, however it ends.

    Args:
        feed: gives the batch of a step.
        steps: there are none from this one on.
        threads: how many prepare; as many batches and one more are held ready.
    """

    def __init__(self, feed: Callable[[int], Batch], steps: int, threads: int) -> None:
        self.feed, self.steps, self.reach = feed, steps, threads + 1
        self._pool = ThreadPoolExecutor(threads, "feed")
        self._coming: dict[int, Future[Batch]] = {}

    def __call__(self, step: int) -> Batch:
        """The batch of a step. Steps are best asked for in order; any other works as well.

        Raises:
            what the feed raised for it.
        """
        batch = self._coming.pop(step, None) or self._pool.submit(self.feed, step)
        wanted = range(step + 1, min(step + 1 + self.reach, self.steps))
        for other in self._coming.keys() - wanted:
            self._coming.pop(other).cancel()
        for coming in wanted:
            if coming not in self._coming:
                self._coming[coming] = self._pool.submit(self.feed, coming)
        return batch.result()

    def close(self) -> None:
        """Prepare no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
