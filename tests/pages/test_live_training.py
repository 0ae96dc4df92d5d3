"""Train > Live without a browser: the form, a finished run, a dead one, and addresses that lead nowhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields

import numpy as np
import psutil
import pytest

from gan import datasets, images, models
from gan.paths import ROOT
from gan.recipes import RECIPES, Recipe, recipe
from gan.training import fitting, runs, worker

sys.path.append(str(ROOT / "pages"))  # as in the app
import recipe_choice
import recipe_settings

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
def test_changes_are_explained(name):
    rows = recipe_choice.changes(RECIPES[name])
    assert all(row["Default"] != row["Here"] and row["What it is"].endswith(".") for row in rows)


def test_recipes_stand_in_groups_and_show_what_they_change(open_page):
    app = open_page(PAGE, run="New run")
    for kind in app.segmented_control(key="recipe_group").options:
        app.segmented_control(key="recipe_group").set_value(kind).run()
        names = app.selectbox(key="recipe").options
        assert names and all(recipe_choice.group(RECIPES[name]) == kind for name in names)
        for name in {names[0], names[-1]}:
            app.selectbox(key="recipe").set_value(name).run()
            assert not app.exception and not app.error, name
            made = RECIPES[name]
            assert app.number_input(key=f"{name}.batch").value == made.batch
            # What is not at hand here is replaced by what ships, and fits.
            offered = app.selectbox(key=f"{name}.dataset").value
            assert fitting.fits(made, datasets.source(offered)) and datasets.source(offered).local
            assert len(app.table[0].value) == len(recipe_choice.changes(made))
            assert made.note in texts(app) and models.family(made.model).summary in texts(app)


@pytest.mark.parametrize("name", ["mnist_cnn", "sr4"])
def test_an_address_opens_its_recipe(open_page, name):
    app = open_page(PAGE, run="New run", recipe=name)
    assert app.selectbox(key="recipe").value == name
    shown = {widget.key for kind in ("number_input", "selectbox", "toggle", "multiselect") for widget in app.get(kind)}
    # Settings of other games would only confuse.
    assert not shown & {f"{name}.{setting}" for setting in ("r1", "average", "diff_augment", "shared_pass")}
    assert (f"{name}.content" in shown) == (f"{name}.loss" in shown) == (name == "sr4")


def test_every_setting_has_its_place():
    placed = [name for names in recipe_settings.GROUPS.values() for name in names]
    assert len(set(placed)) == len(placed)
    elsewhere = {"name", "note", "dataset", "model", "options", "augment"}
    assert {spec.name for spec in fields(Recipe)} == set(placed) | elsewhere
    for game, names in recipe_settings.MAIN.items():
        assert set(names) <= set(placed) - set(fitting.IDLE[game])


def test_what_does_not_fit_is_said_before_there_is_a_run(open_page, runs_dir, monkeypatch):
    monkeypatch.setattr(runs, "start_worker", lambda run: pytest.fail("a worker was started"))
    app = open_page(PAGE, run="New run", recipe="korean-dcgan")
    for key, value, words in (
        ("dataset", "handwriting", "korean-dcgan is for 32x32 grey pictures"),
        ("dataset", "hangul", "set one of them to 0"),
    ):
        app.selectbox(key=f"korean-dcgan.{key}").set_value(value)
        app.number_input(key="korean-dcgan.r1").set_value(1.0)
        app.number_input(key="korean-dcgan.gradient_penalty").set_value(10.0 if value == "hangul" else 0.0)
        app.button(key="start").click().run()
        assert not app.exception and words in texts(app)
    assert not runs.list_runs()


def test_columns_are_told_together(open_page, runs_dir, monkeypatch):
    monkeypatch.setattr(runs, "start_worker", lambda run: None)
    app = open_page(PAGE, run="New run", recipe="avatars32")
    told = app.multiselect(key="avatars32.avatars32.condition")
    assert told.value == ["hair", "skin"] and "cut" in told.options
    told.set_value(["skin"])
    app.multiselect(key="avatars32.diff_augment").set_value(["cutout"])
    app.button(key="start").click().run()
    (run,) = runs.list_runs()
    assert (run.recipe.condition, run.recipe.diff_augment) == ("skin", "cutout")


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
    assert len(app.get("plotly_chart")) == 3  # losses, D, and R1
    assert "<span>9</span>" in "".join(element.value for element in app.get("html"))
    assert "Samples at step 20" in "".join(element.value for element in app.get("html"))


def written(name, settings, classes, records, sheet):
    """A run as a worker leaves it, but for the training."""
    run = runs.create(recipe(name).with_settings(settings))
    run.write_classes(classes)
    lines = ({"step": i, "images_seen": 8 * i, "seconds": i, **record} for i, record in enumerate(records, 1))
    (run.path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (run.path / "samples").mkdir()
    (run.path / "samples" / "00000001.png").write_bytes(images.encode_png(np.zeros((*sheet, 3), np.uint8)))
    return run


def test_super_resolution_before_the_discriminator_joins(open_page, runs_dir):
    records = [{"g_loss": 0.1, "content": 0.1}, {"psnr": 18.5, "psnr_gain": -0.25, "ssim": 0.7}]
    app = open_page(PAGE, run=written("sr4", {}, ("all",), records, (4 * 66 - 2, 8 * 66 - 2)).id)
    shown = texts(app)
    joins = f"The discriminator joins at step {recipe('sr4').content_steps:,}."
    assert joins in shown and "enlarged by bicubic interpolation" in shown
    assert [metric.value for metric in app.metric] == ["18.50 dB", "-0.25 dB", "0.700"]


def test_columns_told_together_have_their_names_over_the_samples(open_page, runs_dir):
    settings = {"loss": "wasserstein", "r1": 0.0, "gradient_penalty": 10.0}
    names = [f"{hair}, {skin}" for hair in "abcdefgh" for skin in ("<i>", "pale", "tan", "deep", "light", "warm")]
    records = [{"g_loss": 1.0, "d_loss": 2.0, "distance": 0.5, "r1": 0.0, "gradient_penalty": 0.9}]
    app = open_page(PAGE, run=written("avatars32", settings, names, records, (6 * 34 - 2, 48 * 34 - 2)).id)
    assert "Distance of real and drawn pictures" in texts(app) and "D(real)" not in texts(app)
    (sheet,) = [element.value for element in app.get("html") if "Samples at step 1" in element.value]
    assert sheet.count("<span>") == 48 and "<span>a,<br>&lt;i&gt;</span>" in sheet
    assert f"--w:{2 * 1630}px;--least:{2 * 1630}px" in sheet  # it scrolls, rather than become too small to see


@pytest.mark.parametrize(
    ("name", "classes", "cell", "shape"),
    [("cgan28", 10, 30, (6, 10)), ("avatars32", 48, 34, (6, 48)), ("sr4", 1, 66, (4, 8))],
)
def test_a_run_outlives_its_data_set(open_page, runs_dir, name, classes, cell, shape):
    sheet = tuple(cell * count - 2 for count in shape)
    settings = {"dataset": "handwriting"} if name == "cgan28" else {}
    run = written(name, settings, [f"class {i}" for i in range(classes)], [{"g_loss": 1.0}, {"psnr": 20.0}], sheet)
    before = open_page(PAGE, run=run.id)
    run.write_recipe(run.recipe.with_settings({"dataset": "renamed-since"}))
    app = open_page(PAGE, run=run.id)
    assert not app.error and len(app.get("plotly_chart")) == len(before.get("plotly_chart")) > 0
    assert [one.value for one in app.get("html")] == [one.value for one in before.get("html")]
    assert "Samples at step 1" in "".join(one.value for one in app.get("html"))


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
    app = open_page(PAGE, run="*gone*")
    assert r"no run \*gone\* any more" in texts(app)
    assert app.button(key="start")


def test_a_torn_and_empty_run_folder(open_page, runs_dir):
    run = runs.create(recipe("cgan28").with_settings(SMALL))
    (run.path / "metrics.jsonl").write_text('{"step": 1, "ima')
    (run.path / "status.json").write_text("{")
    app = open_page(PAGE, run=run.id)
    assert "first samples" in texts(app)
