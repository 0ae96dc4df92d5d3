"""A character brought into the form that a net was trained on."""

from __future__ import annotations

import numpy as np
import pytest

from gan.recognise import placing
from gan.recognise.placing import LAYOUTS
from gan.recognise.preparing import Settings


def leaning(slant: float, height: int = 100) -> np.ndarray:
    """A bar that goes `slant` across for each pixel down."""
    sheet = np.zeros((height, 3 * height), np.float32)
    for row in range(height):
        left = round(1.5 * height + slant * (row - height / 2))
        sheet[row, left : left + 12] = 1
    return sheet


@pytest.mark.parametrize("slant", [-0.9, -0.3, 0.0, 0.5, 1.0])
def test_the_slant_is_measured_and_taken_away(slant):
    found = placing.slanted(leaning(slant))
    assert abs(found - slant) < 0.03
    straight = placing.upright(leaning(slant), found)
    assert abs(placing.slanted(straight)) < 0.05
    assert abs(straight.sum() - leaning(slant).sum()) < 0.05 * straight.sum()


def test_only_strong_slants_are_reduced():
    assert placing.excess(0.5) == 0
    assert placing.excess(-1.0) == pytest.approx(-0.4)


def test_fits_the_box_and_stands_on_its_centre_of_mass():
    character = np.zeros((200, 100), np.float32)
    character[:, :20] = 1  # an L
    character[180:] = 1
    placed = placing.place(character, LAYOUTS["mnist"], 28, Settings(deskew="never", thicken=False))
    picture = placed.picture[..., 0] / 255
    rows, columns = np.indices((28, 28))
    assert np.flatnonzero(picture.any(1)).size == 20
    assert abs((rows * picture).sum() / picture.sum() - 14) <= 0.5
    assert abs((columns * picture).sum() / picture.sum() - 14) <= 0.5


def test_other_data_sets_have_other_forms():
    character = np.ones((60, 30), np.float32)
    picture = placing.place(character, LAYOUTS["hangul"], 32, Settings()).picture
    filled = np.flatnonzero(picture.any(axis=(1, 2)))
    assert (picture.shape, filled[0], filled[-1]) == ((32, 32, 1), 4, 28)
    assert placing.layout("mine", 56).box == 40


def test_thin_strokes_are_thickened_and_others_are_not():
    thin = np.zeros((300, 150), np.float32)
    thin[:, 74:77] = thin[148:151] = 1
    thick = placing.thicken(thin, 20)
    assert placing.stroke(thick) == pytest.approx(0.11 * 300, rel=0.2)
    assert placing.thicken(thick, 20) is thick
    small = thin[::15, ::15]
    assert placing.thicken(small, 20) is small


def test_a_single_pixel_and_a_long_line_can_be_placed():
    for character in (np.ones((1, 1), np.float32), np.ones((1, 900), np.float32), np.ones((900, 1), np.float32)):
        picture = placing.place(character, LAYOUTS["mnist"], 28, Settings()).picture
        assert picture.shape == (28, 28, 1) and picture.max() > 0


def test_a_line_stands_in_the_middle_of_a_wide_picture():
    strip = np.ones((100, 230), np.float32)
    picture = placing.line(strip, (28, 140, 1), Settings())
    assert np.flatnonzero(picture.any(axis=(1, 2))).tolist() == list(range(4, 24))
    assert np.flatnonzero(picture.any(axis=(0, 2))).size == 46
    assert placing.line(np.ones((10, 4000), np.float32), (28, 140, 1), Settings()).any()
