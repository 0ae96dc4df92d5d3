"""Data > Browse, on the sets that ship and on one's own."""

from __future__ import annotations

import base64
import dataclasses
import functools
import http.server
import json
import re
import threading

import numpy as np
import pytest

from gan import datasets, paths
from gan.datasets import kept

HANDWRITING = datasets.DATASETS["handwriting"]
TOTAL = HANDWRITING.counts["train"]
PAGES = -(-TOTAL // 100)
SHIPPED = [name for name, row in datasets.DATASETS.items() if row.local and (paths.SHIPPED_DATA / name).is_dir()]
HAIR = np.array(["red", "blue"] * 30)


def said(app) -> str:
    """Where the pager says it stands."""
    return next(caption.value for caption in app.caption if re.match("of [0-9,]+ page", caption.value))


def enlarged(app) -> str:
    return next(text.value for text in app.markdown if "· picture" in text.value).replace("\\", "")


def facts(app) -> str:
    return "".join(element.value for element in app.get("html") if "gan-facts" in element.value)


def heights(app, key: str) -> list:
    chart = next(c for c in app.get("plotly_chart") if f"-{key}-" in c.proto.id)
    values = json.loads(chart.proto.spec)["data"][0]["y"]
    return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist() if "bdata" in values else values


@pytest.fixture
def own(local_data):
    """A set of one's own: 60 colour pictures of three classes, with hair and age."""
    images = np.random.default_rng(1).integers(0, 256, (60, 20, 20, 3), np.uint8)
    attributes = {"hair": HAIR, "age": np.arange(60.0)}
    return kept.keep("own", images, np.arange(60) % 3, ("x", "y", "z"), attributes=attributes)


@pytest.fixture
def unlabelled(local_data):
    images = np.random.default_rng(1).integers(0, 256, (30, 64, 64, 1), np.uint8)
    return kept.keep("bare", images, np.zeros(30, int), ("all",))


def test_opens_with_the_pictures_that_are_here(open_page, pictures_of):
    app = open_page("browse.py")
    assert app.selectbox(key="dataset").value == "handwriting"
    assert said(app) == f"of {PAGES} pages · {TOTAL:,} pictures"
    names = [name for name, _ in pictures_of(app)][1:]  # the enlarged one comes first
    assert names == [*HANDWRITING.class_names] * 2  # means and spreads


@pytest.mark.parametrize("name", SHIPPED)
def test_every_set_that_ships_opens(open_page, name, tmp_path_factory, monkeypatch):
    monkeypatch.setenv("GAN_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "shared-cache"))
    app = open_page("browse.py", dataset=name, split="test", size="50", tab="About")
    row = datasets.source(name)
    assert not [error.value for error in app.error]
    assert said(app).endswith(f"{row.counts['test']:,} pictures")
    for word in (row.licence, row.split, *row.attributes):
        assert word in facts(app).replace("&#x27;", "'")


def test_pages_are_turned_and_are_in_the_address(open_page):
    app = open_page("browse.py")
    assert app.button(key="previous_page").disabled
    for key, page in (("next_page", 2), ("last_page", PAGES), ("previous_page", PAGES - 1), ("first_page", 1)):
        app.button(key=key).click().run()
        assert not app.exception
        assert app.number_input(key="page").value == page
    app.button(key="last_page").click().run()
    assert app.query_params["page"] == str(PAGES)
    assert app.button(key="next_page").disabled


def test_a_class_filter_shows_that_class_from_its_first_page(open_page):
    app = open_page("browse.py", page="50")
    labels = datasets.load("handwriting").train.labels
    app.multiselect(key="classes").set_value(["3"]).run()
    assert not app.exception
    assert app.number_input(key="page").value == 1
    assert said(app).endswith(f"{(labels == 3).sum():,} pictures")
    assert enlarged(app).startswith("**3**")
    app.button(key="all").click().run()
    assert said(app).endswith(f"{TOTAL:,} pictures")


def test_few_classes_stand_side_by_side(open_page, own):
    app = open_page("browse.py", dataset="own")
    app.button_group(key="class").set_value(["y"]).run()
    assert not app.exception
    assert enlarged(app).startswith("**y**")


def test_attributes_filter_and_are_shown_with_the_picture(open_page, own):
    app = open_page("browse.py", dataset="own", tab="About")
    train = datasets.load("own").train
    app.multiselect(key="by.hair").set_value(["blue"]).run()
    blue = train.attributes["hair"] == "blue"
    assert said(app).endswith(f"{blue.sum()} pictures")
    old = app.slider(key="by.age")
    old.set_value((10.0, 30.0)).run()
    both = np.flatnonzero(blue & (train.attributes["age"] >= 10) & (train.attributes["age"] <= 30))
    assert said(app).endswith(f"{len(both)} pictures")
    assert enlarged(app).endswith(f"picture {both[0]}")
    assert f"<dt>age</dt><dd>{train.attributes['age'][both[0]]:g}</dd>" in facts(app)
    app.button(key="all").click().run()
    assert not app.exception
    assert said(app).endswith(f"{len(train)} pictures")


def test_no_match_says_so(open_page, own):
    app = open_page("browse.py", **{"dataset": "own", "by.hair": "blue", "by.age": ["0", "0"]})
    assert not app.exception
    assert "No picture is like this" in app.info[0].value


def test_filters_of_one_set_do_not_reach_another(open_page, own):
    app = open_page("browse.py", **{"dataset": "own", "by.hair": "blue", "class": "x"})
    app.selectbox(key="dataset").set_value("handwriting").run()
    assert not app.exception
    assert said(app).endswith(f"{TOTAL:,} pictures")


def test_a_set_without_labels_has_no_classes_to_choose(open_page, unlabelled, pictures_of):
    app = open_page("browse.py", dataset="bare")
    assert not [widget for widget in (*app.multiselect, *app.get("button_group")) if widget.key == "class"]
    assert not [chart for chart in app.get("plotly_chart") if "-classes-" in chart.proto.id]
    assert enlarged(app).startswith("**bare**")
    assert [name for name, _ in pictures_of(app)][1:] == ["all", "all"]  # one mean, one spread


def test_an_address_restores_the_view(open_page):
    app = open_page("browse.py", **{"split": "test", "page": "2", "size": "50", "picture": "17", "classes": ["0", "9"]})
    labels = datasets.load("handwriting").test.labels
    assert app.number_input(key="page").value == 2
    assert said(app).startswith(f"of {-(-((labels == 0) | (labels == 9)).sum() // 50)} pages")
    assert enlarged(app) == f"**{HANDWRITING.class_names[labels[17]]}** · picture 17"


@pytest.mark.parametrize(
    "query",
    [{"page": "9999"}, {"page": "x"}, {"picture": "-3"}, {"dataset": "none"}, {"classes": "?"}, {"tab": "none"}],
)
def test_nonsense_in_the_address_shows_the_first_page(open_page, query):
    app = open_page("browse.py", **query)
    assert app.number_input(key="page").value == 1
    assert not app.error


def test_a_picked_picture_is_enlarged(open_page):
    app = open_page("browse.py")
    labels = datasets.load("handwriting").train.labels
    app.number_input(key="picture").set_value(1234).run()
    assert enlarged(app) == f"**{HANDWRITING.class_names[labels[1234]]}** · picture 1,234"
    app.button(key="next_page").click().run()  # another page enlarges its own first picture
    assert enlarged(app).endswith("picture 100")


def test_the_card_names_what_it_is(open_page):
    text = facts(open_page("browse.py", tab="About"))
    assert datasets.load("handwriting").train.digest in text
    assert f"{TOTAL:,} train" in text
    assert "OFL 1.1" in text


def test_class_counts_are_those_of_the_labels(open_page):
    app = open_page("browse.py", split="test")
    labels = datasets.load("handwriting").test.labels
    assert heights(app, "classes") == [(labels == k).sum() for k in range(62)]


def test_attribute_counts_are_those_of_the_column(open_page, own):
    app = open_page("browse.py", dataset="own")
    hair = datasets.load("own").train.attributes["hair"]
    assert sorted(heights(app, "attribute")) == sorted([(hair == "red").sum(), (hair == "blue").sum()])
    app.selectbox(key="attribute").set_value("age").run()
    assert sum(heights(app, "attribute")) == len(hair)


@pytest.mark.parametrize("tab", ["Map", "Alike", "Apart", "Export", "About"])
@pytest.mark.parametrize("name", ["own", "bare"])
def test_every_tab_works_on_sets_of_ones_own(open_page, own, unlabelled, name, tab):
    app = open_page("browse.py", dataset=name, tab=tab)
    assert not app.error
    assert not [
        chart for chart in app.get("plotly_chart") if "-classes-" in chart.proto.id
    ]  # no other tab is worked out


def test_a_set_that_is_not_here_is_offered_and_no_network_is_said_kindly(open_page, monkeypatch, finish):
    row = datasets.source("mnist")
    nowhere = dataclasses.replace(row.reader, mirrors=("http://127.0.0.1:9",))
    monkeypatch.setitem(datasets.DATASETS, "mnist", dataclasses.replace(row, reader=nowhere))
    app = open_page("browse.py", dataset="mnist")
    assert any("MNIST is not on this machine yet" in text.value for text in app.markdown)
    finish(app.button(key="download").click().run())
    assert "train-images-idx3-ubyte" in app.error[0].value  # the file, and where to put it
    app.selectbox(key="dataset").set_value("handwriting").run()
    assert not [error.value for error in app.error]
    assert said(app) == f"of {PAGES} pages · {TOTAL:,} pictures"


def test_a_set_that_only_the_user_can_get_says_where_to_put_it(open_page):
    app = open_page("browse.py", dataset="animefaces")
    reader = datasets.DATASETS["animefaces"].reader
    assert any(str(reader.place) in text.value for text in app.markdown)
    assert not [button for button in app.button if button.key == "download"]


@pytest.fixture
def publisher():
    """A server that has the files of the set that ships."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=paths.SHIPPED_DATA / "handwriting")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_set_that_is_not_here_is_downloaded_and_shown(open_page, monkeypatch, publisher, finish):
    row = datasets.DATASETS["mnist"]
    small = datasets.DATASETS["handwriting"]
    files = {split: pair[:2] for split, pair in small.reader.files.items()}
    reader = dataclasses.replace(row.reader, folder="elsewhere", mirrors=(publisher,), files=files)
    away = dataclasses.replace(small, name="mnist", title="Away", reader=reader, attributes=())
    monkeypatch.setitem(datasets.DATASETS, row.name, away)
    app = open_page("browse.py", dataset="mnist", tab="About")
    finish(app.button(key="download").click().run())
    assert not [error.value for error in app.error]
    assert app.selectbox(key="dataset").value == "mnist"
    assert said(app) == f"of {PAGES} pages · {TOTAL:,} pictures"
    assert "Away." in facts(app)
