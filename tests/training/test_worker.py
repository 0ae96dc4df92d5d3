"""Real workers on a shrunk recipe: killed, resumed, paused, refused, out of disk. Weights must agree bit for bit."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

from gan import UserError, conditions, datasets, images
from gan.datasets import kept
from gan.paths import ROOT
from gan.recipes import recipe
from gan.training import callbacks, checkpoint, keeping, managing, runs, snapshots, worker
from gan.training.diagnosis import diagnose
from tests.training.conftest import SMALL


def start(run):
    return subprocess.Popen([sys.executable, "-m", "gan", "resume", str(run.path)], cwd=ROOT)


def wait(condition, seconds=90):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def final(run):
    """All arrays of the last checkpoint, by part."""
    _, path = run.checkpoints()[-1]
    return {part.name: checkpoint.read_arrays(part) for part in sorted(path.glob("*.npz"))}


def equal(a, b):
    assert a.keys() == b.keys() and len(a) == 5  # two players, the average, two optimisers
    return all(np.array_equal(x, y) for part in a for x, y in zip(a[part], b[part], strict=True))


@pytest.fixture(scope="module")
def in_one_go(tmp_path_factory):
    """A run that nobody interrupted."""
    folder = tmp_path_factory.mktemp("in-one-go")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_RUNS_DIR", str(folder))
        run = runs.create(recipe("cgan28").with_settings({**SMALL, "steps": 60}))
        assert start(run).wait(120) == 0  # a process of its own, as all that are compared: the same number of threads
    return run


@pytest.fixture
def uninterrupted(in_one_go, runs_dir):
    """The same recipe run in one go: what every interrupted run must end up as. A copy, for a test to change."""
    return runs.Run(shutil.copytree(in_one_go.path, runs_dir / in_one_go.id))


def test_three_ways_to_be_killed(small, runs_dir, uninterrupted):
    """Killed before the first checkpoint, between two, and while one is being written."""
    recipe = uninterrupted.recipe
    expected = final(uninterrupted)

    early = runs.create(recipe)
    process = start(early)
    wait(lambda: early.status()["state"] == "running")
    process.kill()
    process.wait()
    assert early.status()["state"] == "died"

    between = runs.create(recipe)
    process = start(between)
    wait(lambda: between.status()["state"] == "running")
    between.request("pause")  # writes a checkpoint
    wait(lambda: between.status()["state"] == "paused" or between.status()["state"] == "finished")
    if between.status()["state"] == "paused":
        assert 0 < between.checkpoints()[-1][0] <= 60
    process.kill()
    process.wait()

    torn = runs.create(recipe)
    process = start(torn)
    wait(lambda: list((torn.path / "checkpoints").glob(".*")) or torn.status()["state"] == "finished")
    process.kill()
    process.wait()
    with (torn.path / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"step": 3, "images_s')

    for run in (early, between, torn):
        assert start(run).wait(120) == 0
        assert run.status()["step"] == 60
        assert equal(final(run), expected)
        assert all(record["step"] <= 60 for record in run.metrics())


def test_pause_and_resume_leave_no_trace(uninterrupted):
    run = runs.create(uninterrupted.recipe)
    process = start(run)
    wait(lambda: run.status()["state"] == "running")
    run.request("pause")
    wait(lambda: run.status()["state"] in ("paused", "finished"))
    if run.status()["state"] == "paused":
        run.request("sample")
        run.request("resume")
    assert process.wait(120) == 0
    assert equal(final(run), final(uninterrupted))


def test_a_run_leaves_what_the_page_shows(uninterrupted):
    run = uninterrupted
    assert run.status()["state"] == "finished" and run.status()["device"]
    assert run.samples()[0][0] == 0 and run.samples()[-1][0] == 60
    last = run.metrics()[-1]
    assert last["step"] == 60 and last["images_seen"] == 480
    names = {name for record in run.metrics() for name in record}
    assert {"g_loss", "d_loss", "d_real", "d_fake", "r1", "variety"} <= names
    assert {0, 1, 2, 4, 8, 16, 32, 60} <= {step for step, _ in run.snapshots()}


def test_a_changed_recipe_is_refused(uninterrupted):
    run = uninterrupted
    run.write_recipe(run.recipe.with_settings({"learning_rate": 0.01, "steps": 80}))
    with pytest.raises(UserError, match="start a new run"):
        worker.work(run, polite=False)
    assert run.status()["state"] == "failed"


def test_changed_data_are_refused(small, runs_dir, local_data):
    images = np.random.default_rng(1).integers(0, 256, (40, 28, 28, 1), np.uint8)
    kept.keep("mine", images, np.arange(40) % 2, ["a", "b"])
    run = runs.create(small.with_settings({"dataset": "mine", "steps": 2, "score_share": 0.0}))
    assert worker.work(run, polite=False) == "finished"
    kept.resplit("mine", 0.5)
    with pytest.raises(UserError, match="mine: the data set is not what it was when this run began"):
        worker.work(run, polite=False)
    assert run.status()["state"] == "failed"
    kept.resplit("mine", 0.8)
    assert worker.work(run, polite=False) == "finished"
    (run.path / "data.json").unlink()  # as runs of older versions
    kept.resplit("mine", 0.5)
    assert worker.work(run, polite=False) == "finished"


def test_changed_columns_are_refused_where_nets_are_told_them(small, runs_dir):
    def data(skin):
        split = datasets.Split(np.zeros((4, 8, 8, 3), np.uint8), np.zeros(4, np.int64), {"skin": np.array(skin)})
        return datasets.Dataset(datasets.source("avatars32"), {"train": split})

    run, before, after = runs.create(small), data(["a", "b", "a", "b"]), data(["a", "b", "b", "b"])
    for name in ("label", "skin"):
        worker._same_data(run, before, conditions.relabelled(before, name)[0])
        (run.path / "checkpoints" / "1").mkdir(parents=True, exist_ok=True)
        (run.path / "checkpoints" / "1" / "state.json").touch()
        if name == "label":  # which knows nothing of skin
            worker._same_data(run, after, after)
    with pytest.raises(UserError, match="not what it was when this run began"):
        worker._same_data(run, after, conditions.relabelled(after, "skin")[0])
    worker._same_data(run, before, conditions.relabelled(before, "skin")[0])


def test_two_workers_on_one_run(run):
    process = start(run)
    wait(lambda: run.status()["state"] in runs.WORKING)
    with pytest.raises(UserError, match="already"):
        runs.start_worker(run)
    wait(lambda: run.status()["state"] == "running" or run.checkpoints())
    if process.poll() is None:
        with pytest.raises(UserError, match="another worker"):
            worker.work(run, polite=False)
    process.kill()
    process.wait()


def test_stop_is_heard_before_the_first_step(small, runs_dir):
    """Pressed while the worker is still loading: it is not lost."""
    run = runs.create(small.with_settings({"steps": 1_000_000}))
    runs.start_worker(run)
    run.request("stop")
    wait(lambda: run.status()["state"] == "stopped")
    assert run.status()["step"] < 1000


def test_a_signal_stops_with_a_checkpoint(small, runs_dir):
    run = runs.create(small.with_settings({"steps": 1_000_000}))
    process = start(run)
    wait(lambda: run.status()["state"] == "running" and run.status()["step"] > 0)
    run.request("pause")
    wait(lambda: run.status()["state"] == "paused")
    process.terminate()  # also while it is paused
    assert process.wait(60) == 0
    assert run.status()["state"] == "stopped" and run.checkpoints()


def test_a_damaged_checkpoint_is_set_aside(small, runs_dir):
    run = runs.create(small)
    assert worker.work(run, polite=False) == "finished"
    step, newest = run.checkpoints()[-1]
    (newest / "generator.npz").write_bytes(b"")
    assert worker.work(run, polite=False) == "finished"
    assert run.checkpoints()[-1][0] == step and (newest.parent / f"damaged-{step}").is_dir()


def test_training_goes_on_without_scores(small, runs_dir):
    run = runs.create(small.with_settings({"score_share": 0.0}))
    assert worker.work(run, polite=False) == "finished"
    assert not any("label_accuracy" in record for record in run.metrics())


def test_two_runs_wanting_one_device(small, runs_dir):
    long = small.with_settings({"steps": 1_000_000})
    first, second = runs.create(long), runs.create(small)
    processes = [start(first)]
    wait(lambda: first.status()["state"] == "running")
    processes.append(start(second))
    wait(lambda: second.status()["state"] == "waiting")
    first.request("stop")
    assert [process.wait(120) for process in processes] == [0, 0]
    assert first.status()["state"] == "stopped" and second.status()["state"] == "finished"


def test_a_full_disk_pauses_and_loses_nothing(run, monkeypatch):
    """The first checkpoint cannot be written; there is room again when the user resumes."""
    real, failures, seen = checkpoint.save, iter([True]), []

    def save(*args, **kwargs):
        if next(failures, False):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args, **kwargs)

    def report(self, **values):
        if values.get("state") == "paused":
            seen.append(values["message"])
            (run.path / "requests").mkdir(exist_ok=True)
            (run.path / "requests" / "resume").touch()
        original(self, **values)

    original = worker.Reporter.__call__
    monkeypatch.setattr(checkpoint, "save", save)
    monkeypatch.setattr(worker.Reporter, "__call__", report)
    assert worker.work(run, polite=False) == "finished"
    assert "No space left" in seen[0] and "resume" in seen[0]
    assert run.checkpoints()[-1][0] == run.recipe.steps


def test_diverging_ends_the_run_with_a_reason(small, runs_dir, monkeypatch):
    """Weights that overflow: JSON has no NaN, so the record says null, and the run says why it ended."""
    from gan.training.adversarial import GanGame

    original = GanGame.train_step

    def overflow(self, step, images, labels):
        if step == 5:
            kernel = self.nets["generator"].trainable_variables[0]
            kernel.assign(kernel * np.float32("inf"))
        return original(self, step, images, labels)

    monkeypatch.setattr(GanGame, "train_step", overflow)
    run = runs.create(small)
    assert worker.work(run, polite=False) == "failed"
    assert "diverged" in run.status()["message"]
    lines = [json.loads(line) for line in (run.path / "metrics.jsonl").read_text().splitlines()]
    assert any(line.get("g_loss", 0) is None for line in lines)
    assert diagnose(lines)[0].level == "error"


def test_promoting_makes_a_model_that_draws_the_same(uninterrupted, weights_dir):
    from gan import registry
    from gan.training.promote import promote

    card = promote(uninterrupted, "mine", title="Mine")
    assert card.local and card.training["step"] == 60
    arrays = final(uninterrupted)["average.npz"]
    stored = registry.load("mine").get_weights()
    assert all(np.array_equal(a.astype(np.float16).astype(np.float32), b) for a, b in zip(arrays, stored, strict=True))
    with pytest.raises(UserError, match="already"):
        promote(uninterrupted, "mine")
    assert promote(uninterrupted, "early", step=4).training["images_seen"] == 32
    early = registry.load("early").get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(snapshots.read(uninterrupted, 4), early, strict=True))


def test_a_fork_goes_on_with_other_settings(uninterrupted):
    fork = managing.fork(uninterrupted, {"steps": 64, "learning_rate": 1e-3}, 60)
    assert worker.work(fork, polite=False) == "finished"
    assert fork.checkpoints()[-1][0] == 64 and fork.recipe.learning_rate == 1e-3
    assert fork.metrics()[0]["step"] == 1 and fork.metrics()[-1]["step"] == 64
    with pytest.raises(UserError, match="start a new run"):  # its checkpoints are its own
        fork.write_recipe(uninterrupted.recipe.with_settings({"steps": 80}))
        worker.work(fork, polite=False)


def test_the_best_checkpoint_is_kept_unless_it_is_large(run, monkeypatch):
    game = SimpleNamespace(nets={"generator": SimpleNamespace(variables=[np.zeros(100)])}, optimizers={})
    for step in range(1, 7):
        checkpoint.save(run, game, {"step": step}, best=2)
    assert [step for step, _ in run.checkpoints()] == [2, 5, 6]
    monkeypatch.setattr(keeping, "LARGE", 500)
    checkpoint.save(run, game, {"step": 7}, best=2)
    assert [step for step, _ in run.checkpoints()] == [6, 7]


@pytest.mark.parametrize(
    ("settings", "classes", "told"),
    [
        ({"dataset": "avatars32", "condition": "label, skin"}, 48, "label, skin"),
        ({"dataset": "avatars32", "condition": "skin"}, 6, "skin"),
        ({"dataset": "hangul", "model": "korean-dcgan"}, 0, "none"),
    ],
    ids=str,
)
def test_what_nets_were_told_reaches_the_model(small, runs_dir, weights_dir, settings, classes, told):
    from gan import inference
    from gan.training.promote import promote

    run = runs.create(small.with_settings({"steps": 2, "score_share": 0.0, **settings}))
    assert worker.work(run, polite=False) == "finished"
    card = promote(run, "mine")
    assert len(card.class_names) == classes and card.condition == told
    sheet = images.decode(run.samples()[-1][1].read_bytes())
    weights = np.zeros((2, classes), np.float32)
    weights[:, :1] = 1
    drawn = inference.sample("mine", np.zeros((2, 8), np.float32), weights)
    assert drawn.shape == (2, *card.shape)
    assert sheet.shape[1] == (classes or callbacks.ALONE) * (card.shape[1] + 2) - 2
