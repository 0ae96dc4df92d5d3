"""Data > Clean: a picture's text found and painted over, and whole sets cleaned."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest
from PIL import Image

from gan import cleaning, datasets
from gan.cleaning import jobs
from gan.datasets import kept
from tests.cleaning.drawn import ground, titled


@pytest.fixture
def mine(local_data, cache):
    """A kept set of four small covers with words."""
    words = ("FOX", "SEA", "OWL", "SUN")
    pictures = np.stack([titled(word, 18, art=ground(96, 96))[0] for word in words])
    return kept.keep("mine", pictures, np.zeros(4, int), ["all"], share=0.75)


def said(app) -> str:
    return next(
        caption.value for caption in app.caption if "painted over" in caption.value or "No text" in caption.value
    )


def test_a_picture_of_a_set_is_cleaned_at_once(open_page, mine):
    app = open_page("clean.py", **{"from": "mine"})
    image = datasets.load("mine").train.images[0]
    boxes, share = (r := cleaning.clean(image)).boxes, r.mask.mean()
    assert said(app) == f"{len(boxes)} box of text, {share:.1%} of the picture painted over."


def test_settings_change_what_is_masked(open_page, mine):
    app = open_page("clean.py", **{"from": "mine"})
    shares = [said(app)]
    app.slider(key="growth").set_value(8).run()
    shares.append(said(app))
    app.toggle(key="strokes").set_value(False).run()
    shares.append(said(app))
    assert len(set(shares)) == 3
    app.radio(key="method").set_value("biharmonic").run()
    app.button_group(key="show").set_value(["Mask"]).run()
    assert not app.exception and not app.error


def test_an_address_restores_the_settings(open_page, mine):
    query = {"from": "mine", "growth": "8", "threshold": "0.5", "method": "Navier-Stokes", "strokes": "false"}
    app = open_page("clean.py", **query)
    settings = cleaning.Settings(0.5, 8, "navier-stokes", False)
    share = cleaning.clean(datasets.load("mine").train.images[0], settings).mask.mean()
    assert f"{share:.1%} of the picture" in said(app)
    assert any("Navier-Stokes, whole boxes" in caption.value for caption in app.caption)


def test_covers_with_titles_come_first(open_page, local_data):
    if not datasets.source("covers").local:
        pytest.skip("the covers that ship are not here")
    app = open_page("clean.py", number="5")
    assert app.selectbox(key="from").value == "Covers with titles"
    assert "of text" in said(app)


def test_a_picture_of_ones_own(open_page, local_data):
    app = open_page("clean.py", **{"from": "A picture of your own"})
    assert any("Drop a picture" in info.value for info in app.info)
    file = io.BytesIO()
    Image.fromarray(titled()[0]).save(file, "PNG")
    app.file_uploader(key="upload").upload("moon.png", file.getvalue(), "image/png").run()
    assert said(app).startswith("1 box of text")


def test_a_file_that_is_no_picture_is_told_so_and_the_page_goes_on(open_page, mine):
    app = open_page("clean.py", **{"from": "A picture of your own"})
    app.file_uploader(key="upload").upload("moon.png", b"not a picture", "image/png").run()
    assert not app.exception
    assert "moon.png" in app.error[0].value
    assert app.button(key="clean").label == "Clean 4 pictures"


def test_a_zip_is_shown_the_way(open_page, mine):
    app = open_page("clean.py", **{"from": "A picture of your own"})
    app.file_uploader(key="upload").upload("pets.zip", b"PK", "application/zip").run()
    assert not app.exception
    assert "Browse page" in app.error[0].value


def test_another_page_has_its_own_picture(open_page, mine):
    app = open_page("browse.py")
    app.number_input(key="picture").set_value(5000).run()
    app.switch_page("clean.py").run()
    assert not app.exception and app.number_input(key="number").value == 0


@pytest.mark.parametrize("query", [{"growth": "900"}, {"threshold": "x"}, {"method": "soap"}, {"number": "-1"}])
def test_nonsense_in_the_address_is_no_trouble(open_page, mine, query):
    app = open_page("clean.py", **{"from": "mine"}, **query)
    assert not app.error and "of text" in said(app)


def test_a_whole_set_is_cleaned_and_can_be_browsed(open_page, mine):
    app = open_page("clean.py", set="mine")
    app.button(key="clean").click().run()
    assert not app.exception and not app.error
    deadline = time.monotonic() + 90
    while (job := jobs.find("mine-clean")).state != "saved":
        assert time.monotonic() < deadline and job.state in ("working", "stopped"), job.problem
        time.sleep(0.2)
    app.run()
    assert any("mine-clean" in text.value and "saved" in text.value for text in app.markdown)
    assert datasets.source("mine-clean").counts == mine.counts
    app.button(key="discard-mine-clean").click().run()
    assert jobs.jobs() == [] and "mine-clean" in kept.kept()


def test_a_job_that_was_stopped_can_be_gone_on_with(open_page, mine):
    job = jobs.create("mine", "later", cleaning.Settings())
    job.run(lambda share, text: text.startswith("1 of") and job.stop())
    app = open_page("clean.py")
    assert any("2 of 4 pictures" in bar.proto.text for bar in app.get("progress"))
    assert app.button(key="go-later").label == "Go on"


def test_a_name_that_is_taken_is_refused_kindly(open_page, mine):
    app = open_page("clean.py", set="mine")
    app.text_input(key="clean_name").set_value("mine").run()
    app.button(key="clean").click().run()
    assert not app.exception
    assert "already" in app.error[0].value
