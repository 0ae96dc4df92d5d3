"""PSNR, SSIM and perceptual distance at known values."""

import numpy as np
import pytest

from gan import UserError
from gan.metrics import pairs

PICTURES = np.random.default_rng(0).integers(20, 200, (3, 16, 16, 3)).astype(np.uint8)


def test_equal_pictures():
    assert np.isinf(pairs.psnr(PICTURES, PICTURES)).all()
    assert pairs.ssim(PICTURES, PICTURES) == pytest.approx(1)


def test_psnr_of_a_known_error():
    assert pairs.psnr(PICTURES, PICTURES + np.uint8(10)) == pytest.approx(20 * np.log10(255 / 10))


def test_luminance_weighs_the_colours():
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [7, 7, 7]], np.uint8).reshape(1, 2, 2, 3)
    assert pairs.luminance(colours).ravel() == pytest.approx([76.245, 149.685, 29.07, 7])
    assert pairs.luminance(colours[..., :1]).ravel().tolist() == [255, 0, 0, 7]


def test_ssim_falls_with_noise():
    noise = np.random.default_rng(1).integers(-20, 20, PICTURES.shape)
    little, much = (pairs.ssim(PICTURES, (PICTURES + amount * noise).clip(0, 255).astype("u1")) for amount in (1, 4))
    assert (much < little).all() and (little < 1).all()


def test_ssim_of_one_value_against_another():
    """Flat pictures: only the luminance term is left, (2ab + c) / (a² + b² + c) with c = (0.01 * 255)²."""
    a, b, c = 100, 150, (0.01 * 255) ** 2
    flat = [np.full((1, 8, 8, 1), value, np.uint8) for value in (a, b)]
    assert pairs.ssim(*flat) == pytest.approx((2 * a * b + c) / (a * a + b * b + c))


def test_sizes_must_agree():
    for measure in (pairs.psnr, pairs.ssim, pairs.perceptual_distance):
        with pytest.raises(UserError, match="differ in size"):
            measure(PICTURES, PICTURES[:2])
    with pytest.raises(UserError, match="not defined, because it compares 7 x 7"):
        pairs.ssim(PICTURES[:, :6], PICTURES[:, :6])


def test_perceptual_distance_is_one_less_the_cosine():
    first = np.array([[1.0, 0], [1, 0], [3, 0], [0, 0]])
    second = np.array([[1.0, 0], [0, 5], [1, 1], [0, 0]])
    assert pairs.perceptual_distance(first, second) == pytest.approx([0, 1, 1 - np.sqrt(0.5), 0])


def test_variety_compares_within_classes_only():
    features = np.array([[1.0, 0], [0, 1], [1, 0], [0, 1]])
    assert pairs.variety(features, np.array([0, 1, 0, 1])) == 0
    assert pairs.variety(features, np.array([0, 0, 1, 1])) == pytest.approx(1)
    with pytest.raises(UserError, match="not defined, because there is only one picture of class 2"):
        pairs.variety(features, np.array([0, 0, 0, 2]))
