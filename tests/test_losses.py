"""Each loss against a value worked out by hand, on both sides."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from gan import UserError
from gan.losses import LOSSES, loss

REAL, FAKE = np.array([[2.0], [-1.0]], np.float32), np.array([[0.5], [-3.0]], np.float32)


def softplus(x: float) -> float:
    return log(1 + exp(x))


BY_HAND = {
    "non_saturating": (
        (softplus(-0.5) + softplus(3)) / 2,
        (softplus(-2) + softplus(1)) / 2 + (softplus(0.5) + softplus(-3)) / 2,
    ),
    "hinge": (-(0.5 - 3) / 2, (0 + 2) / 2 + (1.5 + 0) / 2),
    "least_squares": ((0.25 + 16) / 2, (1 + 4) / 2 + (0.25 + 9) / 2),
}


@pytest.mark.parametrize("name", LOSSES)
def test_value_worked_out_by_hand(name):
    row = loss(name)
    generator, discriminator = BY_HAND[name]
    assert float(row.generator(FAKE)) == pytest.approx(generator, rel=1e-6)
    assert float(row.discriminator(REAL, FAKE)) == pytest.approx(discriminator, rel=1e-6)


def test_non_saturating_is_cross_entropy_on_a_sigmoid():
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    row = loss("non_saturating")
    assert float(row.generator(FAKE)) == pytest.approx(-np.log(sigmoid(FAKE)).mean(), rel=1e-5)
    expected = -np.log(sigmoid(REAL)).mean() - np.log(1 - sigmoid(FAKE)).mean()
    assert float(row.discriminator(REAL, FAKE)) == pytest.approx(expected, rel=1e-5)


def test_large_logits_do_not_overflow():
    assert float(loss("non_saturating").generator(np.array([[-1000.0]], np.float32))) == pytest.approx(1000)


def test_unknown_loss():
    with pytest.raises(UserError, match="did you mean hinge"):
        loss("hinges")
