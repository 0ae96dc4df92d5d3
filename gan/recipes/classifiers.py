"""Recipes of nets that read: to measure with, to judge, and to recognise.

A judge is of another architecture and seed than the classifier of the same pictures, and is used neither in training
nor in choosing among models.
"""

from __future__ import annotations

from typing import Any

from gan.recipes.record import Recipe


def _reads(name: str, note: str, steps: int, **settings: Any) -> Recipe:
    """What such recipes share, changed by `settings`."""
    shared: dict[str, Any] = {
        "model": "mnist_cnn",
        "batch": 128,
        "learning_rate": 2e-3,
        "schedule": "cosine",  # a classifier gains its last tenths of a percent as the rate goes to zero
        "beta_1": 0.9,
        "beta_2": 0.999,
        "average": 0.0,
    }
    return Recipe(name=name, note=note, steps=steps, **{**shared, **settings})


def _judges(name: str, note: str, steps: int, **settings: Any) -> Recipe:
    return _reads(name, note, steps, **{"model": "mnist_judge", "learning_rate": 1e-3, "seed": 20, **settings})


LETTERS: dict[str, Any] = {"dataset": "emnist-letters", "augment": "shift"}
HANGUL: dict[str, Any] = {"dataset": "hangul", "augment": "gentle"}
GLYPHS: dict[str, Any] = {"dataset": "handwriting", "augment": "gentle"}
AVATARS: dict[str, Any] = {"dataset": "avatars32", "condition": "hair, skin", "batch": 64}
COVERS: dict[str, Any] = {"dataset": "covers64", "augment": "colour", "batch": 64}

CLASSIFIERS = (
    _reads("mnist_cnn", "The classifier that measures digits.", 4_000, augment="shift"),
    _judges("mnist_judge", "The judge of digits.", 4_000, augment="shift"),
    _reads("letters_cnn", "The classifier that measures letters.", 8_000, **LETTERS),
    _judges("letters_judge", "The judge of letters.", 6_000, **LETTERS),
    _reads("hangul_cnn", "The classifier that measures Korean syllables.", 2_000, **HANGUL),
    _judges("hangul_judge", "The judge of Korean syllables.", 2_000, **HANGUL),
    _reads("glyphs_cnn", "The classifier that measures the 62 characters.", 4_000, **GLYPHS),
    _judges("glyphs_judge", "The judge of the 62 characters.", 4_000, **GLYPHS),
    _reads("avatars_cnn", "Reads hair and skin of a face, each on its own.", 1_500, **AVATARS),
    _judges("avatars_judge", "The judge of hair and skin.", 1_500, **AVATARS),
    _reads(
        "covers_cnn",
        "Tells the scenes of book covers apart. Its features are few, for FID needs more test pictures than features, "
        "and there are 128.",
        1_500,
        options={"features": 32},
        **COVERS,
    ),
    _judges("covers_judge", "The judge of scenes.", 1_500, **COVERS),
    _reads(
        "numbers_cnn",
        "Reads numbers of one to five digits whole; any data set with a column of such numbers will do.",
        4_000,
        dataset="numbers5",
        condition="number",
        model="reader",
    ),
    _reads(
        "street_cnn",
        "Reads street digits. It learns from drawn ones alone, so it may be used for anything; SVHN's photographs, "
        "which are for non-commercial use, can still test it: evaluate its model on svhn.",
        4_000,
        dataset="streetdigits",
        options={"width": 40},  # walls and weather take more than paper
        augment="shift",  # without it the drawn pictures are soon known by heart
    ),
)
