"""Pictures to order, with a small real generator."""

from __future__ import annotations

import csv
import io
import zipfile

import numpy as np
import pytest

from gan import UserError, drawing, images
from gan.drawing import Order
from tests.small_models import save_generator


@pytest.fixture(autouse=True)
def model(weights_dir):
    save_generator("digits")


def test_what_can_be_asked_for_is_a_label_or_columns_or_nothing():
    columns = {"hair": ("black", "green"), "skin": ("dark", "pale", "tan")}
    for name, changes in (("faces", {"columns": columns}), ("plain", {"class_names": ()})):
        save_generator(name, family="cgan", **changes)
    cards = drawing.generators()
    assert list(cards) == ["digits", "faces", "plain"]
    assert drawing.choices(cards["digits"]) == {"label": tuple("0123456789")}
    assert drawing.choices(cards["faces"]) == columns
    assert drawing.choices(cards["plain"]) == {}
    assert drawing.labels_of(cards["digits"], {"label": ["7", "3"]}) == (3, 7)
    assert drawing.labels_of(cards["digits"], {}) == tuple(range(10))
    assert drawing.labels_of(cards["faces"], {"skin": ["tan", "dark"]}) == (0, 2, 3, 5)
    assert drawing.labels_of(cards["faces"], {"hair": ["green"], "skin": []}) == (3, 4, 5)
    assert drawing.labels_of(cards["plain"], {}) == ()


def test_labels_are_taken_in_turn():
    drawn = drawing.draw(Order("digits", (3, 7), 5, seed=1))
    assert drawn.names == ("3", "7", "3", "7", "3")
    assert drawn.pictures.shape == (5, 28, 28, 1)
    assert drawn.pictures.dtype == np.uint8


def test_a_picture_depends_on_seed_and_index_alone():
    few = drawing.draw(Order("digits", (3,), 2, seed=1)).pictures
    many = drawing.draw(Order("digits", (3,), 30, seed=1)).pictures
    np.testing.assert_allclose(few.astype(int), many[:2], atol=1)  # batches of other sizes may round otherwise
    assert np.abs(few.astype(int) - drawing.draw(Order("digits", (3,), 2, seed=2)).pictures).max() > 10


def test_truncation_draws_pictures_together():
    spread = [drawing.draw(Order("digits", (3,), 32, 1, psi)).pictures.std(axis=0).mean() for psi in (0.0, 0.3, 1.0)]
    assert spread[0] == 0
    assert spread[0] < spread[1] < spread[2]


def test_by_label_keeps_the_order_and_all_pictures():
    drawn = drawing.draw(Order("digits", (7, 3), 5, seed=1))
    groups = dict(drawn.by_label())
    assert list(groups) == ["7", "3"]
    np.testing.assert_array_equal(groups["7"], drawn.pictures[[0, 2, 4]])
    np.testing.assert_array_equal(groups["3"], drawn.pictures[[1, 3]])


def test_the_archive_holds_each_picture_and_says_how_it_was_drawn():
    drawn = drawing.draw(Order("digits", (3, 7), 3, seed=9, truncation=0.5))
    with zipfile.ZipFile(io.BytesIO(drawing.archive(drawn))) as pack:
        rows = list(csv.DictReader(io.StringIO(pack.read("labels.csv").decode())))
        assert [row["label"] for row in rows] == ["3", "7", "3"]
        assert [(row["seed"], row["index"], row["truncation"]) for row in rows] == [
            ("9", str(i), "0.5") for i in range(3)
        ]
        assert sorted(pack.namelist()) == sorted([*(row["file"] for row in rows), "labels.csv"])
        for row, picture in zip(rows, drawn.pictures, strict=True):
            np.testing.assert_array_equal(images.decode(pack.read(row["file"])), picture)


@pytest.mark.parametrize(("labels", "count", "columns"), [((3,), 9, 3), (tuple(range(10)), 100, 10), ((1, 2), 3, 2)])
def test_a_column_of_the_sheet_shows_one_label(labels, count, columns):
    drawn = drawing.draw(Order("digits", labels, count, seed=1))
    sheet = images.decode(drawing.sheet(drawn))
    assert sheet.shape[1] == columns * 30 - 2
    np.testing.assert_array_equal(sheet[:28, :28], drawn.pictures[0])
    if count > columns:
        np.testing.assert_array_equal(sheet[30:58, :28], drawn.pictures[columns])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "digit"}, "did you mean digits"),
        ({"labels": ()}, "no label is chosen"),
        ({"labels": (3, 10)}, "there is no label 10"),
        ({"labels": (-1,)}, "there is no label -1"),
        ({"count": 0}, "1 to 10,000"),
        ({"count": 10_001}, "1 to 10,000"),
        ({"seed": -1}, "seed"),
        ({"truncation": 1.5}, "truncation"),
        ({"truncation": float("nan")}, "truncation"),
    ],
)
def test_an_order_that_cannot_be_met_says_why(change, said):
    order = {"model": "digits", "labels": (3,), "count": 1, "seed": 1, **change}
    with pytest.raises(UserError, match=said):
        drawing.draw(Order(**order))
