"""What can be said about a data set at a glance: where its pictures stand, counts, means and spreads, histograms."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

import numpy as np

from gan import images as pictures
from gan.datasets.records import Split

BUDGET = 128 << 20  # bytes of pictures looked at for means and spreads
PIECE = 8 << 20  # bytes of pictures turned into sums at a time

# What an attribute should be: one of these words; words that hold this; a number in this range, ends included.
Wanted = tuple[str, ...] | str | tuple[float, float]


def matching(split: Split, classes: Collection[int] = (), wanted: Mapping[str, Wanted] | None = None) -> np.ndarray:
    """Where the pictures stand that are of some classes (any, if none are named) and have some attributes.

    Args:
        split: what is searched.
        classes: places in the source's class names.
        wanted: for columns of the split's attributes what they should be; other columns may be anything.

    Returns:
        int64 ``[m]``, ascending.
    """
    keep = np.isin(split.labels, list(classes)) if classes else None
    for name, want in (wanted or {}).items():
        column = split.attributes[name]
        if isinstance(want, str):
            here = np.char.find(np.char.lower(np.asarray(column, str)), want.lower()) >= 0
        elif want and not isinstance(want[0], str):
            here = (column >= want[0]) & (column <= want[1])  # never so for NaN
        else:
            here = np.isin(column, want)
        keep = here if keep is None else keep & here
    return np.arange(len(split)) if keep is None else np.flatnonzero(keep)


def words(column: np.ndarray) -> dict[str, int]:
    """How often each word of a column occurs, the most frequent first."""
    values, counts = np.unique(column, return_counts=True)
    order = np.lexsort((values, -counts))
    return {str(values[place]): int(counts[place]) for place in order}


def numeric(column: np.ndarray) -> bool:
    """Whether a column of attributes holds numbers, not words."""
    return column.dtype.kind == "f"


def class_counts(labels: np.ndarray, classes: int) -> np.ndarray:
    """How many pictures each of `classes` classes has: int64 ``[classes]``."""
    return np.bincount(labels, minlength=classes)


def class_moments(
    images: np.ndarray, labels: np.ndarray, classes: int, side: int = 64, seed: int = 1
) -> tuple[np.ndarray, np.ndarray, int]:
    """The mean picture of each class, and the standard deviation of each of its pixels.

    Of classes that are too large to be read at once, a seeded sample is taken.

    Args:
        images: uint8 ``[n, h, w, c]``, of any length: it is read in pieces.
        labels: int ``[n]``.
        classes: how many classes there are.
        side: larger pictures are shrunk to about this.
        seed: decides the sample.

    Returns:
        Means and deviations, both uint8 ``[classes, h', w', c]``, black where a class has no pictures; and how many
        pictures of a class were looked at at most.
    """
    factor = max(1, math.ceil(max(images.shape[1:3]) / side))
    shape = pictures.shrink(images[:1], factor).shape[1:]
    means, deviations = np.zeros((classes, *shape)), np.zeros((classes, *shape))
    size = math.prod(images.shape[1:])
    most, rows = max(1, BUDGET // size // classes), max(1, PIECE // size)
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(class_counts(labels, classes))
    rng = np.random.default_rng(seed)
    seen = 0
    for k, end in enumerate(ends):
        members = order[ends[k - 1] if k else 0 : end]
        if len(members) > most:
            members = np.sort(rng.choice(members, most, replace=False))
        seen = max(seen, len(members))
        total, squares = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
        for start in range(0, len(members), rows):
            batch = pictures.shrink(images[members[start : start + rows]], factor).astype(np.uint32)
            total += batch.sum(axis=0, dtype=np.uint64)
            squares += np.square(batch).sum(axis=0, dtype=np.uint64)
        if len(members):
            means[k] = total / len(members)
            deviations[k] = np.sqrt(np.maximum(squares / len(members) - means[k] ** 2, 0))
    return np.rint(means).astype(np.uint8), np.rint(deviations).astype(np.uint8), seen


def pixel_histogram(image: np.ndarray, bins: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """How many values of a picture (uint8, any shape) fall into each of `bins` equal ranges of 0…255.

    Returns:
        The lower end of each range, and the counts: both int64 ``[bins]``.
    """
    counts, edges = np.histogram(image, bins=bins, range=(0, 256))
    return edges[:-1].astype(np.int64), counts
