import io
import json

import numpy as np
import pytest

from gan import UserError, films, images, inference, latent
from gan.latent_space import directions, journey, links
from gan.latent_space.views import Key, View
from tests.small_models import LATENT, save_generator

ONE, TWO, THREE = (Key(seed, tuple(np.eye(10)[seed].tolist())) for seed in (1, 2, 3))


@pytest.fixture
def digits(weights_dir):
    return save_generator()


def test_sheet_has_a_row_from_each_key_to_the_next(digits):
    sheet = images.decode(journey.sheet(View("digits", (ONE, TWO, THREE), 0.5)))
    row = 28 + 2
    assert sheet.shape == (2 * row - 2, journey.STEPS * row - 2, 1)
    expected = journey.draw(View("digits", (ONE, TWO, THREE), 0.0).stops())
    corners = [sheet[:28, :28], sheet[:28, -28:], sheet[-28:, -28:]]
    for corner, picture in zip(corners, expected, strict=True):
        assert np.abs(corner.astype(int) - picture).max() <= 1
    assert images.decode(journey.sheet(View("digits", (ONE,), 0.0))).shape == (28, 28, 1)


def test_frames_go_along_the_whole_strip(digits):
    open_way, loop = View("digits", (ONE, TWO), 0.3), View("digits", (ONE, TWO), 0.3, loop=True)
    assert [round(view.t, 3) for view in journey.along(open_way, 5)] == [0, 0.25, 0.5, 0.75, 1]
    assert [round(view.t, 3) for view in journey.along(loop, 4)] == [0, 0.5, 1, 1.5]
    frames = journey.frames(open_way, 10, 0.5)
    assert frames.shape == (5, 28, 28, 1)
    assert films.film("gif", list(frames), 10).startswith(b"GIF8")
    for seconds in (10_000 / 30, 1e308):
        with pytest.raises(UserError, match="frames are too many"):
            journey.frames(open_way, 30, seconds)


def test_latents_as_files_draw_the_same_pictures(digits):
    view = View("digits", (ONE, TWO), 0.25, offsets=(("d1", 1.5),))
    data = json.loads(journey.as_json(view))
    assert links.read(data["at"], "digits", 10) == view
    assert data["weights_sha256"] == inference.card("digits").digest
    with np.load(io.BytesIO(journey.as_npz(view))) as arrays:
        assert arrays["labels"].tolist() == [1, 1, 2]
        assert arrays["images"].shape == (3, 28, 28, 1)
        np.testing.assert_allclose(arrays["latents"][0], data["shown"]["latent"], atol=1e-6)
        np.testing.assert_allclose(arrays["classes"][0], data["shown"]["classes"], atol=1e-6)
        again = inference.sample("digits", arrays["latents"], arrays["classes"])
        assert np.abs(again.astype(int) - arrays["images"]).max() <= 1
    expected = latent.slerp(*(key.latent(LATENT) for key in (ONE, TWO)), 0.25)
    expected = expected + 1.5 * directions.find("digits", ["d1"])["d1"]
    np.testing.assert_allclose(data["shown"]["latent"], expected, atol=1e-5)
