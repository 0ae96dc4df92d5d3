"""Generator against discriminator: what a step changes and what it leaves. Its arithmetic: `test_by_hand`."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest

from gan import conditions, datasets, models
from gan import images as pictures
from gan.recipes import Recipe, recipe
from gan.training.adversarial import GanGame
from gan.training.backend_tf import TensorFlowBackend
from gan.training.feed import Feed
from gan.training.game import make_game

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


EXAMPLES = [
    {"r1": 0.0},
    {"r1": 0.2},
    {"r1": 0.0, "diff_augment": "color, translation, cutout"},
    {"loss": "relativistic", "r1": 0.2, "r2": 0.2},
    {"loss": "wasserstein", "r1": 0.0, "gradient_penalty": 10.0},
]


@pytest.mark.parametrize("settings", EXAMPLES, ids=str)
def test_one_backward_pass_gives_both_gradients(small, backend, feed, settings):
    """The shortcut against each player's own backward pass, after a few steps of both."""
    ends = []
    for shortcut in (True, False):
        game = make_game(small.with_settings(settings), 10, SHAPE, backend)
        assert game._slopes is not None
        if not shortcut:
            game._slopes, game._halves_together = None, False
        start = {key: weights(net) for key, net in game.nets.items()}
        for step in range(4):
            logs = game.train_step(step, *feed(step))
            assert all(np.isfinite(float(value)) for value in logs.values())
        ends.append({key: weights(net) for key, net in game.nets.items()})
    for key, value in ends[0].items():
        moved = np.abs(value - start[key]).max()
        assert moved > 1e-3
        assert np.allclose(value, ends[1][key], atol=0.01 * moved)


def test_a_discriminator_that_normalises_over_the_batch_judges_halves_apart(small, backend, monkeypatch):
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


@pytest.mark.parametrize(
    "settings",
    [
        {"loss": "relativistic", "r1": 0.2, "r2": 0.2},
        {"loss": "relativistic", "r1": 0.0, "separate_halves": True},
        {"loss": "wasserstein", "r1": 0.0, "gradient_penalty": 10.0, "discriminator_steps": 2},
        {"loss": "least_squares", "r1": 0.0, "separate_halves": True, "label_noise": 0.1, "diff_augment": "color"},
    ],
    ids=str,
)
def test_other_losses_train_in_turns(small, backend, settings):
    chosen = small.with_settings({**settings, "shared_pass": False})
    game = make_game(chosen, 10, SHAPE, backend)
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (64, *SHAPE), np.uint8), rng.integers(0, 10, 64)
    feed = Feed(images, labels, chosen.pictures_a_step, chosen.seed)
    before = {key: weights(net) for key, net in game.nets.items()}
    for step in range(2):
        logs = game.train_step(step, *feed(step))
        assert all(np.isfinite(float(value)) for value in logs.values())
    assert ("distance" in logs) is (chosen.loss == "wasserstein") is ("d_real" not in logs)
    assert all(not np.array_equal(before[key], weights(net)) for key, net in game.nets.items())


@pytest.mark.parametrize("shared", [True, False])
def test_changes_before_the_discriminator_teach_something_else_and_can_be_repeated(line, shared):
    ends = []
    for changes in ("none", "color, translation, cutout", "color, translation, cutout"):
        game, *batch = line((8, 8, 3), diff_augment=changes, shared_pass=shared)
        for step in range(3):
            game.train_step(step, *batch)
        ends.append({name: weights(net) for name, net in game.nets.items()})
    for name in ("generator", "discriminator"):
        assert np.array_equal(ends[1][name], ends[2][name])
        assert not np.allclose(ends[0][name], ends[1][name], atol=1e-5)


def test_an_unconditional_net_learns_from_labelled_pictures(backend):
    settings = {"batch": 8, "beta_1": 0.9, "average": 1.0, "precision": "float32", "xla": "off"}
    chosen = Recipe(model="korean-dcgan", options={"width": 4, "latent": 8}, dataset="hangul", **settings)
    data = datasets.load("hangul")
    game = make_game(chosen, len(data.source.class_names), data.source.shape, backend)
    feed = Feed(data.train.images[:64], data.train.labels[:64], 8, 1)
    before = {key: weights(net) for key, net in game.nets.items()}
    for step in range(2):
        logs = game.train_step(step, *feed(step))
        assert all(np.isfinite(float(value)) for value in logs.values())
    assert all(not np.array_equal(before[key], weights(net)) for key, net in game.nets.items())
    latents = np.random.default_rng(0).standard_normal((6, 8), np.float32)
    drawn = [game.sample(latents, np.eye(16, dtype=np.float32)[[label] * 6], 6) for label in (0, 9)]
    assert drawn[0].shape == (6, 32, 32, 1) and np.array_equal(*drawn)


def test_nets_are_told_hair_and_skin_apart(small, backend):
    data, told = conditions.relabelled(datasets.load("avatars32"), "label, skin")
    game = make_game(small.with_settings({"dataset": "avatars32"}), told.encoding, data.source.shape, backend)
    assert game.classes == 48 and game.nets["generator"].inputs[1].shape == (None, 8 + 6)
    game.train_step(0, *Feed(data.train.images, data.train.labels, 8, 1)(0))
    latents = np.random.default_rng(0).standard_normal((48, 8), np.float32)
    drawn = game.sample(latents, np.eye(48, dtype=np.float32), 48)
    rows = list(itertools.product(range(8), range(6)))
    given = np.array([np.eye(8)[hair].tolist() + np.eye(6)[skin].tolist() for hair, skin in rows], np.float32)
    assert np.array_equal(drawn, pictures.from_model(game.sampler([latents, given])))


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
