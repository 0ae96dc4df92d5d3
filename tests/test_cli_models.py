"""The verbs that measure models: interrupted, and where a card cannot be written."""

from __future__ import annotations

import json
import subprocess
from types import SimpleNamespace

import pytest

from gan import cli, registry
from gan.evaluation import classifiers
from gan.generating import cas
from tests.small_models import save_classifiers
from tests.small_runs import make_run


@pytest.fixture
def scored(runs_dir, monkeypatch):
    """A run whose score is known, in place of one that draws and trains."""
    run = make_run("mnist_cnn", {"dataset": "handwriting-digits"}, nets=False)
    found = cas.Score(run.id, "digits", "", "mnist", 64, 1, 1.0, False, "mnist_cnn", 0.97, 0.5)
    monkeypatch.setattr(cas, "order", lambda *_: None)
    monkeypatch.setattr(cas, "prepare", lambda *_: run)
    monkeypatch.setattr(cas, "score", lambda _: found)
    return run


def unwritable(*_):
    raise OSError(30, "Read-only file system", "card.json")


def test_ctrl_c_leaves_the_worker_the_time_for_its_checkpoint(scored, monkeypatch, capsys):
    waits = iter([KeyboardInterrupt, 0])

    def wait():
        answer = next(waits)
        if answer is KeyboardInterrupt:
            raise answer
        return answer

    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: SimpleNamespace(wait=wait))
    assert cli.main(["cas"]) == 130
    assert next(waits, None) is None  # it was waited for
    assert f"gan: interrupted; `resume {scored.id}` goes on with it.\n" in capsys.readouterr().err


def test_a_score_is_told_though_the_card_cannot_be_written(scored, monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: SimpleNamespace(wait=lambda: 0))
    monkeypatch.setattr(registry, "add_scores", unwritable)
    assert cli.main(["cas", "--save"]) == 1
    said = capsys.readouterr()
    assert "50.00% of mnist's test pictures" in said.out and "card.json: Read-only file system" in said.err


def test_an_evaluation_is_told_though_the_card_cannot_be_written(weights_dir, monkeypatch, capsys):
    save_classifiers()
    monkeypatch.setattr(classifiers, "measure", lambda *_: {"scores": {}})
    monkeypatch.setattr(registry, "add_scores", unwritable)
    assert cli.main(["evaluate", "--model", "mnist_cnn", "--save", "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == {"scores": {}} and "card.json: Read-only file system" in said.err


@pytest.mark.parametrize("subject", [["--run", "x"], ["--samples", "x.npz"]])
def test_scores_are_kept_of_models_only(subject, capsys):
    assert cli.main(["evaluate", *subject, "--save"]) == 2
    assert "--save: scores are written to a model's card; name the --model" in capsys.readouterr().err
