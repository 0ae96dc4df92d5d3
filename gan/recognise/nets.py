"""What can be read, and by which nets: the classifiers and readers of the registry, loaded once a process."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gan import images, inference, registry
from gan.datasets import numbers5
from gan.recognise import placing

BATCHES = (1, 4, 16, 64, 256)  # pictures of one call, filled up: every other number would be compiled anew

Array = np.ndarray


@dataclass(frozen=True)
class Task:
    """Something to read, and what a net for it learns from."""

    name: str
    title: str
    dataset: str
    recipe: str
    noun: str  # one of what is read
    plural: str
    kind: str = "classifier"


TASKS = (
    Task("digits", "Digits", "mnist", "mnist_cnn", "digit", "digits"),
    Task("letters", "Letters", "emnist-letters", "letters_cnn", "letter", "letters"),
    Task("characters", "Letters and digits", "handwriting", "glyphs_cnn", "letter or digit", "letters and digits"),
    Task("hangul", "Korean syllables", "hangul", "hangul_cnn", "syllable", "syllables"),
    Task(
        "street", "House numbers", "streetdigits", "street_cnn", "digit of a house number", "digits of a house number"
    ),
    Task("number", "A number whole", "numbers5", "numbers_cnn", "number", "numbers", "reader"),
    Task("faces", "Cartoon faces", "avatars32", "avatars_cnn", "cartoon face", "cartoon faces"),
)
BLOCKS = ("hangul",)  # data sets whose characters are built in squares


@dataclass(frozen=True, eq=False)
class Choice:
    """A task with the nets that are there for it, the one that ships first; or a net of the user's own."""

    name: str
    title: str
    cards: tuple[registry.Card, ...]
    recipe: str = ""  # that trains one
    noun: str = "picture of the kind that it knows"
    plural: str = "pictures of the kind that it knows"


def choices() -> dict[str, Choice]:
    """All that can be read, by name: the tasks first, with or without a net, then nets of other data sets."""
    known = [c for kind in ("classifier", "reader") for c in registry.cards(kind) if len(c.class_names) > 1]
    found = {}
    for task in TASKS:
        cards = tuple(card for card in known if card.dataset == task.dataset and card.kind == task.kind)
        found[task.name] = Choice(task.name, task.title, cards, task.recipe, task.noun, task.plural)
    told = {(task.dataset, task.kind) for task in TASKS}
    for card in known:
        if (card.dataset, card.kind) not in told:
            found[card.name] = Choice(card.name, card.title, (card,))
    return found


def colour(card: registry.Card) -> bool:
    """Whether a net sees colour: it is then given a part of the picture as it is, not its ink."""
    return card.shape[2] == 3


def alone(card: registry.Card) -> bool:
    """Whether what a net reads never stands in a row."""
    return card.kind == "reader" or bool(card.columns)


def blocks(card: registry.Card) -> bool:
    """Whether its characters are built of pieces in a square."""
    return card.dataset in BLOCKS


def by_mass(card: registry.Card) -> bool:
    """Whether characters are centred by their mass, or by their box."""
    return placing.layout(card.dataset, card.shape[0]).mass


def logits(card: registry.Card, pictures: Array) -> Array:
    """What a net says of pictures uint8 ``[n, h, w, c]`` of its own size: float64 ``[n, outputs]``.

    Raises:
        UserError: if its files are damaged or gone.
    """
    function = _function(card.name, card.digest)
    outputs = []
    for start in range(0, len(pictures), BATCHES[-1]):
        part = pictures[start : start + BATCHES[-1]]
        size = next(size for size in BATCHES if size >= len(part))
        filled = np.concatenate([part, np.zeros((size - len(part), *part.shape[1:]), np.uint8)])
        with _LOCK:
            outputs.append(function(images.to_model(filled))[: len(part)])
    return np.concatenate(outputs).astype(np.float64)


def groups(card: registry.Card, outputs: Array) -> list[tuple[str, tuple[str, ...], Array]]:
    """What a net's outputs ``[k]`` mean: (name, values, probability of each) for every thing that it tells apart.

    A classifier tells one thing, its class, or each of its columns; a reader the digit at each place of a number.
    """
    if card.kind == "reader":
        values = (*"0123456789", "none")
        rows = softmax(outputs.reshape(-1, numbers5.VALUES))
        return [(f"Digit {place}", values, row) for place, row in enumerate(rows, 1)]
    chances = softmax(outputs)
    if not card.columns:
        return [("", card.class_names, chances)]
    table = chances.reshape([len(values) for values in card.columns.values()])
    return [
        (name, values, table.sum(axis=tuple(other for other in range(table.ndim) if other != axis)))
        for axis, (name, values) in enumerate(card.columns.items())
    ]


def softmax(values: Array) -> Array:
    """Logits ``[..., k]`` to probabilities that add up to one along the last axis."""
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@functools.lru_cache(maxsize=8)
def _function(name: str, digest: str) -> Callable[[Array], Array]:
    """A net as a function of float32 pictures in -1…1; `digest` makes a changed one be loaded."""
    inference.prepare()
    net = registry.load(name)
    return lambda pictures: np.asarray(net.predict_on_batch(pictures)["logits"])


_LOCK = threading.Lock()
