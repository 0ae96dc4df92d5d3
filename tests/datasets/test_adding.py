"""Sets that grow by one picture at a time."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, datasets, paths
from gan.datasets import adding, kept


def picture(value: int) -> np.ndarray:
    return np.full((6, 5, 1), value, np.uint8)


def grown(count: int) -> datasets.Dataset:
    for value in range(count):
        adding.add("mine", picture(value), value % 2, ["even", "odd"], {"from": f"hand {value}"}, title="Mine")
    return datasets.load("mine")


def test_a_set_begins_with_one_picture_and_grows(local_data):
    data = grown(1)
    assert data.source.counts == {"train": 1, "test": 0} and data.source.title == "Mine"
    data = grown(11)  # the first one is there already
    assert sum(data.source.counts.values()) == 11 and data.source.counts["test"] > 0
    for split in data.splits.values():
        values = split.images[:, 0, 0, 0]
        assert np.array_equal(split.labels, values % 2)
        assert split.attributes["from"].tolist() == [f"hand {value}" for value in values]


def test_pictures_keep_their_side(local_data):
    before = {int(v) for v in grown(20).test.images[:, 0, 0, 0]}
    adding.add("mine", picture(200), 0, ["even", "odd"], {"from": "hand"})
    after = {int(v) for v in datasets.load("mine").test.images[:, 0, 0, 0]}
    assert before - {200} == after - {200}


def test_the_newest_is_taken_back(local_data):
    grown(3)
    image, label = adding.newest("mine")
    assert (image[0, 0, 0], label) == (2, 0)
    adding.take_back("mine")
    assert adding.newest("mine")[0][0, 0, 0] == 1
    adding.take_back("mine")
    adding.take_back("mine")
    assert adding.newest("mine") is None and kept.removed() == ["mine"]


def test_only_the_files_of_the_newest_revision_stay(local_data):
    grown(4)
    folder = paths.local_data_dir() / "mine"
    assert len({path.name.partition("-")[0] for path in folder.glob("*.npy")}) == 1


@pytest.mark.parametrize(
    "other",
    [{"image": np.zeros((6, 5, 3), np.uint8)}, {"class_names": ["even", "odd", "none"]}, {"attributes": {"to": "x"}}],
)
def test_what_does_not_fit_is_refused_and_nothing_is_changed(local_data, other):
    grown(2)
    given = {"image": picture(9), "label": 0, "class_names": ["even", "odd"], "attributes": {"from": "hand"}, **other}
    with pytest.raises(UserError, match="another kind"):
        adding.add("mine", **given)
    assert sum(datasets.load("mine").source.counts.values()) == 2


def test_a_damaged_set_is_said_and_left_alone(local_data):
    grown(2)
    (paths.local_data_dir() / "mine" / "card.json").write_text("{")
    with pytest.raises(UserError, match="mine: its folder is damaged"):
        grown(1)


def test_a_set_that_goes_while_it_grows(local_data, monkeypatch):
    grown(2)
    write = adding.files.write

    def slow(folder, *arguments, **more):
        kept.remove("mine")  # in another window
        return write(folder, *arguments, **more)

    monkeypatch.setattr(adding.files, "write", slow)
    with pytest.raises(UserError, match="mine: was removed"):
        adding.add("mine", picture(9), 0, ["even", "odd"], {"from": "hand"})
    monkeypatch.undo()


def test_a_set_that_comes_with_the_app_is_not_added_to(local_data):
    with pytest.raises(UserError, match="already"):
        adding.add("mnist", picture(1), 0, ["a"])


def test_a_set_that_was_kept_whole_has_no_newest(local_data):
    kept.keep("whole", np.zeros((4, 6, 5, 1), np.uint8), np.zeros(4, int), ["all"])
    with pytest.raises(UserError, match="no picture that could be taken back"):
        adding.take_back("whole")
