"""What each change does to a picture, by hand: numbers from 0 to 1 decide it, and slopes pass through it."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, diff_augment
from gan.diff_augment import CHANGES, NUMBERS, augment, color, cutout, policy, translation
from gan.training.backend_tf import TensorFlowBackend

MIDDLE, END = 0.5, 1 - 2**-24  # the largest number that is drawn


@pytest.fixture
def pictures():
    """Two pictures of 16x8, no pixel zero."""
    return np.random.default_rng(0).uniform(0.1, 1, (2, 16, 8, 3)).astype(np.float32)


def numbers(*rows):
    return np.array(rows, np.float32)


def test_colour_in_the_middle_and_no_translation_change_nothing(pictures):
    changed = color(pictures, np.full((2, 3), MIDDLE, np.float32))
    assert np.allclose(changed, pictures, atol=1e-6)
    assert np.array_equal(translation(pictures, np.full((2, 2), MIDDLE, np.float32)), pictures)
    assert np.array_equal(cutout(pictures, np.full((2, 2), MIDDLE, np.float32), size=0.0), pictures)
    assert augment(pictures, np.full((2, NUMBERS), END, np.float32), ()) is pictures


def test_colour_by_hand():
    """Brighter by 0.25, half the saturation, 1.5 times the contrast."""
    picture = np.array([[[0.6, 0, 0], [0, 0.6, 0]], [[0, 0, 0.6], [0, 0, 0]]], np.float32)
    # Brighter: 0.85 and 0.25, greys of 0.45; the last pixel 0.25. Half as saturated: 0.65 and 0.35; 0.25.
    # The mean of all twelve is 0.4.
    strong, weak, dark = 0.4 + 1.5 * 0.25, 0.4 - 1.5 * 0.05, 0.4 - 1.5 * 0.15
    expected = np.full((2, 2, 3), weak)
    expected[0, 0, 0] = expected[0, 1, 1] = expected[1, 0, 2] = strong
    expected[1, 1] = dark
    for other in (picture, np.ones_like(picture)):  # another picture beside it makes no difference
        changed = color(np.stack([picture, other]), numbers([0.75, 0.25, 1.0], [0.1, 0.2, 0.3]))
        assert np.allclose(changed[0], expected, atol=1e-6)


def test_saturation_leaves_a_grey_picture(pictures):
    grey = pictures[..., :1]
    assert np.allclose(color(grey, numbers([0.5, 0.0, 0.5], [0.5, 1.0, 0.5])), grey, atol=1e-6)


def test_translation_moves_by_whole_pixels_and_fills_with_zeros(pictures):
    """A sixteen by eight picture moves by up to two pixels down or up and one to the side."""
    down_left, up_right = np.asarray(translation(pictures, numbers([END, 0.0], [0.0, END])))
    expected = np.zeros_like(pictures)
    expected[0, 2:, :-1] = pictures[0, :-2, 1:]
    expected[1, :-2, 1:] = pictures[1, 2:, :-1]
    assert np.array_equal(down_left, expected[0])
    assert np.array_equal(up_right, expected[1])


def test_translations_are_equally_likely():
    rows = np.zeros((500, 16, 1, 1), np.float32)
    rows[:, 8] = 1
    drawn = np.stack([(np.arange(500) + 0.5) / 500, np.full(500, MIDDLE)], axis=1).astype(np.float32)
    places = np.asarray(translation(rows, drawn))[:, :, 0, 0].argmax(axis=1)
    assert np.bincount(places, minlength=16)[6:11].tolist() == [100] * 5


@pytest.mark.parametrize(
    ("number", "rows", "columns"),
    [(MIDDLE, slice(4, 12), slice(2, 6)), (0.0, slice(0, 4), slice(0, 2)), (END, slice(12, 16), slice(6, 8))],
)
def test_cutout_hides_half_of_each_side_or_less_at_the_edge(pictures, number, rows, columns):
    expected = pictures.copy()
    expected[:, rows, columns] = 0
    assert np.array_equal(cutout(pictures, np.full((2, 2), number, np.float32)), expected)


def test_an_odd_cutout_is_centred():
    changed = np.asarray(cutout(np.ones((1, 5, 5, 1), np.float32), numbers([MIDDLE, MIDDLE])))
    assert changed[0, 1:4, 1:4].sum() == 0 and changed.sum() == 25 - 9


def test_each_picture_has_its_own_numbers_and_the_same_ones_repeat(pictures):
    rng = np.random.default_rng(3)
    first, second = rng.random((2, 2, NUMBERS), np.float32)
    once, twice, other = (np.asarray(augment(pictures, given, tuple(CHANGES))) for given in (first, first, second))
    assert np.array_equal(once, twice) and not np.array_equal(once, other)
    one_by_one = [augment(pictures[i : i + 1], first[i : i + 1], tuple(CHANGES)) for i in range(2)]
    assert np.allclose(np.concatenate(one_by_one), once, atol=1e-6)


def test_each_change_reads_numbers_of_its_own():
    taken = [index for _, own in CHANGES.values() for index in range(NUMBERS)[own]]
    assert sorted(taken) == list(range(NUMBERS))


def test_slopes_pass_through(pictures):
    """Of the sum: one wherever a pixel is still seen, zero where it was moved out or hidden."""
    backend = TensorFlowBackend()
    given = np.tile(numbers([0.7, 0.1, 0.9, END, 0.0, MIDDLE, MIDDLE]), (2, 1))

    def slope(changes):
        _, found = backend.value_and_input_gradient(
            lambda images: augment(images, given, changes), np_to_tensor(pictures)
        )
        return np.asarray(found)

    seen = np.ones_like(pictures)
    assert np.allclose(slope(("color",)), seen, atol=1e-5)  # what is taken from a pixel goes to its neighbours
    seen[:, -2:], seen[:, :, :1] = 0, 0
    assert np.array_equal(slope(("translation",)), seen)
    seen[:] = 1
    seen[:, 4:12, 2:6] = 0
    assert np.array_equal(slope(("cutout",)), seen)
    assert 0 < np.abs(slope(tuple(CHANGES))).mean() < 1.5


def np_to_tensor(array):
    from keras import ops

    return ops.convert_to_tensor(array)


def test_the_setting_names_changes():
    assert policy("none") == policy("") == ()
    assert policy("cutout, color") == ("color", "cutout")  # always in one order
    with pytest.raises(UserError, match="unknown diff_augment 'colour'; did you mean color"):
        policy("translation, colour")
    with pytest.raises(UserError, match="unknown diff_augment 'none'"):
        policy("none, color")
    assert diff_augment.NONE == "none"
