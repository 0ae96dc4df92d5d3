"""From one label to another with the latent held: the same hand writes a 3 that becomes an 8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gan import drawing, films, images, inference
from gan.errors import UserError

STEPS, ROWS = (2, 60), (1, 8)  # pictures from label to label, latents
MOST = 2_000  # pictures of a strip

Array = np.ndarray


@dataclass(frozen=True)
class Morph:
    """A way through some labels of a model. Between two, the net is told a mixture of both.

    Raises:
        UserError: for a way of fewer than two labels, or of ones that the model does not know; for too many rows.
    """

    model: str
    labels: tuple[int, ...]  # in the order in which they are passed
    seed: int
    rows: int = 1  # latents, each going the same way
    truncation: float = 1.0
    loop: bool = False  # whether the way leads back to the first label

    def __post_init__(self) -> None:
        card = inference.card(self.model)
        if not card.class_names:
            raise UserError(f"{self.model} is told no label: there is nothing to go between. Slide through its space.")
        if len(self.labels) < 2:
            raise UserError("A morph goes from one label to another: choose two or more.")
        if not all(0 <= label < len(card.class_names) for label in self.labels):
            raise UserError(f"labels: {self.model} knows 0 to {len(card.class_names) - 1}, you gave {self.labels}.")
        low, high = ROWS
        if not low <= self.rows <= high:
            raise UserError(f"rows: {self.rows} is out of range; {low} to {high} works.")

    @property
    def stops(self) -> tuple[int, ...]:
        """The labels passed, the first again at the end of a loop."""
        return (*self.labels, self.labels[0]) if self.loop else self.labels

    @property
    def legs(self) -> int:
        """Ways from one label to the next."""
        return len(self.stops) - 1


def strip(morph: Morph, steps: int) -> Array:
    """Pictures uint8 ``[rows, legs * steps + 1, h, w, c]``: `steps` from each label to the next, and the last one.

    Raises:
        UserError: for steps out of range, or more than `MOST` pictures.
    """
    low, high = STEPS
    if not low <= steps <= high:
        raise UserError(f"steps: {steps} is out of range; {low} to {high} works.")
    if (count := morph.rows * (morph.legs * steps + 1)) > MOST:
        raise UserError(f"The strip would have {count:,} pictures; {MOST:,} are the most. Take fewer steps or rows.")
    return along(morph, np.arange(morph.legs * steps + 1) / steps)


def sheet(pictures: Array) -> Array:
    """What `strip` gave, a row a latent, as one picture ``[H, W, c]``."""
    rows, columns = pictures.shape[:2]
    return images.tile(pictures.reshape(rows * columns, *pictures.shape[2:]), columns)


def frames(morph: Morph, rate: float, seconds: float) -> Sequence[Array]:
    """The frames of a film along the way, uint8 ``[H, W, c]`` each: the rows about square beside each other.

    Raises:
        UserError: before anything is drawn, for a film that is too long or a rate out of range.
    """
    count = max(1, round(rate * seconds))
    blank = np.zeros((morph.rows, *inference.card(morph.model).shape), np.uint8)
    films.check("gif", count, images.tile(blank).shape, rate)
    # A loop's last picture is its first, which the film shows next.
    pictures = along(morph, np.linspace(0, morph.legs, count, endpoint=not morph.loop))
    return [images.tile(pictures[:, index]) for index in range(count)]


def along(morph: Morph, places: Array) -> Array:
    """The pictures at some places, 0 (the first label) to `legs` (the last): uint8 ``[rows, len(places), h, w, c]``."""
    card, stops = inference.card(morph.model), np.array(morph.stops)
    leg = np.minimum(places.astype(int), morph.legs - 1)
    share = (places - leg)[:, None].astype(np.float32)
    ends = [drawing.one_hot(card, stops[leg + end]) for end in (0, 1)]
    weights = (1 - share) * ends[0] + share * ends[1]
    latents = drawing.latents_for(card, morph.seed, morph.rows, morph.truncation)
    shown = inference.sample(card.name, latents.repeat(len(places), axis=0), np.tile(weights, (morph.rows, 1)))
    return shown.reshape(morph.rows, len(places), *shown.shape[1:])
