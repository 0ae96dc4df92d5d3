"""Pictures of any size made larger by an upscaler.

Large ones go through the net in tiles, each with as much around it as the net looks to the side: what comes out is what
the whole picture would have given, in a bounded amount of memory.
"""

from __future__ import annotations

import functools
import itertools
import math
import threading
from collections.abc import Callable

import numpy as np

from gan import images, inference, registry
from gan.errors import UserError

TIMES = 4  # how many times larger pictures become, each way
TILE = 192  # pixels of the small picture that a tile makes large, at most, each way
LARGEST = 4_000_000  # pixels of a small picture

Array = np.ndarray


def enlarge(model: str, picture: Array, progress: Callable[[float], None] | None = None) -> Array:
    """A picture four times larger each way: uint8 ``[h, w, c]`` to ``[4h, 4w, c]``.

    Args:
        model: an upscaler of the registry.
        picture: grey (c = 1) or colour (c = 3), whatever the model learned from: grey is enlarged as colour and taken
            back, colour by a grey model one channel after the other.
        progress: called with the share done (0…1) after each tile; what it raises cancels.

    Raises:
        UserError: for a model that is unknown, damaged or no upscaler, or a picture that is empty or too large.
    """
    card = upscaler(model)
    height, width, channels = picture.shape
    if not 0 < height * width <= LARGEST:
        raise UserError(
            f"picture: {width} x {height} pixels; 1 to {LARGEST:,} can be enlarged, cut or shrink it first."
        )
    wanted = card.shape[2]
    if channels == wanted:
        return _tiled(card, picture[None], progress)[0]
    if channels < wanted:
        grey = _tiled(card, np.repeat(picture[None], wanted, axis=-1), progress)[0]
        return np.rint(grey.mean(axis=-1, keepdims=True)).astype(np.uint8)
    return np.moveaxis(_tiled(card, np.moveaxis(picture, -1, 0)[..., None], progress)[..., 0], 0, -1)


def upscaler(model: str) -> registry.Card:
    """The card of a model that enlarges.

    Raises:
        UserError: if it is unknown, damaged or does something else.
    """
    card = registry.card(model)
    if card.kind != "upscaler":
        known = ", ".join(entry.name for entry in registry.cards("upscaler")) or "none is there; train recipe sr4"
        raise UserError(f"model: {model} is a {card.kind} and enlarges nothing; upscalers: {known}.")
    return card


def _tiled(card: registry.Card, small: Array, progress: Callable[[float], None] | None) -> Array:
    net, margin = _net(card.name, card.digest)
    n, height, width, channels = small.shape
    large = np.empty((n, height * TIMES, width * TIMES, channels), np.uint8)
    tiles = [(down, across) for down in _cuts(height) for across in _cuts(width)]
    for done, tile in enumerate(tiles, 1):
        seen = [slice(max(0, cut.start - margin), cut.stop + margin) for cut in tile]
        with _LOCK:  # one at a time: more would only take memory
            drawn = net(images.to_model(small[:, seen[0], seen[1]]))
        inner = [_times(cut, around.start) for cut, around in zip(tile, seen, strict=True)]
        down, across = (_times(cut, 0) for cut in tile)
        large[:, down, across] = images.from_model(drawn[:, inner[0], inner[1]])
        if progress:
            progress(done / len(tiles))
    return large


def _times(cut: slice, origin: int) -> slice:
    """Where a piece of the small picture lies in the large one that begins at `origin`."""
    return slice(TIMES * (cut.start - origin), TIMES * (cut.stop - origin))


def _cuts(length: int) -> list[slice]:
    """A length in equal pieces of at most `TILE`: a narrow last one would cost nearly as much as a whole."""
    count = math.ceil(length / TILE)
    ends = [length * index // count for index in range(count + 1)]
    return [slice(start, stop) for start, stop in itertools.pairwise(ends)]


@functools.lru_cache(maxsize=2)
def _net(name: str, digest: str) -> tuple[Callable[[Array], Array], int]:
    """A net as a function, and how many pixels it looks to the side at most; `digest` makes a changed one be loaded.

    It is not compiled: there would be a compilation for each size, and its convolutions are where the time goes.
    """
    inference.prepare()
    net = registry.load(name)
    margin = sum(layer.kernel_size[0] // 2 for layer in net.layers if hasattr(layer, "kernel_size"))
    return lambda small: np.asarray(net([small], training=False)), margin


_LOCK = threading.Lock()
