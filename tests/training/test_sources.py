"""Every data set of the table trains: two steps of a recipe that fits it, one data set for each form there is."""

from __future__ import annotations

import numpy as np
import pytest

from gan import datasets
from gan.datasets import DATASETS, Source, Split
from gan.training.backend_tf import TensorFlowBackend
from gan.training.feed import Feed
from gan.training.game import make_game

# Sets of one shape differ in nothing that training knows but their number of classes: the one with the most stands
# for the others, after those that are on this machine.
FORMS: dict[tuple[int, int, int], Source] = {}
for row in sorted(DATASETS.values(), key=lambda row: (row.local, len(row.class_names))):
    FORMS[row.shape] = row


@pytest.fixture(scope="module")
def backend():
    return TensorFlowBackend()


def pictures(source: Source) -> Split:
    """Its first training pictures; noise of its form where it is not on this machine."""
    if source.local:
        train = datasets.load(source.name).train
        return Split(train.images[:32], train.labels[:32])
    rng = np.random.default_rng(1)
    return Split(rng.integers(0, 256, (32, *source.shape), np.uint8), rng.integers(0, len(source.class_names), 32))


@pytest.mark.parametrize("source", FORMS.values(), ids=lambda source: source.name)
def test_two_steps(source, small, backend):
    recipe = small.with_settings({"dataset": source.name, "width": 2, "batch": 4, "r1": 0.0})
    split = pictures(source)
    game = make_game(recipe, len(source.class_names), source.shape, backend)
    feed = Feed(split.images, split.labels, recipe.batch, recipe.seed)
    before = [weights.copy() for weights in game.nets["generator"].get_weights()]
    for step in range(2):
        logs = game.train_step(step, *feed(step))
        assert all(np.isfinite(float(value)) for value in logs.values())
    after = game.nets["generator"].get_weights()
    assert any(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))
