"""Summaries, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gan.datasets import summary


def test_positions_of_some_classes_and_of_all():
    labels = np.array([2, 0, 1, 2, 0])
    assert summary.positions(labels, [0, 2]).tolist() == [0, 1, 3, 4]
    assert summary.positions(labels).tolist() == [0, 1, 2, 3, 4]
    assert summary.positions(labels, [7]).tolist() == []


def test_counts_include_classes_without_pictures():
    assert summary.class_counts(np.array([2, 0, 2]), 4).tolist() == [1, 0, 2, 0]


def test_means_are_rounded_and_black_where_there_is_nothing():
    images = np.zeros((3, 2, 1, 3), np.uint8)
    images[0], images[1] = 10, 13
    images[2, 0, 0] = [255, 0, 7]
    means = summary.class_means(images, np.array([0, 0, 2]), 3)
    assert means.dtype == np.uint8
    assert (means[0] == 12).all()  # 11.5, to even
    assert (means[1] == 0).all()
    np.testing.assert_array_equal(means[2], images[2])


def test_means_do_not_depend_on_the_pieces_they_are_read_in(monkeypatch):
    rng = np.random.default_rng(1)
    images, labels = rng.integers(0, 256, (50, 4, 3, 1), np.uint8), rng.integers(0, 5, 50)
    whole = summary.class_means(images, labels, 5)
    for k in range(5):
        np.testing.assert_array_equal(whole[k], np.rint(images[labels == k].mean(axis=0)))
    monkeypatch.setattr(summary, "CHUNK", 7)
    np.testing.assert_array_equal(summary.class_means(images, labels, 5), whole)


def test_many_bright_pictures_do_not_lose_precision():
    images = np.full((20_000, 1, 1, 1), 255, np.uint8)
    images[::2] = 254
    assert summary.class_means(images, np.zeros(20_000, np.int64), 1).item() == 254  # 254.5, to even


@pytest.mark.parametrize(("bins", "where"), [(32, {0: 1, 31: 3}), (256, {0: 1, 254: 1, 255: 2}), (1, {0: 4})])
def test_histogram_counts_every_pixel_once(bins, where):
    lows, counts = summary.pixel_histogram(np.array([0, 254, 255, 255], np.uint8), bins)
    assert {int(i): int(n) for i, n in enumerate(counts) if n} == where
    assert lows.tolist() == [256 // bins * i for i in range(bins)]
