"""The classification accuracy score: a run that learns from drawn pictures and is tested on real ones."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from gan import UserError, datasets, registry
from gan.datasets import kept
from gan.generating import cas
from gan.training import runs, worker
from tests.generating.conftest import REAL

SETTINGS = {"steps": 3, "batch": 16, "width": 8, "augment": "none", "precision": "float32", "xla": "off"}


@pytest.fixture(autouse=True)
def models(digits):
    """A generator, and a classifier that reads 97% of `REAL`."""


def prepared(count: int = 64, seed: int = 1):
    return cas.prepare(cas.order("digits", REAL, count, seed), REAL, settings=SETTINGS)


def test_a_classifier_learns_from_drawn_pictures_and_is_tested_on_all_real_ones():
    run = prepared()
    data, real = datasets.load(run.recipe.dataset), datasets.load(REAL)
    assert len(data.train) == 64 and len(data.test) == len(real.test)
    assert np.bincount(data.train.labels).tolist() == [7] * 4 + [6] * 6
    assert np.sort(np.asarray(data.test.images).sum(axis=(1, 2, 3))).tolist() == sorted(
        np.asarray(real.test.images).sum(axis=(1, 2, 3)).tolist()
    )
    assert (run.recipe.model, run.recipe.name) == ("mnist_cnn", "cas-digits")
    found = cas.score(run)
    assert (found.count, found.net, found.real, found.value) == (64, "mnist_cnn", 0.97, None)

    assert worker.work(run, polite=False) == "finished"
    found = cas.score(run)
    assert 0 <= found.value <= 1
    assert run.metrics()[-1]["step"] == 3
    assert cas.scores("digits") == [found] and cas.scores("letters") == []


def test_the_same_pictures_are_drawn_once():
    first, second = prepared(), prepared()
    assert first.id != second.id
    assert first.recipe.dataset == second.recipe.dataset
    other = prepared(seed=2)
    assert other.recipe.dataset != first.recipe.dataset and len(kept.kept()) == 2
    assert other.recipe.seed == 2


def test_only_the_last_step_counts():
    run = prepared()
    lines = [{"step": s, "images_seen": 16 * s, "seconds": s, "test_accuracy": 0.9 - s / 10} for s in (1, 2)]
    (run.path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert cas.score(run).value is None
    lines.append({"step": 3, "images_seen": 48, "seconds": 3, "test_accuracy": 0.25})
    (run.path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert cas.score(run).value == 0.25


def test_a_run_of_another_kind_has_no_score():
    from gan.recipes import recipe

    run = runs.create(recipe("cgan28").with_settings({"dataset": REAL}))
    assert cas.score(run) is None
    (run.path / cas.FILE).write_text("[]")
    assert cas.score(run) is None and cas.scores("digits") == []


@pytest.mark.parametrize(
    ("model", "dataset", "count", "said"),
    [
        ("letters", REAL, 64, "draws 2 classes at 28 x 28 x 1; .* has 10"),
        ("digits", "avatars", 64, "draws 10 classes"),
        ("digits", REAL, 15, "15 pictures are too few; a step learns from 16"),
        ("digits", "mnits", 64, "did you mean mnist"),
    ],
)
def test_what_cannot_be_scored_says_why(model, dataset, count, said):
    with pytest.raises(UserError, match=said):
        cas.prepare(cas.order(model, dataset, count), dataset, settings=SETTINGS)
    assert not runs.list_runs() and not kept.kept()


def test_where_no_classifier_fits_the_recipe_of_one_is_taken():
    card = registry.card("letters")
    assert cas.recipe(replace(card, dataset="handwriting")).name == "glyphs_cnn"
    faces = replace(card, dataset="avatars32", columns={"hair": ("A",), "skin": ("B",)})
    assert cas.recipe(faces).name == "avatars_cnn"
    with pytest.raises(UserError, match="No recipe of a classifier fits what letters draws"):
        cas.recipe(replace(card, dataset="covers"))
