"""Only the pictures that a classifier reads as what was asked for: rejection, picture by picture."""

from __future__ import annotations

import numpy as np

from gan import drawing, inference, latent, registry
from gan.errors import UserError
from gan.recognise import nets

TRIES = 100  # pictures that are drawn for one, or for a label in vain, before it is given up

Array = np.ndarray


def reader(card: registry.Card) -> registry.Card | None:
    """The classifier that reads a generator's classes at its size; None where there is none. Judges, which measure and
    are kept from choosing, are never asked."""
    fits = [
        found
        for found in registry.cards("classifier")
        if (found.class_names, found.shape) == (card.class_names, card.shape)
    ]
    return min(fits, key=lambda found: found.dataset != card.dataset, default=None)


def agreed(
    card: registry.Card, pictures: Array, labels: Array, first: int, seed: int, truncation: float
) -> tuple[Array, int]:
    """Pictures in place of those that the classifier does not read as their label.

    A picture that is kept stays as it is. In place of another, more are drawn of the same label, from latents that
    depend on the seed and its index alone; so the outcome does not depend on how many are asked for at a time.

    Args:
        card: the generator.
        pictures: uint8 ``[n, h, w, c]``, drawn of `labels` int ``[n]``.
        first: the index of the first one.
        seed, truncation: as they were drawn with.

    Returns:
        The pictures, all agreed with, and how many were drawn for them, the first n included.

    Raises:
        UserError: where no classifier fits, or none of `TRIES` pictures is read as what was asked for.
    """
    judge = reader(card)
    if judge is None:
        raise UserError(f"No classifier here reads what {card.name} draws, so none can agree; train one that does.")
    pictures, count, every = pictures.copy(), len(pictures), np.zeros(len(card.class_names), np.int64)
    open_, tries = np.arange(count), 0
    streams: dict[int, np.random.Generator] = {}
    candidates, good = pictures, every.copy()
    drawn = 0
    while True:
        drawn, tries = drawn + len(open_), tries + 1
        right = nets.logits(judge, candidates).argmax(1) == labels[open_]
        pictures[open_[right]] = candidates[right]
        every += np.bincount(labels[open_], minlength=len(every))
        good += np.bincount(labels[open_[right]], minlength=len(every))
        open_ = open_[~right]
        if not len(open_):
            return pictures, drawn
        hopeless = open_ if tries == TRIES else open_[((every >= TRIES) & (good == 0))[labels[open_]]]
        if len(hopeless):
            label = labels[hopeless[0]]
            raise UserError(
                f"{judge.name} read none of {int(every[label]) if not good[label] else TRIES} drawn pictures as "
                f"“{card.class_names[label]}”, which {card.name} was asked for. Leave that label out, choose another "
                "seed or more truncation, or take pictures without its agreement."
            )
        for place in open_.tolist():
            if place not in streams:
                streams[place] = _others(seed, first + place)
        rows = [streams[place].standard_normal(card.latent, np.float32) for place in open_.tolist()]
        latents = latent.truncate(np.stack(rows), truncation)
        candidates = inference.sample(card.name, latents, drawing.one_hot(card, labels[open_]))


def _others(seed: int, index: int) -> np.random.Generator:
    """Where the further latents for a picture come from. `latent.normal` draws with the second number 0."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, index + 1], np.uint64)))
