"""A discriminator that is mostly frozen: what a step changes, and what a checkpoint holds."""

from __future__ import annotations

import numpy as np
import pytest

from gan.recipes import recipe
from gan.training import checkpoint, runs
from gan.training.backend_tf import TensorFlowBackend
from gan.training.game import make_game
from tests.models.test_covers_features import OPTIONS, SHAPE, places, save_classifier

assert places  # the fixture, which pytest finds here by its name
SMALL = recipe("covers-features").with_settings(
    {**OPTIONS, "batch": 4, "steps": 4, "precision": "float32", "xla": "off", "average": 1.0}
)


def batch(step: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(step)
    return rng.integers(0, 256, (4, *SHAPE), np.uint8), rng.integers(0, 8, 4)


def frozen(game) -> list[np.ndarray]:
    net = game.nets["discriminator"]
    return [np.asarray(variable) for variable in net.get_layer("features").variables]


@pytest.mark.parametrize("loss", ["hinge", "non_saturating"])
def test_a_step_leaves_what_is_frozen(loss):
    save_classifier()
    game = make_game(SMALL.with_settings({"loss": loss}), 8, SHAPE, TensorFlowBackend())
    assert len(game.optimizers["discriminator"]._momentums) == len(game.nets["discriminator"].trainable_variables)
    before = frozen(game)
    trained = {
        name: [np.asarray(v) for v in game.nets[name].trainable_variables] for name in ("generator", "discriminator")
    }
    logs = game.train_step(0, *batch(0))
    assert all(np.isfinite(float(value)) for value in logs.values())
    for one, other in zip(before, frozen(game), strict=True):
        np.testing.assert_array_equal(one, other)
    for name, values in trained.items():
        after = game.nets[name].trainable_variables
        assert sum(not np.array_equal(one, other) for one, other in zip(values, after, strict=True)) > len(after) / 2


def test_a_checkpoint_holds_what_is_frozen(runs_dir, weights_dir):
    """Restored where another classifier has taken its place, the game looks and goes on as it did."""
    save_classifier("faces")
    run, backend = runs.create(SMALL), TensorFlowBackend()
    first = make_game(SMALL, 8, SHAPE, backend)
    for step in range(2):
        first.train_step(step, *batch(step))
    path = checkpoint.save(run, first, {"step": 2, "seconds": 1.0, "recipe": SMALL.to_json()})
    save_classifier("better", seed=2)
    second = make_game(SMALL, 8, SHAPE, backend)
    assert any(not np.array_equal(one, other) for one, other in zip(frozen(first), frozen(second), strict=True))
    checkpoint.restore(path, second)
    for game in (first, second):
        game.train_step(2, *batch(2))
    for one, other in zip(first.variables, second.variables, strict=True):
        np.testing.assert_array_equal(one, other)
