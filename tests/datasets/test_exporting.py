"""Exports, read back by others and by the app itself."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile

import numpy as np
import pytest

from gan import UserError, images
from gan.datasets import exporting, importing
from gan.datasets.archives import Upload
from gan.datasets.records import Split

NAMES = ("a", "A", "../b", "가")


@pytest.fixture
def split():
    rng = np.random.default_rng(1)
    attributes = {"hair": np.array(["red", "blue"] * 10), "age": np.arange(20) / 2}
    return Split(rng.integers(0, 256, (20, 16, 16, 3), np.uint8), np.arange(20) % 4, attributes)


def test_a_zip_has_a_folder_a_class_that_any_disk_can_hold(split):
    places = np.array([0, 1, 2, 3, 7])
    with zipfile.ZipFile(io.BytesIO(exporting.as_zip(split, places, NAMES))) as archive:
        names = archive.namelist()
        assert names == ["a (0)/00.png", "A (1)/01.png", "_b/02.png", "가/03.png", "가/07.png", "attributes.csv"]
        np.testing.assert_array_equal(images.decode(archive.read("가/07.png")), split.images[7])
        rows = list(csv.DictReader(io.StringIO(archive.read("attributes.csv").decode("utf-8-sig"))))
    assert rows[4] == {"file": "가/07.png", "class": "가", "hair": "blue", "age": "3.5"}


def test_a_zip_can_be_brought_back(split, local_data):
    data = exporting.as_zip(split, np.arange(20), ("w", "x", "y", "z"))
    plan = importing.examine(Upload("back.zip", io.BytesIO(data)))
    source, report = importing.run(plan, "back", importing.Options(size=16, channels=3))
    assert not report.left_out
    assert source.class_names == ("w", "x", "y", "z")
    assert sum(source.counts.values()) == 20
    assert {"hair", "age"} <= set(source.attributes)


def test_without_labels_there_are_no_folders(split):
    bare = Split(split.images, np.zeros(20, np.int64))
    with zipfile.ZipFile(io.BytesIO(exporting.as_zip(bare, np.array([4]), ("all",)))) as archive:
        assert archive.namelist() == ["04.png", "attributes.csv"]


def test_an_npz_holds_pictures_labels_and_attributes(split):
    with np.load(io.BytesIO(exporting.as_npz(split, np.array([2, 5]), NAMES))) as file:
        np.testing.assert_array_equal(file["images"], split.images[[2, 5]])
        assert file["labels"].tolist() == [2, 1]
        assert file["places"].tolist() == [2, 5]
        assert tuple(file["class_names"]) == NAMES
        assert file["attribute: age"].tolist() == [1.0, 2.5]


@pytest.mark.parametrize(("channels", "head"), [(1, "00000803"), (3, "00000804")])
def test_idx_is_what_mnist_comes_in(split, channels, head):
    split = Split(split.images[..., :channels], split.labels)
    with zipfile.ZipFile(io.BytesIO(exporting.as_idx(split, np.arange(6), NAMES))) as archive:
        name = f"images-idx{3 if channels == 1 else 4}-ubyte.gz"
        data = gzip.decompress(archive.read(name))
        assert gzip.decompress(archive.read("labels-idx1-ubyte.gz"))[8:] == bytes([0, 1, 2, 3, 0, 1])
        assert archive.read("classes.txt").decode().split("\n")[:4] == list(NAMES)
    assert data[:8].hex() == f"{head}00000006"
    assert data[-16 * 16 * channels :] == split.images[5].tobytes()


def test_idx_cannot_tell_more_classes_apart_than_a_byte(split):
    with pytest.raises(UserError, match="256 classes"):
        exporting.as_idx(split, np.arange(3), [str(k) for k in range(257)])


def test_the_same_selection_makes_the_same_file(split):
    for make in (exporting.as_zip, exporting.as_idx):
        assert make(split, np.arange(5), NAMES) == make(split, np.arange(5), NAMES)


def test_an_export_is_bounded(split, monkeypatch):
    monkeypatch.setattr(exporting, "LARGEST", 3 * 16 * 16 * 3)
    assert exporting.room(split) == 3
    monkeypatch.setattr(exporting, "MOST", 2)
    assert exporting.room(split) == 2
