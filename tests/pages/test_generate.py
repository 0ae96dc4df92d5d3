"""Explore > Generate: labels to order, and lines of text."""

from __future__ import annotations

import pytest

from tests.small_models import save_generator

GLYPHS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
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


def test_without_a_label_all_are_drawn_again(open_page, pictures_of):
    app = open_page("generate.py", count="4", label="7")
    app.button_group(key="label").set_value([]).run()
    assert not app.exception
    assert labels(pictures_of(app)) == ["0", "1", "2", "3"]


@pytest.fixture(scope="module")
def saved(small_models, tmp_path_factory):
    """A folder of models with ten classes, with 62, with columns, and with nothing to ask for."""
    folder = tmp_path_factory.mktemp("several")
    (folder / "digits").symlink_to(small_models / "digits")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(folder))
        save_generator("glyphs", class_names=tuple(GLYPHS))
        columns = {"hair": ("black", "green"), "skin": ("dark", "pale", "tan")}
        save_generator("faces", family="cgan", columns=columns, shape=(32, 32, 3))
        save_generator("plain", family="cgan", class_names=())
    return folder


@pytest.fixture
def several(open_page, saved, monkeypatch):
    """The models of `saved`, in use."""
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(saved))


def test_many_labels_are_chosen_from_a_list_and_named_below_their_pictures(open_page, several, pictures_of):
    app = open_page("generate.py", model="glyphs", count="70")
    assert not app.button_group(key="view").disabled and len(app.multiselect) == 1
    assert labels(pictures_of(app)) == [*GLYPHS, *GLYPHS[:8]]
    app.multiselect(key="label").set_value(["Q", "q"]).run()
    assert labels(pictures_of(app)) == ["Q"] * 35 + ["q"] * 35  # a row each


def test_columns_are_asked_for_one_by_one(open_page, several, pictures_of):
    app = open_page("generate.py", model="faces", count="12")
    assert [choice.label for choice in app.multiselect] == ["Hair", "Skin"]
    assert set(labels(pictures_of(app))) == {f"{h}, {s}" for h in ("black", "green") for s in ("dark", "pale", "tan")}
    app.multiselect(key="label_hair").set_value(["green"]).run()
    assert set(labels(pictures_of(app))) == {"green, dark", "green, pale", "green, tan"}
    app.multiselect(key="label_skin").set_value(["pale"]).run()
    assert labels(pictures_of(app)) == ["green, pale"] * 12
    again = open_page("generate.py", model="faces", count="12", label_hair="green", label_skin=["pale", "tan"])
    assert labels(pictures_of(again)) == ["green, pale"] * 6 + ["green, tan"] * 6


def test_a_model_without_classes_is_asked_for_a_number(open_page, several, pictures_of):
    app = open_page("generate.py", model="plain", count="7")
    assert labels(pictures_of(app)) == [""] * 7


def test_the_models_can_be_changed_whatever_was_chosen(open_page, several, pictures_of):
    app = open_page("generate.py", label=["3", "7"], count="8")
    for model, drawn in (("glyphs", 8), ("faces", 8), ("plain", 8), ("digits", 8)):
        app.selectbox(key="model").set_value(model).run()
        assert not app.exception and not app.error
        assert len(pictures_of(app)) == drawn


def test_writes_a_line_by_several_models(open_page, several, pictures_of):
    app = open_page("generate.py", **LINE, text="Room 101")
    assert labels(pictures_of(app)) == ["Room 101"]
    assert any(r"glyphs \(Rom\), digits \(10\)" in caption.value for caption in app.caption)
    assert app.selectbox(key="writer").options == ["Any model", "digits", "glyphs"]
    before = pictures_of(app)
    app.selectbox(key="writer").set_value("glyphs").run()
    assert any(r"Written by glyphs \(Rom10\)" in caption.value for caption in app.caption)
    assert pictures_of(app) != before


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
        ("12a, é", "There is no way to write “a” “,” “é”. digits can write 0–9 and spaces."),
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
        {**LINE, "writer": "none"},
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
