"""Data > Augment without a browser: choose, change, reorder, save, train, multiply."""

from __future__ import annotations

import json

import pytest

from gan import augment, datasets
from gan.augment import PRESETS, Plan, Step, multiply
from gan.datasets import kept

PAGE = "augmenting.py"


def open_augment(open_page, **query):
    return open_page(PAGE, **{"data": "handwriting", **query})


def plan_of(app) -> Plan:
    """The plan in the address."""
    return Plan.from_json(_query(app, "plan"))


def _query(app, name):
    value = app.query_params[name]
    return value[0] if isinstance(value, list) else value


def widget(app, kind, place, what):
    return next(w for w in getattr(app, kind) if w.key.startswith(f"step{place}.{what}."))


def titles(app):
    return [text.value.strip("*") for text in app.markdown if text.value[:3].strip("*").isdigit()]


def test_opens_with_pictures_before_and_after(open_page, pictures_of):
    app = open_augment(open_page)
    shown = pictures_of(app)
    assert len({name for name, _ in shown}) == 10  # a class a row: the picture and four copies
    assert len({source for _, source in shown}) == 50
    assert titles(app) == ["1. Rotate", "2. Scale", "3. Shift sideways", "4. Shift up or down", "5. Contrast"]


def test_the_seed_decides(open_page, pictures_of):
    app = open_augment(open_page, seed="5")
    first = pictures_of(app)
    app.button(key="seed_new").click().run()
    assert pictures_of(app) != first
    assert pictures_of(open_augment(open_page, seed="5")) == first


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens(open_page, name):
    app = open_augment(open_page, preset=name)
    assert not app.error and app.selectbox(key="preset").value == name
    assert len(titles(app)) == len(PRESETS[name].steps)


def test_a_change_is_seen_and_is_in_the_address(open_page, pictures_of):
    app = open_augment(open_page, preset="rotate15")
    before = pictures_of(app)
    widget(app, "slider", 0, "range").set_value((40.0, 50.0)).run()
    assert not app.exception
    assert plan_of(app).steps == (Step("rotate", 40, 50, fill="white"),)
    assert plan_of(app).name == "rotate15 (changed)"
    assert pictures_of(app) != before
    widget(app, "slider", 0, "probability").set_value(25).run()
    widget(app, "selectbox", 0, "fill").set_value("wrap").run()
    assert plan_of(app).steps == (Step("rotate", 40, 50, 0.25, "wrap"),)
    again = open_augment(open_page, preset="rotate15", plan=_query(app, "plan"))
    assert pictures_of(again) == pictures_of(app)
    app.selectbox(key="preset").set_value("gentle").run()  # another start drops what was changed
    assert "plan" not in app.query_params and len(titles(app)) == 5


def test_a_change_is_there_when_one_comes_back(open_page):
    app = open_augment(open_page, preset="rotate15")
    app.selectbox(key="add_step").set_value("noise").run()
    del app.query_params["plan"]  # as the browser does
    app.switch_page("home.py").run()
    app.switch_page(PAGE).run()
    assert titles(app) == ["1. Rotate", "2. Noise"] and len(plan_of(app).steps) == 2
    app.selectbox(key="preset").set_value("gentle").run()
    assert "plan" not in app.query_params and len(titles(app)) == 5


def test_steps_are_added_moved_and_removed(open_page):
    app = open_augment(open_page, preset="rotate15")
    app.selectbox(key="add_step").set_value("noise").run()
    app.selectbox(key="add_step").set_value("erase").run()
    assert not app.exception and app.selectbox(key="add_step").value is None
    assert titles(app) == ["1. Rotate", "2. Noise", "3. Erase"]
    assert widget(app, "button", 0, "earlier").disabled and widget(app, "button", 2, "later").disabled
    widget(app, "button", 2, "earlier").click().run()
    widget(app, "button", 0, "later").click().run()
    assert titles(app) == ["1. Erase", "2. Rotate", "3. Noise"]
    assert widget(app, "slider", 1, "range").value == (-15.0, 15.0)  # its settings moved along
    for _ in range(3):
        widget(app, "button", 0, "remove").click().run()
    assert not app.exception and titles(app) == []
    assert any("No steps" in info.value for info in app.info)


def test_changes_in_quick_succession_are_all_made(open_page):
    """As they come while the page is still being drawn for the first of them."""
    app = open_augment(open_page, preset="rotate15")
    widget(app, "slider", 0, "range").set_value((40.0, 50.0))
    widget(app, "slider", 0, "probability").set_value(25)
    app.selectbox(key="add_step").set_value("noise").run()
    assert plan_of(app).steps == (Step("rotate", 40, 50, 0.25, "white"), Step("noise"))
    widget(app, "button", 0, "later").click()
    widget(app, "button", 1, "remove").click()  # by now another step has its place
    app.run()
    assert not app.exception and titles(app) in (["1. Noise", "2. Rotate"], ["1. Rotate"])


def test_a_flip_of_digits_is_advised_against(open_page):
    app = open_augment(open_page, preset="colour")
    assert any("mirrored" in warning.value for warning in app.warning)
    assert not open_augment(open_page).warning


@pytest.mark.parametrize("plan", ["{", "[]", '{"steps": [{"transform": "rotat"}]}'])
def test_a_broken_plan_in_the_address_is_told_and_left(open_page, plan):
    app = open_augment(open_page, plan=plan)
    assert "cannot be used" in app.warning[0].value
    assert len(titles(app)) == 5


@pytest.mark.parametrize("query", [{"preset": "nonsense"}, {"seed": "-1"}, {"data": "nonsense"}, {"times": "0"}])
def test_nonsense_in_the_address(open_page, query):
    assert not open_augment(open_page, **query).error


def test_saved_chosen_used_and_deleted(open_page):
    app = open_augment(open_page, preset="rotate15")
    app.selectbox(key="add_step").set_value("noise").run()
    app.text_input(key="plan_name").set_value("mine").run()
    app.button(key="save_plan").click().run()
    assert not app.exception and not app.error
    assert augment.plan("mine").steps == (Step("rotate", -15, 15, fill="white"), Step("noise"))
    assert app.selectbox(key="preset").value == "mine" and "plan" not in app.query_params
    form = open_page("live_training.py", run="New run", dataset="handwriting", augment="mine")
    assert form.selectbox(key="cgan28.augment").value == "mine"
    app.button(key="delete_plan").click().run()
    assert not app.exception and augment.saved() == []
    assert app.selectbox(key="preset").value == "gentle"


@pytest.mark.parametrize("name", ["", "Mine!", "gentle"])
def test_a_name_that_cannot_be_is_told(open_page, name):
    app = open_augment(open_page)
    app.text_input(key="plan_name").set_value(name).run()
    app.button(key="save_plan").click().run()
    assert "name:" in app.error[0].value and augment.saved() == []


def test_an_unsaved_plan_trains_as_well(open_page):
    text = Plan("draft", (Step("rotate", -3, 3),)).to_json()
    form = open_page("live_training.py", run="New run", dataset="handwriting", augment=text)
    assert form.selectbox(key="cgan28.augment").value == text
    assert json.loads(text)["name"] in form.selectbox(key="cgan28.augment").options
    broken = open_page("live_training.py", run="New run", dataset="handwriting", augment="{")
    assert broken.error and broken.selectbox(key="cgan28.augment").value == "none"


def test_multiplied_and_offered_for_browsing(open_page, finish):
    counts = datasets.source("handwriting").counts
    app = open_augment(open_page, preset="wrap27")
    app.number_input(key="times").set_value(2).run()
    said = f"{counts['train']:,} training pictures become {2 * counts['train']:,}"
    assert any(said in caption.value for caption in app.caption)
    app.text_input(key="multiplied_name").set_value("twice").run()
    finish(app.button(key="multiply").click().run())
    assert not app.error
    assert kept.kept()["twice"].counts == {**counts, "train": 2 * counts["train"]}
    assert len(datasets.load("twice").train) == 2 * len(datasets.load("handwriting").train)
    assert any("twice is kept" in message.value for message in app.success)


def test_multiplying_goes_on_when_the_page_is_left(open_page, finish):
    app = open_augment(open_page, preset="wrap27")
    app.text_input(key="multiplied_name").set_value("many").run()
    app.number_input(key="times").set_value(9).run()
    app.button(key="multiply").click().run()
    app.switch_page("browse.py").run()
    app.switch_page(PAGE).run()
    finish(app)
    assert any("many is kept" in message.value for message in app.success) and "many" in kept.kept()
    app.button(key="close_multiply").click().run()
    assert not app.success


def test_multiplying_is_cancelled_and_nothing_is_left(open_page, finish):
    app = open_augment(open_page)
    app.text_input(key="multiplied_name").set_value("many").run()
    app.number_input(key="times").set_value(500).run()
    app.button(key="multiply").click().run()
    assert app.button(key="multiply").disabled
    app.button(key="cancel_multiply").click().run()
    finish(app)
    assert not app.success and not app.error and kept.kept() == {}


def test_a_taken_name_is_told(open_page):
    app = open_augment(open_page)
    app.text_input(key="multiplied_name").set_value("mnist").run()
    app.button(key="multiply").click().run()
    assert "already" in app.error[0].value and kept.kept() == {}


def test_a_full_disk_while_multiplying_is_told(open_page, monkeypatch, finish):
    def full(self, rows):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(multiply.Growing, "append", full)
    app = open_augment(open_page)
    finish(app.button(key="multiply").click().run())
    assert "full" in app.error[0].value and kept.kept() == {}
