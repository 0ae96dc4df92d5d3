"""A real recipe shrunk until a run takes seconds, on a data set of a few hundred drawn pictures."""

from __future__ import annotations

import numpy as np
import pytest

from gan.recipes import Recipe, recipe
from gan.training import runs

SMALL = {
    "dataset": "handwriting",
    "batch": 8,
    "steps": 12,
    "width": 4,
    "latent": 8,
    "r1_every": 4,
    "precision": "float32",
    "xla": "off",
}


@pytest.fixture
def small():
    """`cgan28`, shrunk."""
    return recipe("cgan28").with_settings(SMALL)


@pytest.fixture
def run(small, runs_dir):
    return runs.create(small)


@pytest.fixture(scope="session")
def eager():
    """TensorFlow without compilation, which takes longer than the few steps of a test by hand."""
    import keras

    from gan.training.backend_tf import TensorFlowBackend

    class Eager(TensorFlowBackend):
        def compile(self, function, xla=False, *, variables):
            tensors = keras.ops.convert_to_tensor
            return lambda *given: function(*keras.tree.map_structure(tensors, given))

    return Eager()


@pytest.fixture
def line(eager, monkeypatch):
    """Makes a game of linear nets on 4x4 pictures, and its first batch."""
    from gan import models
    from gan.training.game import make_game
    from tests.training import linear

    monkeypatch.setitem(models.MODELS, "linear", linear.FAMILY)

    def make(shape=linear.SHAPE, **settings):
        same = {"model": "linear", "batch": 4, "average": 0.0, "precision": "float32", "xla": "off"}
        game = make_game(Recipe(**{**same, **settings}), 2, shape, eager)
        n = game.recipe.pictures_a_step
        return game, np.random.default_rng(1).integers(0, 256, (n, *shape), np.uint8), np.arange(n) % 2

    return make
