"""Explore > Upscale: examples, uploads good and bad, pictures that a model draws; enlarged, or restored."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from gan import enlarging
from gan.datasets import pictures
from tests.small_models import save_generator, save_upscaler

UPLOAD = {"upscale_from": "Upload"}
RESTORE = {"mode": "Shrink and restore"}
NOISE = np.random.default_rng(0).integers(0, 256, (22, 31, 3), np.uint8)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A folder of models that holds a small upscaler and a generator of digits."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(folder))
        save_upscaler("sr4")
        save_generator("digits")
        enlarging.enlarge("sr4", NOISE)  # loads it
    return folder


@pytest.fixture
def open_here(open_page, models, monkeypatch, finish):
    """`open_page` of this page, with the models above, small photographs, and faces that are unpacked once."""
    monkeypatch.setenv("GAN_CACHE_DIR", str(models.parent / "upscale-cache"))
    small = pictures.photograph("chelsea.png")[100:130, 100:141]
    monkeypatch.setattr(pictures, "photograph", lambda name: small)
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(models))

    def open_here(**query):
        return finish(open_page("upscale.py", **{"example": "Chelsea", **query}))

    return open_here


def file(picture: np.ndarray, kind: str = "PNG", **how) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind, **how)
    return buffer.getvalue()


def dropped(app, finish, data: bytes, name: str = "mine.png"):
    return finish(app.file_uploader(key="upscale_upload").set_value((name, data, "image/png")).run())


def done(app) -> str:
    """What the download of the enlarged picture says it is; nothing where there is none."""
    assert not app.exception
    return next((b.proto.help for b in app.get("download_button") if b.proto.label == "Enlarged (PNG)"), "")


def caption(app) -> str:
    return " ".join(caption.value for caption in app.caption).replace("\\", "")


def test_an_example_is_enlarged_at_once(open_here):
    app = open_here()
    assert done(app) == "164 × 120 pixels." and not app.error and not app.dataframe
    assert "Chelsea: a photograph" in caption(app)
    assert [box.value for box in app.selectbox if box.label in ("Left", "Right")] == ["bicubic", "net"]


def test_restoring_measures_against_the_truth(open_here):
    app = open_here(**RESTORE)
    assert done(app) == "40 × 28 pixels."
    assert "1 pixel at the right and 2 pixels at the bottom" in caption(app)
    table = app.dataframe[0].value
    assert list(table.columns) == ["Against the truth", "Bicubic", "sr4", "Better is"]
    assert [name.split()[0] for name in table["Against the truth"]] == ["PSNR", "PSNR", "SSIM", "SSIM"]
    assert all(10 < float(value) < 50 for value in table["sr4"][:2])
    app.selectbox(key="right").set_value("truth").run()
    assert done(app)


def test_an_address_restores_what_was_chosen(open_here):
    app = open_here(example="Rocket", left="Original", **RESTORE)
    assert app.selectbox(key="example").value == "Rocket" and done(app)
    assert "Rocket: a photograph" in caption(app)


def test_nonsense_in_the_address_is_no_trouble(open_here):
    app = open_here(example="x", mode="x", left="Truth", upscale_from="x", upscaler="x", right="x")
    assert done(app) and not app.error


def test_drawn_by_a_model_goes_straight_in(open_here, finish):
    app = open_here(upscale_from="Drawn by a model", drawn_place="3")
    assert done(app) == "112 × 112 pixels." and "asked for 2" in caption(app)
    finish(app.button(key="drawn_seed_new").click().run())
    assert done(app) and not app.error


def test_an_upload_outlives_a_look_at_another_page(open_here, finish):
    app = open_here(**UPLOAD)
    assert any("Nothing to enlarge yet" in text.value for text in app.markdown)
    dropped(app, finish, file(NOISE))
    assert done(app) == "124 × 88 pixels." and "mine.png, 31 × 22 pixels" in caption(app)
    app.switch_page("home.py").run()
    finish(app.switch_page("upscale.py").run())
    app.button_group(key="upscale_from").set_value("Upload").run()
    assert done(app) == "124 × 88 pixels."


def test_pictures_of_every_kind(open_here, finish):
    turned = b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
    kinds = {
        "one.png": (file(NOISE[:1, :1]), "4 × 4"),
        "grey.png": (file(NOISE[..., 0]), "124 × 88"),
        "see-through.png": (file(np.dstack([NOISE, NOISE[..., :1]])), "124 × 88"),
        "deep.png": (file(NOISE[..., 0].astype(np.uint16) * 257), "124 × 88"),
        "moving.gif": (file(NOISE, "GIF", save_all=True, append_images=[Image.fromarray(NOISE[::-1])]), "124 × 88"),
        "turned.jpg": (file(NOISE, "JPEG", exif=turned), "88 × 124"),
        "line.webp": (file(NOISE[:1], "WEBP"), "124 × 4"),
    }
    app = open_here(**UPLOAD)
    for name, (data, size) in kinds.items():
        dropped(app, finish, data, name)
        assert (name, done(app)) == (name, f"{size} pixels.") and not app.error


def test_what_is_no_picture_is_told_and_the_page_goes_on(open_here, finish):
    bad = {"the file is empty": b"", "not a picture that can be read": b"hello there", "damaged": file(NOISE)[:200]}
    app = open_here(**UPLOAD)
    for said, data in bad.items():
        dropped(app, finish, data)
        assert said in app.error[0].value and not done(app)
    dropped(app, finish, file(NOISE))
    assert done(app) and not app.error


def test_too_small_to_be_made_smaller(open_here, finish):
    app = dropped(open_here(**UPLOAD, **RESTORE), finish, file(NOISE[:3, :9]))
    assert "at least 4 x 4" in app.error[0].value and not done(app)
    finish(app.button_group(key="mode").set_value("Enlarge").run())
    assert done(app) == "36 × 12 pixels." and not app.error
    finish(app.button_group(key="mode").set_value("Shrink and restore").run())
    dropped(app, finish, file(NOISE[:5, :9]))
    assert list(app.dataframe[0].value["sr4"][2:]) == ["–", "–"] and "this picture is smaller" in caption(app)


def test_a_large_photograph_is_made_smaller_first_if_that_is_wanted(open_here, finish, monkeypatch):
    monkeypatch.setattr(enlarging, "LARGEST", 300)
    app = dropped(open_here(**UPLOAD), finish, file(NOISE))
    assert "has 31 × 22 pixels. Up to 300 pixels" in app.warning[0].value and not done(app)
    finish(app.toggle(key="fit_first").set_value(True).run())
    width, height = (int(side) for side in done(app).removesuffix(" pixels.").split(" × "))
    assert width * height <= 16 * 300 and "made 20 × 14 first" in caption(app)


def test_a_net_that_is_damaged_is_told_and_can_be_tried_again(open_page, weights_dir, finish):
    save_upscaler("sr4", seed=3)
    weights = weights_dir / "sr4" / "weights.npz"
    before = weights.read_bytes()
    weights.write_bytes(before[:-1] + b"x")
    app = dropped(open_page("upscale.py", **UPLOAD), finish, file(NOISE))
    assert "not the file its card describes" in app.error[0].value and not done(app)
    weights.write_bytes(before)
    finish(app.button(key="enlarge").click().run())
    assert done(app) and not app.error


def test_several_upscalers_are_asked_for(open_page, weights_dir, finish):
    save_upscaler("another")
    save_upscaler("sr4", seed=2)
    app = finish(open_page("upscale.py", upscale_from="Upload"))
    assert app.selectbox(key="upscaler").value == "sr4"
    assert app.selectbox(key="upscaler").options == ["sr4", "another"]


def test_without_an_upscaler_says_how_to_train_one(open_page):
    app = open_page("upscale.py")
    assert any("There is no upscaler yet" in text.value for text in app.markdown)
    link = next(link for link in app.get("page_link") if "sr4" in link.proto.label)
    assert link.proto.page == "train" and "recipe=sr4" in link.proto.query_string


def test_a_run_of_a_page_does_not_clear_keras(open_here):
    """Streamlit would; a net that another thread was building would then have one name twice."""
    from keras import layers

    before = {layers.Dense(1).name for _ in range(2)}
    app = open_here(**UPLOAD)
    app.run()
    assert layers.Dense(1).name not in before
