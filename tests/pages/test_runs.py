"""Train > Runs without a browser: the table, what is chosen by the address, comparing, films, and managing."""

from __future__ import annotations

import json
import os
import time

import psutil
import pytest

from gan import registry
from gan.recipes import Recipe
from gan.training import managing, runs
from tests.small_runs import SMALL, make_run

PAGE = "runs.py"


def texts(app):
    kinds = ("markdown", "caption", "success", "warning", "error", "info")
    return "\n".join(element.value for kind in kinds for element in getattr(app, kind))


def drawn(app):
    """Wait until the time machine's pictures are drawn."""
    end = time.monotonic() + 60
    while not any(button.key == "film" for button in app.button):
        assert time.monotonic() < end and not app.exception and not app.error
        time.sleep(0.1)
        app.run()
    return app


def tick(app, row):
    """Have one row of the table ticked, as in a browser."""
    states = app._tree.get_widget_states()
    states.widgets.add(id=app.dataframe[0].proto.id, string_value=json.dumps({"selection": {"rows": [row]}}))
    app._run(states)


@pytest.fixture
def sheets(runs_dir):
    """A run that shows its sheets of samples: nothing of it needs Keras."""
    return managing.rename(make_run(nets=False, sheets=(0, 4, 12)), "sheets")


def test_without_runs_the_way_to_train_is_shown(open_page):
    app = open_page(PAGE)
    assert "There is no run yet" in texts(app) and not app.error


def test_the_newest_is_chosen_and_the_table_is_searched(open_page, sheets):
    other = managing.rename(make_run(settings=SMALL | {"learning_rate": 1e-3}, nets=False), "faster")
    managing.write_note(other, "Five times the rate")
    app = open_page(PAGE)
    assert "1 of 2 runs chosen" in texts(app)
    table = app.dataframe[0].value
    assert list(table["Run"]) == ["faster", "sheets"] and list(table["FID"]) == [9.0, 9.0]
    assert "PSNR" not in table and table["Note"][0] == "Five times the rate"
    app.text_input(key="q").set_value("FIVE rate").run()
    assert list(app.dataframe[0].value["Run"]) == ["faster"]
    app.text_input(key="q").set_value("nothing like it").run()
    assert "None of 2 runs" in texts(app) and not app.exception


def test_a_tick_forgets_what_is_gone(open_page, sheets):
    managing.rename(make_run(nets=False), "other")
    app = open_page(PAGE, runs="gone,other", panel="Recipes")
    tick(app, list(app.dataframe[0].value["Run"]).index("sheets"))
    assert "gone" not in texts(app) and app.query_params["runs"] in ("sheets", ["sheets"])


def test_going_back_in_time_and_taking_a_film_home(open_page, sheets, finish):
    app = drawn(open_page(PAGE, runs="sheets"))
    assert "its sheets of samples" in texts(app)
    app.number_input(key="film_seconds_1").set_value(10_000.0)
    app.button(key="film").click().run()
    finish(app)
    assert "too many for one film" in texts(app)
    app.number_input(key="film_seconds_1").set_value(1.0)
    app.button(key="film").click().run()
    finish(app)
    assert not app.error and any(button.label.startswith("sheets.gif") for button in app.get("download_button"))
    app.text_input(key="epochs_sheets").set_value("one, two").run()
    assert "write up to 20 numbers" in texts(app)


def test_a_film_is_of_the_window_that_asked_for_it(open_page, sheets, finish):
    mine, other = (drawn(open_page(PAGE, runs="sheets")) for _ in range(2))
    mine.button(key="film").click().run()
    finish(mine)
    files = [
        any(button.label.startswith("sheets.gif") for button in app.run().get("download_button"))
        for app in (mine, other)
    ]
    assert files == [True, False]


def test_a_run_that_goes_while_its_time_machine_is_open(open_page, sheets):
    managing.rename(make_run(nets=False), "other")
    app = drawn(open_page(PAGE, runs="sheets,gone"))
    assert "There is no run gone any more" in texts(app)
    managing.remove(sheets)  # in another window
    app.run()
    assert "There is no run sheets, gone any more" in texts(app) and not app.exception
    app.button(key="back-sheets").click().run()
    assert runs.find("sheets") and not app.exception


def test_of_several_runs_those_are_shown_that_can_be(open_page, sheets):
    managing.rename(make_run(nets=False, sheets=()), "empty")
    app = drawn(open_page(PAGE, runs="sheets,empty", axis="Pictures seen", at="nan"))
    assert "empty: nothing is kept of it yet" in texts(app) and "its sheets of samples" in texts(app)


def test_what_could_not_be_drawn_can_be_drawn_later(open_page, sheets):
    recipe = sheets.recipe
    sheets.write_recipe(recipe.with_settings({"dataset": "renamed-since"}))
    app, end = open_page(PAGE, runs="sheets"), time.monotonic() + 60
    while not app.error:
        assert time.monotonic() < end
        time.sleep(0.1)
        app.run()
    sheets.write_recipe(recipe)  # the data set has its name again
    assert "renamed-since" in app.run().error[0].value
    app.button(key="draw_machine").click().run()
    drawn(app)
    assert not app.error and not [button for button in app.button if button.key == "draw_machine"]


def test_a_note_from_another_window_is_not_lost(open_page, sheets):
    app = open_page(PAGE, runs="sheets", panel="Manage")
    managing.write_note(sheets, "From the other window")
    app.button(key="rename_run").run()
    assert app.text_area(key="note-sheets").value == managing.note(sheets) == "From the other window"
    managing.write_note(sheets, "Once more")
    app.text_area(key="note-sheets").set_value("From here").run()
    assert managing.note(sheets) == "Once more\n\nFrom here" and not app.exception
    app.text_area(key="note-sheets").set_value("x" * 3000).run()
    assert "2,000 are the most" in texts(app) and managing.note(sheets).startswith("Once more")
    managing.write_note(sheets, "a" * 1500)
    app.text_area(key="note-sheets").set_value("b" * 1500).run()
    assert "it has 3,002 characters" in texts(app) and managing.note(sheets) == "a" * 1500
    assert app.text_area(key="note-sheets").value == "a" * 1500 + "\n\n" + "b" * 1500  # to be shortened


def test_removed_runs_are_deleted_when_they_were_seen(open_page, sheets):
    managing.remove(sheets)
    app = open_page(PAGE)
    managing.remove(managing.rename(make_run(nets=False), "other"))  # in another window
    app.button(key="erase").click().run()
    assert managing.removed() == ["other"] and not app.exception


def test_curves_and_recipes_of_two(open_page, sheets):
    managing.rename(make_run(settings=SMALL | {"r1": 2.5, "width": 8}, nets=False), "other")
    app = open_page(PAGE, runs="sheets,other", panel="Curves", over="Minutes")
    assert app.multiselect(key="measures").value == ["fid", "g_loss"] and not app.exception
    app = open_page(PAGE, runs="sheets,other", panel="Recipes")
    table = app.table[0].value
    assert set(table["Setting"]) == {"R1 weight", "Width"} and "2.5" in str(table.values)
    app = open_page(PAGE, runs="other", panel="Recipes")
    assert "changes from the defaults" in texts(app)


def test_renaming_noting_removing_and_undoing(open_page, sheets):
    app = open_page(PAGE, runs="sheets", panel="Manage")
    app.text_area(key="note-sheets").set_value("Kept for its sevens").run()
    assert managing.note(sheets) == "Kept for its sevens"
    for name in ("", "not a name!", "x" * 10_000):
        assert not app.button(key="rename_run").disabled
        app.text_input(key="rename-sheets").set_value(name).run()
        app.button(key="rename_run").click().run()
        assert "cannot be used" in app.error[0].value and len(app.error[0].value) < 200
    app.text_input(key="rename-sheets").set_value("sevens")  # and pressed at once
    app.button(key="rename_run").click().run()
    assert app.query_params["runs"] in ("sevens", ["sevens"]) and managing.note(runs.find("sevens"))
    app.button(key="remove_run").click().run()
    assert not runs.list_runs() and "**sevens** was removed" in texts(app)
    app.button(key="undo").click().run()
    assert [run.id for run in runs.list_runs()] == ["sevens"] and not app.exception


def test_checkpoints_set_aside_as_damaged_are_removed(open_page, sheets):
    damaged = sheets.path / "checkpoints" / "damaged-12"
    damaged.mkdir(parents=True)
    (damaged / "generator.npz").write_bytes(b"half" * 50_000)
    app = open_page(PAGE, runs="sheets", panel="Manage")
    assert "damaged 0.2 MB" in texts(app)
    app.button(key="remove_damaged_checkpoints_run").click().run()
    assert not damaged.exists() and "damaged" not in texts(app) and not app.exception and runs.find("sheets")


def test_a_working_run_is_stopped_before_it_is_removed(open_page, sheets):
    app = open_page(PAGE, runs="sheets", panel="Manage")
    me = {"pid": os.getpid(), "pid_started": psutil.Process().create_time()}
    sheets.write_status({**sheets.status(), **me, "state": "running"})  # in another window
    app.button(key="remove_run").click().run()
    assert "a worker is at it; stop it before removing it" in texts(app) and runs.list_runs()
    assert app.button(key="remove_run").disabled
    app.button(key="stop_run").click().run()
    assert sheets.take_requests() == {"stop"}


def test_a_fork_and_a_model(open_page, runs_dir, weights_dir, monkeypatch):
    run = managing.rename(make_run(), "first")
    started = []
    monkeypatch.setattr(runs, "start_worker", started.append)
    app = open_page(PAGE, runs="first", panel="Manage", fork_form="true")
    app.number_input(key="fork-first.learning_rate").set_value(1e-3)
    app.button(key="fork").click().run()
    assert not app.exception and not app.error, texts(app)
    (made,) = started
    same: Recipe = run.recipe
    assert made.recipe.learning_rate == 1e-3 and made.recipe.name == same.name and "first" in managing.note(made)
    app = open_page(PAGE, runs="first", panel="Manage")
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(weights_dir))
    assert app.selectbox(key="step-first").value == 4  # where its score was best
    app.button(key="promote").click().run()
    assert "name: '' cannot be used" in texts(app) and not app.button(key="promote").disabled
    app.text_input(key="model-first").set_value("mine")
    app.button(key="promote").click().run()
    assert registry.card("mine").training["step"] == 4 and "**mine**, as of step 4" in texts(app)
    app.button(key="promote").click().run()
    assert "there is a model 'mine' already" in texts(app)
