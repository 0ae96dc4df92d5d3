"""What is painted over comes near to what was there, and the rest is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, cleaning
from tests.cleaning.drawn import ground, titled


def psnr(one: np.ndarray, other: np.ndarray, where: np.ndarray) -> float:
    return 10 * np.log10(255**2 / ((one[where].astype(float) - other[where]) ** 2).mean())


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("method", cleaning.METHODS)
def test_the_ground_comes_back(method, channels):
    picture, art, letters = (a if a.ndim == 2 else a[..., :channels] for a in titled())
    before = picture.copy()
    covered = np.pad(letters, 1)[:-2, 1:-1] | np.pad(letters, 1)[2:, 1:-1] | letters
    painted = cleaning.paint_over(picture, covered, method)
    assert painted.dtype == np.uint8 and painted.shape == picture.shape
    assert np.array_equal(painted[~covered], picture[~covered])
    assert np.array_equal(picture, before)
    assert psnr(painted, art, letters) > psnr(picture, art, letters) + 12


@pytest.mark.parametrize("method", cleaning.METHODS)
def test_nothing_or_everything_masked_leaves_the_picture(method):
    for mask in (np.zeros((256, 256), bool), np.ones((256, 256), bool)):
        assert np.array_equal(cleaning.paint_over(ground(), mask, method), ground())


def test_biharmonic_refuses_what_would_take_for_ever():
    picture, mask = np.zeros((1000, 1000, 1), np.uint8), np.ones((1000, 1000), bool)
    mask[0] = False
    with pytest.raises(UserError, match="telea or navier-stokes"):
        cleaning.paint_over(picture, mask, "biharmonic")


def test_an_unknown_method_is_named_with_the_choices():
    with pytest.raises(UserError, match="telea"):
        cleaning.paint_over(ground(), np.zeros((256, 256), bool), "tela")


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ({"threshold": 0.0}, "threshold"),
        ({"threshold": 2.0}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"growth": -1}, "growth"),
        ({"growth": 500}, "growth"),
        ({"growth": 1.5}, "growth"),
        ({"method": "teela"}, "did you mean telea"),
    ],
)
def test_bad_settings_say_what_works(setting, word):
    with pytest.raises(UserError, match=word):
        cleaning.Settings(**setting)


@pytest.mark.parametrize("strokes", [True, False])
def test_cleaning_brings_the_art_back(strokes):
    picture, art, letters = titled()
    cleaned = cleaning.clean(picture, cleaning.Settings(follow_strokes=strokes))
    assert len(cleaned.boxes) == 1
    assert cleaned.mask[letters].mean() > 0.95
    assert psnr(cleaned.image, art, letters) > 25 > 15 > psnr(picture, art, letters)


def test_what_was_found_before_is_not_looked_for_again():
    picture, _, _ = titled()
    nothing = cleaning.Found(np.zeros((0, 4, 2), np.float32), np.zeros(0, np.float32))
    assert np.array_equal(cleaning.clean(picture, found=nothing).image, picture)
