"""Numbers composed of digits: what stands where, how often, and never on both sides of a split."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, cli, datasets
from gan.datasets import Split, kept, numbers
from gan.datasets.numbers import compose

EACH = 6  # pictures of each class


def digits(paper: int = 0, size: int = 8, classes: int = 10, channels: int = 1) -> Split:
    """Pictures of one ink value each: (digit + 1) * 20 + which of its pictures, with a frame of paper."""
    labels = np.tile(np.arange(classes), EACH)
    values = (labels + 1) * 20 + np.arange(len(labels)) // classes
    images = np.full((len(labels), size, size, channels), paper, np.uint8)
    images[:, 2:-2, 2:-2] = (255 - values if paper else values)[:, None, None, None]
    return Split(images, labels)


def written(images: np.ndarray, count: int, size: int = 8) -> np.ndarray:
    """Which digit stands at each place, read from the pixels."""
    middles = [size * place + size // 2 for place in range(count)]
    return images[:, size // 2, middles, 0] // 20 - 1


@pytest.mark.parametrize("count", [1, 2, 3])
def test_pictures_labels_and_columns_agree(count):
    made = compose(digits(), count, 3000, seed=5)
    assert made.images.shape == (3000, 8, 8 * count, 1) and made.images.dtype == np.uint8
    found = written(made.images, count)
    words = ["".join(map(str, row)) for row in found]
    assert made.attributes["number"].tolist() == words
    assert [numbers.names(count)[label] for label in made.labels] == words
    for place in range(count):
        assert made.attributes[f"digit {place + 1}"].tolist() == [word[place] for word in words]
    assert tuple(made.attributes) == numbers.columns(count)
    assert not made.images.flags.writeable


def test_every_number_and_every_picture_as_often_as_any_other():
    made = compose(digits(), 2, 1250, seed=2)
    assert set(np.bincount(made.labels, minlength=100)) == {12, 13}
    inks, times = np.unique(made.images[:, 4, [4, 12], 0], return_counts=True)
    assert len(inks) == 10 * EACH and np.ptp(times) <= 2
    assert len(np.unique(compose(digits(), 2, 40, seed=2).labels)) == 40  # fewer than there are: none twice


def test_the_seed_decides():
    one, same, other = (compose(digits(), 2, 200, seed=seed, jitter=1).digest for seed in (1, 1, 2))
    assert one == same != other


def test_leading_zeros():
    made = compose(digits(), 2, 900, leading_zeros=False)
    assert set(made.attributes["digit 1"]) == set("123456789")
    assert numbers.names(2, False)[0] == "10" and len(numbers.names(2, False)) == 90
    assert np.bincount(made.labels).tolist() == [10] * 90
    assert compose(digits(), 1, 100, leading_zeros=False).labels.max() == 9


def test_many_digits_are_one_class_with_columns():
    made = compose(digits(), 5, 300)
    assert numbers.names(5) == ("all",) and not made.labels.any()
    assert made.images.shape == (300, 8, 40, 1)
    assert made.attributes["number"].tolist() == ["".join(map(str, row)) for row in written(made.images, 5)]


@pytest.mark.parametrize("paper", [0, 255])
def test_overlap_keeps_the_ink(paper):
    made = compose(digits(paper), 2, 50, overlap=4)
    assert made.images.shape == (50, 8, 12, 1)
    ink = made.images != paper
    assert ink[:, 2:-2, 2:10].all() and ink.sum() == 50 * 4 * 8  # side by side now, and no pixel lost
    for row, number in zip(made.images, made.attributes["number"], strict=True):
        values = np.abs(paper - row[4, [3, 8], 0].astype(int)) // 20 - 1
        assert "".join(map(str, values)) == number


def test_jitter_moves_within_bounds():
    made = compose(digits(), 2, 400, jitter=2)
    tops = (made.images[..., 0] > 0).any(2).argmax(1)
    lefts = (made.images[..., 0] > 0).any(1).argmax(1)
    assert set(tops) == set(range(5)) and set(lefts) == set(range(5))  # 2 as it is, and up to 2 either way
    assert made.images.shape == (400, 8, 16, 1)


def test_colour_and_other_classes():
    made = compose(digits(channels=3, classes=12), 2, 100, class_names=("x", "y", *numbers.DIGITS))
    assert made.images.shape == (100, 8, 16, 3)
    assert written(made.images, 2).min() == 2  # neither x nor y was used


REFUSED = {
    "digits": ({"digits": 9}, "digits: 9 is out of range; 1 to 8 works"),
    "no digits": ({"digits": 0}, "digits: 0"),
    "overlap": ({"overlap": 5}, "overlap: 5 is out of range; 0 to 4 works"),
    "jitter": ({"jitter": -1}, "jitter: -1 is out of range; 0 to 2 works"),
    "count": ({"count": 0}, "count: 0 is out of range"),
    "too many": ({"count": 10**9}, "count: 1,000,000,000 is out of range; 1 to 8,388,608 numbers"),
    "letters": ({"class_names": tuple("ABCDEFGHIJ")}, "no pictures of the digit 0"),
    "one missing": ({"class_names": tuple("012345678X")}, "no pictures of the digit 9"),
}


@pytest.mark.parametrize(("options", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(options, message):
    with pytest.raises(UserError, match=message):
        compose(digits(), **options)


# --- the rows and the user's own ------------------------------------------------------------------------------------


def test_the_row_that_needs_no_network(cache):
    dataset = datasets.load("handwriting-2digits")
    assert np.bincount(dataset.train.labels).tolist() == [100] * 100
    assert np.bincount(dataset.test.labels).tolist() == [20] * 100
    again = dataset.source.load()
    assert again.train.digest == dataset.train.digest and isinstance(again.train.images, np.memmap)
    base = datasets.load("handwriting").test
    known = {image.tobytes() for image in base.images}
    halves = (dataset.test.images[:200, :, 28 * k : 28 * k + 28] for k in (0, 1))
    for place, half in enumerate(halves):
        for image, digit in zip(half, dataset.test.attributes[f"digit {place + 1}"], strict=False):
            assert image.tobytes() in known and digit in numbers.DIGITS  # from the test pictures, as they are


def test_mnist_side_by_side(mnist):
    dataset = datasets.load("mnist-2digits")
    assert dataset.train.images.shape == (60_000, 28, 56, 1)
    assert np.bincount(dataset.train.labels).tolist() == [600] * 100
    assert np.bincount(dataset.test.labels).tolist() == [100] * 100


def test_kept_sets_share_no_picture_between_their_splits(cache, local_data, capsys):
    arguments = ["--dataset", "handwriting", "--digits", "2", "--count", "3000", "--name", "pairs"]
    assert cli.main(["compose", *arguments]) == 0
    assert "Data set pairs: 2,400 train and 600 test, 56 x 28" in capsys.readouterr().out
    dataset = datasets.load("pairs")
    train, test = (
        {split.images[i, :, at : at + 28].tobytes() for i in range(len(split)) for at in (0, 28)}
        for split in (dataset.train, dataset.test)
    )
    assert train and test and not train & test
    assert set(dataset.train.attributes) == set(numbers.columns(2))
    assert all(
        dataset.source.class_names[label] == number
        for label, number in zip(dataset.test.labels, dataset.test.attributes["number"], strict=True)
    )
    assert cli.main(["compose", *arguments]) == 2
    assert "there is a data set 'pairs' already" in capsys.readouterr().err
    assert list(kept.kept()) == ["pairs"]


@pytest.mark.parametrize("count", [-3, 1])
def test_too_few_to_keep(local_data, count):
    with pytest.raises(UserError, match=f"count: {count} is out of range"):
        numbers.keep("pairs", "handwriting", count=count)


def test_cancelled_leaves_nothing(local_data, cache):
    def cancel(share, text):
        if text.startswith("Composing"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        numbers.keep("pairs", "handwriting", count=100, progress=cancel)
    assert list(local_data.iterdir()) == []
