"""Morphs begin at one label, end at another, and change little at a time."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, drawing
from gan.drawing import Order
from gan.generating import morphs
from gan.generating.morphs import Morph
from tests.small_models import save_generator


def test_a_strip_goes_from_label_to_label_with_the_latent_held(digits):
    strip = morphs.strip(Morph("digits", (3, 8, 1), seed=2, rows=2), steps=4)
    assert strip.shape == (2, 9, 28, 28, 1)
    for place, label in ((0, 3), (4, 8), (8, 1)):
        alone = drawing.draw(Order("digits", (label,), 2, seed=2)).pictures
        np.testing.assert_allclose(strip[:, place].astype(int), alone, atol=1)
    steps = np.abs(np.diff(strip.astype(int), axis=1)).mean(axis=(0, 2, 3, 4))
    apart = np.abs(strip[:, 4].astype(int) - strip[:, 0]).mean()
    assert 0 < steps[:4].max() < apart


def test_a_loop_ends_where_it_began_and_a_film_shows_that_once(digits):
    loop = Morph("digits", (3, 8), seed=2, loop=True)
    assert loop.stops == (3, 8, 3) and loop.legs == 2
    strip = morphs.strip(loop, 2)[0]
    np.testing.assert_allclose(strip[0].astype(int), strip[-1], atol=1)
    frames = morphs.frames(loop, rate=4, seconds=1)
    assert len(frames) == 4
    np.testing.assert_allclose(frames[2].astype(int), strip[2], atol=1)
    last = morphs.frames(Morph("digits", (3, 8), seed=2), rate=4, seconds=1)[-1]
    np.testing.assert_allclose(last.astype(int), strip[2], atol=1)


def test_frames_hold_all_rows(digits):
    frames = morphs.frames(Morph("digits", (3, 8), seed=2, rows=3), rate=2, seconds=1)
    assert [frame.shape for frame in frames] == [(58, 58, 1)] * 2
    assert morphs.sheet(morphs.strip(Morph("digits", (3, 8), 2, rows=3), 2)).shape == (88, 88, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"labels": (3,)}, "choose two or more"),
        ({"labels": (3, 10)}, "0 to 9"),
        ({"rows": 9}, "rows: 9"),
        ({"model": "digit"}, "did you mean digits"),
    ],
)
def test_a_morph_that_cannot_be_says_why(digits, change, said):
    with pytest.raises(UserError, match=said):
        Morph(**{"model": "digits", "labels": (3, 8), "seed": 1, **change})


def test_strips_and_films_are_bounded(digits):
    with pytest.raises(UserError, match="steps: 1"):
        morphs.strip(Morph("digits", (3, 8), 1), 1)
    with pytest.raises(UserError, match="2,000 are the most"):
        morphs.strip(Morph("digits", tuple(range(10)), 1, rows=8), 60)
    with pytest.raises(UserError, match="10,000 frames are too many"):
        morphs.frames(Morph("digits", (3, 8), 1), rate=10, seconds=1000)


def test_a_model_that_is_told_nothing_cannot_morph(weights_dir):
    save_generator("plain", family="cgan", class_names=())
    with pytest.raises(UserError, match="told no label"):
        Morph("plain", (0, 1), 1)
