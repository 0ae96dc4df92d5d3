"""What the curves mean, in plain words, and what to try. A rule is a function and a line in `RULES`."""

from __future__ import annotations

import math
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

    A metric that the game does not log (no D(real) with a Wasserstein loss, nor before super-resolution's
    discriminator has joined) is not judged.

    Args:
        records: lines of ``metrics.jsonl`` in order.
        classes: number of labels; 0 for an unconditional net.
    """
    if not any("g_loss" in record for record in records):
        return []
    findings = [finding for rule in RULES if (finding := rule(records, classes))]
    if findings or records[-1]["images_seen"] < WARM_UP:
        return findings
    return [_good(records)]


def _good(records: Sequence[dict[str, Any]]) -> Finding:
    advice = "Let it go on; the scores say whether it still gains."
    real, fake, distance, gain = (_now(records, name) for name in ("d_real", "d_fake", "distance", "psnr_gain"))
    if gain > 0:
        text = f"Enlarged pictures are {gain:.2f} dB nearer to the true ones than bicubic interpolation comes."
        return Finding("good", "Better than interpolation", text, advice)
    if math.isfinite(real - fake):
        text = f"The discriminator gives real pictures {real:.0%} and generated ones {fake:.0%}: both still learn."
        return Finding("good", "The game is balanced", text, advice)
    if math.isfinite(distance):
        text = f"The discriminator finds a distance of {distance:.3g} between real pictures and generated ones."
        return Finding("good", "The distance is finite", text, "It falls as samples get better. Let it go on.")
    return Finding("good", "The losses are finite", "Nothing is out of the ordinary.", advice)


def _series(records: Sequence[dict[str, Any]], name: str) -> list[float]:
    return [record[name] for record in records if record.get(name) is not None]


def _now(records: Sequence[dict[str, Any]], name: str) -> float:
    values = _series(records, name)[-WINDOW:]
    return float(np.mean(values)) if values else float("nan")


def _broken(records: Sequence[dict[str, Any]], classes: int) -> Finding | None:
    # A value that is not finite stands as null in the record (JSON has no NaN).
    last = next(record for record in reversed(records) if "g_loss" in record)
    if None not in last.values():
        return None
    return Finding(
        "error",
        "The loss is not a number any more",
        "A step was so large that the weights overflowed; nothing learned after that.",
        "Start a run with half the learning rates, a larger R1 weight (gradient penalty, for wasserstein), or float32.",
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
    if _series(records, "distance"):  # its losses have no scale of their own
        return None
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


def _distance_diverges(records: Sequence[dict[str, Any]], classes: int) -> Finding | None:
    distances = _series(records, "distance")
    if len(distances) < 4 * WINDOW or records[-1]["images_seen"] < WARM_UP:
        return None
    before, now = float(np.median(distances[-4 * WINDOW : -2 * WINDOW])), float(np.median(distances[-WINDOW:]))
    if not (now > 100 and now > 1.5 * abs(before)):
        return None
    return Finding(
        "warning",
        "The distance runs away",
        f"It rose from {before:.3g} to {now:.3g}: the discriminator grows steeper rather than better.",
        "Start a run with a gradient penalty of 10, or with lower learning rates.",
    )


def _worse_than_interpolation(records: Sequence[dict[str, Any]], classes: int) -> Finding | None:
    gains = _series(records, "psnr_gain")[-3:]
    if not gains or records[-1]["images_seen"] < WARM_UP or not max(gains) < 0:
        return None
    return Finding(
        "warning",
        "Interpolation comes nearer",
        f"Enlarged pictures are {-float(np.mean(gains)):.2f} dB further from the true ones than bicubic interpolation.",
        "While the discriminator has a say this may be the price of sharpness: look at the pictures. Else give the "
        "comparison more steps of its own, or lower the discriminator's weight.",
    )


def _collapse(records: Sequence[dict[str, Any]], classes: int) -> Finding | None:
    variety = _series(records, "variety")[-3:]
    if len(variety) < 3 or records[-1]["images_seen"] < WARM_UP or not max(variety) < 0.45:
        return None
    pictures = "Pictures of one class" if classes > 1 else "Pictures"
    return Finding(
        "warning",
        "The samples collapse",
        f"{pictures} differ {np.mean(variety):.0%} as much as real ones do: the generator repeats itself.",
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
    _distance_diverges,
    _worse_than_interpolation,
    _collapse,
    _discriminator_wins,
    _labels_ignored,
)
