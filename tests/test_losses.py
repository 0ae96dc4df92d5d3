"""Each loss against a value worked out by hand, on both sides; what is derived from losses against the losses."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from gan import UserError
from gan.losses import LOSSES, loss

REAL, FAKE = np.array([[2.0], [-1.0]], np.float32), np.array([[0.5], [-3.0]], np.float32)
SOFTENED = [name for name, row in LOSSES.items() if row.softened]


def softplus(x: float) -> float:
    return log(1 + exp(x))


BY_HAND = {
    "non_saturating": (
        (softplus(-0.5) + softplus(3)) / 2,
        (softplus(-2) + softplus(1)) / 2 + (softplus(0.5) + softplus(-3)) / 2,
    ),
    "hinge": (-(0.5 - 3) / 2, (0 + 2) / 2 + (1.5 + 0) / 2),
    "least_squares": ((0.25 + 16) / 2, (1 + 4) / 2 + (0.25 + 9) / 2),
    "wasserstein": (1.25, -1.25 - 0.5),
    "relativistic": ((softplus(1.5) + softplus(2)) / 2, (softplus(-1.5) + softplus(-2)) / 2),
}
# Real targets 0.9 and 1, fake targets 0.1 and 0.2.
SOFTENED_BY_HAND = {
    "non_saturating": (softplus(2) - 1.8 + softplus(-1) + 1) / 2 + (softplus(0.5) - 0.05 + softplus(-3) + 0.6) / 2,
    "least_squares": (1.1**2 + 2**2) / 2 + (0.4**2 + 3.2**2) / 2,
}


@pytest.mark.parametrize("name", LOSSES)
def test_value_worked_out_by_hand(name):
    row = loss(name)
    generator, discriminator = BY_HAND[name]
    assert float(row.generator(REAL, FAKE)) == pytest.approx(generator, rel=1e-6)
    assert float(row.discriminator(REAL, FAKE)) == pytest.approx(discriminator, rel=1e-6)


@pytest.mark.parametrize("name", SOFTENED)
def test_targets_other_than_one_and_zero(name):
    row = loss(name)
    one, zero = np.ones_like(REAL), np.zeros_like(REAL)
    assert float(row.softened(REAL, FAKE, one, zero)) == pytest.approx(BY_HAND[name][1], rel=1e-6)
    targets = np.array([[0.9], [1.0]], np.float32), np.array([[0.1], [0.2]], np.float32)
    assert float(row.softened(REAL, FAKE, *targets)) == pytest.approx(SOFTENED_BY_HAND[name], rel=1e-6)


@pytest.mark.parametrize("name", [name for name, row in LOSSES.items() if row.slopes])
def test_slopes_are_the_ratio_of_the_derivatives(name):
    row = loss(name)
    real, fake = (logits.astype(np.float64) for logits in (REAL, FAKE))

    def derivative(function, index):
        ends = []
        for change in (1e-4, -1e-4):
            moved = fake.copy()
            moved[index] += change
            ends.append(float(function(real, moved)))
        return (ends[0] - ends[1]) / 2e-4

    slopes = np.asarray(row.slopes(real, fake))
    assert slopes.shape == fake.shape
    for index in range(len(fake)):
        ratio = derivative(row.generator, index) / derivative(row.discriminator, index)
        assert slopes[index, 0] == pytest.approx(ratio, rel=1e-5)


@pytest.mark.parametrize("name", LOSSES)
def test_whether_the_generator_needs_real_pictures(name):
    row = loss(name)
    same = float(row.generator(REAL, FAKE)) == float(row.generator(REAL + 1, FAKE))
    assert row.pairs is not same


def test_non_saturating_is_cross_entropy_on_a_sigmoid():
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    row = loss("non_saturating")
    assert float(row.generator(REAL, FAKE)) == pytest.approx(-np.log(sigmoid(FAKE)).mean(), rel=1e-5)
    expected = -np.log(sigmoid(REAL)).mean() - np.log(1 - sigmoid(FAKE)).mean()
    assert float(row.discriminator(REAL, FAKE)) == pytest.approx(expected, rel=1e-5)


def test_large_logits_do_not_overflow():
    row, far = loss("non_saturating"), np.array([[-1000.0]], np.float32)
    assert float(row.generator(far, far)) == pytest.approx(1000)
    assert np.isfinite(np.asarray(row.slopes(far, far))).all()


def test_unknown_loss():
    with pytest.raises(UserError, match="did you mean hinge"):
        loss("hinges")
