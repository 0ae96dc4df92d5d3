"""Runs as wholes: renamed, noted on, removed and brought back, forked; never under a worker's feet."""

from __future__ import annotations

import json
import os

import filelock
import numpy as np
import psutil
import pytest

from gan import UserError
from gan.training import managing, runs
from gan.training.runs import Run
from tests.small_runs import make_run


@pytest.fixture
def made(runs_dir):
    run = make_run(nets=False)
    for step in (4, 8):
        folder = run.path / "checkpoints" / str(step)
        folder.mkdir(parents=True)
        np.savez(folder / "generator.npz", x=np.zeros(1000, np.uint8))
        (folder / "state.json").write_text(json.dumps({"step": step, "seconds": 1, "recipe": run.recipe.to_json()}))
    return run


def working(run):
    me = {"pid": os.getpid(), "pid_started": psutil.Process().create_time()}
    run.write_status({**run.status(), **me, "state": "running"})


def test_renaming(made, runs_dir):
    other = make_run(nets=False)
    for name, words in (("a/b", "cannot be used"), (".x", "cannot be used"), ("", "cannot"), (other.id, "already")):
        with pytest.raises(UserError, match=words):
            managing.rename(made, name)
    renamed = managing.rename(made, "first-try")
    assert runs.find("first-try") == renamed and not made.path.exists()
    with pytest.raises(UserError, match="removed, or has another name"):  # in another window
        managing.rename(made, "second")


def test_notes(made):
    assert managing.note(made) == ""
    working(made)
    managing.write_note(made, "R1 of 1 helped: ü")
    assert managing.note(made) == "R1 of 1 helped: ü"
    with pytest.raises(UserError, match="2,000 are the most"):
        managing.write_note(made, "x" * 3000)


def test_removing_and_bringing_back(made):
    managing.remove(made)
    assert not runs.list_runs() and managing.removed() == [made.id]
    with pytest.raises(UserError, match="was removed"):
        managing.write_note(made, "too late")
    assert managing.restore(made.id) == Run(made.path) and made.metrics()
    managing.remove(made)
    other = managing.rename(make_run(nets=False), "other")
    managing.remove(other)  # in another window, since one looked
    assert managing.erase([made.id]) > 2000 and managing.removed() == [other.id]
    with pytest.raises(UserError, match="unknown removed run"):
        managing.restore(made.id)


def test_a_name_that_was_taken_meanwhile(made, runs_dir):
    recipe = made.recipe
    managing.remove(made)
    runs.create(recipe, runs_dir / made.id)
    with pytest.raises(UserError, match="already"):
        managing.restore(made.id)
    managing.remove(runs.find(made.id))  # the one that was removed before is not lost for it
    assert managing.removed() == [made.id, f"{made.id}-2"]
    assert not managing.restore(made.id).metrics() and managing.restore(f"{made.id}-2").metrics()


def test_a_run_that_lies_elsewhere(runs_dir, tmp_path):
    run = runs.create(make_run(nets=False).recipe, tmp_path / "elsewhere" / "mine")
    (tmp_path / "elsewhere" / "taken").mkdir()
    with pytest.raises(UserError, match="already"):
        managing.rename(run, "taken")
    managing.remove(run)
    assert managing.restore(str(run.path)) == run and run.recipe
    with pytest.raises(UserError, match="unknown removed run"):
        managing.restore("../elsewhere/mine")


@pytest.mark.parametrize("damage", ["cut off", "changed", "no state", "other state"])
def test_a_damaged_checkpoint_is_not_forked(made, damage):
    folder = made.path / "checkpoints" / "8"
    arrays, state = folder / "generator.npz", folder / "state.json"
    if "state" in damage:
        state.write_text("[]" if damage == "other state" else "{")
    else:
        data = bytearray(arrays.read_bytes())
        data[len(data) // 2] ^= 255
        arrays.write_bytes(data[:200] if damage == "cut off" else data)
    with pytest.raises(UserError, match="step 8 could not be copied"):
        managing.fork(made, {}, 8)
    assert runs.list_runs() == [made]
    assert managing.fork(made, {}, 4).checkpoints()


def test_a_run_that_is_worked_on_is_left_alone(made):
    working(made)
    for act in (managing.remove, lambda run: managing.rename(run, "x")):
        with pytest.raises(UserError, match="stop it before"):
            act(made)
    made.write_status({**made.status(), "state": "stopped"})
    with filelock.FileLock(made.path / "worker.lock"), pytest.raises(UserError, match="stop it before"):
        managing.remove(made)  # a worker that has not yet said so
    managing.remove(made)


def test_a_fork_from_a_checkpoint_has_its_past(made):
    fork = managing.fork(made, {"learning_rate": 1e-3, "steps": 20, "options": {"width": 4, "latent": 8}}, 4)
    assert fork.recipe.learning_rate == 1e-3 and fork.recipe.options == made.recipe.options
    ((step, folder),) = fork.checkpoints()
    state = json.loads((folder / "state.json").read_text())
    assert step == state["step"] == 4 and runs.Recipe.from_json(state["recipe"]) == fork.recipe
    assert [record["step"] for record in fork.metrics()] == [1, 2, 4] and [s for s, _ in fork.samples()] == [0]
    assert fork.status()["state"] == "created" and fork.class_names == made.class_names
    assert [s for s, _ in made.checkpoints()] == [4, 8] and len(made.metrics()) == 5


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"batch": 16}, "batch: pictures seen"),
        ({"width": 8}, "options: the checkpoint is of other nets"),
        ({"average": 0.0}, "average"),
        ({"steps": 4}, "steps: the checkpoint has 4"),
        ({"precision": "auto"}, "precision: auto"),
        ({"learning_rate": 7.0}, "out of range"),
    ],
)
def test_what_a_checkpoint_cannot_go_on_with(made, settings, words):
    with pytest.raises(UserError, match=words):
        managing.fork(made, settings, 4)
    assert runs.list_runs() == [made]


def test_a_fork_from_the_beginning_may_change_anything(made):
    fork = managing.fork(made, {"batch": 16, "width": 8})
    assert fork.recipe.batch == 16 and fork.recipe.options["width"] == 8 and not fork.checkpoints()
    with pytest.raises(UserError, match="no checkpoint of step 5"):
        managing.fork(made, {}, 5)


def test_disk(made):
    (made.path / "checkpoints" / "damaged-9").mkdir()
    (made.path / "checkpoints" / "damaged-9" / "x").write_bytes(b"x" * 500)
    parts = managing.disk(made)
    assert managing.size(made) == sum(parts.values())
    assert parts["damaged"] == 500 and parts["checkpoints"] > 2000 and parts["samples"] > 0 and parts["snapshots"] == 0
    assert managing.tidy(made) == 500 and managing.disk(made)["damaged"] == 0
