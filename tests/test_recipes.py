from __future__ import annotations

import json
from dataclasses import fields

import pytest

from gan import UserError
from gan.losses import LOSSES
from gan.models import MODELS
from gan.paths import ROOT
from gan.recipes import RECIPES, Recipe, recipe


@pytest.mark.parametrize("name", RECIPES)
def test_json_round_trip(name):
    assert Recipe.from_json(RECIPES[name].to_json()) == RECIPES[name]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"batch": 1}, ["batch", "2 to 4096"]),
        ({"batch": "many"}, ["batch", "whole number", "'many'"]),
        ({"batch": 3.5}, ["batch", "whole number"]),
        ({"batch": True}, ["batch", "whole number"]),
        ({"learning_rate": float("nan")}, ["learning_rate", "out of range"]),
        ({"learning_rate": "fast"}, ["learning_rate", "a number"]),
        ({"beta_1": 1.5}, ["beta_1", "0 to 0.999"]),
        ({"precision": "float16"}, ["precision", "mixed_bfloat16"]),
        ({"shared_pass": "perhaps"}, ["shared_pass", "on or off"]),
        ({"diff_augment": "colour"}, ["diff_augment", "did you mean color"]),
        # Settings that exclude each other.
        ({"discriminator_steps": 2}, ["shared_pass", "turn shared_pass off"]),
        ({"separate_halves": True}, ["shared_pass", "turn shared_pass off"]),
        ({"separate_halves": True, "shared_pass": False, "batch": 33}, ["batch: 33", "even batch"]),
        ({"gradient_penalty": 10.0, "r1": 0.2}, ["gradient_penalty", "r1", "set one of them to 0"]),
        ({"label_smoothing": 0.1, "loss": "hinge"}, ["label_smoothing", "non_saturating and least_squares"]),
        ({"label_noise": 0.1, "loss": "wasserstein"}, ["label_noise", "wasserstein has no targets"]),
    ],
)
def test_a_bad_value_says_what_works(settings, words):
    with pytest.raises(UserError) as caught:
        recipe("cgan28").with_settings(settings)
    assert all(word in str(caught.value) for word in words)


def test_settings_typed_as_text_are_read():
    changed = recipe("cgan28").with_settings(
        {"batch": "32", "learning_rate": "1e-3", "shared_pass": "false", "latent": "48"}
    )
    assert (changed.batch, changed.learning_rate, changed.shared_pass) == (32, 1e-3, False)
    assert changed.options == {"latent": 48}


@pytest.mark.parametrize(
    ("word", "value"), [("on", True), ("Yes", True), ("true", True), ("off", False), ("no", False)]
)
def test_a_switch_takes_the_words_for_it(word, value):
    changed = recipe("cgan28").with_settings({"shared_pass": word, "xla": word, "spectral": word})
    assert changed.shared_pass is value and changed.options["spectral"] is value
    assert changed.xla == ("on" if value else "off")
    with pytest.raises(UserError, match=f"batch: takes a whole number .* you gave '{word}'"):
        recipe("cgan28").with_settings({"batch": word})


def test_misspelt_names_are_told_with_the_nearest():
    with pytest.raises(UserError, match="did you mean cgan28"):
        recipe("cgan82")
    values = json.loads(recipe("cgan28").to_json()) | {"lerning_rate": 1.0}
    with pytest.raises(UserError, match="did you mean learning_rate"):
        Recipe.from_json(json.dumps(values))


@pytest.mark.parametrize("text", ["", "[1]", "{", '"cgan28"'])
def test_what_is_no_recipe_is_refused(text):
    with pytest.raises(UserError):
        Recipe.from_json(text)


def test_differences_name_both_values():
    assert recipe("cgan28").differences(recipe("cgan28").with_settings({"seed": 7})) == {"seed": (1, 7)}


def test_pictures_that_a_step_learns_from():
    turns = {"shared_pass": False, "discriminator_steps": 3, "batch": 32}
    assert recipe("cgan28").with_settings({"batch": 32}).pictures_a_step == 32
    assert recipe("cgan28").with_settings(turns).pictures_a_step == 96
    assert recipe("cgan28").with_settings({**turns, "separate_halves": True}).pictures_a_step == 48


def test_the_document_names_every_setting_recipe_and_family():
    table = (ROOT / "MODELS.md").read_text(encoding="utf-8")
    elsewhere = {"name", "note", "model", "options"}
    assert [s.name for s in fields(Recipe) if s.name not in elsewhere and f"`{s.name}`" not in table] == []
    assert [name for name in LOSSES if f"`{name}`" not in table] == []
    assert [name for name in RECIPES if f"| `{name}` |" not in table] == []
    assert [name for name in MODELS if f"| `{name}` |" not in table] == []
