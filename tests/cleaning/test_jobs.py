"""A data set is cleaned in pieces: stopped, killed, gone on with, and kept only when all is done."""

from __future__ import annotations

import json
import os
import signal
import time

import numpy as np
import pytest

from gan import UserError, cleaning, datasets
from gan.cleaning import jobs
from gan.cleaning.log import Log, Row
from gan.datasets import kept
from tests.cleaning.drawn import ground, titled

SETTINGS = cleaning.Settings()


class StopError(Exception):
    """Something that nobody expects."""


@pytest.fixture
def covers(local_data, cache):
    """A kept data set of six pictures, half of them with words, with labels and an attribute."""
    pictures = np.stack([titled(art=ground(96, 96), size=18, words=w)[0] for w in ("", "FOX", "", "SEA", "", "OWL")])
    kept.keep(
        "mine",
        pictures,
        np.array([0, 1, 0, 1, 0, 1]),
        ["plain", "titled"],
        licence="CC0",
        attributes={"number": np.arange(6.0)},
        share=0.67,
    )
    return datasets.load("mine")


def stop_after(count):
    def progress(share, text):
        if text.startswith(f"{count} of"):
            raise StopError

    return progress


def pictures_of(data):
    return np.concatenate([split.images for split in data.splits.values()])


def test_the_cleaned_set_has_labels_attributes_and_split_of_the_original(covers):
    job = jobs.create("mine", "mine-clean", SETTINGS)
    assert (job.state, job.done, job.order.total) == ("stopped", 0, 6)
    job.run()
    assert (job.state, job.done) == ("saved", 6)
    clean = datasets.load("mine-clean")
    for name in ("train", "test"):
        before = {row["number"]: row for row in _rows(covers.splits[name])}
        after = {row["number"]: row for row in _rows(clean.splits[name])}
        assert before.keys() == after.keys()
        for number, row in after.items():
            assert row["label"] == before[number]["label"]
            assert np.array_equal(row["image"], cleaning.clean(before[number]["image"]).image)
    assert clean.source.licence == "CC0" and clean.source.class_names == ("plain", "titled")
    assert np.array_equal(pictures_of(datasets.load("mine")), pictures_of(covers))
    rows = Log(job.report).rows()
    assert len(rows) == 6 and sum(row.boxes > 0 for row in rows) == 3
    assert not (job.path / "pictures.raw").exists()


def _rows(split):
    columns = zip(split.images, split.labels, split.attributes["number"], strict=True)
    return [{"image": image, "label": label, "number": number} for image, label, number in columns]


def test_what_was_done_before_a_crash_is_not_done_again(covers, monkeypatch):
    job = jobs.create("mine", "again", SETTINGS)
    with pytest.raises(StopError):
        job.run(stop_after(3))
    assert (job.state, job.done, "StopError" in job.problem) == ("failed", 3, True)
    assert "again" not in kept.kept()
    with (job.path / "pictures.raw").open("ab") as file:
        file.write(b"half a picture")
    with job.report.open("a") as file:
        file.write("train/3,1,0.")
    seen = []
    real = cleaning.clean
    monkeypatch.setattr(jobs, "clean", lambda image, settings: seen.append(1) or real(image, settings))
    jobs.create("mine", "again", SETTINGS).run()
    assert len(seen) == 3
    assert job.state == "saved" and len(Log(job.report).rows()) == 6
    jobs.create("mine", "whole", SETTINGS).run()
    assert np.array_equal(pictures_of(datasets.load("again")), pictures_of(datasets.load("whole")))


def test_a_stop_is_obeyed_and_the_rest_done_later(covers):
    job = jobs.create("mine", "later", SETTINGS)
    job.run(lambda share, text: text.startswith("2 of") and job.stop())
    assert (job.state, job.done) == ("stopped", 3)  # the picture that was at hand is finished
    job.run()
    assert job.state == "saved"


def test_a_stop_is_heard_before_the_first_picture(covers):
    job = jobs.create("mine", "later", SETTINGS)
    job.stop()  # while the worker is still loading
    job.run()
    assert (job.state, job.done) == ("stopped", 0)
    job.run()
    assert job.state == "saved"


def test_a_process_of_its_own_can_be_killed_and_gone_on_with(covers):
    job = jobs.create("mine", "apart", SETTINGS)
    job.start()
    assert job.state == "working"
    with pytest.raises(UserError, match="already"):
        job.start()
    with pytest.raises(UserError, match="stop it first"):
        job.discard()
    _wait(lambda: job.done >= 1)
    os.kill(json.loads((job.path / "worker.json").read_text())["pid"], signal.SIGKILL)
    _wait(lambda: job.state != "working")
    if job.state == "stopped":  # it may have been faster
        job.start()
    _wait(lambda: job.state == "saved")
    assert datasets.load("apart").source.counts == covers.source.counts


def _wait(condition, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_names_and_settings_are_checked_before_anything_is_done(covers):
    for dataset, name, words in (
        ("mein", "x", "did you mean mine"),
        ("mine", "mine", "already"),
        ("mine", "A b", "name"),
    ):
        with pytest.raises(UserError, match=words):
            jobs.create(dataset, name, SETTINGS)
    first = jobs.create("mine", "x", SETTINGS)
    assert jobs.create("mine", "x", SETTINGS) == first
    with pytest.raises(UserError, match="other settings"):
        jobs.create("mine", "x", cleaning.Settings(growth=7))
    assert jobs.jobs() == [first]
    first.discard()
    assert jobs.jobs() == [] and "mine" in kept.kept()


def test_a_data_set_that_changed_meanwhile_is_refused(covers):
    job = jobs.create("mine", "x", SETTINGS)
    with pytest.raises(StopError):
        job.run(stop_after(2))
    kept.remove("mine")
    kept.keep("mine", np.zeros((4, 96, 96, 3), np.uint8), np.zeros(4, int), ["all"])
    with pytest.raises(UserError, match="begin anew"):
        jobs.find("x").run()
    assert jobs.find("x").state == "failed"


def test_a_data_set_that_was_split_anew_meanwhile_is_refused(covers):
    job = jobs.create("mine", "x", SETTINGS)
    with pytest.raises(StopError):
        job.run(stop_after(2))
    kept.resplit("mine", 0.67, seed=3)  # as many pictures, in another order: labels would go to others' pictures
    with pytest.raises(UserError, match="made or split anew since"):
        jobs.find("x").run()


def test_a_share_that_was_changed_meanwhile_can_be_changed_back(covers):
    job = jobs.create("mine", "x", SETTINGS)
    with pytest.raises(StopError):
        job.run(stop_after(2))
    kept.resplit("mine", 0.5)
    with pytest.raises(UserError, match="change it back"):
        jobs.find("x").run()
    kept.resplit("mine", 0.67)
    jobs.find("x").run()
    assert jobs.find("x").state == "saved"


def test_a_job_that_was_killed_before_its_order_was_written(covers, local_data):
    (local_data / jobs.FOLDER / "x").mkdir(parents=True)
    assert jobs.jobs() == []
    assert jobs.create("mine", "x", SETTINGS).state == "stopped"


def test_a_report_is_read_without_its_broken_end(tmp_path):
    log = Log(tmp_path / "found.csv")
    log.cut(0)
    log.append(Row('a, "b"\nc.png', 2, 0.25, 0.5, "why, then"))
    log.append(Row("d.png"))
    with log.path.open("a") as file:
        file.write("e.png,1")
    assert log.rows() == [Row('a, "b" c.png', 2, 0.25, 0.5, "why, then"), Row("d.png")] == log.latest(10)
    log.cut(1)
    assert [row.file for row in log.rows()] == ['a, "b" c.png']
