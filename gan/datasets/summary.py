"""What can be said about a data set at a glance: where its classes stand, counts, means, histograms."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np

CHUNK = 4096  # pictures turned into floats at a time


def positions(labels: np.ndarray, classes: Collection[int] = ()) -> np.ndarray:
    """Where the pictures of some classes stand (of all, if none are named), in order: int64 ``[m]``."""
    return np.flatnonzero(np.isin(labels, list(classes))) if classes else np.arange(len(labels))


def class_counts(labels: np.ndarray, classes: int) -> np.ndarray:
    """How many pictures each of `classes` classes has: int64 ``[classes]``."""
    return np.bincount(labels, minlength=classes)


def class_means(images: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """The mean picture of each class.

    Args:
        images: uint8 ``[n, h, w, c]``, of any length: it is read in pieces.
        labels: int ``[n]``.
        classes: how many classes there are.

    Returns:
        uint8 ``[classes, h, w, c]``; black where a class has no pictures.
    """
    shape = images.shape[1:]
    sums = np.zeros((classes, math.prod(shape)), np.float64)
    for start in range(0, len(labels), CHUNK):
        members = (labels[start : start + CHUNK] == np.arange(classes)[:, None]).astype(np.float32)
        # Sums of at most 4096 values of at most 255 are exact in float32.
        sums += members @ images[start : start + CHUNK].reshape(members.shape[1], -1).astype(np.float32)
    counts = np.maximum(class_counts(labels, classes), 1)
    return np.rint(sums / counts[:, None]).astype(np.uint8).reshape(classes, *shape)


def pixel_histogram(image: np.ndarray, bins: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """How many values of a picture (uint8, any shape) fall into each of `bins` equal ranges of 0…255.

    Returns:
        The lower end of each range, and the counts: both int64 ``[bins]``.
    """
    counts, edges = np.histogram(image, bins=bins, range=(0, 256))
    return edges[:-1].astype(np.int64), counts
