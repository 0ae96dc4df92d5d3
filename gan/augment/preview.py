"""A few pictures before and after: what a person looks at while making a plan."""

from __future__ import annotations

import numpy as np

from gan.augment.plan import Plan


def preview(
    images: np.ndarray, labels: np.ndarray, plan: Plan, seed: int, count: int, copies: int
) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of as many different classes as there is room for, each with changed copies.

    Args:
        images: uint8 ``[n, h, w, c]``, n >= 1.
        labels: int ``[n]``.
        plan: how they are changed.
        seed: decides which pictures, and the changes.
        count: how many pictures, at most.
        copies: how many changed copies of each.

    Returns:
        uint8 ``[k, 1 + copies, h, w, c]``, each as it is and then changed; labels ``[k]``.
    """
    rng = np.random.default_rng(seed)
    classes = np.unique(labels)
    if len(classes) > 1:
        chosen = np.sort(rng.choice(classes, min(count, len(classes)), replace=False))
        places = [rng.choice(np.flatnonzero(labels == label)) for label in chosen]
    else:
        places = list(rng.choice(len(images), min(count, len(images)), replace=False))
    before = np.stack([images[place] for place in places])
    after = [plan(before, np.random.default_rng([seed, copy])) for copy in range(copies)]
    return np.stack([before, *after], axis=1), np.asarray(labels)[places]
