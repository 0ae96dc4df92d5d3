"""The examples of CONTRIBUTING.md, as they stand there: a data set, a net, losses; two steps with them together."""

from __future__ import annotations

import importlib
import re
import sys
from math import exp, log
from types import ModuleType

import numpy as np
import pytest

from gan import datasets, models
from gan.losses import LOSSES
from gan.paths import ROOT
from gan.recipes import Recipe
from gan.training import fitting

BLOCKS = re.findall(r"```python\n# gan/(\S+)\.py\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
TABLES = (datasets.DATASETS, models.MODELS, LOSSES)


@pytest.fixture
def examples(monkeypatch):
    """All examples where they belong: new modules, and rows of the tables, gone again afterwards."""
    before = [dict(table) for table in TABLES]
    for path, code in BLOCKS:
        name = f"gan.{path.replace('/', '.')}".removesuffix(".__init__")
        if (ROOT / "gan" / f"{path}.py").exists():
            space = dict(vars(importlib.import_module(name)))  # a table's own module: its names, and its very table
        else:
            module = ModuleType(name)
            monkeypatch.setitem(sys.modules, name, module)
            monkeypatch.setattr(sys.modules[name.rpartition(".")[0]], name.rpartition(".")[2], module, raising=False)
            space = module.__dict__
        exec(compile(code, f"CONTRIBUTING.md ({path})", "exec"), space)
    yield
    for table, rows in zip(TABLES, before, strict=True):
        table.clear()
        table.update(rows)


def test_there_is_an_example_of_each():
    assert [path for path, _ in BLOCKS] == [
        "datasets/dots", "datasets/__init__", "models/tiny", "models/__init__", "losses", "losses",
    ]  # fmt: skip


@pytest.mark.parametrize("loss", ["saturating", "wasserstein_drift"])
def test_two_steps_with_the_examples(examples, loss):
    from gan.training.backend_tf import TensorFlowBackend
    from gan.training.feed import Feed
    from gan.training.game import make_game

    made = Recipe(
        dataset="dots", model="tiny", loss=loss, batch=8, options={"width": 8}, precision="float32", xla="off"
    )
    data = datasets.load("dots")
    fitting.check(made, data.source)
    game = make_game(made, 4, data.source.shape, TensorFlowBackend())
    feed = Feed(data.train.images, data.train.labels, made.batch, made.seed)
    before = game.nets["generator"].get_weights()
    for step in range(2):
        logs = game.train_step(step, *feed(step))
        assert all(np.isfinite(float(value)) for value in logs.values())
    assert any(np.abs(a - b).max() > 0 for a, b in zip(before, game.nets["generator"].get_weights(), strict=True))


def test_the_losses_by_hand(examples):
    real, fake = np.array([[2.0], [-1.0]], np.float32), np.array([[0.5], [-3.0]], np.float32)
    generator = -(log(1 + exp(0.5)) + log(1 + exp(-3))) / 2
    assert float(LOSSES["saturating"].generator(real, fake)) == pytest.approx(generator)
    drift = -1.25 - 0.5 + 0.001 * (4 + 1) / 2
    assert float(LOSSES["wasserstein_drift"].discriminator(real, fake)) == pytest.approx(drift)


def test_options_are_explained_by_the_docstring(examples):
    assert models.explained("tiny") == {
        "latent": "Dimensions of the latent, drawn from a standard normal.",
        "width": "Units of the hidden layers.",
    }
