"""Data > From fonts without a browser: choose fonts and characters, leave some out, keep the pictures."""

from __future__ import annotations

import re

import pytest

from gan import datasets
from gan.datasets import kept
from tests import small_fonts

PAGE = "from_fonts.py"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with four fonts of the tests, the last without letters."""
    folder, letters = tmp_path / "fonts", {character: small_fonts.LETTERS[character] for character in "1Ala"}
    folder.mkdir()
    for name in ("One", "Two", "Three"):
        (folder / f"{name}.ttf").write_bytes(small_fonts.file(family=name, letters=letters))
    (folder / "Zeros.ttf").write_bytes(small_fonts.file(family="Zeros", letters={"0": (small_fonts.BAR,)}))
    monkeypatch.setattr("gan.datasets.fonts.installed", lambda: sorted(folder.glob("*.ttf")))
    return folder


def rows(app):
    return {box.label.split(" · ")[0]: box for box in app.checkbox if box.key.startswith("use.")}


def said(app):
    return next((caption.value for caption in app.caption if "pictures of" in caption.value), "")


def test_without_fonts_it_explains_and_offers_those_of_the_machine(open_page, machine, pictures_of):
    app = open_page(PAGE)
    assert any("Give some fonts" in text.value for text in app.markdown)
    app.button(key="try").click().run()
    assert not app.exception
    assert list(rows(app)) == ["One", "Three", "Two", "Zeros"]
    assert app.multiselect(key="installed").value == ["One.ttf", "Three.ttf", "Two.ttf", "Zeros.ttf"]
    assert len(pictures_of(app)) == 4


def test_a_machine_without_fonts_says_so(open_page, monkeypatch):
    monkeypatch.setattr("gan.datasets.fonts.installed", list)
    app = open_page(PAGE)
    assert any("No fonts were found" in caption.value for caption in app.caption)
    assert not app.multiselect


def test_missing_characters_are_named_and_fonts_left_out(open_page, machine, pictures_of):
    app = open_page(PAGE, chars="Typed", typed="1AB")
    app.multiselect(key="installed").set_value(["One.ttf", "Two.ttf", "Zeros.ttf"]).run()
    found = rows(app)
    assert found["One"].label == "One · lacks B"
    assert found["Zeros"].label == "Zeros · lacks all" and found["Zeros"].disabled
    assert "Up to 4 pictures of 2 classes from 2 fonts" in said(app)  # no font has B
    assert [name for name, _ in pictures_of(app)] == [f"{name}: 1 A B; it lacks B" for name in ("One", "Two")]
    found["One"].uncheck().run()
    assert "from 1 fonts" in said(app)
    app.toggle(key="complete").set_value(True).run()
    assert "No font is left" in app.info[0].value and not app.error


def test_an_address_restores_how_it_is_drawn(open_page, machine, pictures_of):
    plain = open_page(PAGE, chars="Typed", typed="A")
    plain.multiselect(key="installed").set_value(["One.ttf"]).run()
    wanted = {"pixels": "48", "weight": "2.0", "rotation": "15", "paper": "true", "variations": "7"}
    app = open_page(PAGE, chars="Typed", typed="A", **wanted)
    app.multiselect(key="installed").set_value(["One.ttf"]).run()
    assert app.slider(key="pixels").value == 48 and app.slider(key="weight").value == 2.0
    assert app.toggle(key="paper").value and app.slider(key="rotation").value == 15
    assert "Up to 7 pictures of 1 classes" in said(app)
    assert pictures_of(app) != pictures_of(plain)


def test_without_jitter_there_is_one_picture_of_each(open_page, machine):
    app = open_page(PAGE, chars="Typed", typed="1Ala", variations="50")
    app.multiselect(key="installed").set_value(["One.ttf"]).run()
    assert app.number_input(key="variations").disabled
    assert "Up to 4 pictures of 4 classes" in said(app)


def test_kept_it_can_be_browsed(open_page, machine, finish):
    app = open_page(PAGE, chars="Typed", typed="1A", rotation="10", variations="3")
    app.multiselect(key="installed").set_value(["One.ttf", "Two.ttf", "Three.ttf"]).run()
    app.text_input(key="set_name").set_value("bars").run()
    finish(app.button(key="keep").click().run())
    assert not app.error
    assert any("bars is kept" in success.value for success in app.success)
    row = datasets.source("bars")
    assert sum(row.counts.values()) == 18 and row.class_names == ("1", "A") and "bars" in kept.kept()
    app.button(key="keep").click().run()
    assert "already" in app.error[0].value


@pytest.mark.parametrize("typed", ["", "  "])
def test_no_characters_say_so(open_page, machine, typed):
    app = open_page(PAGE, chars="Typed", typed=typed)
    assert re.search("characters: give some", app.error[0].value)
    assert not app.exception


def test_what_was_given_is_there_when_one_comes_back(open_page, machine):
    app = open_page(PAGE, chars="Typed", typed="1A")
    app.multiselect(key="installed").set_value(["Two.ttf"])
    app.get("file_uploader")[0].set_value(("Four.ttf", small_fonts.file(family="Four"), "font/ttf")).run()
    rows(app)["Two"].uncheck().run()
    app.switch_page("browse.py").run()
    app.switch_page(PAGE).run()
    assert not app.exception
    assert {name: box.value for name, box in rows(app).items()} == {"Four": True, "Two": False}
    app.button(key="drop_earlier").click().run()
    assert list(rows(app)) == ["Two"]
