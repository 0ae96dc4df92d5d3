"""What the curves mean, in plain words, and what to try. A rule is a function and a line in `RULES`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

WINDOW = 20  # records that "now" is averaged over
WARM_UP = 20_000  # pictures seen before anything but a broken loss is judged: all runs look odd at first


@dataclass(frozen=True)
class Finding:
    """`level` is "good", "warning" or "error"."""

    level: str
    title: str
    meaning: str
    advice: str


def diagnose(records: Sequence[dict[str, Any]], classes: int = 0) -> list[Finding]:
    """Findings about a GAN's records, the gravest first; one good word when there is nothing to say.

    Args:
        records: lines of ``metrics.jsonl`` in order.
        classes: number of labels; 0 for an unconditional net.
    """
    if not any("g_loss" in record for record in records):
        return []
    findings = [finding for rule in RULES if (finding := rule(records, classes))]
    if findings or records[-1]["images_seen"] < WARM_UP:
        return findings
    real, fake = _now(records, "d_real"), _now(records, "d_fake")
    text = f"The discriminator gives real pictures {real:.0%} and generated ones {fake:.0%}: both still learn."
    return [Finding("good", "The game is balanced", text, "Let it go on; the scores say whether it still gains.")]


def _series(records: Sequence[dict[str, Any]], name: str) -> list[float]:
    return [record[name] for record in records if record.get(name) is not None]


def _now(records: Sequence[dict[str, Any]], name: str) -> float:
    values = _series(records, name)[-WINDOW:]
    return float(np.mean(values)) if values else float("nan")


def _broken(records: Sequence[dict[str, Any]], classes: int) -> Finding | None:
    # A value that is not finite stands as null in the record (JSON has no NaN).
    last = next(record for record in reversed(records) if "g_loss" in record)
    if last["g_loss"] is not None and last["d_loss"] is not None:
        return None
    return Finding(
        "error",
        "The loss is not a number any more",
        "A step was so large that the weights overflowed; nothing learned after that.",
        "Start a run with half the learning rates, a larger R1 weight, or float32.",
    )


def _discriminator_wins(records: Sequence[dict[str, Any]], classes: int) -> Finding | None:
    gap = _now(records, "d_real") - _now(records, "d_fake")
    if records[-1]["images_seen"] < WARM_UP or not gap > 0.92:
        return None
    return Finding(
        "warning",
        "The discriminator wins",
        f"It tells real from generated with a gap of {gap:.2f} of 1. What it has left to say hardly changes with the "
        "picture, so the generator learns little.",
        "Raise the R1 weight (1 to 10), lower the discriminator's learning rate, or take a smaller discriminator.",
    )


def _diverges(records: Sequence[dict[str, Any]], classes: int) -> Finding | None:
    losses = _series(records, "g_loss")
    if len(losses) < 4 * WINDOW or records[-1]["images_seen"] < WARM_UP:
        return None
    before, now = float(np.median(losses[-4 * WINDOW : -2 * WINDOW])), float(np.median(losses[-WINDOW:]))
    if not (now > 8 and now > 1.5 * abs(before)):
        return None
    return Finding(
        "warning",
        "The generator's loss runs away",
        f"It rose from {before:.1f} to {now:.1f}; samples usually get worse from here.",
        "Start a run with lower learning rates, or with a larger R1 weight.",
    )


def _collapse(records: Sequence[dict[str, Any]], classes: int) -> Finding | None:
    variety = _series(records, "variety")[-3:]
    if len(variety) < 3 or records[-1]["images_seen"] < WARM_UP or not max(variety) < 0.45:
        return None
    return Finding(
        "warning",
        "The samples collapse",
        f"Pictures of one class differ {np.mean(variety):.0%} as much as real ones do: the generator repeats itself.",
        "Raise the R1 weight, lower the generator's learning rate, or take a larger batch.",
    )


def _labels_ignored(records: Sequence[dict[str, Any]], classes: int) -> Finding | None:
    reached = _series(records, "label_accuracy")[-3:]
    if classes < 2 or not reached or records[-1]["images_seen"] < 5 * WARM_UP or not max(reached) < 2 / classes:
        return None
    return Finding(
        "warning",
        "The labels mean nothing",
        f"A classifier reads {max(reached):.0%} of the samples as the label asked for; {1 / classes:.0%} is chance.",
        "See that the discriminator gets the label (labels_connected), or take cgan28, which projects it.",
    )


RULES: tuple[Callable[[Sequence[dict[str, Any]], int], Finding | None], ...] = (
    _broken,
    _diverges,
    _collapse,
    _discriminator_wins,
    _labels_ignored,
)
