"""Does a model draw, or does it hand out its training pictures?"""

from __future__ import annotations

import numpy as np

from gan.datasets import Split
from gan.errors import UserError
from gan.metrics import references
from gan.metrics.features import FeatureFunction, Tick
from gan.metrics.neighbours import nearest

Array = np.ndarray


def copying_share(samples: Array, training: Array, held_out: Array) -> float:
    """Share (0…1) of samples nearer to a training picture than to any held-out one; ties count half.

    A model that has learned what its pictures have in common is as near to those it never saw: 0.5. Copies give 1.

    Args:
        samples: what to test; pictures [n, h, w, c] or features (n, d), as the other two.
        training: some of what the model was trained on.
        held_out: as many that it never saw, chosen in the same way.

    Raises:
        UserError: if the two are not equally many, which alone would tip the balance.
    """
    if len(training) != len(held_out):
        raise UserError(
            f"Copying compares equally many training and held-out pictures, not {len(training):,} and "
            f"{len(held_out):,}; take {min(len(training), len(held_out)):,} of each."
        )
    seen, unseen = (nearest(samples, pool)[1][:, 0] for pool in (training, held_out))
    return float(np.mean(seen < unseen) + np.mean(seen == unseen) / 2)


def nearest_pictures(
    images: Array, split: Split, net: FeatureFunction, count: int = 5, tick: Tick | None = None
) -> dict[str, tuple[Array, Array]]:
    """The pictures of a split most like each of `images`, by pixels and by features.

    Args:
        images: uint8 [n, h, w, c].
        split: where to look; usually the training pictures. Their features are kept in the cache.
        net: what to compare features in.
        count: how many to find for each.
        tick: told how far the features of the split are.

    Returns:
        ``{"pixels": (indices, distances), "features": (indices, distances)}``: int64 (n, count) into the split,
        nearest first, and Euclidean distances float64 (n, count), of pixels from 0 to 255 and of features.

    Raises:
        UserError: for pictures of another size, or a split of fewer than `count`.
    """
    features, _ = net(images)
    known = references.of_split(split, net, 0, len(split), tick)
    order = references.order(split)
    found = {"pixels": nearest(images, known.images, count), "features": nearest(features, known.features, count)}
    return {space: (order[indices], distances) for space, (indices, distances) in found.items()}
