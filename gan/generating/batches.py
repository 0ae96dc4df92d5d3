"""Any number of pictures of an order, piece by piece, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from gan import drawing, inference, latent
from gan.drawing import Drawing, Order
from gan.generating import agreeing

PIECE = 1024  # pictures


class Batch(NamedTuple):
    """Some of an order's pictures."""

    pictures: np.ndarray  # uint8 [k, h, w, c]
    labels: np.ndarray  # int64 [k]
    drawn: int  # how many were drawn for them: more than k where a classifier had to agree


def batches(order: Order, agree: bool = False, size: int = PIECE) -> Iterator[Batch]:
    """The pictures of an order, the very ones that `drawing.draw` gives, `size` at a time. The next ones are drawn
    while these are made use of.

    Args:
        order: of any count.
        agree: only pictures that a classifier reads as their label, others being drawn in place of the rest.

    Raises:
        UserError: as `drawing.draw`, and as `agreeing.agreed`.
    """
    card, labels = inference.card(order.model), drawing.labels_in_turn(order)
    latent.normal(order.seed, 0, card.latent)  # is the seed one?
    stream = np.random.Generator(np.random.Philox(key=order.seed))  # in pieces it gives what it gives at once

    def begin(start: int):
        chosen = labels[start : start + size]
        latents = latent.truncate(stream.standard_normal((len(chosen), card.latent), np.float32), order.truncation)
        return chosen, inference.submit(card.name, latents, drawing.one_hot(card, chosen))

    coming = begin(0)
    try:
        for start in range(0, order.count, size):
            chosen, waiting = coming
            if start + size < order.count:
                coming = begin(start + size)
            pictures, drawn = waiting.result(), len(chosen)
            if agree:
                way = (start, order.seed, order.truncation)
                pictures, drawn = agreeing.agreed(card, pictures, chosen, *way)
            yield Batch(pictures, chosen, drawn)
    finally:
        coming[1].cancel()


def draw(order: Order, agree: bool = False) -> tuple[Drawing, float]:
    """All pictures of an order, and the share of the drawn ones that was kept.

    Raises:
        UserError: as `batches`.
    """
    drawing.check(order)
    parts = list(batches(order, agree))
    pictures = np.concatenate([part.pictures for part in parts])
    share = len(pictures) / sum(part.drawn for part in parts)
    return Drawing(order, pictures, drawing.names_of(order)), share
