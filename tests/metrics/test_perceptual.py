"""The perceptual distance: by hand on feature maps, and what it prefers."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, images
from gan.datasets.pictures import photograph
from gan.metrics import perceptual


def test_feature_maps_by_hand():
    first = np.zeros((1, 1, 2, 2), np.float32)
    first[0, 0] = [[3, 0], [1, 1]]
    second = np.zeros_like(first)
    second[0, 0] = [[0, 5], [2, 2]]  # at right angles: 2; the same direction: 0
    assert perceptual._apart(first, second) == pytest.approx([1.0])
    assert perceptual._apart(first, 0 * first) == pytest.approx([1.0])  # no direction: only the other's length


def test_equal_pictures_are_nought_apart_and_more_noise_is_farther():
    some = photograph("chelsea.png")[None, 100:164, 100:180]
    noise = np.random.default_rng(0).normal(0, 1, some.shape)
    found = [perceptual.distance(some, (some + k * noise).clip(0, 255).astype(np.uint8))[0] for k in (0, 10, 40)]
    assert found[0] < 0.01 < found[1] < found[2]


def test_a_blur_is_farther_than_a_change_of_brightness_that_costs_more_pixels():
    some = photograph("chelsea.png")[None, 100:164, 100:180]
    soft = images.bicubic(images.shrink(some, 4), 4)
    bright = (some.astype(int) + 20).clip(0, 255).astype(np.uint8)
    apart = [np.abs(other.astype(int) - some).mean() for other in (soft, bright)]
    assert apart[0] < apart[1]
    assert perceptual.distance(some, soft) > 2 * perceptual.distance(some, bright)


def test_what_does_not_fit():
    some = np.zeros((2, 16, 16, 1), np.uint8)
    assert perceptual.distance(some, some).tolist() == [0, 0]  # grey, seen as colour
    with pytest.raises(UserError, match="differ in size"):
        perceptual.distance(some, some[:1])
    with pytest.raises(UserError, match="in colour, and the net sees grey"):
        perceptual.distance(np.repeat(some, 3, -1), np.repeat(some, 3, -1), "mnist_cnn")
    with pytest.raises(UserError, match="mnist_judge cannot look at pictures of any size"):
        perceptual.distance(some, some, "mnist_judge")
