"""SVHN's cropped digits: MATLAB files of the publisher's form, wrong ones, and the real cut."""

from __future__ import annotations

import dataclasses
import os

import h5py
import numpy as np
import pytest
from scipy import io as matlab

from gan import UserError, datasets
from gan.datasets import svhn

REAL = os.environ.get("GAN_DATA_DIR", "")
RNG = np.random.default_rng(1)
IMAGES = {
    "train": RNG.integers(0, 256, (30, 32, 32, 3), np.uint8),
    "test": RNG.integers(0, 256, (10, 32, 32, 3), np.uint8),
}
LABELS = {"train": np.arange(30) % 10, "test": np.arange(10)}


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch, cache):
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data" / "svhn").mkdir(parents=True)


def save(tmp_path, split: str = "train", packed: bool = True, **changed) -> None:
    """A file as the publisher's: X [32, 32, 3, n], y [n, 1] with 10 for the digit 0; `changed` takes their place."""
    labels = np.where(LABELS[split] == 0, 10, LABELS[split]).astype(np.uint8)[:, None]
    values = {"X": np.moveaxis(IMAGES[split], 0, -1), "y": labels} | changed
    path = tmp_path / "data" / "svhn" / f"{split}_32x32.mat"
    matlab.savemat(path, {name: value for name, value in values.items() if value is not None}, do_compression=packed)


@pytest.mark.parametrize("packed", [True, False])
def test_pictures_and_labels(tmp_path, packed):
    assert not svhn.SOURCE.local and svhn.SOURCE.download == 246_316_178
    save(tmp_path, "train", packed)
    assert not svhn.SOURCE.local and svhn.SOURCE.download == 64_275_384
    save(tmp_path, "test", packed)
    assert svhn.SOURCE.local and svhn.SOURCE.download == 0
    dataset = svhn.SOURCE.load()
    for split in IMAGES:
        np.testing.assert_array_equal(dataset.splits[split].images, IMAGES[split])
        np.testing.assert_array_equal(dataset.splits[split].labels, LABELS[split])
    assert isinstance(dataset.train.images, np.memmap)


def test_labels_of_other_types(tmp_path):
    save(tmp_path, y=np.where(LABELS["train"] == 0, 10.0, LABELS["train"])[None])
    save(tmp_path, "test")
    np.testing.assert_array_equal(svhn.SOURCE.load().train.labels, LABELS["train"])


def test_a_cut_is_counted_as_it_is(tmp_path):
    assert datasets.source("svhn") is svhn.SOURCE and svhn.SOURCE.counts["train"] == 73_257
    for split in IMAGES:
        save(tmp_path, split)
    dataset = datasets.load("svhn")
    assert dataset.source.counts == {"train": 30, "test": 10}
    assert dataset.source.split == "as in the files found; the publisher's have 73,257 train, 26,032 test"
    known = datasets.source("svhn")
    assert known.counts == {"train": 30, "test": 10} and datasets.source("svhn") is known
    assert datasets.load("svhn").source is known
    for split in IMAGES:  # other files, other counts
        save(tmp_path, split, X=np.moveaxis(IMAGES[split][:5], 0, -1), y=np.arange(1, 6)[:, None])
    assert datasets.source("svhn") is svhn.SOURCE
    assert datasets.load("svhn").source.counts == {"train": 5, "test": 5}


def test_the_publishers_counts_leave_the_card_as_it_is(tmp_path):
    for split in IMAGES:
        save(tmp_path, split)
    row = dataclasses.replace(svhn.SOURCE, counts={"train": 30, "test": 10})
    assert row.load().source is row


WRONG = {
    "no labels": ({"y": None}, r"holds X; expected the pictures X and the labels y"),
    "no variables": ({"X": None, "y": None, "digits": np.zeros(3)}, "holds digits; expected"),
    "other size": ({"X": np.zeros((28, 28, 3, 30), np.uint8)}, r"X is uint8 \(28, 28, 3, 30\); expected"),
    "pictures first": ({"X": np.zeros((30, 32, 32, 3), np.uint8)}, r"X is uint8 \(30, 32, 32, 3\)"),
    "grey": ({"X": np.zeros((32, 32, 30), np.uint8)}, "X is uint8"),
    "floats": ({"X": np.zeros((32, 32, 3, 30))}, "X is float64"),
    "a text": ({"X": "pictures"}, "X is"),
    "fewer labels": ({"y": np.ones((29, 1))}, r"y is float64 \(29, 1\); expected a label for each of 30"),
    "label 11": ({"y": np.full((30, 1), 11)}, "there is a label 11; labels run from 1 to 10, which stands for 0"),
    "label 0": ({"y": np.zeros((30, 1))}, "there is a label 0"),
    "label 2.5": ({"y": np.full((30, 1), 2.5)}, "there is a label 2.5"),
    "label NaN": ({"y": np.full((30, 1), np.nan)}, "there is a label nan"),
    "names for labels": ({"y": np.array([["one"]], object)}, "y is object"),
}


@pytest.mark.parametrize(("changed", "message"), WRONG.values(), ids=WRONG)
def test_wrong_variables(tmp_path, cache, changed, message):
    save(tmp_path, **changed)
    save(tmp_path, "test")
    with pytest.raises(UserError, match=rf"train_32x32\.mat: .*{message}.*Replace the file"):
        svhn.SOURCE.load()
    assert not [path for path in cache.rglob("*") if path.is_file()]


def hdf5(path) -> None:
    with h5py.File(path, "w", userblock_size=512) as file:
        file["X"] = np.zeros(3)
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x02IM")


FILES = {
    "version 7.3": (hdf5, "of version 7.3, as digitStruct.mat is; expected one of version 5"),
    "empty": (lambda path: path.write_bytes(b""), "not a whole MATLAB file"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:5000]), r"holds X; expected .* \(is it cut off\?\)"),
    "header only": (lambda path: path.write_bytes(path.read_bytes()[:128]), "holds nothing"),
    "truncated twice": (lambda path: path.write_bytes(path.read_bytes()[:-40]), "not a whole MATLAB file|cut off"),
    "text": (lambda path: path.write_text("X, y\n" * 100), "not a whole MATLAB file"),
    "zip": (lambda path: path.write_bytes(b"PK\3\4" + bytes(200)), "not a whole MATLAB file"),
}


@pytest.mark.parametrize(("damage", "message"), FILES.values(), ids=FILES)
def test_wrong_files(tmp_path, damage, message):
    save(tmp_path, "train")
    save(tmp_path, "test")
    damage(tmp_path / "data" / "svhn" / "train_32x32.mat")
    with pytest.raises(UserError, match=rf"train_32x32\.mat: .*{message}"):
        svhn.SOURCE.load()


def test_damaged_anywhere(tmp_path):
    """Whatever a damaged byte leads to, it is said in words (or does no harm)."""
    save(tmp_path, "test")
    path = tmp_path / "data" / "svhn" / "train_32x32.mat"
    for packed in (True, False):
        save(tmp_path, packed=packed)
        whole = bytearray(path.read_bytes())
        for place in RNG.choice(min(len(whole), 400), 60, replace=False):
            damaged = whole.copy()
            damaged[place] ^= RNG.integers(1, 256)
            path.write_bytes(damaged)
            try:
                list(svhn.cropped(path.open("rb"), "file", lambda share: None))
            except UserError as error:
                assert str(error).startswith("file: ")


def test_the_real_cut(monkeypatch):
    monkeypatch.setenv("GAN_DATA_DIR", REAL)
    if not svhn.SOURCE.local:
        pytest.skip("SVHN is not here; point GAN_DATA_DIR at its files to run this test")
    dataset = svhn.SOURCE.load()
    if len(dataset.test) == 1000:
        assert len(dataset.train) == 9000 and np.bincount(dataset.test.labels).tolist() == [100] * 10
        assert "73,257" in dataset.source.split
    else:
        assert dataset.source is svhn.SOURCE
    # Ones are narrow and upright: down the middle they differ from their sides more than across it.
    ones = dataset.train.images[dataset.train.labels == 1].mean(-1)
    middle, sides = ones[:, 8:24, 14:18].mean((1, 2)), ones[:, 8:24, [8, 9, 22, 23]].mean((1, 2))
    level, ends = ones[:, 14:18, 8:24].mean((1, 2)), ones[:, [8, 9, 22, 23], 8:24].mean((1, 2))
    assert np.abs(middle - sides).mean() > 1.5 * np.abs(level - ends).mean()
