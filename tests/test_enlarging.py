"""Enlarging with a real upscaler, shrunk: any size, in tiles as in one piece, grey and colour."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, enlarging, images, registry
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
