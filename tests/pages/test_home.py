"""Home."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gan import inference, registry
from gan.paths import ROOT
from gan.recipes import recipe
from gan.training import runs
from tests.small_models import save_generator

COLD = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("pages/navigation.py", default_timeout=60).run()
assert not app.exception
assert app.title[0].value == "GAN Studio"
assert sum(element.value.count('"gan-place"') for element in app.get("html")) == 40
loaded = [name for name in ("tensorflow", "keras") if name in sys.modules]
assert not loaded, loaded
"""


@pytest.fixture
def warm(open_page):
    """As after the server has warmed up."""
    inference.warm("digits")


def test_home_stands_before_tensorflow_is_loaded(open_page):
    subprocess.run([sys.executable, "-c", COLD], cwd=ROOT, check=True)


def test_shows_digits_drawn_now_and_draws_again(open_page, warm, pictures_of):
    app = open_page("home.py")
    first = pictures_of(app)
    assert [name for name, _ in first] == [*"0123456789"] * 4
    assert pictures_of(app.run()) == first  # a look at the page changes nothing
    app.button(key="again").click().run()
    assert not app.exception
    assert len(pictures_of(app)) == 40
    assert pictures_of(app) != first


def test_shows_what_another_model_draws(open_page, warm, weights_dir, small_models, pictures_of):
    weights_dir.mkdir()
    (weights_dir / "digits").symlink_to(small_models / "digits")
    columns = {"hair": ("black", "green"), "skin": tuple("abcdefghijklmnopqrstuvwxyz")}
    save_generator("faces", family="cgan", columns=columns, shape=(32, 32, 3))
    app = open_page("home.py")
    assert app.button_group(key="shown").options == ["digits", "faces"]
    app.button_group(key="shown").set_value("faces").run()
    assert not app.exception
    drawn = [name for name, _ in pictures_of(app)]
    assert len(drawn) == len(set(drawn)) == 32  # of 52 combinations
    links = {(link.proto.page, link.proto.query_string) for link in app.get("page_link")}
    assert {("latent", "model=faces"), ("generate", "model=faces")} <= links


def test_leads_to_each_model_with_the_model_chosen(open_page, warm):
    app = open_page("home.py")
    links = {(link.proto.page, link.proto.query_string) for link in app.get("page_link")}
    assert {("latent", "model=digits"), ("generate", "model=digits"), ("browse", ""), ("train", "")} <= links


def test_lists_runs_with_a_way_to_each(open_page, warm):
    run = runs.create(recipe("cgan28"))
    app = open_page("home.py")
    links = {link.value: link.proto.query_string for link in app.get("page_link")}
    assert links[run.id] == f"run={run.id}"
    assert any(f"step 0 of {run.recipe.steps:,}" == caption.value for caption in app.caption)


def test_without_models_says_what_to_do(open_page, weights_dir):
    app = open_page("home.py")
    assert any("There is no model yet" in text.value for text in app.markdown)
    assert "train" in {link.proto.page for link in app.get("page_link")}


def test_damaged_models_are_named_and_the_page_goes_on(open_page, warm, weights_dir):
    save_generator(seed=2)  # another net: the one that is warm would not be read again
    (weights_dir / "digits" / "weights.npz").write_bytes(b"PK cut off")
    (weights_dir / "stray").mkdir()
    app = open_page("home.py")
    said = [warning.value for warning in app.warning]
    assert said[0].startswith("digits: weights.npz is not the file its card describes")
    assert said[1].startswith("stray: the folder has no card.json")
    assert app.subheader[0].value == "Runs"


def test_a_card_shows_the_judges_score_beside_that_of_real_pictures(open_page, warm, weights_dir):
    save_generator()
    entry = {"measure": "label_accuracy", "title": "Drawn as asked", "real": 0.991}
    rows = {
        "label_accuracy_cnn_10k": {**entry, "net": "cnn", "value": 0.999},
        "label_accuracy_judge_10k": {**entry, "net": "judge", "value": 0.9904},
        "fid_cnn_10k": {"measure": "fid", "title": "FID", "net": "cnn", "value": None, "reason": "too few"},
    }
    registry.add_scores("digits", {"judge": "judge", "scores": rows})
    facts = next(element.value for element in open_page("home.py").get("html") if "gan-facts" in element.value)
    assert "<dt>Drawn as asked</dt><dd>99.0% (real pictures 99.1%)</dd>" in facts
    assert "FID" not in facts
