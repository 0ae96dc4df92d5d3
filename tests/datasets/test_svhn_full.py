"""SVHN's full numbers: archives in the publisher's form, with boxes in HDF5, and wrong ones."""

from __future__ import annotations

import io
import tarfile

import h5py
import numpy as np
import pytest

from gan import UserError, datasets, images
from gan.datasets import svhn_full

# Digits, and for each its box: left, top, width, height. Files as the publisher numbers them.
NUMBERS = {
    "train": [("210", [(98, 25, 14, 32), (112, 24, 16, 32), (128, 24, 15, 31)]), ("5", [(30, 10, 20, 40)])],
    "test": [
        ("07", [(-1, 0, 60, 60), (60, 2, 60, 60)]),
        ("1", [(4, 4, 10, 20)]),
        ("123456", [(9 * n, 5, 8, 12) for n in range(6)]),
    ],
}


def struct(numbers) -> bytes:
    """digitStruct.mat: names and boxes are references; a field of several digits refers to each value."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as root:
        refs = root.create_group("#refs#")

        def refer(value):
            name = f"r{len(refs)}"
            refs[name] = value
            return refs[name].ref

        names, boxes = [], []
        for index, (text, rows) in enumerate(numbers):
            name = f"{index + 1}.png"
            names.append(refer(np.array([[ord(c)] for c in name], np.uint16)))
            group = refs.create_group(f"g{index}")
            columns = dict(zip(("left", "top", "width", "height"), zip(*rows, strict=True), strict=True))
            columns["label"] = [10 if digit == "0" else int(digit) for digit in text]
            for field, values in columns.items():
                if len(values) == 1:
                    group[field] = np.array([[float(values[0])]])
                else:
                    group.create_dataset(field, (len(values), 1), h5py.ref_dtype)
                    for row, value in enumerate(values):
                        group[field][row, 0] = refer(np.array([[float(value)]]))
            boxes.append(group.ref)
        for field, values in (("name", names), ("bbox", boxes)):
            root.create_dataset(f"digitStruct/{field}", (len(values), 1), h5py.ref_dtype)
            for row, value in enumerate(values):
                root[f"digitStruct/{field}"][row, 0] = value
    return buffer.getvalue()


def photograph(rows, size=(80, 150)) -> np.ndarray:
    """Grey, with a green box for each digit."""
    picture = np.full((*size, 3), 90, np.uint8)
    for left, top, width, height in rows:
        picture[max(0, top) : top + height, max(0, left) : left + width] = 30, 200, 60
    return picture


def archive(split: str, numbers, **changed: bytes | None) -> bytes:
    """The publisher's .tar.gz; `changed` are files in place of those (None: left out)."""
    files = {f"{index + 1}.png": images.encode_png(photograph(rows)) for index, (_, rows) in enumerate(numbers)}
    files |= {"digitStruct.mat": struct(numbers), "see_bboxes.m": b"% not read"} | changed
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as tar:
        folder = tarfile.TarInfo(split)
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for name, data in files.items():
            if data is not None:
                entry = tarfile.TarInfo(f"{split}/{name}")
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, cache):
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "data" / "svhn"
    folder.mkdir(parents=True)
    for split, numbers in NUMBERS.items():
        (folder / f"{split}.tar.gz").write_bytes(archive(split, numbers))
    return folder


def test_numbers_and_columns():
    dataset = datasets.load("svhn-full")
    assert dataset.source.counts == {"train": 2, "test": 3} and "33,402" in dataset.source.split
    train, test = dataset.train, dataset.test
    assert train.images.shape == (2, 64, 64, 3)
    assert train.attributes["number"].tolist() == ["210", "5"]
    assert train.attributes["digits"].tolist() == [3.0, 1.0]
    assert train.attributes["digit 1"].tolist() == ["2", "5"] and train.attributes["digit 3"].tolist() == ["0", ""]
    assert [dataset.source.class_names[label] for label in train.labels] == ["3 digits", "1 digit"]
    assert test.attributes["number"].tolist() == ["07", "1", "123456"]
    assert test.attributes["digit 6"].tolist() == ["", "", "6"]
    assert datasets.load("svhn-full").train.attributes["number"].tolist() == ["210", "5"]  # from the cache


def test_cut_out_with_a_margin():
    """15% of 20 x 40 on each side: the box is 20 of 26 wide and 40 of 52 high, so 7.4 pixels are margin each way."""
    cut = svhn_full.cut(photograph([(30, 10, 20, 40)]), (30, 10, 50, 50))
    green = cut[..., 1] > 145
    margin = 64 * 0.15 / 1.3
    for axis in (0, 1):
        inside = np.flatnonzero(green.any(axis))
        assert abs(inside[0] - margin) <= 1 and abs(63 - inside[-1] - margin) <= 1
    assert green[10:54, 10:54].all()


@pytest.mark.parametrize("box", [(-20, -20, 500, 500), (400, 400, 410, 420), (5, 5, 5, 5), (50, 50, 20, 10)])
def test_boxes_beyond_the_picture_give_what_there_is(box):
    assert svhn_full.cut(photograph([(30, 10, 20, 40)]), box).shape == (64, 64, 3)
    assert svhn_full.cut(photograph([])[..., :1], box).shape == (64, 64, 3)


def replaced(**changed):
    return archive("train", NUMBERS["train"], **changed)


def altered(change) -> bytes:
    """The archive with another digitStruct.mat."""
    buffer = io.BytesIO(struct(NUMBERS["train"]))
    with h5py.File(buffer, "r+") as root:
        change(root)
    return replaced(**{"digitStruct.mat": buffer.getvalue()})


def single(root):
    """The record of the one-digit number."""
    return root[root["digitStruct/bbox"][1, 0]]


WRONG = {
    "no struct": (lambda: replaced(**{"digitStruct.mat": None}), "has no digitStruct.mat, so nothing says"),
    "struct is text": (lambda: replaced(**{"digitStruct.mat": b"x" * 999}), "not the publisher's HDF5 file"),
    "struct cut off": (
        lambda: replaced(**{"digitStruct.mat": struct(NUMBERS["train"])[:3000]}),
        "not the publisher's HDF5 file",
    ),
    "other HDF5": (lambda: altered(lambda root: root.move("digitStruct", "other")), "not the publisher's HDF5 file"),
    "label 12": (lambda: altered(lambda root: single(root)["label"].write_direct(np.array([[12.0]]))), "a label 12;"),
    "no bounds": (
        lambda: altered(lambda root: single(root)["left"].write_direct(np.array([[np.nan]]))),
        "a box without bounds",
    ),
    "seven digits": (
        lambda: archive("train", [("1234567", [(9 * n, 5, 8, 12) for n in range(7)])]),
        "a number of 7 digits; 1 to 6 can be",
    ),
    "nobody named": (lambda: replaced(**{"digitStruct.mat": struct([])}), "names no pictures"),
    "no pictures": (lambda: replaced(**{"1.png": None, "2.png": None}), "holds none of the 2 pictures"),
    "damaged picture": (lambda: replaced(**{"2.png": images.encode_png(photograph([]))[:60]}), r"2\.png: "),
    "picture is text": (lambda: replaced(**{"2.png": b"not a picture"}), r"2\.png: "),
    "cut off": (lambda: replaced()[:-500], "not a whole .tar.gz"),
    "cut off early": (lambda: replaced()[:40], "not a whole .tar.gz|has no digitStruct"),
    "empty": (lambda: b"", "not a whole .tar.gz"),
    "zip": (lambda: b"PK\3\4" + bytes(500), "not a whole .tar.gz"),
}


@pytest.mark.parametrize(("make", "message"), WRONG.values(), ids=WRONG)
def test_wrong_archives(folder, cache, make, message):
    (folder / "train.tar.gz").write_bytes(make())
    with pytest.raises(UserError, match=message) as caught:
        svhn_full.SOURCE.load()
    assert "train.tar.gz" in str(caught.value) and "Replace the file" in str(caught.value)
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_pictures_that_nothing_is_said_of_are_left_out(folder):
    extra = archive("train", NUMBERS["train"], **{"99.png": b"whatever"})
    (folder / "train.tar.gz").write_bytes(extra)
    assert len(svhn_full.SOURCE.load().train) == 2


def test_names_that_come_twice(folder, monkeypatch):
    monkeypatch.setattr(svhn_full, "ROWS", 1)

    def twice(root):
        root["digitStruct/name"][1, 0] = root["digitStruct/name"][0, 0]

    (folder / "train.tar.gz").write_bytes(altered(twice))
    assert svhn_full.SOURCE.load().train.attributes["number"].tolist() == ["5"]


def test_progress_and_cancel(folder, cache):
    shares = []
    svhn_full.SOURCE.load(lambda share, text: shares.append(share))
    assert shares == sorted(shares) and shares[-1] == 1
    for path in cache.rglob("*.json"):
        path.unlink()

    class Cancelled(BaseException):
        pass

    def cancel(share, text):
        if share > 0.2:
            raise Cancelled

    with pytest.raises(Cancelled):
        svhn_full.SOURCE.load(cancel)
    assert not list(cache.rglob(".aside-*"))
