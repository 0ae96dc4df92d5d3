"""Where a net looked, for a net of which one knows."""

from __future__ import annotations

import numpy as np

from gan.recognise.looking import look


def picture(channels: int = 1) -> np.ndarray:
    """A light square on black at the top left, another at the bottom right."""
    sheet = np.zeros((28, 28, channels), np.uint8)
    sheet[4:9, 4:9] = sheet[19:24, 19:24] = 255
    return sheet


def corner(rows: slice, columns: slice, sign: float = 1):
    """A net that is for class 1 by how light one place is (or dark, with sign -1)."""

    def answer(pictures: np.ndarray) -> np.ndarray:
        light = pictures[:, rows, columns].astype(float).mean(axis=(1, 2, 3)) / 255
        return np.stack([np.zeros(len(light)), sign * 10 * light], axis=1)

    return answer


def test_the_ink_that_counts_is_marked_and_other_ink_is_not():
    found = look(corner(slice(4, 9), slice(4, 9)), picture(), 1)
    assert found.marks[4:9, 4:9].min() > 0.3
    assert found.marks.max() <= 1 and found.marks[19:24, 19:24].max() == 0
    assert found.gaps.max() == 0


def test_paper_that_has_to_be_empty_is_marked_as_a_gap():
    found = look(corner(slice(12, 16), slice(12, 16), -1), picture(), 1)
    assert found.gaps[12:16, 12:16].min() > 0.3
    assert found.gaps[:6].max() == 0 and found.marks.max() == 0


def test_on_colour_there_are_no_gaps():
    found = look(corner(slice(4, 9), slice(4, 9)), picture(3), 1)
    assert found.gaps is None
    assert found.marks[4:9, 4:9].min() > 0.2 and found.marks[19:24, 19:24].max() == 0


def test_a_net_that_does_not_care_looked_nowhere():
    found = look(lambda pictures: np.tile([0.0, 30.0], (len(pictures), 1)), picture(), 1)
    assert found.marks.max() == 0 and found.gaps.max() == 0
