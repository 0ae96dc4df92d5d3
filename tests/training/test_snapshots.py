"""Snapshots on disk: half of what they were, thinned, and refused when damaged."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from gan import UserError
from gan.training import keeping, snapshots


def variables(seed=1):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal((3, 4)).astype(np.float32), np.arange(2, dtype=np.uint32)]


def loop_of(run, step=0, best=None):
    return SimpleNamespace(run_folder=run, step=step, best=best, logs={}, outcome=("finished", ""))


def test_floats_come_back_from_half_precision_and_integers_whole(run):
    before = variables()
    snapshots.save(run, 7, before)
    after = snapshots.read(run, 7)
    assert [a.dtype for a in after] == [np.float32, np.uint32]
    assert np.allclose(after[0], before[0], rtol=1e-3) and (after[1] == before[1]).all()


def test_what_is_gone_or_damaged_is_said(run):
    path = snapshots.save(run, 7, variables())
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(UserError, match="step 7 is damaged"):
        snapshots.read(run, 7)
    with pytest.raises(UserError, match="no snapshot of step 8"):
        snapshots.read(run, 8)


def test_a_run_of_steps(run, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 20)
    monkeypatch.setattr(snapshots, "SHARE", 1e9)  # whatever the disk takes
    taker, loop = snapshots.Snapshots(variables()), loop_of(run)
    taker.begin(loop)
    for loop.step in range(1, 301):
        loop.best = keeping.Best(77, "fid", 1.0) if loop.step >= 77 else None
        taker.after_step(loop, {})
    taker.end(loop)
    steps = [step for step, _ in run.snapshots()]
    assert len(steps) == 20 and {0, 1, 2, 4, 8, 16, 32, 64, 77, 128, 256, 300} <= set(steps)


def test_what_takes_long_is_taken_less_often_but_early_ones_always(run, monkeypatch):
    monkeypatch.setattr(snapshots, "SHARE", 1e-9)
    taker, loop = snapshots.Snapshots(variables()), loop_of(run)
    taker.begin(loop)
    for loop.step in range(1, 101):
        taker.after_step(loop, {})
    assert [step for step, _ in run.snapshots()] == [0, 1, 2, 4, 8, 16, 32, 64]


def test_broken_weights_and_nets_that_are_too_large_are_left_out(run, monkeypatch):
    taker, loop = snapshots.Snapshots(variables()), loop_of(run)
    loop.logs = {"g_loss": float("nan")}
    taker.begin(loop)
    assert not run.snapshots()
    monkeypatch.setattr(keeping, "LARGE", 1000)
    loop.logs = {}
    for loop.step in range(10):
        taker.after_step(loop, {})
    assert not run.snapshots()


def test_rewinding_drops_what_comes_after_the_checkpoint(run):
    folder = run.path / "checkpoints" / "4"
    folder.mkdir(parents=True)
    (folder / "state.json").write_text("{}")
    for step in (0, 4, 5):
        snapshots.save(run, step, variables())
    (run.path / "snapshots" / ".00000009.npz.77.1").write_bytes(b"half")
    run.rewind()
    assert sorted(path.name for path in (run.path / "snapshots").iterdir()) == ["00000000.npz", "00000004.npz"]
