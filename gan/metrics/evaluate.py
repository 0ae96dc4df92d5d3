"""All measures of a set of pictures, each beside what real pictures of the same number measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gan.datasets import Dataset, Progress
from gan.errors import UserError, unknown
from gan.metrics import baselines, references, scores
from gan.metrics.baselines import REFERENCE
from gan.metrics.features import FeatureFunction, Tick
from gan.metrics.measures import MEASURES, Scene, check_classes

Array = np.ndarray

WORST = 32  # pictures to point at
JUDGED = ("label_accuracy",)  # what the judge is asked; features are measured in one net only


class Cancelled(UserError):  # noqa: N818 - it is an answer, not a fault
    """Whoever asked for the evaluation no longer wants it."""


def evaluate(
    images: Array,
    labels: Array | None,
    dataset: Dataset,
    net: FeatureFunction,
    *,
    judge: FeatureFunction | None = None,
    class_names: tuple[str, ...] | None = None,
    views: Mapping[str, Array] | None = None,
    split: str = "test",
    only: Sequence[str] = (),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Measure pictures against a data set.

    Args:
        images: uint8 [n, h, w, c], the pictures to measure.
        labels: int (n,), the classes they were asked for by; None if by none.
        dataset: the real pictures.
        net: what to measure in.
        judge: another classifier, which then says too how many were drawn as asked, and which are worst.
        class_names: what `labels` stand for; by default the data set's classes.
        views: coarser ways to look at the classes, each the group (int) of every class: their accuracy is told too.
        split: the real pictures to measure against; floors are measured between it and the training split.
        only: names of `MEASURES`, where not all are wanted: those alone, without the judge, for use while training.
        progress: called with the share done (0…1) and what is being done.
        cancelled: asked every so often whether to stop.

    Returns:
        A report that can be written as JSON: what was measured against what, and under ``scores`` an entry for each
        measure, by a name that carries its definition (``fid_mnist_cnn_10k``): ``value``, the floor or ceiling
        ``real``, ``spread`` and ``real_spread`` over ``repeats`` and ``real_repeats``, ``samples``, ``split``, ``net``.
        A value that is not defined is None and ``reason`` says why. ``class_accuracy`` (and ``real_class_accuracy``, of
        the real pictures), ``confusion`` (rows: asked for) and ``worst`` (indices) are by the judge, or else the net.

    Raises:
        UserError: for pictures of another size, labels that do not fit, or a split that is not there.
        Cancelled: if `cancelled` said so.
    """

    def span(low: float, high: float, text: str) -> Tick:
        def tick(fraction: float) -> None:
            if cancelled and cancelled():
                raise Cancelled("The evaluation was cancelled; there are no scores.")
            if progress:
                progress(low + (high - low) * fraction, text)

        tick(0.0)
        return tick

    if split not in dataset.splits:
        raise unknown(f"split of {dataset.source.name}", split, dataset.splits)
    class_names = class_names or dataset.source.class_names
    if labels is not None:
        labels = np.asarray(labels)
        scores.check_labels(labels, len(images), class_names)

    real_pictures = dataset.splits[split]

    def look(by: FeatureFunction, low: float, high: float) -> Scene:
        middle = (low + high) / 2
        sample = references.measure(images, labels, by, span(low, middle, "Looking at the pictures"))
        tick = span(middle, high, "Looking at real pictures")
        return Scene(sample, class_names, by.class_names, references.of_split(real_pictures, by, 0, REFERENCE, tick))

    for name in only:
        if name not in MEASURES:
            raise unknown("measure", name, MEASURES)
    wanted = tuple(only or MEASURES)
    scene = look(net, 0.0, 0.2)
    if any(name.startswith("copying") for name in wanted):
        tick = span(0.2, 0.25, "Looking at training pictures")
        scene = replace(scene, training=baselines.training_pictures(dataset, net, split, len(scene.reference), tick))
    values = baselines.values(scene, wanted, span(0.25, 0.5, "Measuring the pictures"))
    tick = span(0.5, 0.95, "Measuring real pictures as if they were generated")
    real = baselines.alone(scene, dataset, wanted) | baselines.against(scene, dataset, net, split, wanted, tick)
    report: dict[str, Any] = {
        "dataset": dataset.source.name,
        "split": split,
        "split_digest": real_pictures.digest,
        "net": net.name,
        "net_digest": net.digest,
        "judge": judge.name if judge and not only else None,
        "samples": len(images),
        "reference_samples": len(scene.reference),
        "class_names": list(class_names),
        "scores": _entries(values, real, net, len(images), split),
    }
    if only:
        return report
    if judge:
        scene = look(judge, 0.95, 1.0)
        values, real = baselines.values(scene, JUDGED), baselines.alone(scene, dataset, JUDGED)
        report["scores"] |= _entries(values, real, judge, len(images), split)
    report["scores"] |= _by_view(scene, views or {}, judge or net, split)
    span(1.0, 1.0, "Done")
    return report | _by_class(scene, dataset.source.class_names)


def combine(reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Several reports of one model, one a seed, as one: values become means, with their standard deviation.

    Confusions are added up; ``worst`` is left out, as its indices mean nothing any more.

    Raises:
        UserError: if they are not of the same measures, data and nets.
    """
    same = ("dataset", "split_digest", "net_digest", "samples", "class_names", "judge")
    if not reports or any(r.get(key) != reports[0].get(key) for r in reports for key in same):
        raise UserError("Only reports on equally many pictures, with the same data and nets, can be put together.")
    combined = {name: part for name, part in reports[0].items() if name not in ("worst", "class_accuracy")}
    combined["scores"] = {}
    for name, first in reports[0]["scores"].items():
        entries = [report["scores"][name] for report in reports]
        combined["scores"][name] = {**first, **baselines.summary(entries), "repeats": len(reports)}
    if combined.get("confusion"):
        table = np.sum([report["confusion"] for report in reports], axis=0)
        combined["confusion"] = table.tolist()
        combined["class_accuracy"] = scores.class_accuracy(table)
    return combined


def _entries(
    values: dict[str, dict[str, Any]], real: dict[str, dict[str, Any]], by: FeatureFunction, count: int, split: str
) -> dict[str, dict[str, Any]]:
    """The entries of a report, by names that carry their definition: measure, net, number of pictures."""
    size, entries = _size(count), {}
    for measure, value in values.items():
        row = MEASURES[measure]
        name = "_".join([measure, by.name, size] if row.in_net else [measure, size])
        entries[name] = {
            "measure": measure,
            "title": row.title,
            "better": row.better,
            **value,
            "repeats": 1,
            "samples": count,
            "split": split,
            "net": by.name if row.in_net else None,
            **{"real" if part == "value" else f"real_{part}": fact for part, fact in real[measure].items()},
        }
    return entries


def _by_view(scene: Scene, views: Mapping[str, Array], by: FeatureFunction, split: str) -> dict[str, dict[str, Any]]:
    """An entry of label accuracy for each view, by the judge, or else the net; none where labels are not the net's."""
    sample, real = scene.sample, scene.reference
    if sample.labels is None or real.labels is None or scene.class_names != scene.net_class_names:
        return {}
    whole, entries = MEASURES["label_accuracy"], {}
    for view, groups in views.items():
        measure = f"label_accuracy_{view.replace(' ', '_')}"
        entries[f"{measure}_{by.name}_{_size(len(sample))}"] = {
            "measure": measure,
            "title": f"{whole.title}: {view}",
            "better": whole.better,
            "value": scores.grouped_accuracy(sample.probabilities, sample.labels, groups),
            "spread": None,
            "reason": None,
            "repeats": 1,
            "samples": len(sample),
            "split": split,
            "net": by.name,
            "real": scores.grouped_accuracy(real.probabilities, real.labels, groups),
            "real_spread": None,
            "real_reason": None,
            "real_repeats": 1,
            "real_samples": len(real),
        }
    return entries


def _size(count: int) -> str:
    return f"{count // 1000}k" if count % 1000 == 0 else str(count)


def _by_class(scene: Scene, real_names: tuple[str, ...]) -> dict[str, Any]:
    """Confusion, accuracy by class and the worst pictures; None where labels are missing or are not the net's."""
    labels, probabilities = scene.sample.labels, scene.sample.probabilities
    try:
        check_classes(scene.class_names, scene.net_class_names)
    except UserError:
        labels = None
    if labels is None:
        return {"confusion": None, "class_accuracy": None, "real_class_accuracy": None, "worst": None}
    table = scores.confusion(probabilities, labels, len(scene.class_names))
    worst = scores.worst(probabilities, labels, WORST).tolist()
    real = None
    if real_names == scene.class_names and scene.reference.labels is not None:
        seen = scores.confusion(scene.reference.probabilities, scene.reference.labels, len(real_names))
        real = scores.class_accuracy(seen)
    accuracy = {"class_accuracy": scores.class_accuracy(table), "real_class_accuracy": real}
    return {"confusion": table.tolist(), **accuracy, "worst": worst}
