"""Numbers of one to five digits: as labels, as a reader's outputs, and composed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gan import UserError, datasets
from gan.datasets import Split, numbers5

TEXTS = ["7", "07", "12345", "00000", "990"]
SMALL = dataclasses.replace(
    datasets.DATASETS["handwriting-numbers5"], name="numbers5-small", counts={"train": 60, "test": 20}
)


def test_labels_stand_for_numbers():
    labels = numbers5.encode(TEXTS)
    assert labels.dtype == np.int64 and len(set(labels.tolist())) == 5  # "7" is not "07"
    values = numbers5.decode(labels)
    assert values[0].tolist() == [7, 10, 10, 10, 10] and values[2].tolist() == [1, 2, 3, 4, 5]
    logits = np.eye(numbers5.VALUES)[values].reshape(5, -1)
    assert numbers5.read(logits) == TEXTS
    named = [name for name, value in zip(numbers5.OUTPUTS, logits[0], strict=True) if value]
    assert named == ["digit 1: 7", "digit 2: none", "digit 3: none", "digit 4: none", "digit 5: none"]


def test_a_number_ends_at_its_first_blank():
    values = np.array([[1, 10, 3, 10, 10], [10, 1, 2, 3, 4]])
    assert numbers5.read(np.eye(numbers5.VALUES)[values].reshape(2, -1)) == ["1", ""]


@pytest.mark.parametrize("word", ["", "123456", "1.5", "-1", "x", "²", "٣"])
def test_what_is_no_number_is_refused(word):
    with pytest.raises(UserError, match=r"number of Things is .*; a reader learns numbers of 1 to 5 digits"):
        numbers5.encode(["1", word], "number of Things")


def test_composed_numbers_show_their_digits():
    """Each digit is a picture of columns of its own brightness, so that a number can be read off its picture."""
    digits = np.arange(1, 11, dtype=np.uint8)[:, None, None, None] * 20
    pictures = np.pad(np.broadcast_to(digits, (10, 26, 26, 1)), ((0, 0), (1, 1), (1, 1), (0, 0)))
    found = numbers5.compose(Split(pictures, np.arange(10)), 200, seed=3)
    assert found.images.shape == (200, 28, 140, 1) and not found.labels.any()
    words = found.attributes["number"].tolist()
    assert sorted(np.bincount([len(word) for word in words])[1:].tolist()) == [40] * 5
    assert {word[0] for word in words} == set("0123456789")
    starts = set()
    for image, word in zip(found.images, words, strict=True):
        line = image.max(0)[:, 0]
        inked = np.flatnonzero(line)
        starts.add(int(inked[0]))
        runs = line[inked][np.flatnonzero(np.diff(line[inked], prepend=0))] // 20 - 1
        seen = "".join(str(value) for value in runs)
        once = "".join(a for a, b in zip(word, " " + word, strict=False) if a != b)  # a digit and the same touch
        assert seen == once
    assert len(starts) > 20  # they stand anywhere


def test_composed_once_then_mapped(cache):
    first = SMALL.load()
    assert len({word for word in first.train.attributes["number"].tolist()}) > 40
    again = SMALL.load()
    assert isinstance(again.train.images, np.memmap) and again.train.digest == first.train.digest
    assert first.train.digest != first.test.digest
    other = dataclasses.replace(SMALL, reader=dataclasses.replace(SMALL.reader, seed=2)).load()
    assert other.train.digest != first.train.digest
