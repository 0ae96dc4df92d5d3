"""Rejection: what is kept is read as what was asked for, and depends on nothing but seed and index."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, drawing, registry
from gan.drawing import Order
from gan.generating import agreeing, batches
from gan.recognise import nets


@pytest.fixture
def liked(digits):
    """The two labels that the (random) classifier reads most often in what is drawn."""
    drawn = drawing.draw(Order("digits", tuple(range(10)), 200, seed=1)).pictures
    seen = nets.logits(registry.card("mnist_cnn"), drawn).argmax(1)
    return tuple(int(label) for label in np.bincount(seen, minlength=10).argsort()[::-1][:1])


def test_the_classifier_of_the_same_classes_and_size_is_asked_and_never_a_judge(digits):
    assert agreeing.reader(registry.card("digits")).name == "mnist_cnn"
    assert registry.card("mnist_judge").class_names == registry.card("digits").class_names


def test_all_that_is_kept_is_read_as_asked_and_the_share_is_told(liked, monkeypatch):
    order = Order("digits", liked, 40, seed=3)
    plain = drawing.draw(order)
    chosen, share = batches.draw(order, agree=True)
    read = nets.logits(registry.card("mnist_cnn"), chosen.pictures).argmax(1)
    assert (read == liked[0]).all()
    right = nets.logits(registry.card("mnist_cnn"), plain.pictures).argmax(1) == liked[0]
    assert 0 < right.mean() < 1, "the test needs some of each"
    np.testing.assert_array_equal(chosen.pictures[right], plain.pictures[right])
    assert 0 < share <= right.mean() + 0.35
    assert share < 1


def test_it_does_not_matter_how_many_are_asked_for_at_a_time(liked):
    order = Order("digits", liked, 24, seed=4)
    whole = np.concatenate([batch.pictures for batch in batches.batches(order, agree=True)])
    parts = np.concatenate([batch.pictures for batch in batches.batches(order, agree=True, size=5)])
    few = batches.draw(Order("digits", liked, 7, seed=4), agree=True)[0].pictures
    # A picture may differ by a grey level between batch sizes, and then be read otherwise; hardly one does.
    assert (np.abs(whole.astype(int) - parts).max(axis=(1, 2, 3)) <= 1).mean() > 0.9
    assert (np.abs(whole[:7].astype(int) - few).max(axis=(1, 2, 3)) <= 1).mean() > 0.8


def test_what_is_never_agreed_with_is_given_up(digits, monkeypatch):
    monkeypatch.setattr(agreeing, "TRIES", 3)
    monkeypatch.setattr(nets, "logits", lambda card, pictures: np.eye(10)[np.zeros(len(pictures), int)])
    assert batches.draw(Order("digits", (0,), 5, seed=1), agree=True)[1] == 1
    with pytest.raises(UserError, match=r"mnist_cnn read none of \d+ drawn pictures as “7”"):
        batches.draw(Order("digits", (0, 7), 5, seed=1), agree=True)


def test_without_a_classifier_that_fits_that_is_said(digits):
    assert agreeing.reader(registry.card("letters")) is None
    with pytest.raises(UserError, match="No classifier here reads what letters draws"):
        batches.draw(Order("letters", (0, 1), 2, seed=1), agree=True)
