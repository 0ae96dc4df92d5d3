"""The table of measures. Adding one is a function and a row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gan.metrics import copying, distances, neighbours, pairs, scores, undefined
from gan.metrics.references import Measured

Array = np.ndarray


@dataclass(frozen=True)
class Scene:
    """What there is to measure."""

    sample: Measured
    class_names: tuple[str, ...]  # what the sample's labels stand for
    net_class_names: tuple[str, ...]  # what the net's probabilities are of
    reference: Measured
    # Each as many training pictures as the reference has, if that can be; none where it is no held-out set.
    training: tuple[Measured, ...] = ()


@dataclass(frozen=True)
class Measure:
    """One row: how a number comes about and how to read it."""

    title: str
    better: str  # "higher", "lower", or "real": as near as can be to what real pictures have
    help: str
    compute: Callable[[Scene], float]
    alone: bool = False  # needs no reference: real pictures are measured on the reference itself
    in_net: bool = True  # rests on the net's features or probabilities, whose name is then part of the score's


def _labels(scene: Scene) -> Array:
    if scene.sample.labels is None:
        raise undefined("A score by class", "the pictures were drawn without asking for a class")
    return scene.sample.labels


def _label_accuracy(scene: Scene) -> float:
    labels = _labels(scene)
    check_classes(scene.class_names, scene.net_class_names)
    return scores.label_accuracy(scene.sample.probabilities, labels)


def check_classes(asked: tuple[str, ...], seen: tuple[str, ...]) -> None:
    """Raise `UserError` if a classifier's classes are not those that pictures were asked for by."""
    if asked != seen:
        both = (", ".join(names[:12]) + (", …" if len(names) > 12 else "") or "none" for names in (asked, seen))
        raise undefined("Label accuracy", "the labels are {}, and the classifier's are {}".format(*both))


def _class_score(which: int) -> Callable[[Scene], float]:
    def compute(scene: Scene) -> float:
        return scores.class_scores(scene.sample.probabilities, _labels(scene), len(scene.class_names))[which]

    return compute


def _copying(of: Callable[[Measured], Array]) -> Callable[[Scene], float]:
    def compute(scene: Scene) -> float:
        shares = []
        for part in scene.training:
            sample = scene.sample.outside(part.groups)
            count = min(len(part), len(scene.reference))
            if len(sample):
                shares.append(
                    copying.copying_share(of(sample), of(part.first(count)), of(scene.reference.first(count)))
                )
        if not shares:
            raise undefined("The share of copies", "there is no held-out split beside the training pictures")
        return float(np.mean(shares))

    return compute


def _recall(scene: Scene) -> float:
    return neighbours.coverage(scene.reference.features, scene.sample.features, scene.sample.radii)


MEASURES: Mapping[str, Measure] = {
    "label_accuracy": Measure(
        "Drawn as asked", "higher", "Share of pictures the classifier takes for the class asked for.", _label_accuracy,
        alone=True,
    ),
    "inception_score": Measure(
        "Inception score", "higher", "Each picture clearly of one class, the classes equally frequent (1 to k).",
        lambda scene: scores.inception_score(scene.sample.probabilities)[0], alone=True,
    ),
    "bcis": Measure(
        "BCIS", "higher", "Between classes: does asking for another class give another picture? (1 to k)",
        _class_score(0), alone=True,
    ),
    "wcis": Measure(
        "WCIS", "real", "Within classes: do pictures of one class differ to the classifier? (from 1)",
        _class_score(1), alone=True,
    ),
    "fid": Measure(
        "FID", "lower", "Distance between the features of these and of real pictures, as normal distributions.",
        lambda scene: distances.frechet_distance(scene.sample.moments, scene.reference.moments),
    ),
    "kid": Measure(
        "KID", "lower", "The same question without the normal distribution; unbiased for any number of pictures.",
        lambda scene: distances.kernel_distance(scene.sample.features, scene.reference.features)[0],
    ),
    "precision": Measure(
        "Precision", "higher", "Share of pictures that lie among real ones.",
        lambda scene: neighbours.coverage(scene.sample.features, scene.reference.features, scene.reference.radii),
    ),
    "recall": Measure("Recall", "higher", "Share of real pictures that lie among these.", _recall),
    "variety": Measure(
        "Variety", "real", "Perceptual distance between two pictures of one class.",
        lambda scene: pairs.variety(scene.sample.features, _labels(scene)), alone=True,
    ),
    "copying_pixels": Measure(
        "Copying (pixels)", "real", "Share nearer to a training picture than to a held-out one; 50% is no copying.",
        _copying(lambda measured: measured.images), in_net=False,
    ),
    "copying_features": Measure(
        "Copying (features)", "real", "The same share, with neighbours found in the net's features.",
        _copying(lambda measured: measured.features),
    ),
}  # fmt: skip

LIGHT = ("label_accuracy", "fid", "recall")  # what training can afford every so often
