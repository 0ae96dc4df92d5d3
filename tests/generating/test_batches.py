"""Pictures piece by piece are those that are drawn at once."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, drawing
from gan.drawing import Order
from gan.generating import batches


def test_pieces_hold_what_is_drawn_at_once(digits):
    order = Order("digits", (3, 7, 1), 50, seed=5, truncation=0.7)
    parts = list(batches.batches(order, size=16))
    assert [len(part.labels) for part in parts] == [16, 16, 16, 2]
    assert [part.drawn for part in parts] == [16, 16, 16, 2]
    whole = drawing.draw(order)
    pictures = np.concatenate([part.pictures for part in parts])
    np.testing.assert_allclose(pictures.astype(int), whole.pictures, atol=1)
    assert np.concatenate([part.labels for part in parts]).tolist() == drawing.labels_in_turn(order).tolist()


@pytest.mark.parametrize(
    ("change", "said"),
    [({"labels": (10,)}, "no label 10"), ({"seed": -1}, "seed"), ({"truncation": 2.0}, "truncation")],
)
def test_an_order_that_cannot_be_met_says_why(digits, change, said):
    order = Order(**{"model": "digits", "labels": (3,), "count": 2, "seed": 1, **change})
    with pytest.raises(UserError, match=said):
        next(batches.batches(order))


def test_a_number_that_cannot_be_is_told(digits):
    with pytest.raises(UserError, match="1 to 10,000"):
        batches.draw(Order("digits", (3,), 10_001, seed=1))
