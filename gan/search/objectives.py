"""What a study can optimise: every measure that a run's scores hold, with its direction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gan import models
from gan.errors import UserError, unknown
from gan.metrics.measures import MEASURES

MOST = 3  # objectives at once; a front of more cannot be seen


@dataclass(frozen=True)
class Objective:
    """One number of a run that is to become small or large."""

    title: str
    better: str  # "higher", "lower", or "real": as near as can be to what real pictures have
    help: str
    games: tuple[str, ...]  # in which it is measured

    @property
    def direction(self) -> str:
        """As Optuna calls it; of a distance to real pictures, the distance is made small."""
        return "maximize" if self.better == "higher" else "minimize"

    @property
    def axis(self) -> str:
        """What the number is called that Optuna sees."""
        return f"{self.title}, distance to real" if self.better == "real" else self.title


OBJECTIVES: Mapping[str, Objective] = {
    **{name: Objective(row.title, row.better, row.help, ("gan",)) for name, row in MEASURES.items()},
    "psnr": Objective("PSNR", "higher", "How near enlarged test pictures come to true ones.", ("super_resolution",)),
    "ssim": Objective("SSIM", "higher", "How alike the structures of both are.", ("super_resolution",)),
    "test_accuracy": Objective(
        "Test accuracy", "higher", "Share of test pictures read rightly.", ("classifier", "reader")
    ),
    "place_accuracy": Objective("Places read", "higher", "Share of places read rightly.", ("reader",)),
}
FIRST = {"gan": "fid", "super_resolution": "psnr", "classifier": "test_accuracy", "reader": "test_accuracy"}


def objectives_of(model: str) -> list[str]:
    """The names that runs of a family of nets are scored by, the usual one first."""
    game = models.family(model).game
    names = [name for name, row in OBJECTIVES.items() if game in row.games]
    return sorted(names, key=lambda name: name != FIRST[game])


def check(names: Sequence[str], model: str) -> tuple[str, ...]:
    """The names, each once.

    Raises:
        UserError: for none, too many, or one that runs of this family are not scored by.
    """
    known, wanted = objectives_of(model), tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            raise unknown(f"objective of {model}", name, known)
    if not 1 <= len(wanted) <= MOST:
        raise UserError(f"objective: one to {MOST} work, you gave {len(wanted)}.")
    return wanted


def values(names: Sequence[str], record: Mapping[str, Any]) -> list[float] | None:
    """What Optuna is told of a record of scores; None where one of them was not measured, or is not a number."""
    found = []
    for name in names:
        value = record.get(name)
        if value is not None and OBJECTIVES[name].better == "real":
            real = record.get(f"{name}_real")
            value = None if real is None else abs(value - real)
        if value is None or not math.isfinite(value):
            return None
        found.append(float(value))
    return found
