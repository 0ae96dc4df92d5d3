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
from typing import Any

import numpy as np

from gan import images, inference, registry
from gan.errors import UserError

TIMES = 4  # how many times larger pictures become, each way
FIRST = "sr4"  # of the models that enlarge: the one that is offered first, and the recipe to train where there is none
TILE = 192  # pixels of the small picture that a tile makes large, at most, each way
ROOM = 2**27  # numbers that one layer may give for a tile, about: 512 MB
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
    check(picture)
    channels = picture.shape[2]
    wanted = card.shape[2]
    if channels == wanted:
        return _tiled(card, picture[None], progress)[0]
    if channels < wanted:
        grey = _tiled(card, np.repeat(picture[None], wanted, axis=-1), progress)[0]
        return np.rint(grey.mean(axis=-1, keepdims=True)).astype(np.uint8)
    return np.moveaxis(_tiled(card, np.moveaxis(picture, -1, 0)[..., None], progress)[..., 0], 0, -1)


def check(picture: Array) -> None:
    """Refuse a picture that is empty or too large to be enlarged.

    Raises:
        UserError: saying how large it may be.
    """
    height, width = picture.shape[:2]
    if not 0 < height * width <= LARGEST:
        raise UserError(
            f"picture: {width} x {height} pixels; 1 to {LARGEST:,} can be enlarged, cut or shrink it first."
        )


def upscalers() -> dict[str, registry.Card]:
    """The models that enlarge, by name: `FIRST` before all others, then as `registry.cards` has them."""
    found = sorted(registry.cards("upscaler"), key=lambda card: card.name != FIRST)
    return {card.name: card for card in found}


def first() -> str:
    """The model that enlarges where nobody chose one.

    Raises:
        UserError: if there is none.
    """
    for name in upscalers():
        return name
    raise UserError(
        f"There is no upscaler yet. Train one (python -m gan train --recipe {FIRST}), then make a model of its run "
        f"(python -m gan promote RUN --name {FIRST})."
    )


def upscaler(model: str) -> registry.Card:
    """The card of a model that enlarges.

    Raises:
        UserError: if it is unknown, damaged or does something else.
    """
    card = registry.card(model)
    if card.kind != "upscaler":
        known = ", ".join(upscalers()) or f"none is there; train recipe {FIRST}"
        raise UserError(f"model: {model} is a {card.kind} and enlarges nothing; upscalers: {known}.")
    return card


def _tiled(card: registry.Card, small: Array, progress: Callable[[float], None] | None) -> Array:
    net, margin, most = _net(card.name, card.digest)
    most = min(TILE, most)
    n, height, width, channels = small.shape
    large = np.empty((n, height * TIMES, width * TIMES, channels), np.uint8)
    tiles = [(down, across) for down in _cuts(height, most) for across in _cuts(width, most)]
    for done, tile in enumerate(tiles, 1):
        seen = [_around(cut, margin, length) for cut, length in zip(tile, (height, width), strict=True)]
        with _LOCK:  # one at a time: more would only take memory
            drawn = net(images.to_model(small[:, seen[0], seen[1]]))
        inner = [_times(cut, around.start) for cut, around in zip(tile, seen, strict=True)]
        down, across = (_times(cut, 0) for cut in tile)
        large[:, down, across] = images.from_model(drawn[:, inner[0], inner[1]])
        if progress:
            progress(done / len(tiles))
    return large


def _around(cut: slice, margin: int, length: int) -> slice:
    """A piece of a length with a margin around it, or more, if that makes it one of the sizes that are used."""
    start, stop = max(0, cut.start - margin), min(length, cut.stop + margin)
    size = min(length, _rounded(stop - start))
    start = min(start, length - size)
    return slice(start, start + size)


def _times(cut: slice, origin: int) -> slice:
    """Where a piece of the small picture lies in the large one that begins at `origin`."""
    return slice(TIMES * (cut.start - origin), TIMES * (cut.stop - origin))


def _cuts(length: int, most: int) -> list[slice]:
    """A length in equal pieces of `most` pixels or less: a narrow last one would cost nearly as much as a whole."""
    count = math.ceil(length / most)
    ends = [length * index // count for index in range(count + 1)]
    return [slice(start, stop) for start, stop in itertools.pairwise(ends)]


@functools.lru_cache(maxsize=2)
def _net(name: str, digest: str) -> tuple[Callable[[Array], Array], int, int]:
    """A net as a function, how many pixels it looks to the side at most, and how large a tile there is `ROOM` for;
    `digest` makes a changed one be loaded.

    It is not compiled: there would be a compilation for each size, and its convolutions are where the time goes.
    """
    inference.prepare()
    import keras

    net = _Bordered(registry.load(name))
    layers = net.net.layers
    margin = sum(layer.kernel_size[0] // 2 for layer in layers if hasattr(layer, "kernel_size"))
    # Nets that work at the large size, as published ones do, take a hundred times the memory of those that do not.
    inside = keras.Model(net.net.inputs, [layer.output for layer in layers])
    shapes = inside.compute_output_shape([(1, 16, 16, net.net.inputs[0].shape[-1])])
    widest = max(math.prod(shape) for shape in shapes) / 16**2  # numbers for a pixel of the small picture
    most = max(32, math.isqrt(int(ROOM / widest)) - 2 * margin)
    return net, margin, most


class _Bordered:
    """A net on pictures of some sizes only (`_rounded`): for each size TensorFlow keeps the plans of its convolutions.

    What a picture lacks is added at its right and bottom. A convolution takes what lies beyond the picture for zero, so
    it is made zero again before each of them; an interpolation repeats the edge, so that is what the picture goes on
    with. Then nothing of what comes out is another: only the order of sums may be.
    """

    def __init__(self, net: Any) -> None:
        self.net = net
        self._picture: tuple[int, int, int] | None = None  # height, width and height with what is added, while it is
        self._masks: dict[int, Array] = {}  # 1 within the picture, 0 beyond, by how much larger than it a layer works
        for layer in net.layers:
            if max(getattr(layer, "kernel_size", (1,))) > 1:
                layer.call = functools.partial(self._convolve, layer.call)

    def __call__(self, small: Array) -> Array:
        """Float ``[n, h, w, c]`` to ``[n, 4h, 4w, c]``. In one thread at a time."""
        height, width = small.shape[1:3]
        high, wide = _rounded(height), _rounded(width)
        self._picture, self._masks = (height, width, high) if (high, wide) != (height, width) else None, {}
        padded = np.pad(small, ((0, 0), (0, high - height), (0, wide - width), (0, 0)), "edge")
        return np.asarray(self.net([padded], training=False))[:, : TIMES * height, : TIMES * width]

    def _convolve(self, call: Callable[..., Any], inputs: Any) -> Any:
        if self._picture is None:  # nothing is added, or only the layers' shapes are asked for
            return call(inputs)
        height, width, high = self._picture
        times = inputs.shape[1] // high
        if times not in self._masks:
            mask = np.zeros((1, *inputs.shape[1:3], 1), np.float32)
            mask[:, : height * times, : width * times] = 1
            self._masks[times] = mask
        return call(inputs * self._masks[times].astype(inputs.dtype.as_numpy_dtype))


def _rounded(length: int) -> int:
    """The next of the sizes that are used: eighths of the powers of two, and eights."""
    step = max(8, 2 ** ((length - 1).bit_length() - 4))
    return math.ceil(length / step) * step


_LOCK = threading.Lock()
