"""What cannot be trained is refused before a run is made, without Keras; every named recipe fits its own data."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from gan import UserError, datasets, models
from gan.paths import ROOT
from gan.recipes import RECIPES, recipe
from gan.training import fitting, runs
from gan.training.game import GAMES, Base

UNLABELLED = replace(datasets.source("hangul"), class_names=("all",), title="Unlabelled", attributes=())


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_fits_its_own_data(name):
    fitting.check(RECIPES[name], datasets.source(RECIPES[name].dataset))


def test_checking_loads_neither_keras_nor_pictures():
    code = (
        "import sys\nfrom gan import datasets\nfrom gan.recipes import RECIPES\nfrom gan.training import fitting\n"
        "for made in RECIPES.values(): fitting.check(made, datasets.source(made.dataset))\n"
        "print([m for m in ('tensorflow', 'keras') if m in sys.modules], len(datasets._opened))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[] 0"


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("korean-dcgan", {"dataset": "mnist"}, ["korean-dcgan is for 32x32 grey", "has 28x28 grey", "hangul"]),
        ("korean-dcgan", {"dataset": "avatars32"}, ["32x32 colour", "hangul"]),
        ("anime-srgan", {"dataset": "avatars32"}, ["128x128 colour", "avatars", "covers128"]),
        ("cgan28", {"levels": 3}, ["multiples of 8", "levels", "28x28", "hangul"]),
        ("cgan28", {"levels": 4096}, ["levels", "2 to 5"]),
        ("avatars32", {"dataset": "hangul"}, ["unknown column", "'hair'", "style"]),
        ("avatars32", {"condition": "skin, skin"}, ["names a column twice"]),
        ("mnist_cnn", {"condition": "none"}, ["cannot do without classes"]),
        ("covers-bespoke", {"batch": 1024}, ["batch", "1,024 pictures", "only 512"]),
        ("anime-dcgan", {"batch": 1000}, ["5,000 pictures (10 steps", "2,496"]),
        ("sr4", {"r1": 1.0}, ["r1: sr4 is trained without it", "0.0"]),
        ("mnist_cnn", {"label_noise": 0.1}, ["label_noise: mnist_cnn is trained without it"]),
        ("numbers_cnn", {"condition": "number, number"}, ["names a column twice"]),
        ("cgan28", {"loss": "wassertein"}, ["did you mean wasserstein"]),
        ("cgan28", {"widht": 8}, ["did you mean width"]),
        ("cgan28", {"augment": "gentel"}, ["did you mean gentle"]),
    ],
)
def test_what_does_not_fit_is_said(name, settings, words, runs_dir):
    with pytest.raises(UserError) as caught:
        runs.create(recipe(name).with_settings(settings))
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert not runs.list_runs()


@pytest.mark.parametrize("name", ["digit-gan", "mnist_cnn"])
def test_some_nets_need_labels(name):
    shape = models.family(recipe(name).model).shape or UNLABELLED.shape
    with pytest.raises(UserError, match="has no labels"):
        fitting.check(recipe(name), replace(UNLABELLED, shape=shape))


def test_others_do_without():
    assert fitting.fits(recipe("hangul32"), UNLABELLED)  # it is told nothing then
    assert fitting.fits(recipe("korean-dcgan").with_settings({"condition": "skin"}), UNLABELLED)  # it never is


@pytest.mark.parametrize("name", [name for name, row in models.MODELS.items() if row.shape])
def test_the_table_says_what_the_builder_says(name):
    row = models.family(name)
    build = {"classes": 10, "dtype": "float32"}
    with pytest.raises(UserError):
        row.build(shape=(row.shape[0] * 2, row.shape[1], row.shape[2]), **build)
    with pytest.raises(UserError):
        row.build(shape=(*row.shape[:2], 4 - row.shape[2]), **build)
    models.check_shape(name, {}, row.shape)


SET = {"r1": 1.0, "r2": 1.0, "gradient_penalty": 1.0, "discriminator_steps": 2, "separate_halves": True}
SET |= {"diff_augment": "color", "label_smoothing": 0.1, "label_noise": 0.1}


@pytest.mark.parametrize("name", SET)
@pytest.mark.parametrize("game", GAMES)
def test_a_game_refuses_what_it_would_ignore(game, name):
    made = next(row for row in RECIPES.values() if models.family(row.model).game == game)
    made = made.with_settings({"shared_pass": False, "r1": 0.0, name: SET[name]})
    if name in fitting.IDLE[game]:
        with pytest.raises(UserError, match=f"{name}: {made.model} is trained without it"):
            Base(made, np.eye(10), (28, 28, 1), None)
    else:
        Base(made, np.eye(10), (28, 28, 1), None)


@pytest.mark.parametrize("name", models.MODELS)
def test_every_option_is_explained(name):
    told = models.explained(name)
    assert set(told) == set(models.options_of(name))
    assert all(words[0].isupper() and words.endswith(".") for words in told.values())
