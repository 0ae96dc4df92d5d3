"""Find my picture: the latent whose picture comes nearest to one that is given.

No gradient passes through the net: it is enough to draw. From several starts, the slope along every axis of the latent
is felt by drawing a picture to either side, and damped Gauss-Newton steps (Levenberg 1944; Marquardt 1963) are taken on
what is left: pixels, at first blurred so that strokes attract each other from afar, then sharp, with the features of a
net that reads such pictures beside them. A weak pull towards the mean keeps the latent where the generator has
practised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter

from gan import images, inference, latent, recognise, registry
from gan.datasets import decoding
from gan.errors import UserError
from gan.metrics import features

Array = np.ndarray
CANDIDATES = 128  # random latents that starts are chosen from
STARTS = 2
BLURS = (1.5, 1.0, 0.5, 0.0, 0.0, 0.0)  # pixels of 28, of each step
REACH = 0.3  # how far to either side a slope is felt: wide enough that the rounding of pixels does not matter
DAMPING = (0.02, 0.2, 2.0)  # times the mean slope; the best of them is taken
PULL = 0.02  # what a unit of the latent costs beside a pixel that is all wrong
WEIGHT = 0.5  # of all features beside all pixels, where both are as wrong as at the start


@dataclass(frozen=True, eq=False)
class Found:
    """How far a search is.

    Attributes:
        latent: float32 ``(latent,)``.
        classes: float32 ``(k,)``.
        picture: uint8 ``[h, w, c]``.
        error: mean squared difference of pixels in 0…1.
        share: of the search that is done, 0…1.
    """

    latent: Array
    classes: Array
    picture: Array
    error: float
    share: float


def reader(card: registry.Card) -> registry.Card | None:
    """A classifier that reads what a generator is asked for, on pictures of its size; None where there is none."""
    for other in registry.cards("classifier"):
        if other.shape == card.shape and (other.class_names, other.columns) == (card.class_names, card.columns):
            return other
    return None


def prepared(card: registry.Card, picture: Array) -> Array:
    """A picture of any size as the model would draw it, uint8 of its shape.

    Writing is found, put upright and centred as `gan.recognise` does it for the net that reads it; anything else is cut
    to its middle and shrunk. What has the model's shape already stays as it is.

    Raises:
        UserError: if there is nothing to be seen on it.
    """
    if picture.shape == card.shape:
        return picture
    other = reader(card)
    if other is None or card.shape[2] == 3:
        if card.shape[0] != card.shape[1]:
            raise UserError(
                f"picture: {card.name} draws {card.shape[1]}x{card.shape[0]}; give one of exactly that size."
            )
        return decoding.fit(picture, card.shape[0], "crop", card.shape[2])
    settings = recognise.Settings()
    return recognise.read(recognise.prepare(picture, settings), other, settings).answers[0].picture


def classes_of(card: registry.Card, picture: Array) -> Array | None:
    """Class weights ``(k,)`` with a one at what a classifier reads; None where none reads such pictures.

    Args:
        picture: uint8 ``[h, w, c]`` of the card's shape.
    """
    if not card.class_names:
        return np.zeros(0, np.float32)
    if (other := reader(card)) is None:
        return None
    logits = np.asarray(features.named(other.name).function(images.to_model(picture[None]))[1])[0]
    label, start = 0, 0
    for size in [len(values) for values in card.columns.values()] or [len(card.class_names)]:
        label, start = label * size + int(logits[start : start + size].argmax()), start + size
    return np.eye(len(card.class_names), dtype=np.float32)[label]


def search(model: str, target: Array, classes: Array, seed: int = 0) -> Iterator[Found]:
    """The search, step by step; what it has at each step is at least as near as before.

    Args:
        model: a generator's name.
        target: uint8 ``[h, w, c]`` of the model's shape.
        classes: class weights ``(k,)``, which stay as they are.
        seed: of the random starts.

    Raises:
        UserError: for an unknown model, or a picture or class weights that do not fit it.
    """
    card = inference.card(model)
    if target.dtype != np.uint8 or target.shape != card.shape:
        raise UserError(f"picture: {model} draws {card.shape}, this one is {target.shape} of {target.dtype}.")
    judge = _Judge(card, target, np.asarray(classes, np.float32))
    candidates = latent.normal(seed, CANDIDATES, card.latent)
    candidates[0] = 0
    pictures = judge.draw(candidates)
    order = np.argsort(judge.errors(pictures, BLURS[0]))[:STARTS]
    best = judge.found(candidates[order[0]], pictures[order[0]], 0.0)
    yield best
    done, steps = 0, STARTS * len(BLURS)
    for start in order:
        point = candidates[start]
        for blur in BLURS:
            point, picture = judge.step(point, blur)
            done += 1
            now = judge.found(point, picture, done / steps)
            best = min(now, best, key=lambda found: found.error)
            yield Found(best.latent, best.classes, best.picture, best.error, done / steps)


class _Judge:
    """What a search compares with: the target, blurred or not, and its features."""

    def __init__(self, card: registry.Card, target: Array, classes: Array) -> None:
        self._card, self._target, self._classes = card, target, classes
        self._unit = card.shape[0] / 28
        other = reader(card)
        self._features: Callable[[Array], Any] | None = features.named(other.name).function if other else None
        self._scale = 0.0
        if self._features:
            blank = np.full((1, *card.shape), np.median(target), np.uint8)
            deep = float(np.linalg.norm(self._deep(blank) - self._deep(target[None])))
            plain = float(np.linalg.norm(blank[0] / 255 - target / 255))
            self._scale = WEIGHT * plain / max(deep, 1e-6)

    def draw(self, points: Array) -> Array:
        """Pictures uint8 ``[n, h, w, c]``; in slices where somebody slides meanwhile (`gan.batching`)."""
        return inference.sample(self._card.name, points, np.tile(self._classes, (len(points), 1)))

    def errors(self, pictures: Array, blur: float) -> Array:
        return (self._rest(pictures, blur) ** 2).sum(1)

    def step(self, point: Array, blur: float) -> tuple[Array, Array]:
        """One damped Gauss-Newton step: the point it leads to, and its picture."""
        dim = len(point)
        aside = REACH * np.eye(dim, dtype=np.float32)
        felt = self._rest(self.draw(np.concatenate([point + aside, point - aside, point[None]])), blur)
        slope = (felt[:dim] - felt[dim : 2 * dim]) / (2 * REACH)  # (dim, numbers)
        square, pull = slope @ slope.T, slope @ felt[-1] + PULL * point
        mean = np.trace(square) / dim
        steps = [np.linalg.solve(square + (PULL + damping * mean) * np.eye(dim), pull) for damping in DAMPING]
        points = np.stack([point, *(point - step for step in steps)]).astype(np.float32)
        pictures = self.draw(points)
        costs = self.errors(pictures, blur) + PULL * (points**2).sum(1)
        best = int(costs.argmin())
        return points[best], pictures[best]

    def found(self, point: Array, picture: Array, share: float) -> Found:
        error = float(np.mean((picture / 255 - self._target / 255) ** 2))
        return Found(point, self._classes, picture, error, share)

    def _rest(self, pictures: Array, blur: float) -> Array:
        """What is left to explain of the target, a row a picture: pixels, and where they are sharp features too."""
        size = (0, blur * self._unit, blur * self._unit, 0)
        rest = pictures / np.float32(255) - self._target / np.float32(255)
        if blur:
            return gaussian_filter(rest, size).reshape(len(rest), -1)
        rest = rest.reshape(len(rest), -1)
        if not self._features:
            return rest
        deep = self._scale * (self._deep(pictures) - self._deep(self._target[None]))
        return np.concatenate([rest, deep], axis=1)

    def _deep(self, pictures: Array) -> Array:
        if self._features is None:
            return np.zeros((len(pictures), 0), np.float32)
        return np.asarray(self._features(images.to_model(pictures))[0], np.float32)
