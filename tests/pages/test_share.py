"""Share > Export without a browser: choosing, exporting in the background, what went wrong, and what is shown."""

from __future__ import annotations

import json

import pytest

from gan.exporting import apart
from gan.exporting.making import export
from tests.small_models import save_upscaler

PAGE = "share.py"


@pytest.fixture
def at_once(monkeypatch):
    """Exports are made in this process: TensorFlow is here already."""

    def make(model, format, say):
        return export(model, format, apart.place(model, format), overwrite=True, say=say)

    monkeypatch.setattr(apart, "export", make)


def words(app) -> str:
    return "\n".join(element.value for kind in ("markdown", "caption") for element in app.get(kind))


def test_a_model_is_exported_in_the_background_and_found_again(open_page, finish, at_once):
    app = open_page(PAGE, model="digits", format="ONNX")
    assert list(app.table[0].value["Array"]) == ["latent", "classes", "pictures"]
    assert not app.get("download_button")
    app.button(key="export").click().run()
    finish(app)
    assert "it gives the same pictures as here: the largest difference is" in words(app) and not app.error
    assert [button.key for button in app.get("download_button")] == ["zip"]

    readme = next(element.value for element in app.markdown if "## Use it" in element.value)
    assert readme.startswith("#### ") and ",  # 0, 1, 2, 0" in readme  # headings are smaller, comments as they were

    again = open_page(PAGE, model="digits", format="ONNX")  # another window
    assert again.get("download_button") and again.button(key="export").label == "Export again"
    other = open_page(PAGE, model="digits", format="Keras")
    assert not other.get("download_button") and other.button(key="export").label == "Export"


def test_what_was_exported_of_an_earlier_model_of_that_name_is_not_offered(open_page):
    made = export("digits", "keras", apart.place("digits", "keras"))
    card = json.loads((made.folder / "card.json").read_text())
    (made.folder / "card.json").write_text(json.dumps({**card, "weights_sha256": "0" * 64}))
    assert not open_page(PAGE, model="digits", format="Keras").get("download_button")


def test_what_goes_wrong_is_said_and_can_be_tried_again(open_page, finish, at_once, monkeypatch):
    monkeypatch.setattr("gan.exporting.checking.TOLERANCE", -1.0)
    app = open_page(PAGE, model="digits", format="Keras")
    app.button(key="export").click().run()
    finish(app)
    assert "it was not exported" in app.error[0].value and app.button(key="export").label == "Export"


def test_an_upscaler_is_offered_no_page(open_page, tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(tmp_path / "models"))
    save_upscaler("larger")
    app = open_page(PAGE)
    assert app.selectbox(key="model").value == "larger"
    assert app.button_group(key="format").options == ["Keras", "SavedModel", "ONNX"]
    assert list(app.table[0].value["Shape"]) == ["(n, h, w, 3)", "(n, 4 h, 4 w, 3)"]


def test_lines_to_copy(open_page):
    app = open_page(PAGE, sharing="API and hosting")
    lines = "\n".join(code.value for code in app.code)
    assert "/api/generate/" in lines and "docker run -p 8501:8501 -e GAN_TOKEN=" in lines and '"digits"' in lines
    assert "/api/docs" in words(app)


def test_lines_have_a_token_where_the_server_asks_for_one(open_page, monkeypatch):
    monkeypatch.delenv("GAN_TOKEN", raising=False)
    app = open_page(PAGE, sharing="API and hosting")
    assert "Authorization" not in app.code[0].value and "No token is needed here" in words(app)
    monkeypatch.setenv("GAN_TOKEN", "choose-a-long-one")  # behind a proxy, or on a machine that many use
    app.run()
    assert app.code[0].value.count('-H "Authorization: Bearer $GAN_TOKEN"') == 3 and "This server asks" in words(app)


def test_a_model_that_is_gone_and_none_at_all(open_page, tmp_path, monkeypatch):
    assert "no model “gone”" in open_page(PAGE, model="gone").warning[0].value
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(tmp_path / "empty"))
    app = open_page(PAGE)
    assert "There is no model yet" in words(app) and [link.proto.page for link in app.get("page_link")] == ["train"]
