"""The reader's net: any size of picture, eleven outputs a place."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, models


@pytest.mark.parametrize("shape", [(28, 140, 1), (28, 28, 1), (32, 100, 3), (64, 333, 3)])
def test_any_width(shape):
    net = models.build("reader", {"width": 2}, 55, shape)["reader"]
    out = net(np.zeros((2, *shape), np.float32))
    assert out["logits"].shape == (2, 55) and out["features"].shape == (2, 256)
    assert out["logits"].dtype == out["features"].dtype == "float32"


def test_fewer_places():
    assert models.build("reader", {"width": 2}, 22, (28, 56, 1))["reader"].output["logits"].shape == (None, 22)


@pytest.mark.parametrize("outputs", [0, 10, 54])
def test_other_outputs_are_refused(outputs):
    with pytest.raises(UserError, match="11 outputs for each place"):
        models.build("reader", {}, outputs, (28, 140, 1))


def test_it_ships_small():
    assert models.build("reader", {}, 55, (28, 140, 1))["reader"].count_params() * 2 < 3e6  # bytes in float16
