"""The mask covers the letters, and where it can, little else."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from gan import cleaning
from tests.cleaning.drawn import ground, titled


def around(letters: np.ndarray) -> np.ndarray:
    """The upright box around all letters, [1, 4, 2]."""
    y, x = np.nonzero(letters)
    left, right, top, bottom = x.min(), x.max(), y.min(), y.max()
    return np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float32)


def blobs(seed: int = 1) -> np.ndarray:
    """A ground of many colours, with none that letters could call their own."""
    noise = np.random.default_rng(seed).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(noise).resize((256, 256), Image.Resampling.NEAREST))


@pytest.mark.parametrize("size", [24, 34, 60])
def test_strokes_are_covered_and_what_is_between_them_is_not(size):
    picture, _, letters = titled("MOON", size)
    box = around(letters)
    strokes, whole = cleaning.mask(picture, box, 1), cleaning.mask(picture, box, 1, follow_strokes=False)
    assert strokes[letters].mean() > 0.97
    assert whole[letters].all()
    assert strokes.sum() < 0.85 * whole.sum()


def test_letters_with_an_outline_are_covered_with_it():
    layer = Image.fromarray(ground())
    ink, edge = (250, 240, 120), (90, 0, 0)
    ImageDraw.Draw(layer).text((128, 128), "MOON", ink, font_size=50, anchor="mm", stroke_width=3, stroke_fill=edge)
    picture = np.asarray(layer)
    letters = (picture != ground()).any(-1)
    assert cleaning.mask(picture, around(letters), 2)[letters].mean() > 0.97


def test_where_strokes_cannot_be_told_the_whole_box_is_covered():
    picture, _, letters = titled(art=blobs(), ink=(128, 120, 130))
    assert cleaning.mask(picture, around(letters), 0)[letters].all()


def test_a_ground_of_one_colour_is_no_text():
    flat = np.full((64, 64, 3), 90, np.uint8)
    box = np.array([[[10, 10], [50, 10], [50, 30], [10, 30]]], np.float32)
    assert cleaning.mask(flat, box, 0)[12:28, 12:48].all()  # the detector says it is text: then all of it


def test_growth_grows():
    picture, _, letters = titled()
    box = around(letters)
    sizes = [cleaning.mask(picture, box, growth).sum() for growth in (0, 1, 3, 8, 20)]
    assert sizes == sorted(sizes) and sizes[0] < sizes[-1]


def test_a_grey_picture_has_strokes_too():
    picture, _, letters = titled()
    grey = picture.mean(-1, keepdims=True).astype(np.uint8)
    covered = cleaning.mask(grey, around(letters), 1)
    assert covered[letters].mean() > 0.95 and covered.sum() < 3 * letters.sum()


def test_the_same_picture_gives_the_same_mask():
    picture, _, letters = titled()
    assert np.array_equal(cleaning.mask(picture, around(letters)), cleaning.mask(picture, around(letters)))


def test_no_boxes_no_mask_and_boxes_beyond_the_edge_do_no_harm():
    assert not cleaning.mask(ground(), np.zeros((0, 4, 2))).any()
    outside = np.array([[[-40, -30], [20, -30], [20, 10], [-40, 10]], [[250, 250], [400, 250], [400, 300], [250, 300]]])
    for strokes in (True, False):
        assert cleaning.mask(ground(), outside, 2, strokes).shape == (256, 256)
