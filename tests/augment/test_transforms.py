"""The table of transforms, held against scikit-image's."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import filters, transform

from gan.augment import FILLS, TRANSFORMS, Plan, Step

ROUNDING = 0.51  # grey levels: ours are rounded
MODES = {"edge": ("edge", 0), "black": ("constant", 0), "white": ("constant", 255), "wrap": ("wrap", 0)}
MIDDLE = np.array([16.0, 14.0])  # x, y


@pytest.fixture(scope="module")
def image():
    """A smooth picture, wider than high: [29, 33]."""
    smooth = filters.gaussian(np.random.default_rng(0).random((29, 33)), 2)
    return np.rint((smooth - smooth.min()) / np.ptp(smooth) * 255).astype(np.uint8)


def changed(image, *steps, seed=1):
    return Plan("test", steps)(image[None, ..., None], np.random.default_rng(seed))[0, ..., 0].astype(float)


def about_the_middle(image, *parts, mode="edge", cval=0.0):
    whole = transform.AffineTransform(translation=-MIDDLE)
    for part in (*parts, transform.AffineTransform(translation=MIDDLE)):
        whole = whole + part
    return transform.warp(image, whole.inverse, mode=mode, cval=cval, preserve_range=True)


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("angle", [-15, 15, 100])
def test_rotation_is_scikit_image_s(image, angle, fill):
    mode, paper = MODES[fill]
    theirs = transform.rotate(image, angle, mode=mode, cval=paper, preserve_range=True)
    assert np.abs(changed(image, Step("rotate", angle, angle, fill=fill)) - theirs).max() < ROUNDING


def test_scale_and_shear_are_scikit_image_s(image):
    scaled = about_the_middle(image, transform.AffineTransform(scale=1.3))
    assert np.abs(changed(image, Step("scale", 130, 130)) - scaled).max() < ROUNDING
    sheared = about_the_middle(image, transform.AffineTransform(shear=(np.deg2rad(20), 0)))
    ours = changed(image, Step("shear", -20, -20)), changed(image, Step("shear", 20, 20))
    assert min(np.abs(one - sheared).max() for one in ours) < ROUNDING


@pytest.mark.parametrize("fill", FILLS)
def test_shifts_are_of_whole_pixels(image, fill):
    mode, paper = MODES[fill]
    theirs = about_the_middle(image, transform.AffineTransform(translation=(3, -6)), mode=mode, cval=paper)
    ours = changed(image, Step("shift_x", 10, 10, fill=fill), Step("shift_y", -20, -20, fill=fill))
    assert np.array_equal(ours, theirs)


def test_a_flip_mirrors_exactly(image):
    assert np.array_equal(changed(image, Step("flip")), image[:, ::-1])


def test_steps_in_a_row_are_one_warp_in_their_order(image):
    parts = [transform.AffineTransform(rotation=-np.deg2rad(20)), transform.AffineTransform(scale=1.2)]
    parts.append(transform.AffineTransform(translation=(3, 0)))
    steps = [Step("rotate", 20, 20), Step("scale", 120, 120), Step("shift_x", 10, 10)]
    assert np.abs(changed(image, *steps) - about_the_middle(image, *parts)).max() < ROUNDING
    other = about_the_middle(image, *reversed(parts))
    assert np.abs(changed(image, *reversed(steps)) - other).max() < ROUNDING
    assert np.abs(changed(image, *reversed(steps)) - changed(image, *steps)).max() > 10


def test_blur_is_scikit_image_s(image):
    theirs = filters.gaussian(image, 0.05 * 29, preserve_range=True)
    assert np.abs(changed(image, Step("blur", 5, 5)) - theirs).max() < 1


def test_noise_has_the_deviation_asked_for():
    grey = np.full((1, 100, 100, 1), 128, np.uint8)
    noisy = Plan("test", (Step("noise", 10, 10),))(grey, np.random.default_rng(0))
    assert noisy.mean() == pytest.approx(128, abs=1) and noisy.std() == pytest.approx(25.5, abs=0.7)


def test_contrast_is_about_the_mean(image):
    half = changed(image, Step("contrast", 50, 50))
    assert np.abs(half - (image.mean() + (image - image.mean()) / 2)).max() < ROUNDING


@pytest.mark.parametrize(("fill", "value"), [("black", 0), ("white", 255)])
def test_erase_takes_a_box(fill, value):
    grey = np.full((200, 20, 40, 3), 128, np.uint8)
    boxes = (Plan("test", (Step("erase", 25, 25, fill=fill),))(grey, np.random.default_rng(0)) == value).all(-1)
    assert (boxes.sum((1, 2)) == 5 * 10).all()
    assert (boxes.any(2).sum(1) == 5).all()  # whole, and inside
    assert boxes.any(0)[2:-2, 4:-4].all()  # anywhere


def test_elastic_bends_smoothly_and_as_far_as_asked(image):
    row = TRANSFORMS["elastic"]
    field = row.field(np.full(200, 5.0), (40, 40), np.random.default_rng(0))
    assert field.std() == pytest.approx(2.0, rel=0.05)  # 5% of 40 pixels
    assert np.abs(np.diff(field, axis=3)).mean() < 0.5
    assert np.abs(changed(image, Step("elastic", 5, 5)) - image).max() > 10


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("shape", [(16, 16, 1), (28, 24, 1), (32, 32, 3)])
def test_every_transform_keeps_shape_and_type_and_follows_the_seed(name, shape):
    images = np.random.default_rng(0).integers(0, 256, (12, *shape), np.uint8)
    before, plan = images.copy(), Plan("test", (Step(name, probability=0.5),))
    once, again = (plan(images, np.random.default_rng(3)) for _ in range(2))
    assert once.shape == images.shape and once.dtype == np.uint8 and np.array_equal(once, again)
    assert np.array_equal(images, before)
    same = (once == images).all((1, 2, 3))
    assert 0 < same.sum() < 12  # some are changed, some left alone
    assert not np.array_equal(once, plan(images, np.random.default_rng(4)))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_never_means_never_and_nothing_is_nothing(name):
    images = np.random.default_rng(0).integers(0, 256, (4, 16, 16, 1), np.uint8)
    plan = Plan("test", (Step(name, probability=0),))
    assert np.array_equal(plan(images, np.random.default_rng(0)), images)
    assert plan(images[:0], np.random.default_rng(0)).shape == (0, 16, 16, 1)


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("end", [0, 1])
def test_the_limits_work(name, end):
    limit = TRANSFORMS[name].limits[end]
    images = np.random.default_rng(0).integers(0, 256, (3, 16, 20, 3), np.uint8)
    for fill in TRANSFORMS[name].fills or ("",):
        done = Plan("test", (Step(name, limit, limit, fill=fill),))(images, np.random.default_rng(0))
        assert done.shape == images.shape
