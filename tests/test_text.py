"""Lines of text: set from known characters, and written by a small real generator."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, text
from tests.small_models import save_generator


def character(first: int, last: int) -> np.ndarray:
    """A picture 10 high and 10 wide with ink in the columns from `first` to `last`."""
    picture = np.zeros((10, 10, 1), np.uint8)
    picture[4:6, first : last + 1] = 255
    return picture


def inked(line: np.ndarray) -> list[int]:
    return np.flatnonzero(line.max(axis=(0, 2))).tolist()


def test_characters_stand_side_by_side_each_as_wide_as_its_ink():
    line = text.compose("ab", [character(2, 3), character(7, 9)], spacing=2)
    assert line.shape == (10, 2 + 2 + 2 + 3 + 2, 1)
    assert inked(line) == [2, 3, 6, 7, 8]


def test_a_space_is_a_share_of_the_height():
    line = text.compose("a b", [character(0, 0), character(0, 0)], spacing=1)
    assert inked(line) == [1, 1 + 1 + 1 + 4 + 1]


def test_no_spacing_lets_characters_touch():
    assert inked(text.compose("ab", [character(2, 3), character(5, 5)], spacing=0)) == [0, 1, 2]


def test_a_character_without_ink_keeps_a_place():
    line = text.compose("ab", [np.zeros((9, 9, 1), np.uint8), character(0, 0)[:9]], spacing=0)
    assert line.shape[1] == 4 + 1


@pytest.fixture
def model(weights_dir):
    save_generator("digits")


def test_in_one_hand_a_character_always_looks_the_same(model):
    once = text.write_line("digits", "7", seed=1, spacing=0)
    twice = text.write_line("digits", "77", seed=1, spacing=0)
    np.testing.assert_allclose(twice.astype(int), np.concatenate([once, once], axis=1), atol=1)


def test_in_many_hands_it_does_not(model):
    line = text.write_line("digits", "7777", seed=1, one_hand=False, spacing=0)
    same = text.write_line("digits", "7777", seed=1, spacing=0)
    assert line.shape != same.shape or np.abs(line.astype(int) - same).max() > 10


def test_paper_and_ink_can_be_exchanged(model):
    line = text.write_line("digits", "12", seed=1)
    np.testing.assert_array_equal(text.write_line("digits", "12", seed=1, invert=True), 255 - line)


def test_spaces_around_the_text_do_not_matter(model):
    np.testing.assert_array_equal(text.write_line("digits", " 12 ", 1), text.write_line("digits", "12", 1))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("4a2ßa", "“a” “ß”. digits can write 0 1 2 3 4 5 6 7 8 9 and spaces"),
        ("abcdefghijklm", "“j” …"),
        ("", "nothing to write"),
        (" \t", "nothing to write"),
        ("1" * 201, "201 characters"),
    ],
)
def test_text_that_cannot_be_written_says_why(model, words, said):
    with pytest.raises(UserError) as error:
        text.write_line("digits", words, seed=1)
    assert said in str(error.value)


def test_a_model_that_is_not_there_says_which_are(model):
    with pytest.raises(UserError, match="choose from digits"):
        text.write_line("letters", "12", seed=1)
