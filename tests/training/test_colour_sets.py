"""The sets in colour that ship, learnt from for two steps."""

from __future__ import annotations

import numpy as np
import pytest

from gan import datasets
from gan.training.backend_tf import TensorFlowBackend
from gan.training.feed import Feed
from gan.training.game import make_game


@pytest.mark.parametrize("name", ["avatars32", "covers64"])
def test_two_steps(name, small):
    data = datasets.load(name)
    changed = small.with_settings({"dataset": name})
    game = make_game(changed, len(data.source.class_names), data.source.shape, TensorFlowBackend())
    feed = Feed(data.train.images, data.train.labels, changed.batch, seed=1)
    before = game.nets["generator"].get_weights()
    for step in range(2):
        logs = game.train_step(step, *feed(step))
        assert all(np.isfinite(float(value)) for value in logs.values())
    assert any(np.abs(a - b).max() > 0 for a, b in zip(before, game.nets["generator"].get_weights(), strict=True))
