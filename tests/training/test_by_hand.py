"""A step of generator against discriminator by hand, with linear nets: updates, penalties, targets, changes."""

from __future__ import annotations

import numpy as np
import pytest

from gan import diff_augment
from gan import images as pictures
from gan.training.feed import LATENT, NOISE, generator
from tests.training import linear


def kernel(game, name):
    return np.asarray(game.nets[name].trainable_variables[0]).copy()


def test_penalty_is_taken_on_its_steps_only(line):
    game, *batch = line(r1=1.0, r2=1.0, r1_every=4)
    logs = [game.train_step(step, *batch) for step in range(5)]
    for name in ("r1", "r2"):
        assert [float(entry[name]) > 0 for entry in logs] == [True, False, False, False, True]


@pytest.mark.parametrize("shared", [True, False])
def test_penalties_of_a_linear_discriminator(line, shared):
    """Its slope is its vector of weights everywhere, whatever the pictures."""
    game, *batch = line(loss="wasserstein", r1=0.4, r2=0.6, r1_every=3, shared_pass=shared)
    squared = (kernel(game, "discriminator") ** 2).sum()
    logs = {name: float(value) for name, value in game.train_step(0, *batch).items()}
    assert logs["r1"] == pytest.approx(squared, rel=1e-5) and logs["r2"] == pytest.approx(squared, rel=1e-5)
    # Half the weight, times three for being taken every third step.
    assert logs["d_loss"] == pytest.approx(-logs["distance"] + 0.5 * 3 * (0.4 + 0.6) * squared, rel=1e-4)

    game, *batch = line(loss="wasserstein", gradient_penalty=10.0, shared_pass=shared)
    expected = (np.linalg.norm(kernel(game, "discriminator")) - 1) ** 2
    logs = {name: float(value) for name, value in game.train_step(0, *batch).items()}
    assert logs["gradient_penalty"] == pytest.approx(expected, rel=1e-4)
    assert logs["d_loss"] == pytest.approx(-logs["distance"] + 10 * expected, rel=1e-4)


def adam(start, gradients, rate, beta_2=0.99):
    """Adam without momentum (Kingma and Ba 2015), each gradient a function of the value before."""
    value, squares = start.astype(np.float64), 0.0
    for count, gradient in enumerate(gradients, 1):
        slope = gradient(value)
        squares = beta_2 * squares + (1 - beta_2) * slope**2
        value = value - rate * np.sqrt(1 - beta_2**count) * slope / (np.sqrt(squares) + 1e-7)
    return value


@pytest.mark.parametrize(
    "settings",
    [
        {"shared_pass": True, "r1": 0.4, "r2": 0.6},
        {"shared_pass": True, "gradient_penalty": 2.0},
        {"r1": 0.4, "r2": 0.6},
        {"discriminator_steps": 3, "r1": 0.4},
        {"discriminator_steps": 3, "gradient_penalty": 2.0},
        {"separate_halves": True},
        {"separate_halves": True, "discriminator_steps": 2, "r1": 0.4, "r2": 0.6},
        {"separate_halves": True, "gradient_penalty": 2.0},
        {"discriminator_steps": 2, "diff_augment": "translation, cutout"},
        {"separate_halves": True, "diff_augment": "translation, cutout"},
    ],
    ids=str,
)
def test_a_step_of_linear_nets_by_hand(line, settings):
    """Every update of the discriminator, with its own batch, latents and penalties; then the generator's one."""
    given = {"shared_pass": False, **settings}
    rates = {"learning_rate": 0.01, "discriminator_learning_rate": 0.02}
    game, images, labels = line(loss="wasserstein", **given, **rates)
    chosen = game.recipe
    turns, separate, every = chosen.discriminator_steps, chosen.separate_halves, chosen.r1_every
    n = len(images) // turns
    assert n == (2 if separate else 4)
    drawn = turns * n + (0 if chosen.shared_pass else chosen.batch)
    latents = generator(chosen.seed, LATENT, 0).standard_normal((drawn, linear.LATENT), np.float32)
    chances = generator(chosen.seed, NOISE, 0)
    matrix, vector = kernel(game, "generator"), kernel(game, "discriminator")

    def mean(of, half, chance):
        """The mean picture that the discriminator sees: a linear net's slope is all that it depends on."""
        if chosen.diff_augment != "none":
            numbers, changes = chance["changes"][half * n : (half + 1) * n], ("translation", "cutout")
            of = np.asarray(diff_augment.augment(of.reshape(n, *linear.SHAPE), numbers, changes))
        return of.reshape(n, -1).mean(axis=0)[:, None]

    gradients = []
    for turn in range(turns):
        part, chance, last = slice(turn * n, (turn + 1) * n), game._chance(chances, n), turn == turns - 1
        real = mean(pictures.to_model(images[part]), 0, chance)
        fake = mean(latents[part] @ matrix, 1, chance)

        def on_real(w, real=real, last=last):
            return -real + last * chosen.r1 * every * w

        def on_fake(w, fake=fake, last=last):
            length = np.linalg.norm(w)
            pull = chosen.gradient_penalty * 2 * (length - 1) * w / length
            return fake + last * chosen.r2 * every * w + pull

        together = (lambda w, a=on_real, b=on_fake: a(w) + b(w),)
        gradients += (on_real, on_fake) if separate else together
    game.train_step(0, images, labels)
    end = adam(vector, gradients, 0.02)
    assert np.allclose(kernel(game, "discriminator"), end, atol=2e-6)
    assert int(game.optimizers["discriminator"].iterations) == len(gradients) == turns * (1 + separate)
    assert int(game.optimizers["generator"].iterations) == 1
    if chosen.diff_augment == "none":
        own, judged_by = (latents, vector) if chosen.shared_pass else (latents[turns * n :], end)
        slope = -own.mean(axis=0)[:, None] * judged_by.T
        assert np.allclose(kernel(game, "generator"), adam(matrix, [lambda w: slope], 0.01), atol=1e-5)


def test_targets_are_smoothed_on_one_side_and_noisy_on_both(line):
    for smoothing, noise in ((0.1, 0.0), (0.0, 0.15), (0.2, 0.15)):
        game, *batch = line(label_smoothing=smoothing, label_noise=noise)
        zero, bias = game.nets["discriminator"].trainable_variables
        zero.assign(0 * zero)
        bias.assign([1.0])  # all logits are one
        expected = game._chance(generator(game.recipe.seed, NOISE, 0), 4)
        means = [float(np.mean(expected[name])) for name in ("real_targets", "fake_targets")]
        assert float(game.train_step(0, *batch)["d_loss"]) == pytest.approx(2 * np.log1p(np.e) - sum(means), rel=1e-5)
        targets = game._chance(np.random.default_rng(0), 2000)
        real, fake = targets["real_targets"], targets["fake_targets"]
        assert real.shape == fake.shape == (2000, 1)
        assert real.max() == pytest.approx(1 - smoothing, abs=1e-3)
        assert real.min() == pytest.approx(1 - smoothing - noise, abs=1e-3)
        assert fake.min() == pytest.approx(0, abs=1e-3) and fake.max() == pytest.approx(noise, abs=1e-3)


def test_pairs_are_logged_as_which_is_more_real(line):
    """The probability that real ones are more real, and its complement."""
    game, *batch = line(loss="relativistic")
    logs = game.train_step(0, *batch)
    assert 0 < float(logs["d_real"]) < 1
    assert float(logs["d_real"]) + float(logs["d_fake"]) == pytest.approx(1)


def test_each_picture_is_changed_in_its_own_way(line):
    game, *_ = line(diff_augment="translation", shared_pass=False, separate_halves=True)
    first, second = (game._chance(generator(1, NOISE, step), 2)["changes"] for step in range(2))
    assert first.shape == (3 * 4, diff_augment.NUMBERS)  # the generator learns from a whole batch
    assert len(np.unique(np.concatenate([first, second]), axis=0)) == 24
