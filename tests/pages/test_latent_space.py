import json
import re
import shutil

import numpy as np
import pytest

from gan import images, inference, latent
from gan.latent_space import links, shelf
from gan.latent_space.views import View
from tests.small_models import LATENT, save_classifiers, save_generator


def studio(app):
    """What the page gives its component: AppTest does not know components, but passes their data on."""
    (element,) = app.get("bidi_component")
    return json.loads(element.proto.json)


def test_page_opens_at_the_first_view(open_page):
    data = studio(open_page("latent_space.py"))
    assert data["view"] == data["start"] == View.start("digits", 10).to_json()
    assert data["columns"] == [["label", list("0123456789")]]
    assert data["shape"] == [28, 28, 1]


def test_link_is_restored(open_page):
    view = links.read("11~22~33_1.3~straight~loop_d1~1~s2~-2_3x0.75-8x0.25~1~2", "digits", 10)
    app = open_page("latent_space.py", at=links.write(view))
    assert studio(app)["view"] == view.to_json()
    assert not app.warning


def test_a_model_told_columns_has_a_control_for_each(open_page, weights_dir):
    columns = {"hair": ("black", "green"), "skin": ("dark", "pale", "tan")}
    save_generator("faces", family="cgan", columns=columns, shape=(32, 32, 3))
    data = studio(open_page("latent_space.py", model="faces"))
    assert data["columns"] == [["hair", ["black", "green"]], ["skin", ["dark", "pale", "tan"]]]
    assert len(data["view"]["keys"][0]["classes"]) == 6
    assert data["shape"] == [32, 32, 3]


def test_link_from_before_there_was_a_strip(open_page):
    app = open_page("latent_space.py", at="11~22~0.3~straight_1~0~-2_0.5~1_3x0.75~8x0.25")
    assert studio(app)["view"]["offsets"] == {"d1": 1, "d3": -2, "d7": 0.5, "d8": 1}
    assert [key["at"] for key in studio(app)["view"]["keys"]] == [11, 22]
    assert not app.warning


def test_link_that_was_cut_off(open_page):
    app = open_page("latent_space.py", at="11~22~0.3~strai")
    assert studio(app)["view"] == studio(app)["start"]
    assert "cut off" in app.warning[0].value


def test_link_to_a_model_that_is_gone(open_page):
    app = open_page("latent_space.py", model="faces", at="11~22_0.3__7")
    assert "no model “faces”" in app.warning[0].value
    assert studio(app)["view"] == studio(app)["start"]


def test_a_model_removed_while_it_is_shown(open_page, weights_dir):
    for name in ("digits", "mine"):
        save_generator(name)
    app = open_page("latent_space.py", model="mine", at="11~22_0.3__7")
    shutil.rmtree(weights_dir / "mine")
    app.run()
    assert "no model “mine”" in app.warning[0].value and not app.exception and not app.error
    assert app.selectbox(key="model").value == "digits" and studio(app)["view"] == studio(app)["start"]


def test_link_with_a_latent_of_another_model(open_page):
    app = open_page("latent_space.py", at="1~zAAAA_0__3")
    assert studio(app)["view"] == studio(app)["start"]
    assert "a word for 12 numbers" in app.warning[0].value


def test_link_along_a_direction_that_was_removed(open_page):
    app = open_page("latent_space.py", at="1~2_0.5_u-0123abcd~1~s1~2_3")
    assert studio(app)["view"]["offsets"] == {"s1": 2}
    assert "direction that was removed" in app.warning[0].value


def test_no_model(open_page, monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(tmp_path))
    app = open_page("latent_space.py")
    assert not app.get("bidi_component")
    assert any("no model yet" in text.value for text in app.markdown)


def named(app, name):
    return next(element for element in (*app.button, *app.text_input) if element.key == name)


def texts(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.error))


def keep(app, name):
    named(app, "keep_name").set_value(name)
    return next(button for button in app.button if button.label == "Keep it").click().run()


def test_a_favourite_is_kept_shown_renamed_and_removed_with_undo(open_page):
    app = open_page("latent_space.py", at="11~22_0.3__7")
    keep(app, "a seven")
    (entry,) = shelf.entries("favourite", "digits")
    assert entry.name == "a seven"
    app.query_params["at"] = "1~2_0.5__3"
    named(app, f"show_{entry.id}").click().run()
    assert studio(app)["push"]["view"] == links.read("11~22_0.3__7", "digits", 10).to_json()
    named(app, f"add_{entry.id}").click().run()
    assert len(studio(app)["push"]["view"]["keys"]) == 3
    named(app, f"rename_to_{entry.id}_1").set_value("the seven")
    next(button for button in app.button if button.label == "Rename").click().run()
    assert shelf.entries("favourite")[0].name == "the seven"
    named(app, f"remove_{entry.id}").click().run()
    assert not shelf.entries("favourite")
    named(app, "kept_undo").click().run()
    assert shelf.entries("favourite")[0].name == "the seven"


def test_two_windows_rename_one_favourite(open_page):
    app = open_page("latent_space.py")
    keep(app, "a three")
    (entry,) = shelf.entries("favourite")
    shelf.rename("favourite", entry.id, "my three", 1)  # the other window
    named(app, f"rename_to_{entry.id}_1").set_value("no three")
    next(button for button in app.button if button.label == "Rename").click().run()
    assert shelf.entries("favourite")[0].name == "my three"
    assert "renamed to 'my three' in another window" in texts(app)


def test_many_favourites_are_leafed_through(open_page):
    kept = [shelf.keep("favourite", "digits", f"number {i}", {}).id for i in range(25)]

    def shown(app):
        return [button.key[7:] for button in app.button if button.key.startswith("remove_")]

    app = open_page("latent_space.py")
    assert set(shown(app)) <= set(kept) and len(shown(app)) == 12
    app.number_input(key="favourite_page").set_value(3).run()
    (last,) = shown(app)
    assert last in kept and not app.exception
    app.button(key=f"remove_{last}").click().run()
    assert len(shown(app)) == 12 and last not in shown(app) and not app.exception


def test_favourites_of_a_model_that_is_gone_stay(open_page):
    entry = shelf.keep("favourite", "faces", "a face", {"latent": [1.0]})
    app = open_page("latent_space.py")
    assert "a face (faces)" in texts(app)
    named(app, f"remove_{entry.id}").click().run()
    assert not shelf.entries("favourite")


def test_a_model_that_goes_while_it_is_shown(open_page, small_models):
    app = open_page("latent_space.py")
    hidden = small_models / ".away"
    (small_models / "digits").rename(hidden)
    try:
        app.run()
        assert not app.exception
        assert any("no model yet" in text.value for text in app.markdown)
    finally:
        hidden.rename(small_models / "digits")


def test_a_film_of_the_strip(open_page, finish):
    app = open_page("latent_space.py", below="Take home")
    named_number = {number.key: number for number in app.number_input}
    named_number["walk_seconds_2"].set_value(0.2)
    named(app, "walk").click().run()
    finish(app)
    assert any(button.label.startswith("digits.gif") for button in app.get("download_button"))
    other = open_page("latent_space.py", below="Take home")
    assert not any(button.label.startswith("digits.gif") for button in other.get("download_button"))


def test_no_way_is_no_film(open_page):
    app = open_page("latent_space.py", at="5_0__3", below="Take home")
    assert not [button for button in app.button if button.key == "walk"]
    assert "One picture is no way" in texts(app)


UPLOAD = {"below": "Find my picture", "find_given": "Upload"}


def uploaded(app, picture):
    """The page with a picture to find."""
    file = ("picture.png", images.encode_png(picture), "image/png")
    return app.file_uploader(key="find_file").set_value(file).run()


def test_a_picture_that_is_uploaded_is_found(open_page, finish):
    target = inference.sample("digits", latent.normal(3, 1, LATENT), np.eye(10)[[4]])[0]
    app = uploaded(open_page("latent_space.py", **UPLOAD), target)
    app.selectbox[1].set_value("4").run()  # no classifier is here
    named(app, "find").click().run()
    finish(app)
    assert re.search(r"Nearest, error 0\.00\d\d", texts(app))
    named(app, "find_add").click().run()
    found = studio(app)["push"]["view"]["keys"][-1]
    assert found["classes"] == np.eye(10)[4].tolist()
    assert latent.decoded(found["at"], LATENT) == pytest.approx(latent.normal(3, 1, LATENT)[0], abs=0.5)
    next(button for button in app.button if button.key.startswith("close_find")).click().run()
    assert "Nearest, error" not in texts(app) and "Looked for" not in texts(app)


def test_a_picture_with_nothing_on_it_is_not_searched_for(open_page, small_models, monkeypatch, tmp_path):
    shutil.copytree(small_models, tmp_path / "weights")
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(tmp_path / "weights"))
    save_classifiers()
    app = uploaded(open_page("latent_space.py", **UPLOAD), np.full((200, 200, 1), 255, np.uint8))
    assert not app.exception
    assert app.error
    assert not [button for button in app.button if button.key == "find"]
