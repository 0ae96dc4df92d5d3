"""Enlarging with a real upscaler, shrunk: any size, in tiles as in one piece, grey and colour."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, enlarging, images, models, registry
from tests.small_models import save_generator, save_upscaler

PICTURE = images.bicubic(np.random.default_rng(0).integers(0, 256, (1, 9, 14, 3), np.uint8), 5)[0]  # 45 x 70


@pytest.fixture
def larger(weights_dir):
    """An upscaler that sees colour, with random weights."""
    return save_upscaler("larger")


def test_what_comes_out_is_what_the_net_gives(larger):
    drawn = enlarging.enlarge("larger", PICTURE)
    assert drawn.shape == (180, 280, 3) and drawn.dtype == np.uint8
    whole = images.from_model(np.asarray(larger([images.to_model(PICTURE[None])])))[0]
    assert np.abs(drawn.astype(int) - whole).max() <= 1
    plain = images.bicubic(PICTURE[None], 4)[0]
    assert 1 < np.abs(drawn.astype(int) - plain).mean() < 40  # the net adds something, and the picture is still there


@pytest.mark.parametrize("model", ["sr4", "anime-srgan"])  # this one has layers of every size up to the large one
def test_what_is_added_around_a_picture_changes_nothing_of_it(model):
    import keras

    keras.utils.set_random_seed(1)
    shape, options = {"sr4": ((64, 64, 3), {"blocks": 1}), "anime-srgan": ((128, 128, 3), {"blocks": 1})}[model]
    net = models.build(model, {"width": 4, **options}, 0, shape)["generator"]
    for weight in net.trainable_variables:  # biases too: nothing is zero beyond the picture unless it is made so
        weight.assign(weight + 0.1 * keras.random.normal(weight.shape, seed=1))
    sizes = [(45, 70), (1, 9), (64, 48), (17, 64)]
    pictures = [images.to_model(np.random.default_rng(0).integers(0, 256, (2, *size, 3), np.uint8)) for size in sizes]
    plain = [np.asarray(net([picture])) for picture in pictures]
    bordered = enlarging._Bordered(net)
    for picture, expected in zip(pictures, plain, strict=True):
        np.testing.assert_allclose(bordered(picture), expected, atol=1e-5)


def test_there_are_few_sizes_and_little_is_added():
    rounded = [enlarging._rounded(length) for length in range(1, 300)]
    assert all(length <= size for length, size in enumerate(rounded, 1)) and rounded == sorted(rounded)
    assert len(set(rounded)) < 30
    for length in range(1, 300, 7):
        for start in range(0, length, 5):
            cut = slice(start, min(length, start + 40))
            seen = enlarging._around(cut, 6, length)
            assert 0 <= seen.start <= max(0, cut.start - 6) and min(length, cut.stop + 6) <= seen.stop <= length
            assert seen.stop - seen.start in (length, *rounded)
    assert max(size / length for length, size in enumerate(rounded, 1) if length > 64) < 1.13


def test_tiles_leave_no_seam(larger, monkeypatch):
    whole = enlarging.enlarge("larger", PICTURE)
    monkeypatch.setattr(enlarging, "TILE", 16)
    shares = []
    tiled = enlarging.enlarge("larger", PICTURE, shares.append)
    assert len(shares) == 3 * 5 and shares == sorted(shares) and shares[-1] == 1.0
    assert np.abs(tiled.astype(int) - whole).max() <= 1  # float sums are ordered by size


def test_whoever_asks_can_cancel(larger, monkeypatch):
    monkeypatch.setattr(enlarging, "TILE", 16)

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enlarging.enlarge("larger", PICTURE, stop)
    assert enlarging.enlarge("larger", PICTURE[:8, :8]).shape == (32, 32, 3)  # nothing is left locked


def test_grey_pictures_by_a_net_that_sees_colour_and_the_other_way_round(larger):
    grey = PICTURE[..., :1]
    drawn = enlarging.enlarge("larger", grey)
    assert drawn.shape == (180, 280, 1)
    as_colour = enlarging.enlarge("larger", np.repeat(grey, 3, axis=-1))
    assert np.abs(as_colour.mean(axis=-1) - drawn[..., 0]).max() <= 0.5
    save_upscaler("grey", channels=1)
    colour = enlarging.enlarge("grey", PICTURE)
    alone = [enlarging.enlarge("grey", PICTURE[..., c : c + 1]) for c in range(3)]
    assert np.abs(colour.astype(int) - np.concatenate(alone, axis=-1)).max() <= 1


def test_what_cannot_be_enlarged(larger, monkeypatch):
    with pytest.raises(UserError, match="0 x 5 pixels; 1 to 4,000,000 can be enlarged"):
        enlarging.enlarge("larger", PICTURE[:5, :0])
    monkeypatch.setattr(enlarging, "LARGEST", 3000)
    with pytest.raises(UserError, match="70 x 45 pixels"):
        enlarging.enlarge("larger", PICTURE)
    save_generator("digits")
    with pytest.raises(UserError, match="digits is a generator and enlarges nothing; upscalers: larger"):
        enlarging.enlarge("digits", PICTURE)
    with pytest.raises(UserError, match="nothing"):
        enlarging.enlarge("nothing", PICTURE)


def test_a_model_that_was_replaced_is_loaded_anew(larger):
    before = enlarging.enlarge("larger", PICTURE)
    card = registry.card("larger")
    for path in card.folder.iterdir():
        path.unlink()
    card.folder.rmdir()
    save_upscaler("larger", seed=2)
    assert (enlarging.enlarge("larger", PICTURE) != before).any()
