"""Summaries, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gan.datasets import summary
from gan.datasets.records import Split


@pytest.fixture
def split():
    attributes = {
        "hair": np.array(["red", "Blue", "red", "", "blue green"]),
        "age": np.array([1.0, 2.0, np.nan, 4.0, 5.0]),
    }
    return Split(np.zeros((5, 2, 2, 1), np.uint8), np.array([2, 0, 1, 2, 0]), attributes)


@pytest.mark.parametrize(
    ("classes", "wanted", "places"),
    [
        ([], {}, [0, 1, 2, 3, 4]),
        ([0, 2], {}, [0, 1, 3, 4]),
        ([7], {}, []),
        ([], {"hair": ("red", "")}, [0, 2, 3]),
        ([2], {"hair": ("red",)}, [0]),
        ([], {"hair": "BLUE"}, [1, 4]),
        ([], {"age": (2.0, 4.0)}, [1, 3]),
        ([], {"age": (0.0, 9.0)}, [0, 1, 3, 4]),
        ([0, 1], {"hair": "blue", "age": (5.0, 5.0)}, [4]),
    ],
)
def test_pictures_are_found_by_class_and_attributes(split, classes, wanted, places):
    assert summary.matching(split, classes, wanted).tolist() == places


def test_words_come_with_their_counts_the_most_frequent_first():
    column = np.array(["b", "a", "c", "b", "c", ""])
    assert list(summary.words(column).items()) == [("b", 2), ("c", 2), ("", 1), ("a", 1)]


def test_counts_include_classes_without_pictures():
    assert summary.class_counts(np.array([2, 0, 2]), 4).tolist() == [1, 0, 2, 0]


def test_means_are_rounded_and_black_where_there_is_nothing():
    images = np.zeros((3, 2, 1, 3), np.uint8)
    images[0], images[1] = 10, 13
    images[2, 0, 0] = [255, 0, 7]
    means, deviations, seen = summary.class_moments(images, np.array([0, 0, 2]), 3)
    assert means.dtype == deviations.dtype == np.uint8
    assert (means[0] == 12).all()  # 11.5, to even
    assert (deviations[0] == 2).all()  # 1.5, to even
    assert (means[1] == 0).all()
    assert (deviations[1:] == 0).all()
    np.testing.assert_array_equal(means[2], images[2])
    assert seen == 2


def test_moments_do_not_depend_on_the_pieces_they_are_read_in(monkeypatch):
    rng = np.random.default_rng(1)
    images, labels = rng.integers(0, 256, (50, 4, 3, 1), np.uint8), rng.integers(0, 5, 50)
    monkeypatch.setattr(summary, "PIECE", 7 * 12)
    means, deviations, _ = summary.class_moments(images, labels, 5)
    for k in range(5):
        np.testing.assert_array_equal(means[k], np.rint(images[labels == k].mean(axis=0)))
        np.testing.assert_array_equal(deviations[k], np.rint(images[labels == k].std(axis=0)))


def test_many_bright_pictures_do_not_lose_precision():
    images = np.full((20_000, 1, 1, 1), 255, np.uint8)
    images[::2] = 254
    means, _, _ = summary.class_moments(images, np.zeros(20_000, np.int64), 1)
    assert means.item() == 254  # 254.5, to even


def test_of_large_classes_a_seeded_sample_is_taken(monkeypatch):
    images = np.random.default_rng(1).integers(0, 256, (200, 2, 2, 1), np.uint8)
    labels = np.arange(200) % 2
    monkeypatch.setattr(summary, "BUDGET", 4 * 2 * 30)
    one, same, other = (summary.class_moments(images, labels, 2, seed=seed) for seed in (1, 1, 2))
    assert one[2] == 30
    np.testing.assert_array_equal(one[0], same[0])
    assert (one[0] != other[0]).any()


def test_large_pictures_are_summed_up_small():
    images = np.zeros((4, 256, 256, 3), np.uint8)
    images[:, :128] = 200
    means, _, _ = summary.class_moments(images, np.zeros(4, np.int64), 1)
    assert means.shape == (1, 64, 64, 3)
    assert (means[0, :32] == 200).all()
    assert (means[0, 32:] == 0).all()


@pytest.mark.parametrize(("bins", "where"), [(32, {0: 1, 31: 3}), (256, {0: 1, 254: 1, 255: 2}), (1, {0: 4})])
def test_histogram_counts_every_pixel_once(bins, where):
    lows, counts = summary.pixel_histogram(np.array([0, 254, 255, 255], np.uint8), bins)
    assert {int(i): int(n) for i, n in enumerate(counts) if n} == where
    assert lows.tolist() == [256 // bins * i for i in range(bins)]
