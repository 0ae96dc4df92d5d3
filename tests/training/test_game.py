"""What the games share: Adam, slopes, rates, batches; what fits into memory."""

from __future__ import annotations

import keras
import numpy as np
import psutil
import pytest

from gan import UserError
from gan.recipes import Recipe, recipe
from gan.training.backend_tf import TensorFlowBackend
from gan.training.feed import Feed
from gan.training.game import BYTES, make_game, rate_factor

SHAPE = (28, 28, 1)


@pytest.fixture(scope="module")
def backend():
    return TensorFlowBackend()


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


def test_nets_that_do_not_fit_into_memory(small, backend, monkeypatch):
    """Said before anything is trained, with how much is needed."""
    trained = sum(
        net.count_params() for name, net in make_game(small, 10, SHAPE, backend).nets.items() if name != "average"
    )
    free = psutil.virtual_memory()._replace(available=trained * BYTES - 1)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)
    with pytest.raises(UserError, match=rf"cgan28 has {trained:,} weights, and training them takes .* GB"):
        make_game(small, 10, SHAPE, backend)


@pytest.mark.parametrize(("model", "shape"), [("mnist_cnn", SHAPE), ("anime-srgan", (128, 128, 3))])
def test_settings_that_a_game_does_not_know(backend, model, shape):
    for settings in ({"r1": 1.0}, {"diff_augment": "color"}, {"discriminator_steps": 2, "shared_pass": False}):
        chosen = Recipe(model=model, options={"width": 2}, precision="float32", xla="off", **settings)
        with pytest.raises(UserError, match=f"{next(iter(settings))}: {model} is trained without it"):
            make_game(chosen, 10, shape, backend)
