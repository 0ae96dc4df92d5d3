"""One step of each game: what it changes, what it leaves, and its arithmetic."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from gan.recipes import recipe
from gan.training.backend_tf import TensorFlowBackend
from gan.training.feed import Feed
from gan.training.game import ClassifierGame, GanGame, make_game, rate_factor

SHAPE = (28, 28, 1)


@pytest.fixture(scope="module")
def backend():
    return TensorFlowBackend()


@pytest.fixture
def feed():
    rng = np.random.default_rng(0)
    return Feed(rng.integers(0, 256, (64, *SHAPE), np.uint8), rng.integers(0, 10, 64), 8, seed=1)


def weights(net):
    return np.concatenate([w.ravel() for w in net.get_weights()])


@pytest.mark.parametrize("name", ["cgan28", "kepkreator", "kepkreator-cut"])
def test_a_step_moves_both_players(name, small, backend, feed):
    changed = {"batch": 8, "precision": "float32", "xla": "off"} | ({"width": 4} if name == "cgan28" else {})
    game = make_game(recipe(name).with_settings(changed), 10, SHAPE, backend)
    assert isinstance(game, GanGame)
    before = {key: weights(net) for key, net in game.nets.items()}
    logs = game.train_step(0, *feed(0))
    assert {"g_loss", "d_loss", "d_real", "d_fake", "r1"} <= set(logs)
    assert all(np.isfinite(float(value)) for value in logs.values())
    for key in ("generator", "discriminator"):
        assert not np.array_equal(before[key], weights(game.nets[key]))


@pytest.mark.parametrize("r1", [0.0, 0.2])
def test_one_backward_pass_gives_both_gradients(small, backend, feed, r1):
    """The shortcut of the non-saturating loss against each player's own backward pass, after a few steps of both."""
    ends = []
    for shortcut in (True, False):
        game = make_game(small.with_settings({"r1": r1}), 10, SHAPE, backend)
        assert game._slopes is not None
        if not shortcut:
            game._slopes, game._halves_together = None, False
        start = {key: weights(net) for key, net in game.nets.items()}
        for step in range(4):
            game.train_step(step, *feed(step))
        ends.append({key: weights(net) for key, net in game.nets.items()})
    for key, value in ends[0].items():
        moved = np.abs(value - start[key]).max()
        assert moved > 1e-3
        assert np.allclose(value, ends[1][key], atol=0.01 * moved)


def test_a_discriminator_that_normalises_over_the_batch_judges_halves_apart(small, backend, monkeypatch):
    from gan import models

    def build(*args, **kwargs):
        built = real_build(*args, **kwargs)
        image, classes = built["discriminator"].inputs
        logit = keras.layers.BatchNormalization()(built["discriminator"].output)
        return {**built, "discriminator": keras.Model([image, classes], logit)}

    real_build = models.build
    monkeypatch.setattr(models, "build", build)
    game = make_game(small, 10, SHAPE, backend)
    assert game._slopes is None
    assert not game._halves_together


def test_fused_adam_is_keras_adam(backend):
    rng = np.random.default_rng(0)
    start = rng.standard_normal((5, 3)).astype(np.float32)
    gradients = rng.standard_normal((4, 5, 3)).astype(np.float32)
    ends = []
    for own in (True, False):
        variable = keras.Variable(start)
        optimizer = keras.optimizers.Adam(1e-2, beta_1=0.5, beta_2=0.99)
        optimizer.build([variable])
        for gradient in gradients:
            tensor = keras.ops.convert_to_tensor(gradient)
            if own:
                backend.apply(optimizer, [tensor], [variable])
            else:
                optimizer.apply([tensor], [variable])
        ends.append([np.asarray(v) for v in (variable, *optimizer.variables)])
    for mine, keras_own in zip(*ends, strict=True):
        assert np.allclose(mine, keras_own, rtol=1e-5, atol=1e-7)


def test_slope_of_a_linear_net_is_its_weights(backend):
    net = keras.Sequential([keras.Input(SHAPE), keras.layers.Flatten(), keras.layers.Dense(1)])
    logits, slope = backend.value_and_input_gradient(net, keras.ops.ones((2, *SHAPE)))
    assert logits.shape == (2, 1)
    expected = np.asarray(net.layers[-1].kernel).reshape(SHAPE)
    assert np.allclose(slope, np.stack([expected, expected]), atol=1e-6)


def test_penalty_is_taken_on_its_steps_only(small, backend, feed):
    game = make_game(small, 10, SHAPE, backend)
    penalties = [float(game.train_step(step, *feed(step))["r1"]) for step in range(5)]
    assert [value > 0 for value in penalties] == [True, False, False, False, True]


def test_average_follows_by_its_half_life(small, backend, feed):
    game = make_game(small.with_settings({"average": 0.001}), 10, SHAPE, backend)  # a half-life of one picture
    start = weights(game.nets["average"])
    game.train_step(0, *feed(0))
    current, average = weights(game.nets["generator"]), weights(game.nets["average"])
    decay = game._decay(0)
    assert 0 <= decay < 1
    assert np.allclose(average, decay * start + (1 - decay) * current, atol=1e-6)


def test_same_seed_same_weights(small, backend, feed):
    first, second = (make_game(small, 10, SHAPE, backend) for _ in range(2))
    for game in (first, second):
        for step in range(3):
            game.train_step(step, *feed(step))
    for name in first.nets:
        assert np.array_equal(weights(first.nets[name]), weights(second.nets[name]))


def test_a_classifier_learns(backend):
    labels = np.arange(40) % 2
    images = np.random.default_rng(0).integers(0, 120, (40, *SHAPE), np.uint8)
    images[labels == 1, :, 14:] += 120
    settings = {"batch": 8, "steps": 100, "augment": "none", "precision": "float32", "xla": "off"}
    chosen = recipe("mnist_cnn").with_settings(settings)
    game = make_game(chosen, 2, SHAPE, backend)
    assert isinstance(game, ClassifierGame)
    feed = Feed(images, labels, 8, 1)
    for step in range(60):
        game.train_step(step, *feed(step))
    assert game.accuracy(images, labels) == 1.0


def test_cosine_goes_from_one_to_zero():
    chosen = recipe("mnist_cnn")
    assert rate_factor(chosen, 0) == 1
    assert rate_factor(chosen, chosen.steps // 2) == pytest.approx(0.5)
    assert rate_factor(chosen, chosen.steps) == pytest.approx(0)


def test_feed_shows_every_picture_once_an_epoch():
    images = np.arange(40, dtype=np.uint8).reshape(40, 1, 1, 1)
    feed = Feed(images, np.arange(40), 8, seed=3)
    epochs = [np.concatenate([feed(step)[1] for step in range(e * 5, e * 5 + 5)]) for e in range(2)]
    assert all(sorted(epoch) == list(range(40)) for epoch in epochs)
    assert list(epochs[0]) != list(epochs[1])
    assert np.array_equal(feed(3)[1], Feed(images, np.arange(40), 8, seed=3)(3)[1])  # no hidden state
