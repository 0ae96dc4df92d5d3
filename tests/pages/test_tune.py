"""Train > Tune without a browser: the form, a study at work, one that is done, and storages that are away."""

from __future__ import annotations

import json
import os

import optuna
import psutil
import pytest

from gan.recipes import recipe
from gan.search import Spec, claims, parse, studies
from gan.training import runs
from tests.small_runs import SMALL

PAGE = "tune.py"


def texts(app):
    kinds = ("markdown", "caption", "success", "warning", "error", "info")
    return "\n".join(element.value for kind in kinds for element in getattr(app, kind))


@pytest.fixture
def done(runs_dir):
    """Makes a study with trials as search processes leave them, but for the training."""

    def make(name="night", objectives=("fid",), values=(30.0, 20.0, 40.0, 35.0, 25.0), trials=6):
        base = recipe("cgan28").with_settings({**SMALL, "steps": 90})
        space = tuple(parse(line, base) for line in ("learning_rate=1e-4..1e-2:log", "width=4..8"))
        spec = Spec(name, base, space, objectives, pruner="none", trials=trials)
        study = studies.make(spec)
        opened = study.optuna()
        for value in values:
            trial = claims.claim(opened, spec)
            settings = spec.settings(trial)
            run = runs.create(base.with_settings(settings), runs_dir / f"{name}-{trial.number:04d}")
            trial.set_user_attr("run", run.id)
            trial.set_user_attr("place", claims.place())
            if len(objectives) == 1:
                for step in spec.plan.at:
                    trial.report(value * 90 / step, step)
            trial.set_user_attr("outcome", "complete")
            opened.tell(trial, [value, 1 / value][: len(objectives)])
        return study

    return make


def test_without_a_study_one_is_ready_to_start(open_page, runs_dir, monkeypatch):
    started = []
    monkeypatch.setattr(studies.Study, "start", lambda study: started.append(study))
    app = open_page(PAGE)
    assert "There is no study yet" in texts(app) and not app.error
    assert app.selectbox(key="tune.cgan28.dataset").value == "handwriting"  # MNIST is not here
    app.number_input(key="study_trials").set_value(7)
    app.number_input(key="study_steps").set_value(250)
    app.button(key="start_study").click().run()
    assert not app.exception and not app.error, texts(app)
    (study,) = started
    spec = study.spec()
    assert (study.name, spec.trials, spec.recipe.steps, spec.objectives) == ("cgan28", 7, 250, ("fid",))
    assert [d.name for d in spec.space][:3] == ["learning_rate", "discriminator_learning_rate", "r1"]
    assert app.selectbox(key="study").value == "cgan28" and "**0** of 7 trials" in texts(app)


@pytest.mark.parametrize(
    ("name", "objective", "first"), [("kepkreator", "fid", "latent"), ("sr4", "psnr", "learning_rate")]
)
def test_other_recipes_have_their_own_spaces(open_page, runs_dir, monkeypatch, name, objective, first):
    monkeypatch.setattr(studies.Study, "start", lambda study: None)
    app = open_page(PAGE, study="New study", recipe=name)
    assert app.multiselect(key=f"objectives.{recipe(name).model}").value == [objective]
    app.button(key="start_study").click().run()
    assert not app.exception and not app.error, texts(app)
    assert studies.find(name).spec().space[0].name == first


def test_several_objectives_are_not_pruned(open_page, runs_dir, monkeypatch):
    monkeypatch.setattr(studies.Study, "start", lambda study: None)
    app = open_page(PAGE, study="New study")
    app.multiselect(key="objectives.cgan28").set_value(["fid", "wcis"]).run()
    assert app.selectbox(key="pruner.True").disabled and "as near as can be to real pictures" in texts(app)
    app.button(key="start_study").click().run()
    assert studies.find("cgan28").spec().pruner == "none" and not app.exception


def test_what_cannot_be_is_told_before_there_is_a_study(open_page, runs_dir):
    app = open_page(PAGE, study="New study")
    for key, value, words in (
        ("study_trials", 0, "1 to 10,000 works"),
        ("study_steps", 0, "steps: 0 is out of range"),
        ("study_samples", 5, "500 to 50,000 works"),
    ):
        before = app.number_input(key=key).value
        app.number_input(key=key).set_value(value)
        app.button(key="start_study").click().run()
        assert words in texts(app) and not app.exception
        app.number_input(key=key).set_value(before)
    app.text_input(key="storage").set_value("postgresql://gan:secret@localhost:1/x").run()
    app.button(key="start_study").click().run()
    assert "cannot be used" in texts(app) and "secret" not in texts(app)
    assert not studies.listed()


def test_a_study_that_is_done(open_page, done, monkeypatch):
    started = []
    monkeypatch.setattr(runs, "start_worker", started.append)
    study = done()
    app = open_page(PAGE, study="night")
    shown = texts(app)
    assert "**5** of 6 trials" in shown and "best FID **20**" in shown and "Trial 1, the best so far" in shown
    assert len(app.get("plotly_chart")) == 4 and not app.error
    table = app.dataframe[0].value
    assert table["FID"].tolist() == [20.0, 30.0, 40.0, 35.0, 25.0] and table["State"][0] == "complete, best"
    assert table["Run"][0] == "train?run=night-0001"
    app.number_input(key="longer-night").set_value(1234)
    app.button(key="longer").click().run()
    (made,) = started
    best = study.optuna().best_trial
    assert (made.recipe.steps, made.recipe.learning_rate) == (1234, best.params["learning_rate"])


def test_the_ticked_trial_stays_ticked(open_page, done):
    study = done(values=(30.0, 20.0, 40.0))
    app = open_page(PAGE, study="night")
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": [2], "columns": [], "cells": []}}
    assert "**Trial 2**" in texts(app.run())
    opened, spec = study.optuna(), study.spec()
    trial = claims.claim(opened, spec)
    opened.tell(trial, [10.0])  # a better one, meanwhile
    assert app.run().dataframe[0].value["Trial"].tolist() == [3, 0, 1, 2] and "**Trial 2**" in texts(app)
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": [], "columns": [], "cells": []}}
    assert "**Trial 3, the best so far**" in texts(app.run()) and not app.exception


def test_several_objectives_have_a_front(open_page, done):
    done("goals", ("fid", "recall"))
    app = open_page(PAGE, study="goals")
    assert "on the Pareto front" in texts(app) and len(app.get("plotly_chart")) == 5 and not app.error


def test_a_study_at_work_is_stopped_budgeted_removed_and_brought_back(open_page, done):
    study = done(values=(30.0,))
    me = {"pid": os.getpid(), "pid_started": psutil.Process().create_time(), "began": 1.0}
    study.say({**me, "state": "working", "run": "night-0001", "step": 7, "message": "Trial 1 begins"})
    app = open_page(PAGE)
    assert app.selectbox(key="study").value == "night"  # whoever comes wants to see what is going on
    assert "night-0001: step 7 of 90" in texts(app) and app.button(key="remove_study").disabled
    app.button(key="stop_study").click().run()
    assert study.asked_to_stop() and app.button(key="stopping_study").disabled
    app.number_input(key="budget-night-6").set_value(7).run()
    app.number_input(key="budget-night-6").set_value(9)  # and pressed at once
    app.button(key="set_study").click().run()
    assert study.spec().trials == 9 and not app.exception
    (study.path / "processes" / f"{os.getpid()}.json").write_text(json.dumps({**me, "pid": 0, "state": "working"}))
    app.run()
    assert "until another study of this name is removed" in app.button(key="remove_study").help
    assert "Its process ended without a word" in texts(app)
    app.button(key="remove_study").click().run()
    assert not studies.listed() and "**night** was removed" in texts(app)
    app.button(key="undo").click().run()
    assert studies.listed() == [study] and not app.exception


def test_a_study_whose_storage_is_away_can_be_left(open_page, done, tmp_path):
    study = done(values=(30.0,))
    (study.path / "study.db").rename(tmp_path / "study.db")
    app = open_page(PAGE, study="night")
    assert "is gone" in texts(app) and not app.exception
    (study.path / "study.json").write_text(json.dumps({"storage": "postgresql+psycopg://u:secret@localhost:1/x"}))
    app.run()
    assert "Connection refused" in texts(app) and "secret" not in texts(app) and not app.exception
    app.selectbox(key="study").set_value("New study").run()
    assert app.button(key="start_study") and not app.exception


def test_addresses_that_lead_nowhere_and_joining(open_page, runs_dir, tmp_path):
    app = open_page(PAGE, study="gone")
    assert "There is no study gone here any more" in texts(app)
    url = f"sqlite:///{tmp_path}/foreign.db"
    optuna.create_study(study_name="foreign", storage=url)
    app.text_input(key="join_name").set_value("foreign")
    app.text_input(key="join_url").set_value(url)
    app.button(key="join_study").click().run()
    assert "was not made here" in texts(app) and not app.exception
