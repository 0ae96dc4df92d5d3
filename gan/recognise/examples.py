"""Test pictures to try a net on, from the data set that it was trained or tested on, or one like it that is here."""

from __future__ import annotations

import numpy as np

from gan import datasets, registry
from gan.datasets import Progress, Source, Split
from gan.errors import UserError
from gan.recognise import nets

ROW = 3  # characters of an example in a row
TIMES = 6  # how much larger such a row is written
MARGIN = 12  # pixels around it, before that


def example_set(card: registry.Card) -> Source:
    """The data set whose test pictures a net can be tried on: first the one that its card was tested on.

    Raises:
        UserError: if none is on this machine.
    """
    known = datasets.sources()
    named = [known.get(str(name)) for name in (card.scores.get("dataset"), card.dataset)]
    alike = [
        row
        for row in known.values()
        if tuple(row.shape) == card.shape and set(row.class_names) <= set(card.class_names) and row.labelled
    ]
    for row in (*named, *alike):
        if row is not None and row.local:
            return row
    raise UserError(f"The pictures that {card.title} learned from are not on this machine; draw or upload one.")


def example_count(card: registry.Card, progress: Progress | None = None) -> int:
    """How many test pictures there are to try a net on; errors as `example`."""
    return len(_split(card, progress)[1])


def example(
    card: registry.Card, place: int, several: bool = False, progress: Progress | None = None
) -> tuple[np.ndarray, str]:
    """A test picture uint8 ``[h, w, c]``, and what it shows, in words.

    Args:
        card: the net that is to read it.
        place: which; past the last they begin anew.
        several: some characters in a row instead, dark on white, where the net reads ink.
        progress: told of the data set's opening.

    Raises:
        UserError: if no such data set is here, or it cannot be opened.
    """
    source, split = _split(card, progress)
    row = several and not nets.colour(card) and not nets.alone(card)
    places = (np.arange(ROW if row else 1) + place) % len(split)
    pictures = [np.asarray(split.images[index]) for index in places]
    truth = _words(card, source, split, places)
    if not row:
        return pictures[0], truth
    line = np.pad(np.concatenate(pictures, axis=1), ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)))
    return 255 - line.repeat(TIMES, axis=0).repeat(TIMES, axis=1), truth


def _split(card: registry.Card, progress: Progress | None) -> tuple[Source, Split]:
    data = datasets.load(example_set(card).name, progress)
    return data.source, data.test if len(data.test) else data.train


def _words(card: registry.Card, source: Source, split: Split, places: np.ndarray) -> str:
    columns = card.columns or ({"number": ()} if card.kind == "reader" else {})
    if columns:
        label = source.class_names[split.labels[places[0]]]
        return ", ".join(
            str(split.attributes[name][places[0]]) if name in split.attributes else label for name in columns
        )
    names = [source.class_names[split.labels[index]] for index in places]
    return "".join(names) if all(len(name) == 1 for name in names) else ", ".join(names)
