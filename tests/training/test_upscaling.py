"""Super-resolution on a shrunk `anime-srgan`: what it compares, when the discriminator joins, a whole run."""

from __future__ import annotations

import shutil
import time

import numpy as np
import pytest

from gan import UserError, images, paths, registry
from gan.datasets import kept
from gan.metrics import perceptual
from gan.recipes import Recipe
from gan.training import checkpoint, runs, worker
from gan.training.backend_tf import TensorFlowBackend
from gan.training.game import make_game
from gan.training.promote import promote
from gan.training.upscaling import SuperResolutionGame

SHAPE = (128, 128, 3)
SMALL = {
    "model": "anime-srgan",
    "options": {"width": 4, "blocks": 1},
    "batch": 2,
    "beta_1": 0.5,
    "learning_rate": 1e-3,
    "precision": "float32",
    "xla": "off",
}


@pytest.fixture(scope="module")
def faces():
    """Eight large pictures of soft blobs, by which bicubic interpolation does well."""
    rng = np.random.default_rng(0)
    return images.bicubic(rng.integers(0, 256, (8, 8, 8, 3), np.uint8), 16)


@pytest.fixture
def make(eager):
    return lambda **settings: make_game(Recipe(**{**SMALL, **settings}), 1, SHAPE, eager)


LABELS = np.zeros(2, np.int64)


def weights(net):
    return np.concatenate([w.ravel() for w in net.get_weights()])


def test_content_comes_first_and_then_the_discriminator(faces):
    game = make_game(Recipe(**SMALL, content_steps=20), 1, SHAPE, TensorFlowBackend())
    assert isinstance(game, SuperResolutionGame)
    judge = weights(game.nets["discriminator"])
    logs = [game.train_step(step, faces[:2], LABELS) for step in range(20)]
    values = [float(entry["content"]) for entry in logs]
    assert np.mean(values[-3:]) < 0.7 * np.mean(values[:3])
    assert all(set(entry) == {"g_loss", "content"} and entry["g_loss"] == entry["content"] for entry in logs)
    assert np.array_equal(judge, weights(game.nets["discriminator"]))
    taught = weights(game.nets["generator"])
    logs = game.train_step(20, faces[:2], LABELS)
    assert set(logs) == {"g_loss", "content", "d_loss", "d_real", "d_fake"}
    assert float(logs["g_loss"]) > float(logs["content"])
    assert not np.array_equal(judge, weights(game.nets["discriminator"]))
    assert np.array_equal(weights(game.nets["content"]), taught)  # kept as it was, and the other goes on
    assert not np.array_equal(weights(game.nets["generator"]), taught)
    drawn = game.upscale(images.shrink(faces[:3], 4), batch=2)
    assert drawn.shape == (3, *SHAPE) and drawn.dtype == np.uint8


def test_how_pictures_are_compared(make):
    drawn = np.array([0.5, 0.0, -0.5, 1.0], np.float32).reshape(1, 2, 2, 1)
    true = np.array([0.5, 1.0, -1.0, -1.0], np.float32).reshape(1, 2, 2, 1)  # apart by 0, 1, 0.5 and 2
    charbonnier = 0.001 + 1.0000005 + 0.500001 + 2.00000025
    for kind, total in (("mse", 1 + 0.25 + 4), ("l1", 3.5), ("charbonnier", charbonnier)):
        assert float(make(content=kind)._content(drawn, true)) == pytest.approx(total / 4, rel=1e-6)


def test_what_the_discriminator_adds(make, faces):
    """The generator's loss is content, opinion and features, each by its weight."""
    given = {"adversarial": 0.5, "content": "l1", "label_smoothing": 0.1, "label_noise": 0.2, "features": 0.0}
    parts = {}
    for name, settings in {"opinion": {}, "both": {"features": 2.0}, "neither": {"adversarial": 0.0}}.items():
        game = make(**{**given, **settings})
        logs = game.train_step(0, faces[:2], LABELS)
        assert all(np.isfinite(float(value)) for value in logs.values())
        parts[name] = float(logs["g_loss"]) - float(logs["content"])
    assert parts["neither"] == 0 and 0 < parts["opinion"] < parts["both"]


def test_losses_of_pairs_and_features_by_hand(make, faces):
    """From the net itself: the mean difference of what its last layer reads, and the generator's loss of the logits."""
    game = make(loss="relativistic", adversarial=0.5, features=2.0, discriminator_learning_rate=1e-7, content="mse")
    small, true = images.to_model(images.shrink(faces[:2], 4)), images.to_model(faces[:2])
    drawn = np.asarray(game.nets["generator"]([small], training=True))
    judge = game.nets["discriminator"]
    head = judge.layers[-1]
    (fake, of_drawn), (real, of_true) = (game._features([each], training=True) for each in (drawn, true))
    assert np.allclose(fake, of_drawn @ head.kernel + head.bias, atol=1e-5)
    expected = (
        0.5 * np.log1p(np.exp(np.asarray(real) - fake)).mean() + 2 * np.abs(np.asarray(of_true) - of_drawn).mean()
    )
    logs = game.train_step(0, faces[:2], LABELS)
    assert float(logs["content"]) == pytest.approx(((drawn - true) ** 2).mean(), rel=1e-4)
    assert float(logs["g_loss"]) - float(logs["content"]) == pytest.approx(expected, rel=1e-3)


def test_what_a_classifier_sees_counts_once_the_discriminator_is_there(make, faces):
    game = make(perceptual=2.0, adversarial=0.0, content_steps=1)
    small, true = images.to_model(images.shrink(faces[:2], 4)), images.to_model(faces[:2])
    looks = game.nets["looks"]
    before = weights(looks)
    logs = game.train_step(0, faces[:2], LABELS)
    assert logs["g_loss"] == logs["content"]
    drawn = np.asarray(game.nets["generator"]([small], training=True))
    apart = sum(
        float(np.abs(np.asarray(a) - np.asarray(b)).mean()) for a, b in zip(looks(true), looks(drawn), strict=True)
    )
    logs = game.train_step(1, faces[:2], LABELS)
    assert apart > 0.01 and float(logs["g_loss"]) - float(logs["content"]) == pytest.approx(2 * apart, rel=1e-2)
    assert np.array_equal(before, weights(looks))


def test_the_net_that_measures_is_not_learnt_from(make, tmp_path, monkeypatch):
    shutil.copytree(paths.weights_dir() / perceptual.NET, tmp_path / perceptual.NET)
    monkeypatch.setattr(paths, "weights_dir", lambda: tmp_path)
    with pytest.raises(UserError, match=r"no trained net here to look with. Train a classifier of colour"):
        make(perceptual=0.1)


def test_targets_are_softened(make, faces):
    """Without a weight, a discriminator says 0.5 of every picture: each half's loss is log 2 less its share of 0."""
    for settings in ({}, {"label_smoothing": 0.3}, {"label_noise": 0.2}):
        game = make(**settings)
        head = game.nets["discriminator"].layers[-1]
        head.kernel.assign(0 * head.kernel)
        head.bias.assign([2.0])
        value = float(game.train_step(0, faces[:2], LABELS)["d_loss"])
        plain = 2 * np.log1p(np.exp(2.0)) - 2.0  # targets of 1 and 0; any that are s lower and higher:
        if "label_noise" in settings:
            assert plain - 0.4 < value < plain + 0.4 and value != pytest.approx(plain, rel=1e-4)
        else:
            assert value == pytest.approx(plain + 2.0 * settings.get("label_smoothing", 0.0), rel=1e-5)


def test_scores_compare_with_bicubic_interpolation(make, faces, monkeypatch):
    game = make()
    scores = game.scores(faces)
    assert set(scores) == {"psnr", "psnr_gain", "ssim"}
    assert 0 < scores["psnr"] < 30 and scores["psnr_gain"] < 0 and -1 < scores["ssim"] < 1  # it has learnt nothing
    monkeypatch.setattr(game, "upscale", lambda small: images.bicubic(small, 4))
    same = game.scores(faces)
    assert same["psnr_gain"] == 0 and same["psnr"] > scores["psnr"] and same["ssim"] > 0.9


def test_pictures_of_another_size_are_refused(eager):
    with pytest.raises(UserError, match="anime-srgan is for 128x128 colour pictures; this data set has 32x32"):
        make_game(Recipe(**SMALL), 1, (32, 32, 3), eager)


def stopping(run, train_step):
    """The step of a game that is asked to stop while it takes its third."""

    def step(game, index, *batch):
        if index == 2:
            time.sleep(0.2)  # requests are looked for ten times a second
            run.request("stop")
        return train_step(game, index, *batch)

    return step


def test_a_run_stopped_and_resumed_is_one_in_one_go(runs_dir, local_data, weights_dir, faces, monkeypatch):
    kept.keep("faces", np.concatenate([faces, faces[:, ::-1]]), np.zeros(16, np.int64), ["all"])
    recipe = Recipe(**SMALL, dataset="faces", steps=6, content_steps=2, label_noise=0.1, features=0.1, name="small")
    whole, parts = runs.create(recipe), runs.create(recipe)
    assert worker.work(whole, polite=False) == "finished"
    with monkeypatch.context() as asking:
        asking.setattr(SuperResolutionGame, "train_step", stopping(parts, SuperResolutionGame.train_step))
        assert worker.work(parts, polite=False) == "stopped"
    assert parts.checkpoints()[-1][0] == 3
    assert worker.work(parts, polite=False) == "finished"
    for part in ("generator", "content", "discriminator", "generator_optimizer", "discriminator_optimizer"):
        ours, theirs = (checkpoint.read_arrays(run.checkpoints()[-1][1] / f"{part}.npz") for run in (parts, whole))
        assert all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))

    assert [whole.samples()[at][0] for at in (0, -1)] == [0, 6]
    sheet = images.decode(whole.samples()[-1][1].read_bytes())
    columns = 16 - round(0.8 * 16)  # the test pictures
    assert sheet.shape == (4 * 130 - 2, columns * 130 - 2, 3)
    true = sheet[3 * 130 :, :128]
    assert np.array_equal(sheet[2:128:4, 2:128:4], images.shrink(true[None], 4)[0])  # small, and the true one below
    names = {name for record in whole.metrics() for name in record}
    assert {"g_loss", "content", "d_loss", "d_real", "d_fake", "psnr", "psnr_gain", "ssim"} <= names
    assert whole.metrics()[-1]["images_seen"] == 12

    card = promote(whole, "larger")
    assert card.kind == "upscaler" and card.latent == 0 and card.class_names == ()
    small = images.shrink(true[None], 4)
    drawn = images.from_model(registry.load("larger")([images.to_model(small)]))
    assert np.abs(drawn[0].astype(int) - sheet[2 * 130 : 3 * 130 - 2, :128]).mean() < 1  # half precision

    first, half = (promote(whole, f"blend{int(100 * share)}", blend=share) for share in (0.0, 0.5))
    assert half.training["blend"] == 0.5 and "blend" not in card.training
    stages = [registry.load(name).get_weights() for name in (first.name, half.name, "larger")]
    for before, between, after in zip(*stages, strict=True):
        assert np.allclose(between, (before + after) / 2, atol=1e-3)  # half precision
    content = checkpoint.read_arrays(whole.checkpoints()[-1][1] / "content.npz")
    for variable, array in zip(registry.load(first.name).variables, content, strict=True):
        assert np.allclose(variable, array, atol=1e-3)


def test_what_cannot_be_blended(runs_dir, local_data, weights_dir, faces):
    kept.keep("faces", faces, np.zeros(8, np.int64), ["all"])
    run = runs.create(Recipe(**SMALL, dataset="faces", steps=1, name="small"))
    assert worker.work(run, polite=False) == "finished"
    for share, words in ((0.5, "has no two stages by step 1"), (1.5, "1.5 is out of range"), (float("nan"), "nan is")):
        with pytest.raises(UserError, match=words):
            promote(run, "between", blend=share)
    assert not registry.cards()
