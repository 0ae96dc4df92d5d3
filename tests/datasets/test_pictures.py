"""Parts of avatars, covers and photographs: from whom they are cut, and that test pictures stay apart."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from gan import UserError, datasets, images
from gan.datasets import avatars, pictures

SMALL = dataclasses.replace(pictures.SOURCE, name="pictures-small", counts={"train": 330, "test": 60})


def test_photographs_are_named_with_their_licence_and_none_is_for_test_too():
    assert not set(pictures.PHOTOGRAPHS) & set(pictures.HELD_OUT)
    names = [Path(name).stem.replace("_deep_field", "").lower() for name in pictures.PHOTOGRAPHS]
    assert all(name in pictures.SOURCE.citation.lower() for name in names)
    assert avatars.SOURCE.licence.split(":")[0] in pictures.SOURCE.licence
    for name in (*pictures.PHOTOGRAPHS, *pictures.HELD_OUT):
        pixels = pictures.photograph(name)
        assert pixels.dtype == np.uint8 and pixels.shape[2] == 3 and min(pixels.shape[:2]) >= 300


def test_a_photograph_that_is_not_there():
    with pytest.raises(UserError, match=r"eagle\.png is missing.*scikit-image"):
        pictures.photograph("eagle.png")


def test_parts_are_cut_once_and_are_the_same_again(tmp_path, monkeypatch):
    datasets.load("avatars"), datasets.load("covers")  # decoded where they are kept, which is elsewhere below
    first = SMALL.reader.read(SMALL, lambda share, text: None)
    assert {name: len(split) for name, split in first.items()} == SMALL.counts
    for split in first.values():
        assert np.bincount(split.labels).tolist() == [len(split) // 3] * 3
        origins = [set(split.attributes["from"][split.labels == label]) for label in range(3)]
        assert origins == [{"avatars"}, {"covers"}, {Path(name).stem for name in pictures.PHOTOGRAPHS}]
    monkeypatch.setattr(pictures, "_part", None)  # what is kept needs no cutting
    again = SMALL.reader.read(SMALL, lambda share, text: None)
    assert [again[name].digest for name in again] == [first[name].digest for name in first]


def test_a_part_lies_in_the_picture_or_in_its_half():
    picture = pictures.photograph("camera.png")
    for seed in range(6):
        part = pictures._part(picture, np.random.default_rng(seed))
        assert part.shape == (64, 64, 3)
        assert any(_holds(images.shrink(picture[None], factor)[0], part) for factor in (1, 2))


def test_the_part_with_most_detail_is_taken():
    picture = np.zeros((128, 512, 3), np.uint8)
    picture[:, 320::4] = 255
    found = [pictures._detail(pictures._part(picture, np.random.default_rng(seed))) > 0 for seed in range(40)]
    assert np.mean(found) > 0.75  # of a single try, about half


def _holds(picture: np.ndarray, part: np.ndarray) -> bool:
    rows, columns = np.nonzero((picture[:-63, :-63] == part[0, 0]).all(-1))
    return any((picture[y : y + 64, x : x + 64] == part).all() for y, x in zip(rows, columns, strict=True))
