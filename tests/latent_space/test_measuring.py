import numpy as np
import pytest

from gan import latent
from gan.latent_space import measuring


def bar(shear: float = 0.0, width: int = 4, paper: int = 0, ink: int = 255) -> np.ndarray:
    """A picture of a bar from top to bottom, leaning to the right by `shear` columns a row."""
    picture = np.full((1, 28, 28, 1), paper, np.uint8)
    for y in range(4, 24):
        left = round(14 - width / 2 + shear * (14 - y))
        picture[0, y, left : left + width] = ink
    return picture


def test_ink_is_what_stands_out_whichever_way():
    assert measuring.amount(bar()) == pytest.approx(20 * 4 / 784)
    assert measuring.amount(bar(paper=255, ink=0)) == pytest.approx(20 * 4 / 784)
    assert measuring.amount(np.full((2, 8, 8, 3), 90, np.uint8)).tolist() == [0, 0]


def test_slant_is_columns_a_row():
    for shear in (-0.5, 0, 0.25, 0.5):
        assert measuring.slant(bar(shear)) == pytest.approx(shear, abs=0.03)
    assert measuring.slant(np.zeros((1, 8, 8, 1), np.uint8)) == 0


def test_size_is_the_spread_of_the_ink():
    assert measuring.width(bar(width=8)) == pytest.approx(np.arange(8).std())
    assert measuring.height(bar()) == pytest.approx(np.arange(20).std())


def test_colour():
    red = np.zeros((1, 2, 2, 3), np.uint8)
    red[..., 0] = 255
    assert measuring.brightness(red) == pytest.approx(1 / 3)
    assert measuring.warmth(red) == pytest.approx(1)
    assert measuring.warmth(bar()) == 0


def test_fit_finds_the_way_a_measure_grows():
    latents = latent.normal(1, 400, 8)
    slope = np.array([0, 3, 0, -4, 0, 0, 0, 0])
    groups = np.arange(400) % 3
    found = measuring.fit(latents, latents @ slope + 100 * groups, groups)
    np.testing.assert_allclose(found.direction, slope / 5, atol=0.02)
    assert found.correlation > 0.99


def test_fit_of_what_has_nothing_to_do_with_the_latent():
    latents = latent.normal(1, 400, 8)
    assert abs(measuring.fit(latents, latent.normal(2, 400, 1)[:, 0]).correlation) < 0.3
    still = measuring.fit(latents, np.ones(400))
    assert still.correlation == 0
    assert np.linalg.norm(still.direction) == pytest.approx(1)


def test_fit_of_few_pictures_lies_between_them():
    more, less = latent.normal(1, 1, 64), latent.normal(2, 1, 64)
    found = measuring.fit(np.concatenate([more, less]), np.array([1, -1]))
    expected = (more - less)[0]
    assert found.direction @ expected / np.linalg.norm(expected) > 0.99
