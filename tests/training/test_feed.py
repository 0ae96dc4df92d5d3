"""Batches prepared ahead: the same ones, whatever the threads do."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from gan import UserError, augment
from gan.augment import PRESETS
from gan.training import checkpoint, runs, worker
from gan.training.feed import Ahead, Feed

IMAGES = np.random.default_rng(0).integers(0, 256, (100, 12, 12, 1), np.uint8)
LABELS = np.arange(100) % 10


def feed(augment="gentle", seed=3):
    return Feed(IMAGES, LABELS, 16, seed, augment)


def equal(a, b):
    return np.array_equal(a[0], b[0]) and np.array_equal(a[1], b[1])


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("name", ["shift", "gentle", "none"])
def test_ahead_gives_what_the_feed_gives(threads, name):
    ahead, plain = Ahead(feed(name), 40, threads), feed(name)
    for step in (*range(20), *range(20, 40)):
        assert equal(ahead(step), plain(step))
    ahead.close()


def test_steps_may_be_asked_for_in_any_order():
    ahead, plain = Ahead(feed(), 100, 2), feed()
    for step in (50, 51, 3, 99, 98, 0, 0):
        assert equal(ahead(step), plain(step))
    ahead.close()


def test_a_step_s_batch_does_not_depend_on_where_one_starts():
    resumed = Ahead(feed(), 40, 1)
    assert equal(resumed(25), feed()(25))
    resumed.close()


def test_pictures_are_varied_anew_each_epoch_and_labels_stay():
    changed, plain = feed(), feed("none")
    for step in range(12):
        images, labels = changed(step)
        originals, expected = plain(step)
        assert np.array_equal(labels, expected) and not np.array_equal(images, originals)
    assert feed().augment == PRESETS["gentle"]


def test_batches_are_ready_before_they_are_asked_for_and_none_after_the_last():
    asked, ready = [], threading.Event()

    def slow(step):
        asked.append(step)
        if len(asked) == 4:
            ready.set()
        return IMAGES[:1], LABELS[:1]

    ahead = Ahead(slow, 6, 2)
    ahead(0)
    assert ready.wait(5) and sorted(asked) == [0, 1, 2, 3]
    for step in range(1, 6):
        ahead(step)
    ahead.close()
    assert sorted(asked) == [0, 1, 2, 3, 4, 5]


def test_what_goes_wrong_is_raised_for_its_step():
    def broken(step):
        if step == 2:
            raise UserError("step two")
        return IMAGES[:1], LABELS[:1]

    ahead = Ahead(broken, 10, 1)
    ahead(0)
    ahead(1)
    with pytest.raises(UserError, match="step two"):
        ahead(2)
    ahead.close()


def test_closing_does_not_wait_for_what_nobody_will_ask_for():
    def slow(step):
        time.sleep(0.2)
        return IMAGES[:1], LABELS[:1]

    ahead = Ahead(slow, 1000, 1)
    ahead(0)
    started = time.monotonic()
    ahead.close()
    assert time.monotonic() - started < 0.5


def test_a_run_pins_its_plan(small, runs_dir, local_data):
    augment.save(PRESETS["wrap27"], "mine")
    run = runs.create(small.with_settings({"augment": "mine"}))
    augment.remove("mine")
    assert augment.augmentation(run.recipe.augment).steps == PRESETS["wrap27"].steps
    assert runs.create(small.with_settings({"augment": "shift"})).recipe.augment == "shift"
    with pytest.raises(UserError, match="unknown augmentation 'mine'"):
        runs.create(small.with_settings({"augment": "mine"}))
    with pytest.raises(UserError, match="Step 1: unknown transform"):
        runs.create(small.with_settings({"augment": '{"steps": [{"transform": "rotat"}]}'}))


def test_an_augmented_run_that_was_stopped_ends_up_the_same(small, runs_dir, local_data):
    ends = []
    for stopped in (False, True):
        run = runs.create(small.with_settings({"augment": "gentle", "score_share": 0.0}))
        if stopped:
            (run.path / "requests").mkdir()
            (run.path / "requests" / "stop").touch()
            assert worker.work(run, polite=False) == "stopped"
            assert 0 < run.checkpoints()[-1][0] < run.recipe.steps
        assert worker.work(run, polite=False) == "finished"
        ends.append({part.name: checkpoint.read_arrays(part) for part in run.checkpoints()[-1][1].glob("*.npz")})
    assert ends[0].keys() == ends[1].keys() and len(ends[0]) == 5
    assert all(np.array_equal(a, b) for name in ends[0] for a, b in zip(ends[0][name], ends[1][name], strict=True))
