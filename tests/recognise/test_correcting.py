"""Corrections, kept as a data set that grows."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, datasets, recognise
from gan.datasets import kept
from gan.recognise import Settings, choices, correct, correction_set, count, prepare, read, undo
from tests.recognise import written
from tests.small_models import save_classifiers


@pytest.fixture
def card(weights_dir, local_data):
    save_classifiers()
    return choices()["digits"].cards[0]


@pytest.fixture
def answers(card):
    rng = np.random.default_rng(1)
    pages = [written.played(digit, rng) for digit in "123"]
    return [read(prepare(page, Settings()), card, Settings()).answers[0] for page in pages]


def test_a_correction_is_kept_as_the_net_saw_it(card, answers):
    source = correct(card, answers[0], "1")
    data = datasets.load(correction_set(card))
    assert source.name == "corrected-mnist" and count(card) == 1
    assert np.array_equal(data.train.images[0], answers[0].picture)
    assert data.source.class_names[data.train.labels[0]] == "1"
    assert data.train.attributes["read as"][0] == answers[0].text


def test_they_grow_and_the_newest_is_taken_back(card, answers):
    for answer, right in zip(answers, "123", strict=True):
        correct(card, answer, right)
    assert count(card) == 3
    before = {name: split.digest for name, split in datasets.load(correction_set(card)).splits.items()}
    other = read(prepare(written.played("9", np.random.default_rng(9)), Settings()), card, Settings()).answers[0]
    correct(card, other, "9")
    undo(card)
    after = {name: split.digest for name, split in datasets.load(correction_set(card)).splits.items()}
    assert before == after
    for left in (2, 1, 0):
        undo(card)
        assert count(card) == left
    assert correction_set(card) in kept.removed()
    with pytest.raises(UserError, match="no picture"):
        undo(card)


def test_a_picture_that_is_corrected_twice_is_kept_once(card, answers):
    for answer, right in zip([*answers, answers[0], answers[0]], "12388", strict=True):
        correct(card, answer, right)
    assert count(card) == 3
    data = datasets.load(correction_set(card))
    labels = [data.source.class_names[label] for split in data.splits.values() for label in split.labels]
    assert sorted(labels) == ["2", "3", "8"]


def test_a_set_that_was_removed_is_not_lost_by_undoing(card, answers):
    for answer, right in zip(answers, "123", strict=True):
        correct(card, answer, right)
    kept.remove(correction_set(card))
    correct(card, answers[0], "1")
    undo(card)
    assert count(card) == 0
    kept.restore(correction_set(card))
    assert count(card) == 3


def test_a_class_that_the_net_does_not_know_is_refused(card, answers):
    with pytest.raises(UserError, match="does not know 'x'"):
        correct(card, answers[0], "x")
    assert count(card) == 0


def test_a_set_of_another_kind_is_left_alone(card, answers):
    kept.keep(correction_set(card), np.zeros((4, 8, 8, 3), np.uint8), np.zeros(4, int), ["all"])
    with pytest.raises(UserError, match="another kind"):
        correct(card, answers[0], "1")
    assert count(card) == 4


def test_the_package_names_what_it_offers():
    assert all(hasattr(recognise, name) for name in recognise.__all__)
