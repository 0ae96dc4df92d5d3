"""One glyph, one picture: every setting does what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gan import UserError
from gan.datasets import fonts, glyphs
from gan.datasets.glyphs import Style
from tests import small_fonts

PLAIN = Style(size=40, padding=10)


@pytest.fixture(scope="module")
def font():
    return fonts.open_fonts(small_fonts.file(), "boxes.ttf")[0]


def draw(font, character, style=PLAIN, seed=0):
    shape = glyphs.glyph(font, character, style.resolution)
    line = glyphs.line(font, "1Ala") if style.placing == "font" else None
    return glyphs.draw(shape, style, np.random.default_rng(seed), line)


def extent(picture):
    """Top, bottom, left, right of the ink, in pixels (its edges, between pixels)."""
    rows, columns = np.flatnonzero((picture > 127).any(1)), np.flatnonzero((picture > 127).any(0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def test_ink_fills_the_room_and_stands_in_the_middle(font):
    picture = draw(font, "A")  # 500 wide, 700 high
    assert picture.dtype == np.uint8 and picture.shape == (40, 40)
    assert (picture.min(), picture.max()) == (0, 255)
    top, bottom, left, right = extent(picture)
    assert (top, bottom) == (4, 36)
    assert right - left == pytest.approx(32 * 5 / 7, abs=1)
    assert left + right == pytest.approx(40, abs=1)


def test_padding_is_percent_of_the_side(font):
    for padding, edge in ((0, 0), (25, 10)):
        assert extent(draw(font, "A", replace(PLAIN, padding=padding)))[:2] == (edge, 40 - edge)


@pytest.mark.parametrize("size", [16, 40, 97, 256])
def test_the_same_at_every_size(font, size):
    style = replace(PLAIN, size=size)
    assert draw(font, "가", style).mean() == pytest.approx(draw(font, "가").mean(), rel=0.06)


def test_polarity(font):
    np.testing.assert_array_equal(draw(font, "A", replace(PLAIN, white_on_black=False)), 255 - draw(font, "A"))


def test_weight_changes_the_stroke_by_percent_of_the_side(font):
    bar = draw(font, "1")
    width = [(draw(font, "1", replace(PLAIN, weight=w))[20] / 255).sum() for w in (0, 5, 10)]
    for thicker, found in zip((0, 2, 4), width, strict=True):  # pixels; then it is fitted to the same room again
        assert found == pytest.approx((32 / 7 + thicker) * 32 / (32 + thicker), abs=0.2)
    thin = draw(font, "1", replace(PLAIN, weight=-15))
    assert 0.2 * bar.sum() < thin.sum() < 0.5 * bar.sum()  # thin, but there


def test_glyphs_keep_their_sizes_and_heights_if_asked(font):
    style = replace(PLAIN, placing="font")  # 1 and A stand on the line, l reaches below it, a is low
    top, bottom, _, _ = extent(draw(font, "l", style))
    assert (top, bottom) == (4, 36)  # the tallest fills the room: 900
    base = 4 + 32 * 7 / 9
    for character, height in (("A", 7), ("a", 3)):
        top, bottom, left, right = extent(draw(font, character, style))
        assert bottom == pytest.approx(base, abs=1)
        assert bottom - top == pytest.approx(32 * height / 9, abs=1)
        assert left + right == pytest.approx(40, abs=1)


def test_centre_of_mass(font):
    lopsided = fonts.open_fonts(small_fonts.file(letters={"L": ((0, 0, 100, 700), (100, 0, 600, 100))}), "boxes.ttf")[0]
    for placing, off in (("mass", 0), ("box", 4)):
        picture = draw(lopsided, "L", replace(PLAIN, placing=placing, padding=20)).astype(float)
        middle = (picture.sum(0) * np.arange(40)).sum() / picture.sum()
        assert abs(middle - 19.5) == pytest.approx(off, abs=1.1)


@pytest.mark.parametrize(
    "jitter",
    [{"rotation": 30}, {"shift": 20}, {"scale": 40}, {"slant": 30}, {"stretch": 40}, {"bend": 6}, {"pen": (5, 20)}],
)
def test_jitter_is_seeded_and_never_leaves_the_picture(font, jitter):
    style = replace(PLAIN, **jitter)
    assert style.jitters and not PLAIN.jitters
    first, again, other = draw(font, "가", style, 1), draw(font, "가", style, 1), draw(font, "가", style, 2)
    np.testing.assert_array_equal(first, again)
    assert np.abs(first.astype(int) - other).mean() > 2
    ink = draw(font, "가").astype(float).sum()
    for seed in range(20):
        picture = draw(font, "가", style, seed)
        edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
        assert edge.max() < 128 or "shift" in jitter  # shifted ink may touch the edge, not cross it
        assert "shift" not in jitter or picture.astype(float).sum() == pytest.approx(ink, rel=0.02)


def test_rotation_turns(font):
    style = replace(PLAIN, rotation=90)
    wide = [np.ptp(extent(draw(font, "1", style, seed))[2:]) for seed in range(12)]
    assert min(wide) < 12 and max(wide) > 20


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 15},
        {"size": 257},
        {"padding": 41},
        {"weight": float("nan")},
        {"rotation": -1},
        {"placing": "left"},
        {"seed": -1},
    ],
)
def test_what_cannot_be_is_named(wrong):
    with pytest.raises(UserError, match=next(iter(wrong))):
        Style(**wrong)
