"""Explore > Recognise: what is read, step by step, and corrected."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image

from gan import datasets, paths
from gan.paths import ROOT
from tests.recognise import written
from tests.small_models import save_classifiers

TEST = {"given": "Test picture"}
UPLOAD = {"given": "Upload"}


@pytest.fixture(scope="module")
def nets(tmp_path_factory):
    """A folder of models that holds a classifier of digits with random weights."""
    folder = tmp_path_factory.mktemp("nets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(folder))
        save_classifiers()
    return folder


@pytest.fixture
def open_here(open_page, nets, monkeypatch):
    """`open_page` of this page, with the net of `nets`, or those that ship."""

    def open_here(shipped: bool = False, /, **query):
        monkeypatch.setenv("GAN_WEIGHTS_DIR", str(ROOT / "weights" if shipped else nets))
        return open_page("recognise.py", **query)

    return open_here


def read(app) -> str | None:
    found = re.findall(r'data-testid="answer">([^<]*)<', "".join(element.value for element in app.get("html")))
    return found[0] if found else None


def titles(app) -> list[str]:
    return re.findall(r"<figcaption><b>([^<]*)</b>", "".join(element.value for element in app.get("html")))


def dropped(app, picture: np.ndarray | bytes, name: str = "page.png"):
    data = picture if isinstance(picture, bytes) else written.file(picture)
    return app.file_uploader(key="written").set_value((name, data, "image/png")).run()


@pytest.fixture(scope="module")
def page() -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.concatenate([written.played(digit, rng) for digit in "270"], axis=1)


def test_opens_with_an_empty_sheet_and_says_what_to_do(open_here):
    app = open_here()
    assert read(app) is None and not app.error
    assert any("Nothing to read yet" in text.value for text in app.markdown)
    app.button(key="show_one").click().run()
    assert read(app) is not None and not app.error


def test_a_test_picture_is_read_with_every_step(open_here):
    app = open_here(True, **TEST)
    assert not app.error and read(app) in "0123456789"
    steps = ["Grey", "Denoised", "Paper", "Ink or paper", "Inverted", "Cut out", "Deskewed", "Centred, 28 × 28"]
    assert titles(app) == steps
    app.button(key="next_test").click().run()
    assert app.number_input(key="test_picture").value == 1 and not app.error


def test_several_characters_are_found_and_one_is_looked_into(open_here, page):
    app = dropped(open_here(True, many="Several", **UPLOAD), page)
    assert read(app).replace(" ", "") == "270"
    before = [element.value for element in app.get("html")]
    app.button_group(key="character-3").set_value(2).run()
    assert not app.exception and read(app).replace(" ", "") == "270"
    assert [element.value for element in app.get("html")] != before


def test_settings_change_what_is_read_and_an_address_restores_them(open_here, page):
    app = dropped(open_here(**UPLOAD), page)
    before = [element.value for element in app.get("html")]
    app.selectbox(key="ink_is").set_value("Light").run()
    app.slider(key="fill").set_value(0.8).run()
    assert not app.exception
    assert [element.value for element in app.get("html")] != before
    again = open_here(ink_is="Light", deskew="Never", level="0.8", **TEST)
    assert again.selectbox(key="deskew").value == "Never" and not again.error


def test_a_correction_is_kept_counted_and_taken_back(open_here, page):
    app = dropped(open_here(**UPLOAD), page)
    wrong = next(box for box in app.selectbox if box.key.startswith("right-"))
    wrong.set_value("4")  # and pressed at once
    app.button(key="keep_correction").click().run()
    assert not app.exception and not app.error
    data = datasets.load("corrected-mnist")
    assert data.source.class_names[data.train.labels[0]] == "4"
    link = next(link for link in app.get("page_link") if "1 picture kept" in link.proto.label)
    assert "dataset=corrected-mnist" in link.proto.query_string
    app.button(key="undo_correction").click().run()
    assert not app.exception and "corrected-mnist" not in datasets.sources()
    assert "undo_correction" not in [button.key for button in app.button]


def test_a_set_of_one_correction_can_be_browsed(open_here, open_page, page, monkeypatch):
    app = dropped(open_here(**UPLOAD), page)
    app.button(key="keep_correction").click().run()
    for split in ("train", "test"):
        shown = open_page("browse.py", dataset="corrected-mnist", split=split)
        assert not shown.exception


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (b"", "the file is empty"),
        (b"hello there, no picture", "not a picture that can be read"),
        (written.file(np.zeros((40, 40, 1), np.uint8))[:40], "damaged"),
        (np.zeros((1, 1, 1), np.uint8), "too few to read anything"),
        (np.full((200, 300, 3), 180, np.uint8), "No ink was found"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_page_goes_on(open_here, page, picture, said):
    app = dropped(open_here(**UPLOAD), picture)
    assert not app.exception and said in app.error[0].value
    assert read(app) is None
    app.file_uploader(key="written").set_value(("page.png", written.file(page), "image/png")).run()
    assert not app.error and read(app) is not None


def test_a_transparent_picture_is_ink_on_white(open_here):
    rng = np.random.default_rng(2)
    ink = written.played("7", rng)[..., 0]
    picture = np.zeros((*ink.shape, 4), np.uint8)
    picture[..., 3] = 255 - ink
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    assert read(dropped(open_here(True, **UPLOAD), buffer.getvalue())) == "7"


def test_the_steps_stay_in_sight_where_nothing_can_be_read(open_here):
    blobs = np.full((600, 600, 1), 255, np.uint8)
    blobs[(np.indices((600, 600)) % 24 > 13).all(axis=0)] = 0
    app = dropped(open_here(many="Several", **UPLOAD), blobs)
    assert "patches of ink" in app.error[0].value and titles(app)[:1] == ["Grey"]


def test_a_task_without_a_net_says_how_to_train_one(open_here):
    app = open_here(read="Letters")
    assert any("No net reads letters yet" in text.value for text in app.markdown)
    assert any("letters_cnn" in caption.value for caption in app.caption)
    link = next(link for link in app.get("page_link") if "letters_cnn" in link.proto.label)
    assert link.proto.page == "train" and "recipe=letters_cnn" in link.proto.query_string


@pytest.mark.parametrize("task", ["Korean syllables", "House numbers", "Cartoon faces"])
def test_other_nets_that_ship_read_too(open_here, task):
    app = open_here(True, read=task, **UPLOAD)
    if any("No net" in text.value for text in app.markdown):
        pytest.skip(f"no net for {task} is here")
    rng = np.random.default_rng(4)
    dropped(app, written.photographed(written.played("5", rng), rng))
    assert not app.exception and not app.error and read(app)


@pytest.mark.parametrize(
    "query",
    [{"read": "none"}, {"many": "x"}, {"given": "x"}, {"zoom": "99"}, {"test_picture": "-1"}, {"level": "x"}],
)
def test_nonsense_in_the_address_does_not_break_the_page(open_here, query):
    app = open_here(**{**TEST, **query})
    assert not app.exception


def test_a_number_past_the_last_test_picture(open_here):
    app = open_here(True, test_picture="9999", **TEST)
    app.selectbox(key="read").set_value("Korean syllables").run()
    assert not app.exception


def test_a_large_photograph_with_its_rotation_in_exif(open_here):
    page = Image.fromarray(written.played("7", np.random.default_rng(3))[..., 0]).resize((1600, 1600))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn it by 90 degrees to the right to see it
    buffer = io.BytesIO()
    page.transpose(Image.Transpose.ROTATE_90).save(buffer, "JPEG", exif=exif)
    assert read(dropped(open_here(True, **UPLOAD), buffer.getvalue(), "photo.jpg")) == "7"


@pytest.mark.parametrize("kind", ["animated", "16 bits", "palette"])
def test_pictures_of_other_kinds(open_here, kind):
    page = written.played("7", np.random.default_rng(3))[..., 0]
    buffer, picture = io.BytesIO(), Image.fromarray(page)
    if kind == "animated":
        blank = Image.new("L", picture.size, 255)
        picture.save(buffer, "GIF", save_all=True, append_images=[blank, blank])
    elif kind == "16 bits":
        Image.fromarray(page.astype(np.uint16) * 257).save(buffer, "PNG")
    else:
        picture.convert("P").save(buffer, "PNG")
    assert read(dropped(open_here(True, **UPLOAD), buffer.getvalue())) == "7"


def test_without_any_net_says_what_to_do(open_page, weights_dir):
    app = open_page("recognise.py")
    assert not paths.weights_dir().exists() or not any(paths.weights_dir().iterdir())
    assert any("No net reads digits yet" in text.value for text in app.markdown)
