"""What nets are told of a picture: combinations of columns as classes, and a block of inputs a column."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gan import UserError, conditions, datasets
from gan.conditions import condition, encoding, relabelled
from gan.datasets import Dataset, Split

HAIR = 8
SKINS = ("bronze", "brown", "deep", "light", "pale", "tan")


@pytest.fixture(scope="module")
def avatars():
    return datasets.load("avatars32")


def with_column(name, values, unlabelled=False):
    """Four small pictures with a column, split in two halves."""
    source = datasets.source("handwriting")
    source = replace(source, class_names=("all",) if unlabelled else ("a", "b"), attributes=(name,), shape=(4, 4, 1))
    half = len(values) // 2
    labels = np.zeros(half, np.int64) if unlabelled else np.arange(half) % 2
    images = np.zeros((half, 4, 4, 1), np.uint8)
    halves = (np.asarray(values[:half]), np.asarray(values[half:]))
    return Dataset(
        source, {s: Split(images, labels, {name: v}) for s, v in zip(("train", "test"), halves, strict=True)}
    )


def test_a_block_of_inputs_a_column():
    assert encoding([2, 3]).tolist() == [
        [1, 0, 1, 0, 0],
        [1, 0, 0, 1, 0],
        [1, 0, 0, 0, 1],
        [0, 1, 1, 0, 0],
        [0, 1, 0, 1, 0],
        [0, 1, 0, 0, 1],
    ]
    assert np.array_equal(encoding([4]), np.eye(4)) and encoding([4]).dtype == np.float32
    assert encoding([]).shape == (1, 0)  # one class, of which nothing is told


def test_names_are_in_the_order_of_the_encoding():
    assert conditions.names([("a", "b"), ("x", "y", "z")]) == ("a, x", "a, y", "a, z", "b, x", "b, y", "b, z")
    assert conditions.names([]) == ()


def test_hair_and_skin_of_avatars(avatars):
    data, found = relabelled(avatars, "label, skin")
    assert found.columns == ("label", "skin")
    assert found.values == (avatars.source.class_names, SKINS)
    assert len(data.source.class_names) == len(found.encoding) == HAIR * len(SKINS) == 48
    assert data.source.class_names == found.class_names and found.class_names[7] == "brown, brown"
    for name in ("train", "test"):
        before, after = avatars.splits[name], data.splits[name]
        assert after.images is before.images and after.labels.dtype == np.int64
        for row in range(0, len(after), 97):
            told = f"{avatars.source.class_names[before.labels[row]]}, {before.attributes['skin'][row]}"
            assert data.source.class_names[after.labels[row]] == told
            hair, skin = np.flatnonzero(found.encoding[after.labels[row]])
            assert (hair, SKINS[skin - HAIR]) == (before.labels[row], before.attributes["skin"][row])


def test_a_single_column_in_place_of_the_label(avatars):
    data, found = relabelled(avatars, "skin")
    assert data.source.class_names == SKINS and np.array_equal(found.encoding, np.eye(6))
    assert [SKINS[label] for label in data.test.labels[:20]] == avatars.test.attributes["skin"][:20].tolist()


def test_the_label_alone_is_what_the_data_have(avatars):
    for text in ("label", " label ", ""):
        data, found = relabelled(avatars, text)
        assert data is avatars and found.class_names == avatars.source.class_names


def test_nothing_is_told(avatars):
    data, found = relabelled(avatars, "none")
    assert found.class_names == () and found.encoding.shape == (1, 0)
    assert data.source.class_names == ("all",) and not data.train.labels.any()
    assert data.train.images is avatars.train.images


def test_data_without_labels():
    data, found = relabelled(with_column("shade", ["x", "y", "x", "x"], unlabelled=True), "label")
    assert found.class_names == () and data.source.class_names == ("all",)
    data, found = relabelled(with_column("shade", ["x", "y", "z", "x"], unlabelled=True), "shade")
    assert found.class_names == ("x", "y", "z")  # one is in the test pictures only
    assert data.train.labels.tolist() == [0, 1] and data.test.labels.tolist() == [2, 0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("label, skim", "did you mean skin"),
        ("eyecolour", "choose from background, brows"),
        ("none, skin", "unknown column of Avatars, 32x32 'none'"),
        ("skin, skin", "names a column twice"),
        ("label, skin, cut, eyes", r"has 3,456 combinations; 512 are the most"),
    ],
)
def test_columns_that_cannot_be_told(avatars, text, words):
    with pytest.raises(UserError, match=words):
        condition(avatars, text)


def test_columns_of_numbers_and_of_too_many_words():
    with pytest.raises(UserError, match=r"age of .* holds numbers"):
        condition(with_column("age", [0.5, 1.5, 2.5, 3.5]), "age")
    with pytest.raises(UserError, match=r"word of .* has 66 values; 64 are the most"):
        condition(with_column("word", [f"w{i}" for i in range(66)]), "word")


def test_a_label_has_two_names(avatars):
    by_either = [relabelled(avatars, text)[0].train.labels for text in ("hair, skin", "label, skin")]
    assert np.array_equal(*by_either)
    assert condition(avatars, "hair, skin").columns == ("hair", "skin")
    with pytest.raises(UserError, match="names a column twice"):
        condition(avatars, "hair, label")


def test_views_of_combinations_and_of_look_alikes():
    found = conditions.views(datasets.source("avatars32"), {"hair": ("a", "b"), "skin": ("x", "y", "z")})
    assert {name: groups.tolist() for name, groups in found.items()} == {
        "hair": [0, 0, 0, 1, 1, 1],
        "skin": [0, 1, 2, 0, 1, 2],
    }
    source = datasets.source("handwriting")
    (groups,) = conditions.views(source, {}).values()
    together = {
        "".join(name for name, at in zip(source.class_names, groups, strict=True) if at == group)
        for group in set(groups.tolist())
    }
    assert {"0Oo", "1Il", "Cc", "Zz", "A", "a"} <= together and len(together) == 62 - 11 - 2 * 2
    assert conditions.views(datasets.source("hangul"), {}) == {}
