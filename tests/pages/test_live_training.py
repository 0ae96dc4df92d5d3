"""Train > Live without a browser: the form, a finished run, a dead one, and addresses that lead nowhere."""

from __future__ import annotations

import os
import subprocess

import psutil
import pytest

from gan.recipes import RECIPES, recipe
from gan.training import runs, worker

PAGE = "live_training.py"
SMALL = {"dataset": "handwriting", "batch": 8, "steps": 20, "width": 4, "latent": 8}
SMALL |= {"precision": "float32", "xla": "off"}


def texts(app):
    kinds = ("markdown", "caption", "success", "warning", "error", "info")
    return "\n".join(element.value for kind in kinds for element in getattr(app, kind))


@pytest.fixture
def run(runs_dir):
    """A run that is finished."""
    run = runs.create(recipe("cgan28").with_settings(SMALL))
    assert worker.work(run, polite=False) == "finished"
    return run


@pytest.mark.parametrize("name", RECIPES)
def test_the_form_opens_with_the_recipe_s_values(open_page, name):
    app = open_page(PAGE, run="New run", recipe=name)
    assert app.selectbox(key="recipe").value == name
    assert app.number_input(key=f"{name}.batch").value == RECIPES[name].batch
    # MNIST is not at hand here, so what ships is offered.
    assert app.selectbox(key=f"{name}.dataset").value == "handwriting"


def test_starting_makes_a_run_with_what_the_form_says(open_page, runs_dir, monkeypatch):
    started = []
    monkeypatch.setattr(runs, "start_worker", started.append)
    app = open_page(PAGE, run="New run", recipe="cgan28")
    app.number_input(key="cgan28.batch").set_value(16)
    app.number_input(key="cgan28.latent").set_value(24)
    app.button(key="start").click().run()
    assert not app.exception
    (run,) = runs.list_runs()
    assert [r.id for r in started] == [run.id]
    assert (run.recipe.batch, run.recipe.options["latent"], run.recipe.dataset) == (16, 24, "handwriting")
    assert app.selectbox(key="run").value == run.id


def test_a_run_that_cannot_start_says_why(open_page, runs_dir):
    runs_dir.parent.mkdir(exist_ok=True)
    runs_dir.write_text("a file where the folder of runs should be")
    app = open_page(PAGE, run="New run", recipe="cgan28")
    app.button(key="start").click().run()
    assert not app.exception and app.error


def test_a_finished_run(open_page, run):
    app = open_page(PAGE, run=run.id)
    shown = texts(app)
    assert ("20** of 20 steps" in shown and "no GPU found" in shown) or run.status()["device"] in shown
    assert not [button for button in app.button if button.key in ("ask_pause", "resume_run")]
    assert len(app.get("plotly_chart")) == 2
    assert "Samples at step 20" in "".join(element.value for element in app.get("html"))


def test_a_worker_that_died_is_offered_for_resuming(open_page, run, monkeypatch):
    gone = subprocess.Popen(["true"])
    started = psutil.Process(gone.pid).create_time()
    gone.wait()
    run.write_status({**run.status(), "state": "running", "pid": gone.pid, "pid_started": started, "step": 12})
    app = open_page(PAGE, run=run.id)
    assert "Died" in texts(app) and "Resume to go on" in texts(app)
    resumed = []
    monkeypatch.setattr(runs, "start_worker", resumed.append)
    app.button(key="resume_run").click().run()
    assert [r.id for r in resumed] == [run.id]


def test_buttons_leave_requests(open_page, run):
    me = {"pid": os.getpid(), "pid_started": psutil.Process().create_time()}
    run.write_status({**run.status(), **me, "state": "running"})
    app = open_page(PAGE, run=run.id)
    for key in ("ask_sample", "ask_pause"):
        app.button(key=key).click().run()
        assert not app.exception
    assert run.take_requests() == {"sample", "pause"}


def test_a_run_that_is_gone(open_page, runs_dir):
    app = open_page(PAGE, run="20200101-000000-gone")
    assert "no run 20200101-000000-gone" in texts(app)
    assert app.button(key="start")


def test_a_torn_and_empty_run_folder(open_page, runs_dir):
    run = runs.create(recipe("cgan28").with_settings(SMALL))
    (run.path / "metrics.jsonl").write_text('{"step": 1, "ima')
    (run.path / "status.json").write_text("{")
    app = open_page(PAGE, run=run.id)
    assert "first samples" in texts(app)
