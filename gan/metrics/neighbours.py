"""Nearest neighbours in blocks of single-precision matrix products, and precision and recall that rest on them.

Points are float (n, d), or pictures [n, h, w, c] of any type, taken as points. Distances of 10,000 to 10,000 pass by in
blocks of 40 MB instead of filling 400.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gan.metrics import undefined

Array = np.ndarray

BLOCK = 1000  # queries at a time
POOL = 10_000  # points to choose from at a time: a whole training set need not become floats at once
NEIGHBOURS = 3  # of the paper on precision and recall


def nearest(queries: Array, pool: Array, count: int = 1) -> tuple[Array, Array]:
    """The `count` points of `pool` nearest to each query, nearest first.

    Returns:
        Indices int64 (n, count) into the pool, and Euclidean distances float64 (n, count).

    Raises:
        UserError: if the pool has fewer than `count` points.
    """
    if len(pool) < count:
        raise undefined("The nearest neighbour", f"{count} are wanted and there are {len(pool)} to choose from")
    queries = _points(queries)
    indices, distances = [], []
    for start in range(0, len(pool), POOL):
        part = _points(pool[start : start + POOL])
        found = np.concatenate([_smallest(block, min(count, len(part))) for block in _blocks(queries, part)])
        # The products have rounding errors: what was found is measured once more.
        exact = [np.linalg.norm(queries - part[column], axis=1) for column in found.T]
        indices.append(found + start)
        distances.append(np.stack(exact, axis=1).astype(np.float64))
    every, far = np.concatenate(indices, axis=1), np.concatenate(distances, axis=1)
    order = far.argsort(axis=1, kind="stable")[:, :count]
    return np.take_along_axis(every, order, 1), np.take_along_axis(far, order, 1)


def radii(features: Array, neighbours: int = NEIGHBOURS) -> Array:
    """Squared distance of each point to its third-nearest fellow: float32 (n,).

    Raises:
        UserError: if there are not that many others.
    """
    if len(features) <= neighbours:
        raise undefined(
            "The neighbourhood",
            f"each picture needs {neighbours} others around it and there are {len(features)} in all",
        )
    points = _points(features)
    # The point itself comes first, at distance zero.
    parts = [np.partition(block, neighbours, axis=1)[:, neighbours] for block in _blocks(points, points)]
    return np.concatenate(parts)


def coverage(points: Array, centres: Array, squared_radii: Array) -> float:
    """Share (0…1) of `points` that lie in the ball around at least one of `centres`.

    Of generated points in real balls it is precision; of real points in generated balls, recall (Kynkäänniemi et al.,
    2019): ``precision = coverage(fake, real, radii(real))``, ``recall = coverage(real, fake, radii(fake))``.
    """
    inside = [(block <= squared_radii).any(axis=1) for block in _blocks(_points(points), _points(centres))]
    return float(np.mean(np.concatenate(inside)))


def _points(array: Array) -> Array:
    return np.asarray(array, np.float32).reshape(len(array), -1)


def _blocks(queries: Array, pool: Array) -> Iterator[Array]:
    """Squared distances of some queries to the whole pool, float32 (at most BLOCK, m), until all had their turn."""
    centre = pool.mean(axis=0)  # distances do not change, and small numbers cancel less
    pool = pool - centre
    squares = np.einsum("ij,ij->i", pool, pool)
    for start in range(0, len(queries), BLOCK):
        some = queries[start : start + BLOCK] - centre
        block = some @ pool.T
        block *= -2
        block += squares
        block += np.einsum("ij,ij->i", some, some)[:, None]
        yield np.maximum(block, 0, out=block)


def _smallest(block: Array, count: int) -> Array:
    if count == 1:
        return block.argmin(axis=1)[:, None]
    return np.argpartition(block, count - 1, axis=1)[:, :count]
