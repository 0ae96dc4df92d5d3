"""Scores from probabilities: closed forms at both ends, and the identity IS = BCIS x WCIS."""

import numpy as np
import pytest

from gan import UserError
from gan.metrics import scores

LABELS = np.arange(40) % 4
PERFECT = np.eye(4)[LABELS]
UNIFORM = np.full((40, 4), 0.25)


def mixed(n=60, k=4):
    return np.random.default_rng(0).dirichlet(np.full(k, 0.5), n), np.random.default_rng(1).integers(0, k, n)


def test_perfect_pictures_score_as_many_as_there_are_classes():
    assert scores.inception_score(PERFECT) == (pytest.approx(4), 0)
    assert scores.class_scores(PERFECT, LABELS) == (pytest.approx(4), pytest.approx(1))
    assert scores.label_accuracy(PERFECT, LABELS) == 1


def test_pictures_of_no_class_score_one():
    assert scores.inception_score(UNIFORM)[0] == pytest.approx(1)
    assert scores.class_scores(UNIFORM, LABELS) == (pytest.approx(1), pytest.approx(1))


def test_clear_pictures_whatever_was_asked():
    """The student project's fault: every digit is clear, none is the one asked for."""
    drawn, asked = np.eye(4)[np.arange(80) % 4], np.arange(80) // 20
    assert scores.inception_score(drawn)[0] == pytest.approx(4)
    assert scores.class_scores(drawn, asked) == (pytest.approx(1), pytest.approx(4))
    assert scores.label_accuracy(drawn, asked) == 0.25


def test_inception_score_by_hand():
    rows = np.array([[0.9, 0.1], [0.3, 0.7]])
    mean = [0.6, 0.4]
    divergence = np.mean([sum(p * np.log(p / q) for p, q in zip(row, mean, strict=True)) for row in rows])
    assert scores.inception_score(rows)[0] == pytest.approx(np.exp(divergence), rel=1e-12)


def test_within_is_the_geometric_mean_of_the_classes_scores():
    probabilities, _ = mixed(60)
    labels = np.arange(60) % 4
    each = [scores.inception_score(probabilities[labels == label])[0] for label in range(4)]
    assert scores.class_scores(probabilities, labels)[1] == pytest.approx(np.prod(each) ** (1 / 4), rel=1e-12)


def test_inception_score_is_between_times_within():
    probabilities, labels = mixed()  # classes of unequal size: they weigh as they are frequent
    between, within = scores.class_scores(probabilities, labels)
    assert between * within == pytest.approx(scores.inception_score(probabilities)[0], rel=1e-12)


def test_splits_are_scored_apart():
    probabilities = np.concatenate([PERFECT, UNIFORM])
    mean, spread = scores.inception_score(probabilities, splits=2)
    assert (mean, spread) == (pytest.approx(2.5), pytest.approx(1.5))


def test_a_missing_class_leaves_the_class_scores_undefined():
    with pytest.raises(UserError, match=r"not defined, because there are no pictures of class 3\."):
        scores.class_scores(PERFECT[LABELS < 3], LABELS[LABELS < 3])
    assert scores.class_scores(PERFECT[LABELS < 3], LABELS[LABELS < 3], classes=3)[0] == pytest.approx(3)


def test_too_few_pictures_for_the_splits():
    with pytest.raises(UserError, match="not defined, because it needs two pictures a split"):
        scores.inception_score(PERFECT[:7], splits=4)


def test_confusion_and_accuracy_of_each_class():
    probabilities = np.eye(3)[[0, 1, 1, 1]]
    table = scores.confusion(probabilities, np.array([0, 0, 1, 1]), 3)
    assert table.tolist() == [[1, 1, 0], [0, 2, 0], [0, 0, 0]]
    assert scores.class_accuracy(table) == [0.5, 1.0, None]


def test_the_worst_come_first():
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    assert scores.worst(probabilities, np.array([0, 0, 0]), 2).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array([0, 1, 2]), "there are 3 for 2 pictures"),
        (np.array([0, 5]), "5 is none of the 2 classes"),
        (np.array([0, -1]), "-1 is none of the 2 classes"),
        (np.array([0.0, 1.0]), "whole numbers, found float64"),
        (np.array([[0, 1]]), r"whole numbers, found int64 \[1, 2\]"),
    ],
)
def test_labels_that_do_not_fit(labels, message):
    with pytest.raises(UserError, match=message):
        scores.check_labels(labels, 2, ("a", "b"))


def test_classes_of_a_group_count_as_one():
    probabilities = np.array([[0.3, 0.3, 0.4], [0.3, 0.3, 0.4], [0.1, 0.8, 0.1]])
    labels, groups = np.array([0, 2, 0]), np.array([0, 0, 1])
    assert scores.label_accuracy(probabilities, labels) == pytest.approx(1 / 3)  # the second alone
    assert scores.grouped_accuracy(probabilities, labels, groups) == pytest.approx(2 / 3)  # the first and the third
    assert scores.grouped_accuracy(PERFECT, LABELS, np.array([0, 1, 0, 1])) == 1
