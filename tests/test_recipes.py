from __future__ import annotations

import json

import pytest

from gan import UserError
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
        ({"shared_pass": "perhaps"}, ["shared_pass", "true or false"]),
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
