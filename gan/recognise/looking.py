"""Where a net looked: what it says when a small part of its picture is hidden (Zeiler and Fergus 2014).

Needs nothing but answers, so it holds for every net. On light ink over black two questions are asked: what if this ink
were paper, and what if this paper were ink? The second one shows what must stay empty, as the gap of a 3, which an 8
has closed. On colour there is no ink, and a part is hidden by the mean colour around it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

Array = np.ndarray

LEAST = 2.0  # log-odds: a net that no hidden part makes doubt by this much looked nowhere in particular


@dataclass(frozen=True, eq=False)
class Looked:
    """How much each place of a picture mattered, float32 ``[h, w]`` in 0…1; `gaps` is None for colour."""

    marks: Array  # what is there, and spoke for the answer
    gaps: Array | None  # what is empty, and had to be


def look(answer: Callable[[Array], Array], picture: Array, label: int) -> Looked:
    """Hide each part of a picture in turn, and see how much less sure the net is of a class.

    Args:
        answer: pictures uint8 ``[n, h, w, c]`` to logits ``[n, k]``.
        picture: uint8 ``[h, w, c]``.
        label: the class.
    """
    height, width, channels = picture.shape
    size = max(3, round(min(height, width) / 6))
    step = max(1, size // 2)
    rows, columns = ([slice(max(0, at), at + size) for at in range(1 - step, side, step)] for side in (height, width))
    patches = list(itertools.product(rows, columns))
    if channels == 1:
        fills = [np.zeros_like(picture), np.full_like(picture, 255)]
    else:
        wide = 2 * size + 1
        fills = [np.stack([ndimage.uniform_filter(picture[..., c], wide) for c in range(channels)], axis=-1)]
    hidden = np.repeat(picture[None], 1 + len(fills) * len(patches), axis=0)
    for index, (fill, patch) in enumerate(((fill, patch) for fill in fills for patch in patches), 1):
        hidden[index][patch] = fill[patch]
    odds = _odds(answer(hidden), label)
    drops = np.maximum(0, odds[0] - odds[1:]).reshape(len(fills), len(patches))
    maps = [_spread(row, patches, (height, width)) for row in drops]
    top = max(LEAST, *(float(found.max()) for found in maps))
    # A map is coarse by as much as a part is large: what is marked is ink, and what is a gap is none.
    shown = [found / top for found in maps]
    if channels == 1:
        inked = picture[..., 0].astype(np.float32) / 255
        shown = [shown[0] * np.minimum(1, 2 * inked), shown[1] * (1 - inked)]
    return Looked(shown[0].astype(np.float32), shown[1].astype(np.float32) if len(shown) > 1 else None)


def _odds(logits: Array, label: int) -> Array:
    """How much speaks for a class against all others, as log-odds: unlike a probability, it never is at its end."""
    others = np.delete(logits, label, axis=1)
    top = others.max(axis=1)
    return logits[:, label] - top - np.log(np.exp(others - top[:, None]).sum(axis=1))


def _spread(drops: Array, patches: list[tuple[slice, slice]], shape: tuple[int, int]) -> Array:
    """The mean drop of all parts that cover a pixel."""
    total, count = np.zeros(shape), np.zeros(shape)
    for drop, patch in zip(drops, patches, strict=True):
        total[patch] += drop
        count[patch] += 1
    return total / np.maximum(count, 1)
