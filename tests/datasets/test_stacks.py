"""Arrays that somebody brings: .npz and IDX files."""

import gzip
import io

import numpy as np
import pytest

from gan import UserError
from gan.datasets import stacks
from gan.datasets.archives import Upload, opened
from gan.datasets.idx_format import encode

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (12, 8, 8), np.uint8)
COLOUR = RNG.integers(0, 256, (12, 8, 8, 3), np.uint8)
LABELS = np.arange(12) % 3


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def test_the_apps_own_samples():
    found = stacks.read_npz(npz(images=IMAGES[..., None], labels=LABELS), "f.npz")
    assert np.array_equal(found.images[..., 0], IMAGES) and found.images.dtype == np.uint8
    assert found.class_names == ("0", "1", "2") and np.array_equal(found.labels, LABELS) and found.test is None


def test_kerass_mnist():
    arrays = {"x_train": IMAGES[:9], "y_train": LABELS[:9], "x_test": IMAGES[9:], "y_test": LABELS[9:]}
    found = stacks.read_npz(npz(**arrays), "mnist.npz")
    assert np.array_equal(found.images[..., 0], IMAGES) and found.test.tolist() == [False] * 9 + [True] * 3


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (IMAGES, IMAGES[..., None]),
        (IMAGES.reshape(12, 64), IMAGES[..., None]),
        (COLOUR, COLOUR),
        (COLOUR.transpose(0, 3, 1, 2), COLOUR),
        (IMAGES / 255, IMAGES[..., None]),
        ((IMAGES / 127.5 - 1).astype(np.float32), IMAGES[..., None]),
        (IMAGES.astype(np.int64), IMAGES[..., None]),
        (IMAGES.astype(np.uint16) * 257, IMAGES[..., None]),
        (IMAGES > 127, (IMAGES > 127)[..., None] * np.uint8(255)),
        (np.dstack([COLOUR.reshape(96, 8, 3), np.full((96, 8, 1), 255, np.uint8)]).reshape(12, 8, 8, 4), COLOUR),
    ],
)
def test_forms_of_pictures(images, expected):
    assert np.array_equal(stacks.read_npz(npz(images=images, labels=LABELS), "f").images, expected)


def test_forms_of_labels():
    words = np.array(["가", "b", "c"])[LABELS]
    for labels, names in (
        (np.eye(3)[LABELS], ("0", "1", "2")),
        (LABELS[:, None].astype(np.float32), ("0", "1", "2")),
        (words, ("b", "c", "가")),
        (np.char.encode(words, "utf-8"), ("b", "c", "가")),
    ):
        found = stacks.read_npz(npz(x=IMAGES, y=labels), "f")
        assert found.class_names == names and np.bincount(found.labels).tolist() == [4, 4, 4]
    named = stacks.read_npz(npz(images=IMAGES, labels=LABELS, class_names=np.array(["r", "g", "b"])), "f")
    assert named.class_names == ("r", "g", "b") and np.array_equal(named.labels, LABELS)
    assert stacks.read_npz(npz(images=IMAGES), "f").class_names == ("all",)


WRONG = {
    "no zip": (b"no zip", "not an .npz file"),
    "empty": (b"", "not an .npz file"),
    "cut off": (npz(images=IMAGES, labels=LABELS)[:-50], "not an .npz file"),
    "others": (npz(a=IMAGES, b=LABELS), r"holds a \(12, 8, 8\), b \(12,\); it should hold images and labels"),
    "nothing": (npz(), "holds nothing"),
    "counts": (npz(images=IMAGES, labels=LABELS[:5]), "12 pictures, but 5 labels"),
    "words": (npz(images=np.array(["a"]), labels=LABELS), "are no pictures"),
    "flat": (npz(images=IMAGES.reshape(12, 8, 8)[:, :, :7].reshape(12, 56), labels=LABELS), "are no pictures"),
    "range": (npz(images=IMAGES.astype(float) - 300, labels=LABELS), "values run from"),
    "nan": (npz(images=np.full((2, 8, 8), np.nan), labels=LABELS[:2]), "no numbers"),
    "tiny": (npz(images=IMAGES[:, :2, :2], labels=LABELS), "4 to 1024 work"),
    "two sizes": (npz(x_train=IMAGES, y_train=LABELS, x_test=COLOUR, y_test=LABELS), "not one set"),
    "objects": (npz(images=np.array([{}], dtype=object), labels=LABELS), "cannot be read"),
}


@pytest.mark.parametrize(("data", "words"), WRONG.values(), ids=WRONG)
def test_wrong_npz_files(data, words):
    with pytest.raises(UserError, match=words):
        stacks.read_npz(data, "f.npz")


def test_an_npz_that_would_fill_the_memory(monkeypatch):
    monkeypatch.setattr(stacks, "LARGEST", 1 << 20)
    with pytest.raises(UserError, match="it was not opened"):
        stacks.read_npz(npz(images=np.zeros((2 << 20,), np.uint8)), "f.npz")


def read_idx(files):
    with opened([Upload(name, io.BytesIO(data)) for name, data in files.items()]) as tree:
        assert all(map(stacks.is_idx, tree.members))
        return stacks.read_idx(tree.members)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_pair_of_idx_files(pack):
    ending = ".gz" if pack is gzip.compress else ""
    files = {f"a{ending}": pack(encode(IMAGES)), f"b{ending}": pack(encode(LABELS.astype(np.uint8)))}
    found = read_idx(files)
    assert np.array_equal(found.images[..., 0], IMAGES) and np.array_equal(found.labels, LABELS) and found.test is None
    assert read_idx({"a": encode(IMAGES)}).class_names == ("all",)


def test_two_pairs_are_a_split():
    labels = LABELS.astype(np.uint8)
    files = {
        "t10k-images-idx3-ubyte": encode(IMAGES[9:]),
        "t10k-labels-idx1-ubyte": encode(labels[9:]),
        "train-images-idx3-ubyte": encode(IMAGES[:9]),
        "train-labels-idx1-ubyte": encode(labels[:9]),
    }
    found = read_idx(files)
    assert np.array_equal(found.images[..., 0], IMAGES) and found.test.tolist() == [False] * 9 + [True] * 3
    assert np.array_equal(found.labels, LABELS)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"l": encode(LABELS.astype(np.uint8))}, "labels without pictures"),
        ({"i": encode(IMAGES), "l": encode(np.zeros(5, np.uint8))}, "not a pair"),
        ({"i": encode(IMAGES)[:-9]}, "i: its header announces"),
        ({"i": encode(IMAGES), "j": encode(IMAGES[:, :5, :5])}, "different sizes"),
        ({"i": encode(IMAGES), "j": encode(IMAGES), "k": encode(IMAGES)}, "3 files of pictures"),
        ({"i": encode(IMAGES[:0])}, "no pictures"),
        ({"i": b"\0\0\x08\x04" + bytes(16)}, "has 4 dimensions"),
    ],
)
def test_wrong_idx_files(files, words):
    with pytest.raises(UserError, match=words):
        read_idx(files)
