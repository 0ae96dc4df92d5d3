"""A small generator of ten digits and a small classifier that reads them; and a generator that none reads."""

from __future__ import annotations

import json

import pytest

from tests.small_models import save_classifiers, save_generator

REAL = "handwriting-digits"


@pytest.fixture(scope="session")
def small_digits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(folder))
        save_generator("digits")
        save_generator("letters", class_names=("A", "B"))
        save_classifiers(dataset=REAL)
    card = folder / "mnist_cnn" / "card.json"
    report = {"dataset": REAL, "scores": {"test_accuracy_mnist_cnn": {"value": 0.97}}}
    recipe = {"name": "mnist_cnn", "model": "mnist_cnn"}
    card.write_text(json.dumps({**json.loads(card.read_text()), "scores": report, "recipe": recipe}))
    return folder


@pytest.fixture
def digits(small_digits, cache, local_data, runs_dir, monkeypatch):
    """The models of `small_digits`, in use."""
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(small_digits))
