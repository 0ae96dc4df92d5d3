"""DiffAugment (Zhao et al. 2020): what the discriminator sees, real and drawn alike, is changed at random.

With few pictures a discriminator learns them by heart. Changed anew each time, there are more of them; and since drawn
pictures are changed in the same ways, and the changes can be differentiated, the generator learns to draw pictures as
they were before. Written with `keras.ops`, so that any back end compiles it; the random numbers come from outside, so
that a step is the same on all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gan.errors import unknown

Tensor = Any

NONE = "none"
NUMBERS = 7  # random numbers a picture: three of colour, two of translation, two of cutout


def color(images: Tensor, numbers: Tensor) -> Tensor:
    """Brightness moved by up to 0.5 (of the range -1...1), saturation times 0 to 2, contrast times 0.5 to 1.5.

    Args:
        images: ``(n, h, w, c)``.
        numbers: ``(n, 3)``, evenly from 0 to 1.
    """
    from keras import ops

    brightness, saturation, contrast = (ops.reshape(numbers[:, i], (-1, 1, 1, 1)) for i in range(3))
    images = images + (brightness - 0.5)
    grey = ops.mean(images, axis=3, keepdims=True)
    images = (images - grey) * (saturation * 2.0) + grey
    middle = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return (images - middle) * (contrast + 0.5) + middle


def translation(images: Tensor, numbers: Tensor, reach: float = 0.125) -> Tensor:
    """Moved by up to `reach` of its sides, the rest filled with zeros (grey).

    Args:
        images: ``(n, h, w, c)``.
        numbers: ``(n, 2)``, evenly from 0 to 1.
        reach: share of height and width.
    """
    from keras import ops

    # A product with a shifted identity rather than a gather, whose gradient would be a scatter: slow, and on GPUs in
    # an order that differs from run to run.
    height, width = images.shape[1:3]
    down, right = (_shifted(numbers[:, i], size, reach) for i, size in enumerate((height, width)))
    moved = ops.einsum("nij,njwc->niwc", down, images)
    return ops.einsum("nij,nhjc->nhic", right, moved)


def cutout(images: Tensor, numbers: Tensor, size: float = 0.5) -> Tensor:
    """A rectangle of `size` of its sides set to zero (grey); its middle may be anywhere, so it may lie half outside.

    Args:
        images: ``(n, h, w, c)``.
        numbers: ``(n, 2)``, evenly from 0 to 1.
        size: share of height and width.
    """
    from keras import ops

    height, width = images.shape[1:3]
    rows, columns = (_hidden(numbers[:, i], side, size) for i, side in enumerate((height, width)))
    hidden = ops.expand_dims(rows, 2) * ops.expand_dims(columns, 1)
    return images * ops.expand_dims(1.0 - hidden, 3)


CHANGES: dict[str, tuple[Callable[..., Tensor], slice]] = {
    "color": (color, slice(0, 3)),
    "translation": (translation, slice(3, 5)),
    "cutout": (cutout, slice(5, 7)),
}


def policy(text: str) -> tuple[str, ...]:
    """The changes that a setting names: "color, cutout" gives ("color", "cutout"); "none" gives none.

    Raises:
        UserError: for a change that is not in the table.
    """
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if names in ((), (NONE,)):
        return ()
    for name in names:
        if name not in CHANGES:
            raise unknown("diff_augment", name, [*CHANGES, NONE])
    return tuple(name for name in CHANGES if name in names)


def augment(images: Tensor, numbers: Tensor, changes: tuple[str, ...]) -> Tensor:
    """Pictures ``(n, h, w, c)`` changed as `changes` name, with random numbers ``(n, NUMBERS)``, evenly from 0 to 1."""
    for name in changes:
        function, own = CHANGES[name]
        images = function(images, numbers[:, own])
    return images


def _shifted(numbers: Tensor, size: int, reach: float) -> Tensor:
    """For each number the identity ``(size, size)`` moved by whole pixels, from -reach to reach of the size."""
    from keras import ops

    most = int(size * reach + 0.5)
    move = ops.floor(numbers * (2 * most + 1)) - most
    places = ops.arange(size, dtype="float32")
    apart = ops.reshape(places, (1, size, 1)) - ops.reshape(places, (1, 1, size)) - ops.reshape(move, (-1, 1, 1))
    return ops.cast(ops.abs(apart) < 0.5, "float32")


def _hidden(numbers: Tensor, side: int, size: float) -> Tensor:
    """For each number a row ``(side,)`` of ones where the rectangle is, zeros elsewhere."""
    from keras import ops

    length = int(side * size + 0.5)
    start = ops.floor(numbers * (side + (1 - length % 2))) - length // 2
    places = ops.arange(side, dtype="float32")
    along = ops.expand_dims(places, 0) - ops.expand_dims(start, 1)
    return ops.cast((along >= 0) & (along < length), "float32")
