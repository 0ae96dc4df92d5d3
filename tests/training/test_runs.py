"""The run folder: torn lines, foreign folders, dead workers, requests."""

from __future__ import annotations

import json
import os

import psutil
import pytest

from gan import UserError, paths
from gan.training import curves, device, overview, runs


def status_of(run, state, pid, started):
    run.write_status({"state": state, "pid": pid, "pid_started": started, "step": 3, "steps": 12})


def test_a_torn_last_line_and_a_foreign_line_are_skipped(run):
    good = json.dumps({"step": 1, "images_seen": 8, "seconds": 0.1, "g_loss": 0.5})
    (run.path / "metrics.jsonl").write_text(f'{good}\n[1, 2]\nhello\n{good}\n{{"step": 2, "g_lo', encoding="utf-8")
    assert [record["step"] for record in run.metrics()] == [1, 1]
    assert curves.follow(run).series["g_loss"] == ([1, 1], [0.5, 0.5])


@pytest.mark.parametrize("value", ["x", [1], {"a": 1}, True, float("nan"), float("inf")])
def test_what_cannot_be_reckoned_with_is_foreign(run, value):
    record = {"step": 1, "images_seen": 8, "seconds": 0.1, "fid": 3.0}
    lines = [record, {**record, "step": 2, "fid": value}, {**record, "step": 3, "fid": None}]
    (run.path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert [record["fid"] for record in run.metrics()] == [3.0, None, None]
    for status in ({"state": value}, {"state": "stopped", "step": value}):
        run.write_status(status)
        assert run.status()["state"] == "created" and overview.row(run).scores == {"fid": 3.0}


def test_curves_take_up_what_is_appended_and_start_over_when_shortened(run):
    path = run.path / "metrics.jsonl"
    lines = [json.dumps({"step": s, "images_seen": 8 * s, "seconds": 0.1, "g_loss": s / 10}) + "\n" for s in range(6)]
    path.write_text("".join(lines[:3]) + lines[3][:10], encoding="utf-8")
    assert curves.follow(run).series["g_loss"][0] == [0, 1, 2]
    path.write_text("".join(lines[:5]), encoding="utf-8")
    assert curves.follow(run).series["g_loss"][0] == [0, 1, 2, 3, 4]
    paths.write_aside(path, "".join(lines[:2]).encode())
    assert curves.follow(run).series["g_loss"][0] == [0, 1]


def test_thinning_keeps_the_newest(run):
    follow = curves.Curves(run.path / "metrics.jsonl")
    follow.series["x"] = (list(range(1000)), [float(i) for i in range(1000)])
    steps, values = follow.thinned("x", 100)
    assert len(steps) == 100 and steps[-1] == 999 and values[-1] == 999.0


def test_a_worker_that_is_gone_is_recognised(run):
    me = psutil.Process()
    status_of(run, "running", me.pid, me.create_time())
    assert run.status()["state"] == "running"
    status_of(run, "running", me.pid, me.create_time() - 100)  # the number was used again by another process
    assert run.status()["state"] == "died"
    gone = psutil.Popen(["true"])
    started = gone.create_time()
    gone.wait()
    status_of(run, "paused", gone.pid, started)
    assert run.status()["state"] == "died" and "Resume" in run.status()["message"]


def test_requests(run):
    with pytest.raises(UserError, match="nobody is working"):
        run.request("pause")
    status_of(run, "running", os.getpid(), psutil.Process().create_time())
    for _ in range(2):  # two pages ask for the same
        run.request("pause")
    with pytest.raises(UserError, match="did you mean pause"):
        run.request("pauze")
    (run.path / "requests" / "nonsense").touch()
    assert run.take_requests() == {"pause"}
    assert run.take_requests() == set()


def test_foreign_folders_are_left_alone(run, runs_dir):
    (runs_dir / "holiday").mkdir()
    (runs_dir / "holiday" / "photo.jpg").write_bytes(b"x")
    (runs_dir / "broken").mkdir()
    (runs_dir / "broken" / "recipe.json").write_text("{", encoding="utf-8")
    assert runs.list_runs() == [run]
    with pytest.raises(UserError, match="not empty"):
        runs.create(run.recipe, runs_dir / "holiday")
    with pytest.raises(UserError, match="unknown run"):
        runs.find("holiday")


def test_rewind_drops_what_comes_after_the_checkpoint(run):
    for step in (4, 8):
        (run.path / "checkpoints" / str(step)).mkdir(parents=True)
        (run.path / "checkpoints" / str(step) / "state.json").write_text("{}", encoding="utf-8")
    (run.path / "checkpoints" / "10").mkdir()  # without its state.json: never completed
    (run.path / "checkpoints" / ".12.77").mkdir()
    (run.path / "samples").mkdir()
    for step in (0, 8, 9):
        (run.path / "samples" / f"{step:08d}.png").write_bytes(b"x")
    lines = [json.dumps({"step": s, "images_seen": s, "seconds": 0}) for s in range(12)]
    (run.path / "metrics.jsonl").write_text("\n".join(lines) + '\n{"step', encoding="utf-8")
    run.rewind()
    assert [step for step, _ in run.checkpoints()] == [4, 8]
    assert [step for step, _ in run.samples()] == [0, 8]
    assert [record["step"] for record in run.metrics()] == list(range(9))
    assert not (run.path / "checkpoints" / ".12.77").exists()


def test_the_device_goes_to_whoever_came_first(runs_dir):
    first, second = device.Turn("a"), device.Turn("b")
    assert first.take(lambda first: False)
    assert not second.take(lambda first: False)  # does not want to wait
    first.give_back()
    assert second.take(lambda first: False)
    second.give_back()


def test_whoever_came_first_is_next(runs_dir):
    """A live process drew its ticket before us: a free device is still not ours."""
    me = psutil.Process()
    (runs_dir / ".queue").mkdir(parents=True)
    earlier = runs_dir / ".queue" / f"{1:020d}.{me.pid}.{me.create_time():.2f}.earlier"
    earlier.touch()
    (runs_dir / ".queue" / ".DS_Store").touch()
    turn = device.Turn("late")
    assert not turn.take(lambda first: False)
    earlier.unlink()
    assert turn.take(lambda first: False)
    turn.give_back()


def test_giving_back_what_was_never_taken(runs_dir):
    device.Turn("a").give_back()


def test_two_runs_of_one_second_get_two_folders(small, runs_dir):
    assert len({runs.create(small).id for _ in range(3)}) == 3


def test_a_recipe_that_is_no_text(run, runs_dir):
    (runs_dir / "odd").mkdir()
    (runs_dir / "odd" / "recipe.json").write_bytes(b"\xff\xfe\x00")
    assert runs.list_runs() == [run]


def test_the_ticket_of_a_dead_worker_is_ignored(runs_dir):
    (runs_dir / ".queue").mkdir(parents=True)
    (runs_dir / ".queue" / f"{1:020d}.999999.1.00.gone").touch()
    turn = device.Turn("a")
    assert turn.take(lambda first: False)
    turn.give_back()
