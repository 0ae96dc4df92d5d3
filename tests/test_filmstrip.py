"""Frames of films and rows of samples, from a time machine's pictures."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, filmstrip
from gan.timeline import Timeline


def line(steps=(0, 10, 20, 40), colours=1, run="a"):
    pictures = np.stack([np.full((4, 8, 8, colours), 10 + i, np.uint8) for i in range(len(steps))])
    seconds = tuple(map(float, steps))
    return Timeline(run, steps, seconds, 8, pictures, 2, ("x", "y"), 0, (), False, ())


def shown(frame):
    """The step's own grey."""
    return int(frame[0, 0, 0])


def test_a_film_goes_through_all_steps():
    frames = filmstrip.frames([line()], 2, 4)
    assert [shown(frame) for frame in frames] == [10, 10, 11, 11, 12, 12, 13, 13]
    assert len({frame.shape for frame in frames}) == 1 and frames[0].shape[2] == 1
    assert frames[0][-20:].std() > 0  # its step is written below
    assert [shown(frame) for frame in filmstrip.frames([line()], 1, 2)] == [10, 12]


def test_runs_stand_beside_each_other_each_with_its_newest():
    frames = filmstrip.frames([line(), line((5, 30), 3, "b")], 1, 6)
    left = [shown(frame) for frame in frames]
    right = [int(frame[0, -1, 0]) for frame in frames]
    assert left == [10, 10, 11, 12, 12, 13] and right == [10, 10, 10, 10, 11, 11]
    assert frames[0].shape[2] == 3


def test_a_film_of_10000_frames_is_refused():
    with pytest.raises(UserError, match="too many"):
        filmstrip.frames([line()], 30, 10_000 / 30)
    with pytest.raises(UserError, match="too many"):
        filmstrip.frames([line()], 30, 1e308)


def test_repeated_frames_are_drawn_once_and_the_others_when_wanted(monkeypatch):
    drawn = []
    original = filmstrip._frame
    monkeypatch.setattr(filmstrip, "_frame", lambda lines, stop: drawn.append(stop) or original(lines, stop))
    frames = filmstrip.frames([line()], 2, 4)
    first, second = frames[0], frames[1]
    assert first is second and drawn == [0]
    assert len(list(frames)) == 8 and drawn == [0, 10, 20, 40]


def test_rows_at_epochs():
    each = round(filmstrip.pictures_of("handwriting") / 8)
    rows = filmstrip.rows(line((0, each, 3 * each)), [0, 1, 3], "handwriting")
    assert [int(rows[i * len(rows) // 3 + 5, -1, 0]) for i in range(3)] == [10, 11, 12]
    assert rows[:, :40].min() < 100 < rows[:, :40].max()  # words beside them
    with pytest.raises(UserError, match="has reached epoch"):
        filmstrip.rows(line(), [200], "handwriting")


def test_epochs_that_are_offered():
    each = filmstrip.pictures_of("handwriting") / 8
    assert filmstrip.offered(line((0, int(200 * each) + 1)), "handwriting") == [1, 40, 100, 200]
    assert filmstrip.offered(line((0, int(20 * each) + 1)), "handwriting") == [1, 4, 10, 20]
    assert filmstrip.offered(line((0, int(each) + 1)), "handwriting") == [0.0, 0.2, 0.5, 1.0]
