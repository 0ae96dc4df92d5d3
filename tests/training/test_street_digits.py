"""`street_cnn` learns from drawn digits and is tested on photographs: `gan evaluate --model M --dataset svhn`."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import io as matlab

from gan import cli, datasets, models, paths, registry
from gan.evaluation import classifiers
from gan.recipes import recipe
from gan.training import fitting

RECIPE = recipe("street_cnn")


def test_what_it_learns_from_may_be_used_for_anything():
    source = datasets.source(RECIPE.dataset)
    fitting.check(RECIPE, source)
    assert source.local and source.licence.startswith("MIT")
    assert "non-commercial" in datasets.DATASETS["svhn"].licence and RECIPE.dataset != "svhn"


def test_it_is_tested_on_svhn(weights_dir, cache, tmp_path, monkeypatch, capsys):
    """Any files of SVHN's form will do: the publisher's, a cut of them, or these ten pictures."""
    labels = np.arange(1, 11, dtype=np.uint8)[:, None]
    pictures = np.random.default_rng(1).integers(0, 256, (32, 32, 3, 10), np.uint8)
    for split in ("train", "test"):
        matlab.savemat(tmp_path / f"{split}_32x32.mat", {"X": pictures, "y": labels})
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path))
    source = datasets.source(RECIPE.dataset)
    net = models.build(RECIPE.model, {"width": 4}, 10, source.shape)["classifier"]
    registry.save(
        net,
        name="street_cnn",
        folder=paths.weights_dir(),
        kind="classifier",
        title="Street digits",
        summary="Random weights.",
        model=RECIPE.model,
        options={"width": 4},
        class_names=source.class_names,
        shape=source.shape,
        latent=0,
        dataset=RECIPE.dataset,
        licence=source.licence,
    )
    assert cli.main(["evaluate", "--model", "street_cnn", "--dataset", "svhn", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    score = report["scores"]["test_accuracy_street_cnn"]
    assert (report["dataset"], report["split"], score["samples"]) == ("svhn", "test", 10)
    assert 0 <= score["value"] <= 1


def test_on_photographs():
    """The model that ships, on the real files, where both are at hand."""
    if not datasets.DATASETS["svhn"].local:
        pytest.skip("SVHN is not here; point GAN_DATA_DIR at its files to run this test")
    if "street_cnn" not in [card.name for card in registry.cards("classifier")]:
        pytest.skip("there is no street_cnn: train the recipe and promote its run under that name")
    report = classifiers.measure("street_cnn", "svhn")
    assert report["scores"]["test_accuracy_street_cnn"]["value"] > 0.9
