"""Classifiers learn; of combinations, each part is learnt from all pictures that have it."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from gan.conditions import encoding
from gan.recipes import recipe
from gan.training.backend_tf import TensorFlowBackend
from gan.training.classifying import ClassifierGame
from gan.training.feed import Feed
from gan.training.game import make_game

SHAPE = (28, 28, 1)
SETTINGS = {"batch": 8, "steps": 100, "augment": "none", "precision": "float32", "xla": "off", "width": 8}


@pytest.fixture(scope="module")
def backend():
    return TensorFlowBackend()


def learn(game, images, labels, steps):
    feed = Feed(images, labels, 8, 1)
    for step in range(steps):
        game.train_step(step, *feed(step))


def test_a_classifier_learns(backend):
    labels = np.arange(40) % 2
    images = np.random.default_rng(0).integers(0, 120, (40, *SHAPE), np.uint8)
    images[labels == 1, :, 14:] += 120
    game = make_game(recipe("mnist_cnn").with_settings(SETTINGS), 2, SHAPE, backend)
    assert isinstance(game, ClassifierGame)
    learn(game, images, labels, 60)
    assert game.accuracy(images, labels) == 1.0


def test_combinations_are_read_part_by_part(backend):
    """Pictures bright or dark to the left, and bright, dark or striped to the right; one combination is never shown."""
    labels = np.arange(120) % 6
    images = np.random.default_rng(0).integers(0, 120, (120, *SHAPE), np.uint8)
    images[labels // 3 == 1, :, :14] += 120
    images[labels % 3 == 1, :, 14:] += 120
    images[labels % 3 == 2, ::2, 14:] += 120
    table = encoding([2, 3])
    game = make_game(recipe("mnist_cnn").with_settings({**SETTINGS, "dropout": 0.0}), table, SHAPE, backend)
    assert game.classes == 6
    shown = labels != 4
    learn(game, images[shown], labels[shown], 100)
    assert game.accuracy(images, labels) == 1.0

    net = game.nets["classifier"]
    parts = keras.Model(net.input, net.get_layer("logits").output)(images[:6].astype(np.float32) / 127.5 - 1)
    logits = np.asarray(net(images[:6].astype(np.float32) / 127.5 - 1)["logits"])
    assert parts.shape == (6, 5) and logits.shape == (6, 6)
    left, right = np.asarray(parts)[:, :2], np.asarray(parts)[:, 2:]
    assert np.allclose(logits, (left[:, :, None] + right[:, None, :]).reshape(6, 6), atol=1e-4)
    # So the probability of a combination is the product of its parts' probabilities.
    softmax = keras.ops.softmax
    product = np.asarray(softmax(left))[:, :, None] * np.asarray(softmax(right))[:, None, :]
    assert np.allclose(softmax(logits), product.reshape(6, 6), atol=1e-5)
