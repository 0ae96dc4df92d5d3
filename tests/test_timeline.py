"""The time machine on small runs: the same latents at every step, drawn once, and whatever may be missing."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, images, timeline
from gan.timeline import Look
from gan.training import managing, promote, snapshots
from tests.small_runs import make_run


def test_every_step_draws_the_same_latents(runs_dir):
    run = make_run()
    said = []
    line = timeline.draw(run, Look(seed=3, rows=2, classes=("7", "B", "no such class")), lambda s, t: said.append(s))
    assert line.steps == (0, 1, 2, 4, 8, 12) and line.names == ("7", "B") and line.columns == 2
    assert line.pictures.shape == (6, 4, 28, 28, 1) and line.pictures.dtype == np.uint8
    assert said == sorted(said) and line.seconds[-1] == 120 and line.nearest(7) == 4
    # As the net of that step draws, row by row: a latent a row, a class a column.
    net = promote.net(run, 4)
    latents = timeline.latent.normal(3, 2, 8).repeat(2, axis=0)
    classes = np.eye(len(run.class_names), dtype=np.float32)[[run.class_names.index(name) for name in ("7", "B")] * 2]
    drawn = images.from_model(np.asarray(net([latents, classes], training=False)))
    assert np.abs(line.pictures[3].astype(int) - drawn).max() <= 1
    assert len({picture.tobytes() for picture in line.pictures}) == 6


def test_what_was_drawn_is_remembered_and_what_is_new_is_added(runs_dir, monkeypatch):
    run = make_run()
    before, stamp = timeline.draw(run, Look()), timeline.stamp(run)
    snapshots.save(run, 16, promote.weights(run, 4))
    assert timeline.stamp(run) != stamp
    read = []
    original = promote.weights
    monkeypatch.setattr(promote, "weights", lambda run, step: read.append(step) or original(run, step))
    after = timeline.draw(run, Look())
    assert read == [16] and (after.pictures[:-1] == before.pictures).all()
    assert (after.pictures[-1] == after.pictures[3]).all()


def test_another_run_of_the_same_name_is_drawn_anew(runs_dir):
    run = make_run(steps=(0, 4))
    before, stamp = timeline.draw(run, Look()), timeline.stamp(run)
    managing.remove(run)
    arrays = [array + 0.2 for array in promote.weights(managing.restore(run.id), 4)]
    snapshots.save(run, 4, arrays)
    assert timeline.stamp(run) != stamp
    assert (timeline.draw(run, Look()).pictures[1] != before.pictures[1]).any()


def test_a_checkpoint_that_is_dropped_at_this_moment(runs_dir):
    run = make_run(steps=(0, 4))
    before = timeline.draw(run, Look())
    folder = run.path / "checkpoints" / "4"
    folder.mkdir(parents=True)
    (folder / "state.json").write_text("{}")  # its arrays are gone already
    line = timeline.draw(run, Look(seed=2))
    assert line.steps == before.steps and not line.left_out


def test_damaged_ones_are_left_out_and_said(runs_dir):
    run = make_run()
    (run.path / "snapshots" / "00000004.npz").write_bytes(b"PK")
    (run.path / "snapshots" / "00000008.npz").write_bytes((run.path / "snapshots" / "00000012.npz").read_bytes()[:99])
    line = timeline.draw(run, Look())
    assert line.steps == (0, 1, 2, 12) and len(line.left_out) == 2 and "step 4 is damaged" in line.left_out[0]
    for _, path in run.snapshots():
        path.write_bytes(b"")
    with pytest.raises(UserError, match="none of what it keeps can be read"):
        timeline.draw(run, Look())


def test_runs_that_keep_no_snapshots_show_their_sheets(runs_dir):
    run = make_run(nets=False, sheets=(0, 2, 12))
    line = timeline.draw(run, Look(rows=2))
    assert line.sheets and line.steps == (0, 2, 12) and line.names == run.class_names[: timeline.COLUMNS]
    assert line.pictures.shape == (3, 2 * timeline.COLUMNS, 28, 28, 1)
    sheet = images.decode(dict(run.samples())[2].read_bytes())
    assert (line.pictures[1][line.columns] == sheet[30:58, :28]).all()  # below the first
    only = timeline.draw(run, Look(rows=1, classes=("1",)))
    assert only.names == ("1",) and (only.pictures[:, 0] == line.pictures[:, 1]).all()
    (run.path / "samples" / "00000002.png").write_bytes(b"no picture")
    assert timeline.draw(run, Look()).steps == (0, 12)
    (run.path / "samples" / "00000000.png").write_bytes(b"")
    (run.path / "samples" / "00000012.png").write_bytes(b"")
    with pytest.raises(UserError, match="none of its sheets"):
        timeline.draw(run, Look())


def test_ten_thousand_sheets_are_thinned(runs_dir, monkeypatch):
    run = make_run(nets=False, sheets=range(12))
    monkeypatch.setattr(timeline, "STEPS", 5)
    steps = timeline.draw(run, Look()).steps
    assert steps == (0, 3, 6, 8, 11)


def test_there_is_nothing_to_show(runs_dir):
    run = make_run(nets=False, sheets=())
    with pytest.raises(UserError, match="nothing is kept of it yet"):
        timeline.draw(run, Look())
    with pytest.raises(UserError, match="1 to 8 works"):
        timeline.draw(run, Look(rows=9))
    managing.remove(run)
    with pytest.raises(UserError, match="not a run"):
        timeline.draw(run, Look())
    reads = make_run("street_cnn", {"dataset": "streetdigits"}, nets=False, sheets=())
    with pytest.raises(UserError, match="draws nothing"):
        timeline.draw(reads, Look())


def test_marks_say_where_scores_were_best_and_where_they_turned():
    values = [100, 30, 10, 20, 25, 5, 6]
    records = [{"step": 10 * i, "seconds": 1.0, "fid": value} for i, value in enumerate(values)]
    found = [(mark.step, mark.kind) for mark in timeline.marks(records)]
    assert found == [(20, "low"), (40, "high"), (50, "best")]
    assert timeline.marks(records[:2]) == ()
    trembling = [{"step": i, "label_accuracy": value} for i, value in enumerate((0.2, 0.995, 1.0, 0.993, 0.999, 0.994))]
    assert [mark.kind for mark in timeline.marks(trembling)] == ["best"]


def test_the_sprite_holds_every_picture(runs_dir):
    pictures = np.random.default_rng(1).integers(0, 256, (5, 3, 4, 6, 3), np.uint8)
    data, across = timeline.sprite(pictures)
    sheet = images.decode(data)
    for place, picture in enumerate(pictures.reshape(-1, 4, 6, 3)):
        top, left = place // across * 4, place % across * 6
        assert (sheet[top : top + 4, left : left + 6] == picture).all()
