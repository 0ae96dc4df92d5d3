"""A data set made larger: what is in it, what is not, and how it ends early."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gan import UserError, augment, cli, datasets
from gan.augment import Plan, Step, multiply
from gan.datasets import kept

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (60, 12, 10, 1), np.uint8)
LABELS = np.arange(60) % 3
TURN = Plan("turn", (Step("rotate", 5, 20),))


@pytest.fixture(autouse=True)
def small(local_data):
    """A set of 48 training and 12 test pictures."""
    kept.keep("small", IMAGES, LABELS, ["a", "b", "c"], title="Small", licence="CC0", attributes={"n": np.arange(60.0)})
    return local_data


def rows(array):
    return [one.tobytes() for one in array]


def test_training_pictures_and_their_copies_and_the_test_pictures_as_they_were(monkeypatch):
    monkeypatch.setattr(multiply, "PIECE", 1000)
    heard = []
    row = multiply.multiply("small", TURN, 4, "large", progress=lambda share, text: heard.append(share))
    before, after = datasets.load("small"), datasets.load("large")
    assert row.counts == {"train": 192, "test": 12}
    assert sorted(rows(after.test.images)) == sorted(rows(before.test.images))
    originals, tests = set(rows(before.train.images)), set(rows(before.test.images))
    made = rows(after.train.images)
    assert len(set(made)) == 192 and originals < set(made) and not tests & set(made)
    assert np.bincount(after.train.labels).tolist() == (np.bincount(before.train.labels) * 4).tolist()
    for name in ("train", "test"):  # what belongs to a picture stays with it
        assert (after.splits[name].attributes["n"] % 3 == after.splits[name].labels).all()
    assert (np.unique(after.train.attributes["n"], return_counts=True)[1] == 4).all()
    assert row.class_names == ("a", "b", "c") and row.licence == "CC0"
    assert "3 times changed (turn, seed 1)" in row.summary
    assert heard == sorted(heard) and heard[-1] <= 1 and len(heard) > 5


def test_a_picture_and_its_copies_stay_on_one_side_when_the_set_is_split_anew():
    multiply.multiply("small", TURN, 4, "large")
    for share, seed in ((0.5, None), (0.5, 9)):
        kept.resplit("large", share, seed)
        data = datasets.load("large")
        assert len(data.train) and len(data.test)
        assert not set(data.train.attributes["n"]) & set(data.test.attributes["n"])


def test_the_seed_decides_whatever_the_cores(monkeypatch):
    monkeypatch.setattr(multiply, "PIECE", 3000)
    digests = []
    for name, seed, cores in (("one", 1, 1), ("two", 1, 3), ("other", 2, 3)):
        multiply.multiply("small", TURN, 3, name, seed, cores)
        digests.append(datasets.load(name).train.digest)
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"times": 1}, "2 to 1,000 works"),
        ({"times": 0}, "2 to 1,000 works"),
        ({"times": -3}, "2 to 1,000 works"),
        ({"times": 1001}, "2 to 1,000 works"),
        ({"name": "small"}, "already"),
        ({"name": "mnist"}, "already"),
        ({"name": "../up"}, "cannot be used"),
        ({"dataset": "smal"}, "did you mean small"),
        ({"plan": Plan("empty", ())}, "has no steps"),
    ],
)
def test_what_cannot_be(changed, words, small):
    with pytest.raises(UserError, match=words):
        multiply.multiply(**{"dataset": "small", "plan": TURN, "times": 2, "name": "large"} | changed)
    assert [path.name for path in small.iterdir()] == ["small"]


@pytest.mark.parametrize("moment", [0.1, 0.65, 0.9])
def test_cancel_leaves_nothing(moment, small, monkeypatch):
    monkeypatch.setattr(multiply, "PIECE", 1000)

    def cancel(share, text):
        if share > moment:
            raise KeyboardInterrupt

    monkeypatch.setattr("gan.datasets.kept_files.PIECE", 1000)
    with pytest.raises(KeyboardInterrupt):
        multiply.multiply("small", TURN, 4, "large", progress=cancel)
    assert [path.name for path in small.iterdir()] == ["small"]
    multiply.multiply("small", TURN, 4, "large")  # and the name is still free


def test_what_goes_wrong_in_a_thread_is_heard(small, monkeypatch):
    def fail(self, images, rng):
        raise MemoryError

    monkeypatch.setattr(Plan, "__call__", fail)
    with pytest.raises(MemoryError):
        multiply.multiply("small", TURN, 4, "large")
    assert [path.name for path in small.iterdir()] == ["small"]


def test_from_the_shell(tmp_path, capsys):
    assert cli.main(["augment", "--dataset", "small", "--plan", "wrap27", "--times", "2", "--name", "twice"]) == 0
    assert "Data set twice: 96 train and 12 test pictures." in capsys.readouterr().out
    file = tmp_path / "mine.json"
    file.write_text(TURN.to_json())
    assert cli.main(["augment", "--dataset", "small", "--plan", str(file), "--times", "2", "--name", "turned"]) == 0
    augment.save(TURN, "mine")
    assert cli.main(["augment", "--dataset", "small", "--plan", "mine", "--times", "2", "--name", "mine"]) == 0
    assert datasets.load("mine").train.digest == datasets.load("turned").train.digest


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plan", "gentel"], "did you mean gentle"),
        (["--plan", "nowhere.json"], "cannot be read"),
        (["--plan", "bad.json"], "This is not a plan"),
        (["--times", "0"], "2 to 1,000"),
        (["--name", "small"], "already"),
        (["--dataset", "smal"], "did you mean small"),
    ],
)
def test_what_the_shell_refuses(arguments, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text(json.dumps([1, 2]))
    usual = {"--dataset": "small", "--name": "large"} | dict([arguments])
    assert cli.main(["augment", *(word for pair in usual.items() for word in pair)]) == 2
    assert words in capsys.readouterr().err
