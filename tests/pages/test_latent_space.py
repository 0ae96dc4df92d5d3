import json

from gan.latent import View


def studio(app):
    """What the page gives its component: AppTest does not know components, but passes their data on."""
    (element,) = app.get("bidi_component")
    return json.loads(element.proto.json)


def test_page_opens_at_the_first_view(open_page):
    data = studio(open_page("latent_space.py"))
    assert data["view"] == data["start"] == View.start("digits", 10, 6).to_json()
    assert data["class_names"] == list("0123456789")
    assert data["shape"] == [28, 28, 1]


def test_link_is_restored(open_page):
    view = View.from_text("11~22~0.3~straight_1~0~-2_0.5~1_3x0.75~8x0.25", "digits", 10, 6)
    app = open_page("latent_space.py", at=view.to_text())
    assert studio(app)["view"] == view.to_json()
    assert not app.warning


def test_link_that_was_cut_off(open_page):
    app = open_page("latent_space.py", at="11~22~0.3~strai")
    assert studio(app)["view"] == studio(app)["start"]
    assert "cut off" in app.warning[0].value


def test_no_model(open_page, monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(tmp_path))
    app = open_page("latent_space.py")
    assert not app.get("bidi_component")
    assert any("no model yet" in text.value for text in app.markdown)
