"""Explore > Generate: labels to order, and lines of text."""

from __future__ import annotations

import pytest

LINE = {"view": "A line of text"}


def labels(pictures) -> list[str]:
    return [name for name, _ in pictures]


def test_draws_some_of_every_label(open_page, pictures_of):
    app = open_page("generate.py")
    assert labels(pictures_of(app)) == [digit for digit in "0123456789" for _ in range(10)]


def test_draws_the_labels_that_are_asked_for(open_page, pictures_of):
    app = open_page("generate.py", label=["3", "7"], count="5")
    assert labels(pictures_of(app)) == ["3", "3", "3", "7", "7"]
    app.button_group(key="label").set_value(["3"]).run()
    assert labels(pictures_of(app)) == ["3"] * 5


def test_a_seed_draws_the_same_pictures_and_a_new_one_others(open_page, pictures_of):
    app = open_page("generate.py", count="6", seed="5")
    assert pictures_of(app) == pictures_of(open_page("generate.py", count="6", seed="5"))
    before = pictures_of(app)
    app.button(key="seed_new").click().run()
    assert app.number_input(key="seed").value != 5
    assert app.query_params["seed"] == str(app.number_input(key="seed").value)
    assert pictures_of(app) != before


def test_more_pictures_keep_those_that_were_there(open_page, pictures_of):
    few = pictures_of(open_page("generate.py", label="4", count="3"))
    assert pictures_of(open_page("generate.py", label="4", count="20"))[:3] == few


def test_truncation_changes_the_pictures(open_page, pictures_of):
    app = open_page("generate.py", count="4")
    before = pictures_of(app)
    app.slider(key="truncation").set_value(0.3).run()
    assert labels(pictures_of(app)) == labels(before)
    assert pictures_of(app) != before


def test_many_are_drawn_but_not_all_shown(open_page, pictures_of):
    app = open_page("generate.py", count="1000")
    assert len(pictures_of(app)) == 100
    assert labels(pictures_of(app)) == [digit for digit in "0123456789" for _ in range(10)]
    assert any("of 1000 pictures" in caption.value for caption in app.caption)


def test_no_label_asks_for_one(open_page, pictures_of):
    app = open_page("generate.py", count="4")
    app.button_group(key="label").set_value([]).run()
    assert not app.exception
    assert pictures_of(app) == []
    assert "Choose at least one label" in app.info[0].value


def test_writes_a_line(open_page, pictures_of):
    app = open_page("generate.py", **LINE, text="2026")
    assert labels(pictures_of(app)) == ["2026"]
    before = pictures_of(app)
    for key, value in (("one_hand", False), ("dark_ink", False)):
        app.toggle(key=key).set_value(value).run()
        assert not app.exception
        assert pictures_of(app) != before
        before = pictures_of(app)
    app.text_input(key="text").set_value("20 26").run()
    assert labels(pictures_of(app)) == ["20 26"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12a, é", "There is no way to write “a” “,” “é”. digits can write 0 1 2 3 4 5 6 7 8 9 and spaces."),
        ("   ", "There is nothing to write yet."),
        ("<img src=x>", "There is no way to write “<” “i”"),
    ],
)
def test_text_it_cannot_write_is_said_and_the_page_goes_on(open_page, pictures_of, text, said):
    app = open_page("generate.py", **LINE, text="12")
    app.text_input(key="text").set_value(text).run()
    assert app.error[0].value.startswith(said)
    assert pictures_of(app) == []
    app.text_input(key="text").set_value("34").run()
    assert not app.error
    assert labels(pictures_of(app)) == ["34"]


@pytest.mark.parametrize(
    "query",
    [
        {"model": "none"},
        {"label": "x"},
        {"count": "100000"},
        {"count": "many"},
        {"seed": "-1"},
        {"truncation": "7"},
        {"view": "none"},
        {**LINE, "text": "1" * 201},
        {**LINE, "spacing": "-5"},
    ],
)
def test_nonsense_in_the_address_does_not_break_the_page(open_page, query):
    app = open_page("generate.py", **query)
    assert not app.exception
    assert app.get("html")


def test_without_models_says_what_to_do(open_page, weights_dir):
    app = open_page("generate.py")
    assert any("There is no model yet" in text.value for text in app.markdown)
    assert [link.proto.page for link in app.get("page_link")] == ["train"]
