"""From a picture to its ink."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError
from gan.recognise import preparing
from gan.recognise.preparing import Settings
from tests.recognise import written


def bar(size: int = 120, ink: int = 30, ground: int = 220) -> np.ndarray:
    """An upright bar, dark on light, uint8 [size, size, 1]."""
    picture = np.full((size, size, 1), ground, np.uint8)
    picture[size // 4 : 3 * size // 4, size // 2 - size // 20 : size // 2 + size // 20] = ink
    return picture


@pytest.mark.parametrize("dark", [True, False])
def test_ink_is_told_from_paper_either_way_round(dark):
    picture = bar() if dark else 255 - bar()
    found = preparing.ink(picture, Settings())
    assert found.dark is dark
    assert np.array_equal(found.mask, bar()[..., 0] == 30)
    assert found.strength[found.mask].min() == 1 and found.strength[0, 0] == 0


def test_the_other_can_be_called_ink():
    found = preparing.ink(bar(), Settings(ink="light"))
    assert not found.dark and not found.mask[60, 60]


def test_a_shadow_is_paper():
    rng = np.random.default_rng(1)
    picture = bar(200)
    lit = np.where(np.arange(200)[:, None, None] < 110, 1.0, 0.45) * picture
    lit = np.clip(lit + rng.normal(0, 6, lit.shape), 0, 255).astype(np.uint8)
    truth = picture[..., 0] == 30
    for threshold in preparing.THRESHOLDS:
        mask = preparing.ink(lit, Settings(threshold=threshold)).mask
        assert (mask & truth).sum() / truth.sum() > 0.95
    mask = preparing.ink(lit, Settings()).mask
    assert (mask & ~truth).sum() / truth.sum() < 0.1


def test_noise_is_measured_and_taken_away():
    rng = np.random.default_rng(2)
    noisy = np.clip(bar(200)[..., 0] + rng.normal(0, 12, (200, 200)), 0, 255).astype(np.uint8)
    assert 9 < preparing.noise(noisy) < 15
    for how in ("automatic", "median", "bilateral"):
        assert preparing.noise(preparing.denoise(noisy, how)) < 6
    assert preparing.denoise(noisy, "none") is noisy
    assert preparing.denoise(bar(28)[..., 0]).shape == (28, 28)


@pytest.mark.parametrize("kind", ["flat", "noise", "gradient"])
def test_where_there_is_nothing_nothing_is_found(kind):
    rng = np.random.default_rng(3)
    plane = np.full((240, 300), 170.0)
    if kind != "flat":
        plane += rng.normal(0, 8, plane.shape)
    if kind == "gradient":
        plane += np.linspace(-50, 50, 300)
    ink = preparing.ink(np.clip(plane, 0, 255).astype(np.uint8)[..., None], Settings())
    assert ink.mask.mean() < 1e-3


def test_colours_that_are_as_bright_as_their_paper_are_seen():
    picture = np.full((60, 60, 3), 255, np.uint8)
    picture[20:40, 25:35] = (255, 240, 0)  # yellow
    assert preparing.ink(picture, Settings()).mask.sum() == 200


def test_a_digit_of_a_nets_own_size_is_left_as_it_is():
    digit = np.zeros((28, 28, 1), np.uint8)
    digit[4:24, 12:15] = 255
    digit[4:24, 15] = 90  # a soft edge
    strength = preparing.ink(digit, Settings()).strength
    assert np.abs(strength * 255 - digit[..., 0]).max() <= 1


def test_the_part_that_is_looked_at():
    picture = np.arange(100, dtype=np.uint8)[:, None, None].repeat(50, axis=1)
    assert np.array_equal(preparing.cut(picture, Settings()), picture)
    part = preparing.cut(picture, Settings(zoom=2, down=1, across=0))
    assert part.shape == (50, 25, 1) and part[0, 0] == 50
    assert preparing.cut(picture[:1, :1], Settings(zoom=10)).shape == (1, 1, 1)


def test_large_pictures_are_reduced():
    assert preparing.reduced(np.zeros((3000, 1500, 3), np.uint8)).shape == (1200, 600, 3)
    assert preparing.reduced(np.zeros((3000, 1, 1), np.uint8)).shape == (1200, 1, 1)


@pytest.mark.parametrize(
    ("values", "said"),
    [({"zoom": 0.5}, "zoom: 0.5"), ({"level": float("nan")}, "level: nan"), ({"ink": "drak"}, "did you mean dark")],
)
def test_settings_that_cannot_be_are_refused(values, said):
    with pytest.raises(UserError, match=said):
        Settings(**values)


def test_a_bad_photograph_of_a_drawn_digit_keeps_its_strokes():
    rng = np.random.default_rng(4)
    page = written.played("5", rng)
    truth = page[..., 0] < 128
    mask = preparing.ink(written.photographed(page, rng), Settings()).mask
    assert (mask & truth).sum() / (mask | truth).sum() > 0.7
