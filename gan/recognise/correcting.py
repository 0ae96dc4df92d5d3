"""What was read wrongly, kept with the right label: a data set of the user's own that grows, one a kind of net."""

from __future__ import annotations

from gan import registry
from gan.datasets import DATASETS, Source, adding, kept, numbers5
from gan.errors import UserError
from gan.recognise.reading import Answer

READ_AS = "read as"  # the column that says what the net thought


def correction_set(card: registry.Card) -> str:
    """The name of the data set that corrections of a net are kept in."""
    return f"corrected-{card.dataset}"[:64]


def correct(card: registry.Card, answer: Answer, right: str) -> Source:
    """Keep a prepared picture with what it really shows, as the net was given it. Kept twice, it is there once, as it
    was corrected last.

    Args:
        card: the net that read it.
        answer: what it read.
        right: one of the net's classes; for a reader a number of one to five digits.

    Raises:
        UserError: for something that the net cannot read, or as `gan.datasets.adding.add`.
    """
    attributes, names, label = {READ_AS: answer.text or "nothing"}, card.class_names, 0
    if card.kind == "reader":
        numbers5.encode([right], "The number")
        attributes, names = {**attributes, "number": right}, ("all",)
    elif right in names:
        label = names.index(right)
    else:
        raise UserError(f"{card.title} does not know {right!r}; it reads {', '.join(card.class_names[:70])}.")
    source = DATASETS.get(card.dataset) or kept.kept().get(card.dataset)
    title = source.title if source else card.dataset
    return adding.add(
        correction_set(card),
        answer.picture,
        label,
        names,
        attributes,
        title=f"Corrected: {title}",
        summary=f"Pictures that {card.title} was shown, prepared as it saw them, with the label that a person gave.",
        licence="yours",
        made_from=f"corrections of {card.name}",
    )


def count(card: registry.Card) -> int:
    """How many corrections are kept for a net."""
    source = kept.kept().get(correction_set(card))
    return sum(source.counts.values()) if source else 0


def undo(card: registry.Card) -> None:
    """Take back the newest correction.

    Raises:
        UserError: if there is none.
    """
    adding.take_back(correction_set(card))
