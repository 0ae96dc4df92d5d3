"""Lines set from known characters."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, typesetting


def character(first: int, last: int) -> np.ndarray:
    """A picture 10 high and 10 wide with ink in the columns from `first` to `last`."""
    picture = np.zeros((10, 10, 1), np.uint8)
    picture[4:6, first : last + 1] = 255
    return picture


def boxed(side: int = 28, channels: int = 1) -> np.ndarray:
    """A character as data sets have it: its ink in the middle, as high and wide as that of a capital."""
    picture = np.zeros((side, side, channels), np.uint8)
    picture[side // 7 : -side // 7, side // 7 : -side // 7] = 255
    return picture


def inked(line: np.ndarray, axis: int = 0) -> list[int]:
    return np.flatnonzero(line.max(axis=(axis, 2)) > typesetting.INK).tolist()


def test_characters_stand_side_by_side_each_as_wide_as_its_ink():
    line = typesetting.compose("12", [character(2, 3), character(7, 9)], spacing=2)
    assert line.shape == (10, 2 + 2 + 2 + 3 + 2, 1)
    assert inked(line) == [2, 3, 6, 7, 8]


def test_a_space_is_a_share_of_the_height():
    line = typesetting.compose("1 2", [character(0, 0), character(0, 0)], spacing=1)
    assert inked(line) == [1, 1 + 1 + 1 + 4 + 1]


def test_no_spacing_lets_characters_touch():
    assert inked(typesetting.compose("12", [character(2, 3), character(5, 5)], spacing=0)) == [0, 1, 2]


def test_a_character_without_ink_keeps_a_place():
    line = typesetting.compose("12", [np.zeros((9, 9, 1), np.uint8), character(0, 0)[:9]], spacing=0)
    assert line.shape[1] == 4 + 1


@pytest.mark.parametrize("letter", "xpjt")
def test_without_ink_a_small_letter_keeps_a_place_too(letter):
    assert typesetting.compose(letter, [np.zeros((28, 28, 1), np.uint8)]).shape[0] == 28


@pytest.mark.parametrize(("letter", "top", "bottom"), [("X", 4, 24), ("7", 4, 24), ("x", 9, 24), ("p", 9, 28)])
def test_small_letters_are_as_high_as_they_are_beside_capitals(letter, top, bottom):
    rows = inked(typesetting.compose(letter, [boxed()]), axis=1)
    assert (rows[0], rows[-1] + 1) == (top, bottom)


def test_small_letters_keep_their_proportions():
    wide, narrow = (len(inked(typesetting.compose(letter, [boxed()]))) for letter in "Xx")
    assert narrow == round(wide * 15 / 20)


def test_frames_of_other_sizes_are_scaled_to_the_highest():
    line = typesetting.compose("12", [boxed(16), boxed(32)], spacing=3)
    assert line.shape[0] == 32
    left, right = line[:, : line.shape[1] // 2], line[:, line.shape[1] // 2 :]
    assert abs(len(inked(left)) - len(inked(right))) <= 2
    assert abs(len(inked(left, 1)) - len(inked(right, 1))) <= 2


def test_grey_and_colour_stand_on_one_line():
    colour = boxed(channels=3)
    colour[..., 1] = 0
    line = typesetting.compose("12", [boxed(), colour])
    assert line.shape[2] == 3
    assert (line[14, 8] == 255).all()
    assert line[14, -8].tolist() == [255, 0, 255]


def test_dark_ink_on_white_is_exchanged():
    pictures = np.stack([boxed(), boxed()])
    np.testing.assert_array_equal(typesetting.light_on_black(255 - pictures), pictures)
    np.testing.assert_array_equal(typesetting.light_on_black(pictures), pictures)


def test_lines_stand_below_each_other():
    wide, narrow = np.full((4, 6, 1), 200, np.uint8), np.full((4, 2, 3), 100, np.uint8)
    page = typesetting.stack([wide, narrow])
    assert page.shape == (8, 6, 3)
    assert (page[:4] == 200).all() and (page[4:, :2] == 100).all() and not page[4:, 2:].any()


def test_enlarged_ink_keeps_its_place_and_its_edges_stay_steep():
    large = typesetting.shaped(boxed(), 112)
    assert large.shape == (112, 112, 1)
    rows = inked(large, axis=1)
    assert abs(rows[0] - 16) <= 2 and abs(rows[-1] + 1 - 96) <= 2
    between = ((large > 20) & (large < 235)).sum()
    assert between < 4 * 4 * 80  # interpolation alone leaves about 8 grey pixels across every edge
    assert typesetting.shaped(boxed(), 14).shape == (14, 14, 1)
    np.testing.assert_array_equal(typesetting.shaped(boxed()), boxed())


@pytest.mark.parametrize("slant", [20, -20])
def test_slanted_ink_stands_on_the_baseline_and_leans_from_there(slant):
    upright = boxed(56)
    line = typesetting.shaped(upright, slant=slant)
    ink = line[..., 0].astype(float)
    middle = [(row * np.arange(len(row))).sum() / row.sum() for row in (ink[10], ink[46])]
    lean = (middle[0] - middle[1]) / 36
    assert abs(lean - np.tan(np.radians(slant))) < 0.02
    assert abs(ink.sum() / upright.astype(float).sum() - 1) < 0.02  # nothing is cut off


def test_ink_and_paper_can_have_any_colour():
    line = np.array([[[0], [255], [51]]], np.uint8)
    assert typesetting.printed(line, "#000000", "#ffffff").tolist() == [[[255], [0], [204]]]
    assert typesetting.printed(line, "#ff0000", "#0000ff")[0].tolist() == [[0, 0, 255], [255, 0, 0], [51, 0, 204]]
    colours = np.array([[[255, 0, 51]]], np.uint8)
    assert typesetting.printed(colours, "#ffffff", "#000000").tolist() == colours.tolist()
    assert typesetting.cut_out(line, "#ff8000")[0].tolist() == [[255, 128, 0, 0], [255, 128, 0, 255], [255, 128, 0, 51]]


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "#12345g"])
def test_what_is_no_colour_is_told(text):
    with pytest.raises(UserError, match=r"ink: .* is no colour; write #rrggbb"):
        typesetting.colour("ink", text)
