"""How far apart a trained net finds two pictures, at several depths.

The distance of Zhang et al. 2018 ("The unreasonable effectiveness of deep features as a perceptual metric": LPIPS)
without its learned weights, in a small net of ours in place of VGG: features are brought to unit length at each
position, their squared differences summed over channels, averaged over positions, and summed over depths. It prefers
what is sharp in the right way to what is soft and nearer by pixels. Compare only figures measured in the same net.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from gan import images as pictures
from gan import registry
from gan.errors import UserError
from gan.models import features

Array = np.ndarray

NET = "street_cnn"  # ships, sees colour, and no recipe of super-resolution learns from it


def distance(first: Array, second: Array, net: str = NET) -> Array:
    """Perceptual distance of pairs of uint8 pictures [n, h, w, c], any size: float64 (n,), 0 for equal ones.

    Args:
        first, second: the pictures; grey ones are repeated to three channels where the net sees colour.
        net: a classifier of the registry, built as `gan.models.classifier.build_cnn` does.

    Raises:
        UserError: for sets of different sizes, or a net that is missing, damaged, or no such classifier.
    """
    if first.shape != second.shape:
        raise UserError(f"The two sets differ in size: {list(first.shape)} and {list(second.shape)}.")
    look, channels = _opened(net, registry.card(net).digest)
    maps = [look(pictures.to_model(_as_seen(part, channels))) for part in (first, second)]
    return sum((_apart(a, b) for a, b in zip(*maps, strict=True)), np.zeros(len(first)))


def _as_seen(images: Array, channels: int) -> Array:
    if images.shape[-1] == channels:
        return images
    if images.shape[-1] > channels:
        raise UserError("These pictures are in colour, and the net sees grey; choose one that sees colour.")
    return np.repeat(images, channels, axis=-1)


def _apart(first: Array, second: Array) -> Array:
    """Feature maps (n, h, w, c): the mean over positions of the squared difference of unit vectors, (n,)."""
    a, b = (part / np.maximum(np.linalg.norm(part, axis=-1, keepdims=True), 1e-6) for part in (first, second))
    return np.square(a - b).sum(axis=-1).mean(axis=(1, 2), dtype=np.float64)


@functools.lru_cache(maxsize=2)
def _opened(name: str, digest: str) -> tuple[Callable[[Array], list[Array]], int]:
    """A net's feature maps as a function of pictures in -1…1, and how many channels it sees."""
    import keras

    card = registry.card(name)
    if card.model != features.FAMILY:
        raise UserError(
            f"{name} cannot look at pictures of any size; choose a classifier of {features.FAMILY}'s family."
        )
    channels = card.shape[2]
    net = features.folded(name, registry.load(name), (None, None, channels), keras.DTypePolicy("float32"))
    return lambda images: [np.asarray(found) for found in net(images, training=False)], channels
