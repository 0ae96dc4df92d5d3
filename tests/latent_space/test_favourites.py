import json

import numpy as np
import pytest

from gan import UserError, inference
from gan.latent_space import directions, favourites, journey, shelf
from gan.latent_space.views import MOST, Key, View
from tests.small_models import save_generator

KEYS = tuple(Key(seed, tuple(np.eye(10)[seed].tolist())) for seed in (1, 2))
VIEW = View("digits", KEYS, 0.25, offsets=(("d1", 1.0),))


@pytest.fixture
def digits(weights_dir, kept):
    return save_generator()


def test_a_favourite_brings_back_the_view_and_the_picture(digits):
    entry = favourites.keep(VIEW, "seven")
    assert favourites.view(entry) == VIEW
    picture = favourites.pictures(shelf.entries("favourite", "digits"))[0]
    assert np.abs(picture.astype(int) - journey.draw([VIEW])[0]).mean() < 2  # its latent is written to a 32nd
    shown = favourites.added(VIEW, entry)
    assert (len(shown.keys), shown.t) == (3, 2)
    assert shown.keys[2].classes == pytest.approx((0, 0.75, 0.25, *[0] * 7), abs=1e-5)
    with pytest.raises(UserError, match=f"holds {MOST} pictures"):
        favourites.added(View("digits", KEYS[:1] * MOST, 0.0), entry)


def test_a_favourite_keeps_its_picture_when_a_direction_of_it_is_gone(digits):
    named = directions.name_direction("digits", "rounder", [1], [2])
    entry = favourites.keep(View("digits", KEYS, 0.5, offsets=((f"u-{named.id}", 2.0),)), "round one")
    before = favourites.pictures([entry])
    shelf.remove("direction", named.id)
    shown = favourites.view(entry)
    assert not shown.offsets
    np.testing.assert_array_equal(journey.draw([shown]), before)


def test_favourites_of_a_model_that_is_gone_or_another_by_now(digits, weights_dir):
    entry = favourites.keep(VIEW, "seven")
    (weights_dir / "digits").rename(weights_dir / "threes")
    assert not favourites.here("digits")
    assert not favourites.fits(entry)
    with pytest.raises(UserError, match="unknown model"):
        favourites.view(entry)
    assert len(json.loads(favourites.as_json(entry))["latent"]) == inference.card("threes").latent
    save_generator(latent=5)
    assert favourites.here("digits")
    assert not favourites.fits(entry)
    assert shelf.entries("favourite") == [entry]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"latent": "x"},
        {"latent": [None] * 12, "classes": [1] * 10},
        {"latent": [0] * 12, "classes": [0] * 10},
        {"latent": [[0], [1, 2]], "classes": {}},
    ],
)
def test_a_favourite_whose_file_is_damaged(digits, data):
    entry = shelf.keep("favourite", "digits", "odd", data)
    assert not favourites.fits(entry)
