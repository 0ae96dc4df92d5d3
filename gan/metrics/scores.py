"""Scores read off a classifier's probabilities alone: is the class right, and how are the classes spread?

Probabilities are (n, k), rows adding up to one; labels int (n,), the class that was asked for. Logarithms are natural.
"""

from __future__ import annotations

import numpy as np
from scipy.special import rel_entr

from gan.errors import UserError
from gan.metrics import undefined

Array = np.ndarray


def label_accuracy(probabilities: Array, labels: Array) -> float:
    """Share (0…1) of pictures whose most likely class is the one that was asked for."""
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def grouped_accuracy(probabilities: Array, labels: Array, groups: Array) -> float:
    """`label_accuracy` where classes of one group count as one: their probabilities are added up.

    Args:
        probabilities: (n, k).
        labels: int (n,).
        groups: int (k,), the group of each class.
    """
    table = np.zeros((len(groups), int(groups.max()) + 1))
    table[np.arange(len(groups)), groups] = 1
    return label_accuracy(probabilities @ table, groups[labels])


def confusion(probabilities: Array, labels: Array, classes: int) -> Array:
    """How many pictures of each asked class (row) were seen as each class (column): int64 (classes, classes)."""
    table = np.zeros((classes, classes), np.int64)
    np.add.at(table, (labels, probabilities.argmax(axis=1)), 1)
    return table


def class_accuracy(table: Array) -> list[float | None]:
    """`label_accuracy` of each class, from the `confusion`; None for a class that was never asked for."""
    return [int(row[label]) / int(row.sum()) if row.any() else None for label, row in enumerate(table)]


def worst(probabilities: Array, labels: Array, count: int) -> Array:
    """The pictures least likely to be what was asked for, worst first: indices int64 (count,)."""
    asked = probabilities[np.arange(len(labels)), labels]
    return np.argsort(asked, kind="stable")[:count]


def inception_score(probabilities: Array, splits: int = 1) -> tuple[float, float]:
    """exp of the mean divergence of a picture's classes from all pictures' classes (Salimans et al., 2016).

    Between 1 and k: high where each picture is clearly of one class and the classes are equally frequent.

    Args:
        probabilities: (n, k).
        splits: into how many equal parts to divide the pictures; the score of each is computed.

    Returns:
        Mean and standard deviation over the parts (0 for one).

    Raises:
        UserError: if a part would have fewer than two pictures.
    """
    if len(probabilities) < 2 * splits:
        raise undefined("The inception score", f"it needs two pictures a split ({2 * splits}), not {_n(probabilities)}")
    values = [_score(part) for part in np.array_split(probabilities.astype(np.float64), splits)]
    return float(np.mean(values)), float(np.std(values))


def class_scores(probabilities: Array, labels: Array, classes: int | None = None) -> tuple[float, float]:
    """Between-class and within-class inception score, BCIS and WCIS (Benny et al., 2021).

    BCIS is the inception score of the classes' mean predictions: k where each asked class looks like another class,
    1 where asking changes nothing. WCIS is the (weighted) geometric mean of the inception scores within the classes:
    1 where all pictures of a class look alike to the classifier. Classes weigh as they are frequent, so that
    ``BCIS * WCIS`` is the inception score.

    Args:
        probabilities: (n, k).
        labels: int (n,), the class that was asked for; not necessarily one of the k.
        classes: how many classes can be asked for; k by default.

    Raises:
        UserError: if a class has no pictures.
    """
    probabilities = probabilities.astype(np.float64)
    counts = np.bincount(labels, minlength=classes or probabilities.shape[1])
    if not counts.all():
        missing = ", ".join(str(label) for label in np.flatnonzero(counts == 0)[:10])
        raise undefined("The score by class", f"there are no pictures of class {missing}")
    parts = [probabilities[labels == label] for label in range(len(counts))]
    means = np.stack([part.mean(axis=0) for part in parts])
    weights = counts / counts.sum()
    between = rel_entr(means, weights @ means).sum(axis=1)
    within = [rel_entr(part, mean).sum(axis=1).mean() for part, mean in zip(parts, means, strict=True)]
    return float(np.exp(weights @ between)), float(np.exp(weights @ np.array(within)))


def _score(probabilities: Array) -> float:
    return float(np.exp(rel_entr(probabilities, probabilities.mean(axis=0)).sum(axis=1).mean()))


def _n(array: Array) -> str:
    return f"{len(array):,} picture{'s' * (len(array) != 1)}"


def check_labels(labels: Array, count: int, class_names: tuple[str, ...]) -> None:
    """Raise `UserError` unless there are `count` whole-number labels, each an index into `class_names`."""
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise UserError(f"labels: expected a list of whole numbers, found {labels.dtype} {list(labels.shape)}.")
    if len(labels) != count:
        raise UserError(f"labels: there are {len(labels):,} for {count:,} pictures; each picture needs one.")
    outside = labels[(labels < 0) | (labels >= len(class_names))]
    if len(outside):
        raise UserError(
            f"labels: {outside[0]} is none of the {len(class_names)} classes (0 to {len(class_names) - 1})."
        )
