"""Data > Browse: bringing files, and what can be done with the sets they become."""

from __future__ import annotations

import io
import threading
import zipfile

import numpy as np
import pytest

from gan import datasets, images
from gan.datasets import kept


def pictures_zip(broken: bool = False) -> bytes:
    """Twelve pictures of two classes, with a table."""
    rng = np.random.default_rng(1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        table = ["file,mood"]
        for i in range(12):
            name = f"{'cat' if i % 2 else 'dog'}/{i}.png"
            archive.writestr(name, images.encode_png(rng.integers(0, 256, (40, 50, 3), np.uint8)))
            table.append(f"{name},{'good' if i < 6 else 'bad'}")
        archive.writestr("moods.csv", "\n".join(table))
        if broken:
            archive.writestr("cat/torn.png", b"\x89PNG\r\n\x1a\n and no more")
    return buffer.getvalue()


@pytest.fixture
def own(local_data):
    rng = np.random.default_rng(1)
    return kept.keep("own", rng.integers(0, 256, (50, 16, 16, 1), np.uint8), np.arange(50) % 2, ("x", "y"))


def drop(open_page, name: str, data: bytes):
    app = open_page("browse.py")
    app.session_state["bring"] = True
    app.run()
    app.get("file_uploader")[0].set_value((name, data, "application/octet-stream")).run()
    assert not app.exception
    return app


def facts(app) -> str:
    return "".join(element.value for element in app.get("html") if "gan-facts" in element.value)


def test_a_zip_is_looked_at_then_kept_and_shown(open_page, finish):
    app = drop(open_page, "pets.zip", pictures_zip())
    assert "12 pictures in 2 classes" in facts(app)
    assert "cat (6), dog (6)" in facts(app)
    assert not kept.kept()
    app.selectbox(key="set_size6").set_value(32)
    finish(app.button(key="keep").click().run())
    assert not app.error
    assert app.selectbox(key="dataset").value == "pets"
    row = kept.kept()["pets"]
    assert row.shape == (32, 32, 3)
    assert row.attributes == ("mood",)
    assert any("12 pictures kept" in text.value.replace("\\", "") for text in (*app.success, *app.warning))


def test_what_is_left_out_is_reported(open_page, finish):
    app = drop(open_page, "pets.zip", pictures_zip(broken=True))
    finish(app.button(key="keep").click().run())
    text = app.warning[0].value.replace("\\", "")
    assert "12 pictures kept" in text
    assert "torn.png" in text
    assert sum(kept.kept()["pets"].counts.values()) == 12


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("pets.zip", b"no zip at all", "not a ZIP"),
        ("letter.txt", b"dear all", "nothing to make a data set of"),
        ("faces.tar", b"pictures", "zip the folder"),
        ("cells.mat", b"MATLAB 5.0", "as .npz"),
    ],
)
def test_what_cannot_be_used_is_said_kindly(open_page, name, data, words):
    app = drop(open_page, name, data)
    assert words in app.error[0].value
    assert not kept.kept()


def test_fonts_are_shown_the_way(open_page):
    app = drop(open_page, "script.ttf", b"\0\1\0\0")
    assert "fonts" in app.info[0].value


def test_a_taken_name_is_refused_and_nothing_is_lost(open_page, own, finish):
    app = drop(open_page, "pets.zip", pictures_zip())
    app.text_input(key="set_name0").set_value("own")
    app.button(key="keep").click().run()
    assert "already" in app.error[0].value
    assert list(kept.kept()) == ["own"]
    app.text_input(key="set_name0").set_value("pets")
    finish(app.button(key="keep").click().run())
    assert sorted(kept.kept()) == ["own", "pets"]


def test_a_set_is_renamed(open_page, own):
    app = open_page("browse.py", dataset="own", tab="About")
    app.text_input(key="rename_to").set_value("mine")
    app.button(key="rename").click().run()
    assert not app.exception
    assert list(kept.kept()) == ["mine"]
    assert app.selectbox(key="dataset").value == "mine"
    app.text_input(key="rename_to").set_value("handwriting")
    app.button(key="rename").click().run()
    assert any("already" in error.value for error in app.error)


def test_a_set_is_split_anew(open_page, own, finish):
    app = open_page("browse.py", dataset="own", tab="About")
    before = datasets.load("own").train.digest
    app.slider(key="resplit_own_share").set_value(60)
    app.number_input(key="resplit_own_seed").set_value(5).run()
    finish(app.button(key="resplit").click().run())
    assert kept.kept()["own"].counts == {"train": 30, "test": 20}
    assert datasets.load("own").train.digest != before
    assert "60% for training, seed 5" in facts(app)


def test_splitting_one_set_leaves_another_alone(open_page, own, finish, monkeypatch):
    kept.keep("other", np.zeros((20, 16, 16, 1), np.uint8), np.zeros(20, int), ("all",))
    resplit, go = kept.resplit, threading.Event()
    monkeypatch.setattr(kept, "resplit", lambda *given: go.wait(60) and resplit(*given))
    app = open_page("browse.py", dataset="own", tab="About")
    app.slider(key="resplit_own_share").set_value(60).run()
    app.button(key="resplit").click().run()
    other = open_page("browse.py", dataset="other", tab="About")
    other.slider(key="resplit_other_share").set_value(50).run()
    assert app.button(key="resplit").disabled and not other.button(key="resplit").disabled
    go.set()
    finish(other)
    assert other.selectbox(key="dataset").value == "other"
    assert finish(app).selectbox(key="dataset").value == "own" and kept.kept()["own"].counts["train"] == 30


def test_a_set_is_removed_and_brought_back(open_page, own):
    app = open_page("browse.py", dataset="own", tab="About")
    app.button(key="remove").click().run()
    assert not app.exception
    assert not kept.kept()
    app.button(key="undo").click().run()
    assert not app.exception
    assert app.selectbox(key="dataset").value == "own"
    assert list(kept.kept()) == ["own"]


def test_removing_a_set_takes_its_filters_along(open_page, own):
    app = open_page("browse.py", dataset="own", tab="About")
    app.button_group(key="class").set_value(["x"]).run()
    app.button(key="remove").click().run()
    assert not app.exception
    app.button(key="undo").click().run()
    assert app.button_group(key="class").value == []


def test_what_cannot_be_brought_back_is_said(open_page, own):
    kept.remove("own")
    kept.keep("own", np.zeros((4, 16, 16, 1), np.uint8), np.zeros(4, int), ("all",))
    app = open_page("browse.py")
    app.session_state["bring"] = True
    app.run()
    app.button(key="back-own").click().run()
    assert "already" in app.error[0].value


def test_sets_that_come_with_the_app_cannot_be_changed(open_page):
    app = open_page("browse.py", tab="About")
    assert not [button for button in app.button if button.key in ("rename", "remove", "resplit")]
