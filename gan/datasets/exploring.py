"""How the pictures of a set lie to one another: a projection, the most alike, and those that stand apart.

All of it works on a seeded sample, shrunk to about 16 x 16 pixels and described by its principal components.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gan import images as pictures

Say = Callable[[float, str], None]  # share done (0…1), what is being done; what it raises ends the work

SIDE = 16  # pixels; a side of what is compared
COMPONENTS = 32
PIECE = 8 << 20  # bytes of pictures read at a time
BLOCK = 512  # pictures compared with all others at a time
CHECKED = 20  # candidates compared pixel by pixel for each pair that is asked for


@dataclass(frozen=True)
class Survey:
    """A sample of pictures by their principal components."""

    places: np.ndarray  # int64 [m], ascending: where the pictures stand in the split
    coordinates: np.ndarray  # float32 [m, k], the component that tells most first
    explained: np.ndarray  # float32 [k]: the share of the variance that each component tells


@dataclass(frozen=True)
class Pair:
    """Two pictures that are much alike."""

    one: int
    other: int
    difference: float  # root mean square over all pixels, in grey levels; 0 for the same picture


def survey(images: np.ndarray, most: int, seed: int = 1, say: Say | None = None) -> Survey:
    """Describe a sample of pictures.

    Args:
        images: uint8 ``[n, h, w, c]``, n >= 1, of any length; only the sample is read.
        most: how many pictures at most.
        seed: decides the sample.
        say: told how far it is.
    """
    count = len(images)
    if count > most:
        places = np.sort(np.random.default_rng(seed).choice(count, most, replace=False))
    else:
        places = np.arange(count)
    rows = _rows(images, places, say or (lambda share, text: None))
    rows -= rows.mean(axis=0)
    values, vectors = np.linalg.eigh(rows.T @ rows / len(rows))
    kept = min(COMPONENTS, rows.shape[1])
    values, vectors = np.maximum(values[::-1][:kept], 0), vectors[:, ::-1][:, :kept]
    # Either direction will do; this makes it the same on every machine.
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(kept)])
    variance = max(float(np.square(rows).sum() / len(rows)), 1e-9)
    return Survey(places, (rows @ vectors).astype(np.float32), (values / variance).astype(np.float32))


def alike(images: np.ndarray, found: Survey, most: int = 24, say: Say | None = None) -> list[Pair]:
    """The pairs of the sample that differ least, the most alike first.

    Nearest neighbours among the components are the candidates; the best of them are compared pixel by pixel.
    """
    say = say or (lambda share, text: None)
    points = found.coordinates
    count = len(points)
    if count < 2:
        return []
    lengths = np.square(points).sum(axis=1)
    nearest, distance = np.zeros(count, np.int64), np.zeros(count, np.float32)
    for start in range(0, count, BLOCK):
        say(0.9 * start / count, f"{start:,} of {count:,} pictures compared")
        block = slice(start, start + BLOCK)
        apart = lengths[None] - 2 * points[block] @ points.T
        rows = np.arange(len(apart))
        apart[rows, start + rows] = np.inf
        nearest[block] = apart.argmin(axis=1)
        distance[block] = apart[rows, nearest[block]] + lengths[block]
    pairs = np.sort(np.stack([np.arange(count), nearest], axis=1), axis=1)
    order = np.argsort(distance, kind="stable")
    candidates = list(dict.fromkeys(map(tuple, pairs[order].tolist())))[: most * CHECKED]
    result = []
    for number, (one, other) in enumerate(candidates):
        if number % 32 == 0:
            say(0.9 + 0.1 * number / len(candidates), "The most alike compared pixel by pixel")
        a, b = int(found.places[one]), int(found.places[other])
        apart = images[a].astype(np.float32) - images[b]
        result.append(Pair(a, b, float(np.sqrt(np.square(apart).mean()))))
    return sorted(result, key=lambda pair: (pair.difference, pair.one))[:most]


def apart(labels: np.ndarray, found: Survey, most: int = 24) -> list[tuple[int, float]]:
    """The pictures of the sample that lie farthest from the mean of their class.

    Args:
        labels: int ``[n]`` of the whole split.
        found: the sample.
        most: how many.

    Returns:
        Where each stands in the split, and how far out it lies as a multiple of what is usual (the median) in its
        class; the farthest first. Classes of fewer than three pictures have no usual.
    """
    own = labels[found.places]
    ratio = np.zeros(len(own), np.float32)
    for k in np.unique(own):
        members = np.flatnonzero(own == k)
        if len(members) < 3:
            continue
        points = found.coordinates[members]
        distance = np.linalg.norm(points - points.mean(axis=0), axis=1)
        ratio[members] = distance / max(float(np.median(distance)), 1e-6)
    order = np.argsort(-ratio, kind="stable")[:most]
    return [(int(found.places[place]), float(ratio[place])) for place in order if ratio[place] > 0]


def _rows(images: np.ndarray, places: np.ndarray, say: Say) -> np.ndarray:
    """The pictures at some places, shrunk, a row each: float32 ``[m, d]``."""
    height, width = images.shape[1:3]
    factor = min(height, width, max(1, math.ceil(math.sqrt(height * width) / SIDE)))
    step = max(1, PIECE // math.prod(images.shape[1:]))
    rows = []
    for start in range(0, len(places), step):
        say(start / len(places), f"{start:,} of {len(places):,} pictures read")
        batch = pictures.shrink(images[places[start : start + step]], factor)
        rows.append(batch.reshape(len(batch), -1).astype(np.float32))
    return np.concatenate(rows)
