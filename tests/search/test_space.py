"""Search spaces: read from words, checked against the recipe, written again; presets that fit all their nets."""

from __future__ import annotations

import pytest

from gan import UserError
from gan.recipes import RECIPES, recipe
from gan.search import PRESETS, Dimension, Spec, objectives_of, parse, presets_for


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("learning_rate=1e-4..2e-3:log", Dimension("learning_rate", 1e-4, 2e-3, True)),
        ("width=16..48:8", Dimension("width", 16, 48, step=8)),
        ("batch=32..128", Dimension("batch", 32, 128)),
        ("spectral=true,off", Dimension("spectral", choices=(True, False))),
        ("beta_1=0,0.5", Dimension("beta_1", choices=(0.0, 0.5))),
        ("loss=hinge,wasserstein", Dimension("loss", choices=("hinge", "wasserstein"))),
    ],
    ids=str,
)
def test_dimensions_are_read_and_written(text, dimension):
    found = parse(text, recipe("cgan28"))
    assert found == dimension and type(found.low) is type(dimension.low)
    assert parse(str(found), recipe("cgan28")) == found and Dimension.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("widht=4..8", "did you mean width"),
        ("width", "write NAME=LOW..HIGH"),
        ("width=a..8", "write NAME=LOW..HIGH"),
        ("width=8..4", "the first must be less"),
        ("width=0..8", "width cannot be 0: width: 0 is out of range"),
        ("width=4.5..8", "whole numbers"),
        ("width=4..inf", "write NAME=LOW..HIGH"),
        ("batch=32,inf", "batch cannot be inf"),
        ("width=4..8:16", "a step of 16"),
        ("r1=0..1:log", "must begin above 0"),
        ("r1=nan..1", "needs a lowest and a highest value"),
        ("loss=hinge,higne", "loss cannot be higne: unknown loss 'higne'; did you mean hinge"),
        ("loss=1..2", "has no range; give choices"),
        ("loss=hinge", "one choice"),
        ("levels=2..3", "multiples of 8"),
        ("batch=32..4096", "batch cannot be 4096"),
        ("steps=10..20", "it is the budget of a trial"),
        ("seed=1..9", "the luckiest seed"),
        ("dataset=mnist,handwriting", "cannot be compared"),
        ("adversarial=0.1..1", "unknown setting of cgan28 'adversarial'"),
    ],
)
def test_what_cannot_be_searched_is_told(text, words):
    base = recipe("cgan28").with_settings({"dataset": "handwriting-digits"})
    with pytest.raises(UserError) as told:
        parse(text, base)
    assert words in str(told.value)


@pytest.mark.parametrize("name", RECIPES)
def test_presets_fit_their_recipes(name):
    row = RECIPES[name]
    for preset in presets_for(row):
        assert Spec("s", row, tuple(PRESETS[preset].dimensions(row)), objectives_of(row.model)[:1]).space


def test_the_student_s_space_is_what_that_project_searched():
    found = {d.name: d for d in PRESETS["student"].dimensions(recipe("kepkreator"))}
    assert (found["latent"].low, found["latent"].high) == (32, 128)
    assert (found["embedding"].low, found["embedding"].high) == (10, 50)
    assert (min(found["filters"].choices), max(found["filters"].choices)) == (16, 256)
    assert set(found["batch"].choices) == {32, 64, 128} and set(found["batch_norm"].choices) == {True, False}
