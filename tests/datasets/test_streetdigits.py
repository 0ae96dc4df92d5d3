"""Street digits: the glyphs that ship, and the pictures drawn from them."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import hashlib

import numpy as np
import pytest

from gan import datasets
from gan.datasets import street_pictures, streetdigits
from gan.paths import SHIPPED_DATA

FOLDER = SHIPPED_DATA / "streetdigits"
SMALL = dataclasses.replace(streetdigits.SOURCE, name="streetdigits-small", counts={"train": 600, "test": 40})


@pytest.fixture(scope="module")
def glyphs():
    return streetdigits._glyphs(streetdigits.GLYPHS.load().train)[0]


def drawn(glyphs, digit: int, count: int = 200, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    fonts = rng.integers(0, len(glyphs.places), count)
    return street_pictures.draw(glyphs, np.full(count, digit), fonts, rng)


def test_what_ships_is_small_and_the_readme_names_it():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    reader = streetdigits.GLYPHS.reader
    for file in (*(file for both in reader.files.values() for file in both), *reader.fonts.values()):
        data = gzip.decompress((FOLDER / f"{file.name}.gz").read_bytes())
        assert hashlib.sha256(data).hexdigest() == file.sha256 and f"| `{file.name}` | `{file.sha256}` |" in text
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 700_000


def test_fonts_are_many_open_and_apart():
    with (FOLDER / "streetdigits-fonts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["family"] for row in rows}) == len(rows) >= 100
    assert {row["licence"] for row in rows} == {"OFL 1.1", "Apache 2.0"}
    assert all(len(row["copyright"]) > 10 for row in rows)
    packages = {
        split: {row["source"].split()[1] for row in rows if row["split"] == split} for split in ("train", "test")
    }
    assert len(packages["test"]) >= 12 and not packages["train"] & packages["test"]  # no family is in both
    assert f"{len(rows)} fonts" in streetdigits.SOURCE.summary


def test_every_font_has_every_digit(glyphs):
    labels = streetdigits.GLYPHS.load().train.labels
    assert (labels[glyphs.places] == np.arange(10)).all()
    assert len(np.unique(glyphs.places)) == glyphs.places.size == len(labels)


def test_the_digit_asked_for_stands_in_the_middle(glyphs):
    """On walls of all colours a 1 is where the picture differs from its surroundings in the middle, a 0 around it."""

    def ink(digit: int) -> np.ndarray:
        pictures = drawn(glyphs, digit).astype(np.float32).mean(3)
        return np.abs(pictures - np.median(pictures, axis=(1, 2), keepdims=True)).mean(0)

    one, nought = ink(1), ink(0)
    middle, ring = (slice(13, 19), slice(14, 18)), (slice(13, 19), slice(8, 12))
    assert one[middle].mean() > 1.2 * one[ring].mean()
    assert nought[ring].mean() > 1.2 * nought[middle].mean()


def test_numbers_decide_the_pictures(glyphs):
    first = drawn(glyphs, 3, 20)
    assert first.shape == (20, 32, 32, 3) and first.dtype == np.uint8
    np.testing.assert_array_equal(first, drawn(glyphs, 3, 20))
    assert (first != drawn(glyphs, 3, 20, seed=2)).mean() > 0.9


def test_pictures_are_as_varied_as_photographs(glyphs):
    """About as SVHN's: dark and bright, some hardly to be seen, some blurred, most greyish but all in colour."""
    pictures = np.concatenate([drawn(glyphs, digit, 40, seed=digit) for digit in range(10)]).astype(np.float32)
    brightness, contrast = pictures.mean((1, 2, 3)), pictures.mean(3).std((1, 2))
    assert brightness.min() < 60 and brightness.max() > 190
    assert np.percentile(contrast, 10) < 22 and np.percentile(contrast, 90) > 45
    colour = np.ptp(pictures, axis=3).mean((1, 2))
    assert np.median(colour) < 40 and colour.max() > 60


def test_read_once_then_mapped(cache, monkeypatch):
    done = []
    first = SMALL.load(lambda share, text: done.append(share))
    assert done == sorted(done) and done[-1] == 1.0
    for split in first.splits.values():
        assert np.bincount(split.labels).tolist() == [len(split) // 10] * 10
        assert isinstance(split.images, np.memmap) and not split.images.flags.writeable
    fonts = {name: set(split.attributes["font"].tolist()) for name, split in first.splits.items()}
    assert not fonts["train"] & fonts["test"]

    monkeypatch.setattr(street_pictures, "draw", None)  # what is kept needs no drawing
    again = SMALL.load()
    assert again.train.digest == first.train.digest
    np.testing.assert_array_equal(again.test.images, first.test.images)


def test_cancelled_leaves_nothing(cache):
    def cancel(share, text):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SMALL.load(cancel)
    assert not [path for path in (cache / SMALL.name).rglob("*") if path.is_file()]


def test_it_has_the_form_of_svhn():
    ours, theirs = datasets.source("streetdigits"), datasets.DATASETS["svhn"]
    assert (ours.class_names, ours.shape) == (theirs.class_names, theirs.shape)
