"""Telling training pictures from test pictures where the publisher has not: a seeded, stratified share.

Every picture gets a place between 0 and 1. Those placed below the share are for training. Places do not depend on the
share, so pictures stored in the order of their places are split anew by moving one boundary.
"""

from __future__ import annotations

import numpy as np

from gan.errors import UserError

LOWEST, HIGHEST = 0.05, 0.95


def check(share: float) -> None:
    """Whether a share leaves something on both sides.

    Raises:
        UserError: if it does not.
    """
    if not LOWEST <= share <= HIGHEST:  # written so that NaN is refused too
        raise UserError(f"share: {share!r} is out of range; {LOWEST} to {HIGHEST} of the pictures can be for training.")


def places(labels: np.ndarray, groups: np.ndarray | None = None, seed: int = 1) -> np.ndarray:
    """Where each picture stands in the order that a share is cut from.

    A picture stands at its quantile among those of its class, so that each class is split alike and the single
    picture of a class is for training. With `groups`, pictures of one group share one place, so that no group is torn
    apart (glyphs of one font, say).

    Args:
        labels: int ``[n]``.
        groups: int or str ``[n]``; None, or one group only, places each picture by itself.
        seed: decides the order.

    Returns:
        float64 ``[n]``, above 0 and below 1; equal only within a group.
    """
    rng = np.random.default_rng(seed)
    if groups is not None:
        _, index, sizes = np.unique(groups, return_inverse=True, return_counts=True)
        if len(sizes) > 1:
            order = rng.permutation(len(sizes))
            middles = np.empty(len(sizes))
            middles[order] = np.cumsum(sizes[order]) - sizes[order] / 2
            return middles[index] / len(groups)
    shuffled = rng.permutation(len(labels))
    by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
    sorted_labels = labels[by_class]
    sizes = np.bincount(labels)[sorted_labels]
    rank = np.arange(len(labels)) - np.searchsorted(sorted_labels, sorted_labels, side="left")
    found = np.empty(len(labels))
    found[by_class] = (rank + 0.5) / sizes
    return found + rng.random(len(labels)) * 1e-9  # classes of one size would tie


def cut(sorted_places: np.ndarray, share: float) -> int:
    """How many of the pictures, in the order of their places, are for training.

    At least one group (or picture) is left on either side, where there are two.

    Args:
        sorted_places: float64 ``[n]``, ascending.
        share: 0…1.
    """
    first, last = sorted_places[0], sorted_places[-1]
    low, high = np.searchsorted(sorted_places, first, "right"), np.searchsorted(sorted_places, last, "left")
    return int(np.clip(np.searchsorted(sorted_places, share), low, max(low, high)))
