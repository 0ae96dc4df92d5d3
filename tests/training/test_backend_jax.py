"""JAX beside TensorFlow: the same losses, exchangeable checkpoints, exact resume. JAX runs in processes of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gan import UserError, datasets
from gan.paths import ROOT
from gan.recipes import recipe
from gan.training import backends, checkpoint, runs
from gan.training.feed import Feed
from tests.training.conftest import SMALL

BEFORE, STEPS = 3, 20  # steps on TensorFlow before the shared checkpoint, and after it on both
AGAINST = ("cgan28", "kepkreator", "covers-features")

pytestmark = pytest.mark.skipif(
    not importlib.util.find_spec("jax"), reason="JAX is not installed (requirements-dev.txt)"
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """What processes on JAX are started with: our modules, and a place for runs and for what is compiled."""
    folder = tmp_path_factory.mktemp("jax")
    own = {"JAX_COMPILATION_CACHE_DIR": folder / "compiled", "GAN_RUNS_DIR": folder / "runs", "PYTHONPATH": ROOT}
    return {**os.environ, **{name: str(path) for name, path in own.items()}}


def new_game(run):
    from gan.training.backend_tf import TensorFlowBackend
    from gan.training.game import make_game

    source = datasets.source(run.recipe.dataset)
    return make_game(run.recipe, len(source.class_names), source.shape, TensorFlowBackend())


@pytest.fixture(scope="module")
def compared(tmp_path_factory, environment):
    """The folder of `on_jax`, what came out there, and the logs of the same steps on TensorFlow."""
    folder = tmp_path_factory.mktemp("compared")
    steps = {"steps": BEFORE + STEPS, "score_share": 0.0}
    small = recipe("cgan28").with_settings({**SMALL, **steps})
    same = {key: SMALL[key] for key in ("dataset", "precision", "xla")}
    kepkreator = recipe("kepkreator").with_settings({**same, **steps, "batch": 4, "latent": 8, "embedding": 2})
    classifier = recipe("mnist_cnn").with_settings({**same, "batch": 8, "width": 4, "steps": 30, "augment": "none"})
    # Most of its discriminator is frozen; it looks with the classifier of digits that ships.
    frozen = recipe("covers-features").with_settings({**SMALL, **steps, "levels": 2, "heads": 4, "r1_every": 16})
    chosen = {
        "cgan28": small,
        "kepkreator": kepkreator,
        "covers-features": frozen,
        "fresh": small,
        "classifier": classifier,
    }
    made = {name: runs.create(each, folder / name) for name, each in chosen.items()}
    data = datasets.load(small.dataset)
    expected = {}
    for name in AGAINST:
        game, batch = new_game(made[name]), made[name].recipe.batch
        feed = Feed(data.train.images, data.train.labels, batch, small.seed)
        for step in range(BEFORE):
            game.train_step(step, *feed(step))
        state = {"step": BEFORE, "seconds": 0, "recipe": made[name].recipe.to_json()}
        checkpoint.save(made[name], game, state)
        logs = [game.train_step(step, *feed(step)) for step in range(BEFORE, BEFORE + STEPS)]
        expected[name] = [{key: float(value) for key, value in entry.items()} for entry in logs]
    latents = np.random.default_rng(1).standard_normal((100, 8), np.float32)
    classes = len(data.source.class_names)
    np.savez(folder / "drawn.npz", latents, np.eye(classes, dtype=np.float32)[np.arange(100) % classes])
    subprocess.run([sys.executable, Path(__file__).with_name("on_jax.py"), folder], env=environment, check=True)
    return made, json.loads((folder / "results.json").read_text(encoding="utf-8")), expected


@pytest.mark.parametrize("name", AGAINST)
def test_losses_agree_from_one_checkpoint(compared, name):
    _, results, expected = compared
    pairs = list(zip(results[name], expected[name], strict=True))
    assert len(pairs) == STEPS and all(ours.keys() == theirs.keys() for ours, theirs in pairs)
    for index, tolerance in ((0, 1e-4), (STEPS - 1, 1e-2)):
        for key in ("g_loss", "d_loss"):
            assert pairs[index][0][key] == pytest.approx(pairs[index][1][key], rel=tolerance)
    penalties = [(ours["r1"], theirs["r1"]) for ours, theirs in pairs if theirs["r1"]]
    assert len(penalties) == (STEPS // SMALL["r1_every"] if name == "cgan28" else 0)
    for ours, theirs in penalties:
        assert ours == pytest.approx(theirs, rel=1e-2)


@pytest.mark.parametrize("name", AGAINST)
def test_a_checkpoint_of_jax_draws_the_same_on_tensorflow(compared, name):
    made, _, _ = compared
    step, path = made[name].checkpoints()[-1]
    assert step == BEFORE + STEPS
    game = new_game(made[name])
    checkpoint.restore(path, game)
    with np.load(path.parents[2] / "drawn.npz") as drawn:
        latents, weights = drawn.values()
    here = game.sample(latents, weights).astype(int)
    assert here.std() > 1
    assert np.abs(here - np.load(made[name].path / "pictures.npy")).max() <= 1


def test_a_classifier_learns_and_resumes_exactly(compared):
    """It has dropout and batch statistics, whose state is not among what is trained."""
    result = compared[1]["classifier"]
    assert np.mean(result["losses"][-5:]) < np.mean(result["losses"][:5])
    assert result["resumed"]
    assert result["measured"] == result["accuracy"]


def test_a_stopped_run_goes_on_exactly(compared, environment):
    """Stopped after a step and resumed, on the command line; against all steps in one go."""
    folder = Path(environment["GAN_RUNS_DIR"]) / "stopped"
    fresh = compared[0]["fresh"]
    small = [f"{key}={value}" for key, value in SMALL.items() if key != "steps"] + ["score_share=0"]
    what = ["train", "--recipe", "cgan28", "--set", *small, "--steps", str(BEFORE + STEPS)]
    command = [sys.executable, "-m", "gan"]
    worker = subprocess.Popen([*command, *what, "--backend", "jax", "--run", folder], env=environment, cwd=ROOT)
    run = runs.Run(folder)
    while not (folder / "recipe.json").is_file() or run.status()["state"] == "created":
        assert worker.poll() is None
        time.sleep(0.02)
    run.request("stop")  # heard after the first step
    assert worker.wait() == 0
    assert run.status()["backend"] == "jax" and run.checkpoints()[-1][0] == 1
    subprocess.run([*command, "resume", folder], env=environment, cwd=ROOT, check=True)
    assert run.status()["state"] == "finished" and run.status()["backend"] == "jax"
    assert run.samples() and run.metrics()
    for part in ("generator", "discriminator", "average", "generator_optimizer", "discriminator_optimizer"):
        ours, whole = (checkpoint.read_arrays(r.checkpoints()[-1][1] / f"{part}.npz") for r in (run, fresh))
        assert all(np.array_equal(a, b) for a, b in zip(ours, whole, strict=True))


def test_a_back_end_that_is_not_there(monkeypatch, runs_dir):
    from gan import cli

    with pytest.raises(UserError, match="unknown back end 'torch'; choose from jax, tensorflow"):
        backends.check("torch")
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(UserError, match=r"JAX is not installed: pip install .* Or train with --backend tensorflow"):
        backends.check("jax")
    assert cli.main(["train", "--recipe", "cgan28", "--backend", "jax"]) == 2
    assert not runs.list_runs()


def test_keras_keeps_its_back_end():
    import keras  # noqa: F401 - in this process it computes with TensorFlow

    before = os.environ.get("KERAS_BACKEND")
    with pytest.raises(RuntimeError, match="already"):
        backends.load("jax")
    assert os.environ.get("KERAS_BACKEND") == before  # what is started from here computes as this does
