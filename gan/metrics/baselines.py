"""What real pictures measure: the floor or ceiling beside every score."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from gan.datasets import Dataset
from gan.errors import UserError
from gan.metrics import references, undefined
from gan.metrics.features import FeatureFunction, Tick
from gan.metrics.measures import MEASURES, Scene
from gan.metrics.references import Measured
from gan.paths import cache_dir, write_aside

REFERENCE = 10_000  # real pictures to measure against, and training pictures to look for copies of
PARTS = 4  # choices of training pictures, where they are chosen by groups
REPEATS = 3  # disjoint samples of real pictures that give the floor or ceiling its spread
VERSION = "2"  # of the arithmetic: kept floors and ceilings are found again only by their own


def values(scene: Scene, wanted: Sequence[str], tick: Tick | None = None) -> dict[str, dict[str, Any]]:
    """Each measure's value, or why there is none."""
    found: dict[str, dict[str, Any]] = {}
    for done, measure in enumerate(wanted, start=1):
        try:
            found[measure] = {"value": MEASURES[measure].compute(scene), "spread": None, "reason": None}
        except UserError as error:
            found[measure] = {"value": None, "spread": None, "reason": str(error)}
        if tick:
            tick(done / len(wanted))
    return found


def held_out_by(dataset: Dataset, split: str) -> str:
    """The attribute (the font, say) of which the training pictures and a split have no value in common, or ""."""
    if split == "train" or "train" not in dataset.splits:
        return ""
    other = dataset.splits[split]
    for name, values in dataset.train.attributes.items():
        if values.dtype.kind != "U" or name not in other.attributes:
            continue
        seen, held_out = np.unique(values), np.unique(other.attributes[name])
        if 2 <= len(held_out) <= len(seen) and not np.isin(held_out, seen).any():
            return name
    return ""


def training_pictures(
    dataset: Dataset, net: FeatureFunction, split: str, count: int, tick: Tick
) -> tuple[Measured, ...]:
    """Training pictures to look for copies of, none if that leaves nothing to compare them with.

    They are chosen as the held-out ones were. Where those are of other fonts, say, it is so many whole fonts, and as
    there are few of them, several such choices: pictures of a few fonts lie differently from as many of all fonts.
    """
    if split == "train" or "train" not in dataset.splits:
        return ()
    count = min(count, len(dataset.train) // 2)
    if not (by := held_out_by(dataset, split)):
        return (references.of_split(dataset.train, net, 0, count, tick),) if count else ()
    groups = np.random.default_rng(0).permutation(np.unique(dataset.train.attributes[by]))
    size = len(np.unique(dataset.splits[split].attributes[by]))
    order = references.order(dataset.train)
    of = dataset.train.attributes[by][order]
    parts = range(min(PARTS, len(groups) // size))
    chosen = [order[np.isin(of, groups[part * size : (part + 1) * size])][:count] for part in parts]
    return tuple(
        references.of_rows(dataset.train, net, rows, _part(tick, part, part + 1, len(parts)), by)
        for part, rows in zip(parts, chosen, strict=True)
    )


def alone(scene: Scene, dataset: Dataset, wanted: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the measures that need no reference give for the reference, which the net was not trained on."""
    reference = scene.reference.first(len(scene.sample))
    real = Scene(reference, dataset.source.class_names, scene.net_class_names, reference)
    found = values(real, [measure for measure in wanted if MEASURES[measure].alone])
    return {measure: {**value, "repeats": 1, "samples": len(reference)} for measure, value in found.items()}


def against(
    scene: Scene, dataset: Dataset, net: FeatureFunction, split: str, wanted: Sequence[str], tick: Tick
) -> dict[str, dict[str, Any]]:
    """What the other measures give for real pictures of another split, as many as the sample has."""
    wanted = [measure for measure in wanted if not MEASURES[measure].alone]
    other = dataset.splits.get("train" if split != "train" else "test")
    by = held_out_by(dataset, split)  # then a real picture is compared with training pictures of other groups only
    start = max((len(part) for part in scene.training), default=0)
    count = min(len(scene.sample), len(other) - start) if other else 0
    if not other or count < 1:
        reason = str(undefined("The value of real pictures", "there is no other split to take them from"))
        missing = {"value": None, "spread": None, "reason": reason, "repeats": 0, "samples": 0}
        return dict.fromkeys(wanted, missing)
    parts = (VERSION, dataset.splits[split].digest, other.digest, net.digest, f"{start} {count}", *wanted)
    path = cache_dir() / "features" / f"{references.digest(*parts)}.json"
    with suppress(OSError, ValueError):
        return json.loads(path.read_text())

    repeats = min(REPEATS, (len(other) - start) // count)
    runs = []
    for run in range(repeats):
        tick(run / repeats)
        real = references.of_split(other, net, start + run * count, count, _part(tick, run, run + 0.3, repeats), by)
        again = Scene(real, dataset.source.class_names, net.class_names, scene.reference, scene.training)
        runs.append(values(again, wanted, _part(tick, run + 0.3, run + 1, repeats)))
    found = {}
    for measure in wanted:
        outcome = summary([run[measure] for run in runs])
        found[measure] = {**outcome, "repeats": repeats, "samples": count}
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_aside(path, json.dumps(found).encode())
    return found


def _part(tick: Tick, low: float, high: float, total: int) -> Tick:
    return lambda fraction: tick((low + (high - low) * fraction) / total)


def summary(outcomes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One outcome of several: mean and standard deviation (None for one), or the reason why a value is missing."""
    reason = next((outcome["reason"] for outcome in outcomes if outcome["reason"]), None)
    if reason:
        return {"value": None, "spread": None, "reason": reason}
    known = [outcome["value"] for outcome in outcomes]
    spread = float(np.std(known, ddof=1)) if len(known) > 1 else None
    return {"value": float(np.mean(known)), "spread": spread, "reason": None}
