"""For programs: a net chosen by what it is to read, and what it read as plain values."""

from __future__ import annotations

from typing import Any

from gan import registry
from gan.errors import UserError, unknown
from gan.recognise import nets
from gan.recognise.preparing import Array, Settings, window
from gan.recognise.reading import Answer, Prepared, Reading

LIKELIEST = 5  # values that are told of each thing that a net tells apart
READS = ("classifier", "reader", "judge")


def chosen(what: str, model: str | None = None) -> registry.Card:
    """The net that reads.

    Args:
        what: a name of `nets.choices`: its first net is taken.
        model: a net by its own name, whatever it reads.

    Raises:
        UserError: if there is none, or it reads nothing.
    """
    if model:
        card = registry.card(model)
        if card.kind not in READS:
            raise UserError(f"model: {model} is a {card.kind} and reads nothing; choose a classifier or a reader.")
        return card
    known = nets.choices()
    if what not in known:
        raise unknown("kind of writing", what, known)
    if not known[what].cards:
        raise UserError(f"what: no net reads {known[what].plural} yet; train recipe {known[what].recipe}.")
    return known[what].cards[0]


def told(
    card: registry.Card, picture: Array, prepared: Prepared, reading: Reading, settings: Settings
) -> dict[str, Any]:
    """What was read, as JSON takes it; boxes in pixels of the picture that was given, whatever part was looked at."""
    top, left, height, width = window(picture.shape, settings)
    scales = height / prepared.picture.shape[0], width / prepared.picture.shape[1]
    return {
        "text": reading.text,
        "sure": reading.sure,
        "model": card.name,
        "width": picture.shape[1],
        "height": picture.shape[0],
        "answers": [_answer(answer, (top, left), scales) for answer in reading.answers],
        "left_over": reading.left_over,
    }


def _answer(answer: Answer, start: tuple[int, int], scales: tuple[float, float]) -> dict[str, Any]:
    places = [round(start[i % 2] + at * scales[i % 2]) for i, at in enumerate(answer.box)]
    return {
        "text": answer.text,
        "chance": answer.chance,
        "box": dict(zip(("top", "left", "bottom", "right"), places, strict=True)),
        "groups": [
            {
                "name": name,
                "likeliest": [
                    {"value": values[i], "chance": float(chances[i])}
                    for i in chances.argsort()[::-1][:LIKELIEST].tolist()
                ],
            }
            for name, values, chances in answer.groups
        ],
    }
