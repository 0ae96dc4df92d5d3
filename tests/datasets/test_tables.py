"""Tables of pixels in every layout that somebody may bring."""

import numpy as np
import pytest

from gan import UserError
from gan.datasets import tables

RNG = np.random.default_rng(0)
SIDE, COUNT = 8, 60
DIGITS = RNG.integers(1, 256, (COUNT, SIDE, SIDE)).astype(np.uint8)
DIGITS[:, 0] = DIGITS[:, -1] = 0  # the corners are paper, as in most such tables
DIGITS[0, 3, 3] = 255
LABELS = np.arange(COUNT) % 10


def table(images=DIGITS, labels=LABELS, last=False, header=None, index=False, separator=",", form=str):
    rows = []
    for place, image in enumerate(images):
        row = [form(value) for value in image.reshape(-1)]
        if labels is not None:
            row = [*row, str(labels[place])] if last else [str(labels[place]), *row]
        rows.append(([str(place)] if index else []) + row)
    return "\n".join(map(separator.join, ([header] if header else []) + rows) if header else map(separator.join, rows))


def read(text, tmp_path, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return tables.read(data, "some.csv", tmp_path, **options)


def check(found, images=DIGITS, labels=LABELS):
    assert found.images.dtype == np.uint8 and found.images.shape == (len(images), SIDE, SIDE, 1)
    assert np.array_equal(found.images[..., 0], images)
    assert [found.class_names[label] for label in found.labels] == [str(label) for label in labels]
    assert found.report.left_out == []


PIXELS = [f"pixel{i}" for i in range(SIDE * SIDE)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("index", [False, True])
@pytest.mark.parametrize("last", [False, True])
def test_the_label_is_found(tmp_path, last, index, separator):
    check(read(table(last=last, index=index, separator=separator), tmp_path))


@pytest.mark.parametrize("last", [False, True])
def test_headers(tmp_path, last):
    for head in (PIXELS, [str(i) for i in range(SIDE * SIDE)]):
        header = [*head, "label"] if last else ["label", *head]
        check(read(table(last=last, header=header), tmp_path))
    check(read(table(header=[str(i) for i in range(SIDE * SIDE + 1)]), tmp_path))  # pandas without names


def test_a_table_as_pandas_writes_it(tmp_path):
    header = ["", *(str(i) for i in range(SIDE * SIDE)), "character"]
    words = np.array([*"가나다라마바아사자차"])[LABELS]
    found = read(table(labels=words, last=True, header=header, index=True), tmp_path)
    check(found, labels=words)
    assert found.class_names == tuple(sorted("가나다라마바아사자차"))


@pytest.mark.parametrize("encoding", ["cp949", "utf-8-sig", "utf-16"])
def test_labels_in_other_encodings(tmp_path, encoding):
    words = np.array([*"가나다라마"])[LABELS % 5]
    check(read(table(labels=words).encode(encoding), tmp_path), labels=words)


def test_without_labels(tmp_path):
    found = read(table(labels=None), tmp_path)
    assert found.class_names == ("all",) and np.array_equal(found.images[..., 0], DIGITS)


@pytest.mark.parametrize(
    ("form", "scaled"),
    [
        (lambda value: f"{value / 255:.6f}", DIGITS),
        (lambda value: f"{value / 127.5 - 1:.6f}", DIGITS),
        (lambda value: str(int(value) * 257), DIGITS),
        (lambda value: f"{value}.0", DIGITS),
        (lambda value: str(int(value > 127)), (DIGITS > 127) * np.uint8(255)),
    ],
)
def test_ranges(tmp_path, form, scaled):
    check(read(table(form=form), tmp_path), scaled)


def test_other_ranges_are_refused(tmp_path):
    with pytest.raises(UserError, match="values run from -255 to 0; pictures have 0 to 255"):
        read(table(form=lambda value: str(-int(value)), labels=None), tmp_path)


def test_colour(tmp_path):
    colour = RNG.integers(0, 256, (20, SIDE, SIDE, 3)).astype(np.uint8)
    colour[0, 0, 0] = 255
    found = read(table(colour, LABELS[:20]), tmp_path)
    assert np.array_equal(found.images, colour)


def test_numbers_are_in_the_order_of_numbers(tmp_path):
    labels = np.array([10, 9, 2, 1] * 15)
    assert read(table(labels=labels), tmp_path).class_names == ("1", "2", "9", "10")


def test_the_guess_can_be_overruled(tmp_path):
    images = DIGITS.copy()
    images[:, -1, -1] = LABELS  # the last pixel looks like a label too
    text = table(images, labels=np.full(COUNT, 7))
    assert read(text, tmp_path).class_names != ("7",)
    check(read(text, tmp_path, label="first"), images, np.full(COUNT, 7))
    header = ["what", *PIXELS]
    check(read(table(images, np.full(COUNT, 7), header=header), tmp_path, label="what"), images, np.full(COUNT, 7))
    with pytest.raises(UserError, match="'waht'; did you mean what"):
        read(table(header=header), tmp_path, label="waht")
    with pytest.raises(UserError, match="there is none for a label"):
        read(table(labels=None), tmp_path, label="first")


def test_bad_rows_are_left_out(tmp_path):
    lines = table().split("\n")
    lines[5] = "5,x" + lines[5][3:]
    lines[7] = lines[7][:40]
    lines[9] = "nan".join(lines[9].rsplit("0", 1))
    lines[11] = "," + lines[11].split(",", 1)[1]
    found = read("\n".join(lines), tmp_path)
    assert len(found.images) == COUNT - 4 and found.report.kept == COUNT - 4
    rows = [int(name.rpartition(" ")[2]) for name, _ in found.report.left_out]
    assert rows == [6, 8, 10, 12]
    reasons = [why for _, why in found.report.left_out]
    assert reasons[0] == reasons[2] == "a cell that is no number" and reasons[3] == "no label"
    assert "cells, not 65" in reasons[1]


WRONG = {
    "empty": ("", "the table is empty"),
    "words": ("a,b,c\nd,e,f\n", "its 3 columns do not make square pictures"),
    "binary": (b"\0\1\2\3", "not a text file"),
    "one line": (",".join(PIXELS), "no rows that are as long"),
    "nothing usable": ("\n".join([",".join(PIXELS)] * 2), "none of its rows is a picture"),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_what_is_no_table_of_pixels(tmp_path, text, words):
    with pytest.raises(UserError, match=words):
        read(text, tmp_path)


def test_cancel(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "PIECE", 10)

    def cancel(share, text):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(table(), tmp_path, progress=cancel)
