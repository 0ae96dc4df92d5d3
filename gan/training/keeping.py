"""Which steps of a run are worth keeping: early ones, regular ones and the best. Rules only; they touch no file.

A run keeps two kinds of things. A *checkpoint* is whole, and what a run goes on from: the newest two, and the best. A
*snapshot* is the generator alone in half precision, and what a time machine draws with: many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

LARGE = 500 * 2**20  # bytes; of larger checkpoints only the newest two are kept, and snapshots take no more together
MOST, LEAST = 100, 8  # snapshots of a run; fewer are no time machine
REGULAR = 64  # snapshots that would lie between the beginning and now if none were thinned

# Scores that say how good a run is, and whether more is better. The first of them that a run has decides.
DECIDES = {"fid": False, "psnr": True, "place_accuracy": True, "test_accuracy": True, "label_accuracy": True}


class Best(NamedTuple):
    """The best value of the score that decides, and the step at which it was measured."""

    step: int
    score: str
    value: float


def most(size: int) -> int:
    """How many snapshots of so many bytes a run may keep: none where too few would fit."""
    fit = LARGE // max(1, size)
    return min(MOST, fit) if fit >= LEAST else 0


def early(step: int) -> bool:
    """Whether a step is 0 or a power of two: most changes at first."""
    return step & (step - 1) == 0


def due(step: int, last: int) -> bool:
    """Whether a snapshot is to be taken at a step, `last` being the step of the one before."""
    return early(step) or step - last >= max(1, step // REGULAR)


def surplus(steps: Iterable[int], most: int, best: int | None = None) -> list[int]:
    """The steps to drop so that `most` remain: those whose neighbours are nearest to each other.

    The first, the newest and the best stay, and early ones as long as there are others.
    """
    kept, gone = sorted(steps), []
    while len(kept) > max(most, 3):
        inner = [i for i in range(1, len(kept) - 1) if kept[i] != best]
        free = [i for i in inner if not early(kept[i])] or inner
        gone.append(kept.pop(min(free, key=lambda i: kept[i + 1] - kept[i - 1])))
    return gone


def best(records: Iterable[Mapping[str, Any]]) -> Best | None:
    """The best that a run's records tell of; None where nothing was measured. The first of equals is taken."""
    found: Best | None = None
    for record in records:
        found = better(found, record["step"], record)
    return found


def better(before: Best | None, step: int, values: Mapping[str, Any]) -> Best | None:
    """The best so far, after more was measured."""
    names = list(DECIDES)
    name = next((name for name in names if values.get(name) is not None), None)
    if name is None or (before and names.index(before.score) < names.index(name)):
        return before
    value = values[name]
    gained = before is None or before.score != name or (value > before.value if DECIDES[name] else value < before.value)
    return Best(step, name, value) if gained else before


def turns(values: Sequence[float], share: float = 0.15, least: float = 0.0) -> list[int]:
    """Where a curve turned: the indices of highs and lows, by turns, that it then left by a share of its span, and by
    `least` at least.

    The span is that of the calmer three quarters of the values, for scores fall from enormous ones at first. Neither
    end is a turn.
    """
    ordered, cut = sorted(values), len(values) // 4
    if len(ordered) < 3:
        return []
    span = max(least, share * min(ordered[-1 - cut] - ordered[0], ordered[-1] - ordered[cut]))
    found: list[int] = []
    high = low = 0  # since the last turn
    rising: bool | None = None  # not known yet
    for index, value in enumerate(values):
        high = index if value > values[high] else high
        low = index if value < values[low] else low
        if rising is not False and values[high] - value > span:
            found.append(high)
            rising, low = False, index
        elif rising is not True and value - values[low] > span:
            found.append(low)
            rising, high = True, index
    return [index for index in found if index]
