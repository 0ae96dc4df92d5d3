"""All runs at a glance: how each stands, its best scores, its length and speed, and the disk it takes."""

from __future__ import annotations

import csv
import functools
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan import models
from gan.errors import UserError
from gan.recipes import Recipe
from gan.training import managing, runs
from gan.training.runs import Run

# Scores in the order in which they are shown, and whether more is better.
SCORES = {
    "fid": False, "label_accuracy": True, "recall": True, "psnr": True, "test_accuracy": True, "place_accuracy": True,
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A run at a glance."""

    run: Run
    recipe: Recipe
    state: str
    step: int
    seconds: float  # of training
    speed: float  # pictures a second, over all of it
    scores: dict[str, float]  # the best of each
    bytes: int
    note: str

    def matches(self, words: str) -> bool:
        """Whether all of some words stand in what one sees of it."""
        seen = f"{self.run.id} {self.state} {self.recipe.name} {self.recipe.dataset} {self.recipe.model} {self.note}"
        return all(word in seen.lower() for word in words.lower().split())


def rows() -> list[Row]:
    """All runs, the newest first. One that goes away meanwhile is left out."""
    found = []
    for run in runs.list_runs():
        try:
            found.append(row(run))
        except UserError:
            continue
    return found


def row(run: Run) -> Row:
    """One run at a glance.

    Raises:
        UserError: if its recipe cannot be read.
    """
    recipe, status = run.recipe, run.status()
    seconds, seen = status.get("seconds") or 0.0, status.get("images_seen") or 0
    return Row(
        run=run,
        recipe=recipe,
        state=status["state"],
        step=status.get("step", 0),
        seconds=seconds,
        speed=seen / seconds if seconds else 0.0,
        scores=best_scores(run),
        bytes=managing.size(run),
        note=managing.note(run),
    )


def best_scores(run: Run) -> dict[str, float]:
    """The best value of each score."""
    found: dict[str, float] = {}
    for record in score_records(run):
        for name, more in SCORES.items():
            value = record.get(name)
            if value is not None and (name not in found or (value > found[name]) == more):
                found[name] = value
    return found


def score_records(run: Run) -> tuple[dict[str, Any], ...]:
    """The records that hold scores; read again only when the file has changed."""
    path = run.path / "metrics.jsonl"
    try:
        stat = path.stat()
    except OSError:
        return ()
    return _scored(path, (stat.st_mtime_ns, stat.st_size))


@functools.lru_cache(maxsize=512)
def _scored(path: Path, stamp: tuple[int, int]) -> tuple[dict[str, Any], ...]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return ()
    marks = [f'"{name}"'.encode() for name in SCORES]
    told = (line for line in lines if any(mark in line for mark in marks))  # few: the others need not be parsed
    return tuple(filter(None, map(runs.parse, told)))


def metrics_csv(run: Run) -> bytes:
    """All records of a run as a table: step, pictures seen, seconds, then every metric, empty where there is none.

    Metrics are numbers under plain names. What else a folder from somewhere holds is left out: a spreadsheet might take
    it for a formula.
    """
    first = ["step", "images_seen", "seconds"]
    records = [{name: value for name, value in record.items() if _is_metric(name, value)} for record in run.metrics()]
    names = dict.fromkeys(name for record in records for name in record if name not in first)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*first, *names], restval="")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


def _is_metric(name: str, value: Any) -> bool:
    return name.isidentifier() and isinstance(value, int | float) and math.isfinite(value)


def differences(recipes: dict[str, Recipe]) -> dict[str, dict[str, Any]]:
    """Setting, or option of the nets -> its value in each recipe, for all that differ. Names and notes are no settings.

    Args:
        recipes: by a name of the caller's.
    """
    flat = {name: {**vars(r), **models.options_of(r.model), **r.options} for name, r in recipes.items()}
    settings = dict.fromkeys(setting for values in flat.values() for setting in values)
    found = {}
    for setting in settings:
        values = {name: row.get(setting) for name, row in flat.items()}
        first = next(iter(values.values()))
        if setting not in ("name", "note", "options") and any(value != first for value in values.values()):
            found[setting] = values
    return found
