"""Data > Browse, on the set that ships."""

from __future__ import annotations

import base64
import dataclasses
import functools
import http.server
import json
import threading

import numpy as np
import pytest

from gan import datasets, paths

TOTAL = 10_340


def said(app) -> str:
    """Where the pager says it stands."""
    return next(caption.value for caption in app.caption if "pages" in caption.value)


def enlarged(app) -> str:
    return next(text.value for text in app.markdown if "picture" in text.value)


def facts(app) -> str:
    return next(element.value for element in app.get("html") if "gan-facts" in element.value)


def test_opens_with_the_pictures_that_are_here(open_page, pictures_of):
    app = open_page("browse.py")
    assert app.selectbox(key="dataset").value == "handwriting"
    assert said(app) == f"of 104 pages · {TOTAL:,} pictures"
    assert [name for name, _ in pictures_of(app)][1:] == [*"0123456789"]  # the enlarged one, then the means


def test_pages_are_turned_and_are_in_the_address(open_page):
    app = open_page("browse.py")
    assert app.button(key="previous_page").disabled
    for key, page in (("next_page", 2), ("last_page", 104), ("previous_page", 103), ("first_page", 1)):
        app.button(key=key).click().run()
        assert not app.exception
        assert app.number_input(key="page").value == page
    app.button(key="last_page").click().run()
    assert app.query_params["page"] == "104"
    assert app.button(key="next_page").disabled


def test_a_class_filter_shows_that_class_from_its_first_page(open_page):
    app = open_page("browse.py", page="50")
    labels = datasets.load("handwriting").train.labels
    app.button_group(key="class").set_value(["3"]).run()
    assert not app.exception
    assert app.number_input(key="page").value == 1
    assert said(app).endswith(f"{(labels == 3).sum():,} pictures")
    assert enlarged(app).startswith("**3**")


def test_an_address_restores_the_view(open_page):
    app = open_page("browse.py", **{"split": "test", "page": "2", "size": "50", "picture": "17", "class": ["0", "9"]})
    labels = datasets.load("handwriting").test.labels
    assert app.number_input(key="page").value == 2
    assert said(app).startswith(f"of {-(-((labels == 0) | (labels == 9)).sum() // 50)} pages")
    assert enlarged(app) == f"**{labels[17]}** · picture 17"


@pytest.mark.parametrize(
    "query", [{"page": "9999"}, {"page": "x"}, {"picture": "-3"}, {"dataset": "none"}, {"class": "z"}]
)
def test_nonsense_in_the_address_shows_the_first_page(open_page, query):
    app = open_page("browse.py", **query)
    assert app.number_input(key="page").value == 1
    assert not app.error


def test_a_picked_picture_is_enlarged(open_page):
    app = open_page("browse.py")
    labels = datasets.load("handwriting").train.labels
    app.number_input(key="picture").set_value(1234).run()
    assert enlarged(app) == f"**{labels[1234]}** · picture 1,234"
    app.button(key="next_page").click().run()  # another page enlarges its own first picture
    assert enlarged(app).endswith("picture 100")


def test_the_card_names_what_it_is(open_page):
    text = facts(open_page("browse.py"))
    source = datasets.source("handwriting")
    assert datasets.load("handwriting").train.digest in text
    assert source.summary in text
    assert "10,340 train, 2,000 test" in text
    assert "OFL 1.1" in text


def test_class_counts_are_those_of_the_labels(open_page):
    app = open_page("browse.py", split="test")
    chart = next(c for c in app.get("plotly_chart") if "-classes-" in c.proto.id)
    labels = datasets.load("handwriting").test.labels
    heights = json.loads(chart.proto.spec)["data"][0]["y"]
    values = np.frombuffer(base64.b64decode(heights["bdata"]), heights["dtype"])
    assert values.tolist() == [(labels == k).sum() for k in range(10)]


def test_a_set_that_is_not_here_is_offered_and_no_network_is_said_kindly(open_page, monkeypatch):
    row = datasets.source("mnist")
    nowhere = dataclasses.replace(row.reader, mirrors=("http://127.0.0.1:9",))
    monkeypatch.setitem(datasets.DATASETS, "mnist", dataclasses.replace(row, reader=nowhere))
    app = open_page("browse.py", dataset="mnist")
    assert any("MNIST is not on this machine yet" in text.value for text in app.markdown)
    app.button(key="download").click().run()
    assert not app.exception
    assert "train-images-idx3-ubyte" in app.error[0].value  # the file, and where to put it
    app.selectbox(key="dataset").set_value("handwriting").run()
    assert said(app) == f"of 104 pages · {TOTAL:,} pictures"


@pytest.fixture
def publisher():
    """A server that has the files of the set that ships."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=paths.SHIPPED_DATA / "handwriting")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_set_that_is_not_here_is_downloaded_and_shown(open_page, monkeypatch, publisher):
    row = datasets.source("handwriting")
    reader = dataclasses.replace(row.reader, folder="elsewhere", mirrors=(publisher,))
    monkeypatch.setitem(datasets.DATASETS, "mnist", dataclasses.replace(row, name="mnist", title="Away", reader=reader))
    app = open_page("browse.py", dataset="mnist")
    app.button(key="download").click().run()
    assert not app.exception
    assert not app.error
    assert app.selectbox(key="dataset").value == "mnist"
    assert said(app) == f"of 104 pages · {TOTAL:,} pictures"
    assert "Away." in facts(app)
