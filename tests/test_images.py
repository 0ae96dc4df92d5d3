"""Pictures: ranges there and back, sheets, files."""

import io

import numpy as np
import pytest
from PIL import Image

from gan import images


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_every_grey_survives_the_model_range():
    greys = np.arange(256, dtype=np.uint8)
    floats = images.to_model(greys)
    assert floats.dtype == np.float32
    assert floats[0] == -1 and floats[255] == 1
    assert np.all(np.diff(floats) > 0)
    np.testing.assert_array_equal(images.from_model(floats), greys)


def test_from_model_clips_and_rounds():
    values = images.from_model(np.array([-7, -1, 0, 1, 7, 0.003]))
    assert values.dtype == np.uint8
    assert values.tolist() == [0, 0, 128, 255, 255, 128]  # 127.5 rounds to even


def test_half_precision_in_full_range_out():
    floats = images.to_model(np.arange(256, dtype=np.uint8)).astype(np.float16)
    np.testing.assert_array_equal(images.from_model(floats), np.arange(256))


@pytest.mark.parametrize("channels", [1, 3])
def test_tile_puts_each_picture_in_its_cell(rng, channels):
    batch = rng.integers(0, 256, (5, 4, 3, channels), np.uint8)
    sheet = images.tile(batch, columns=2, gap=1, paper=9)
    assert sheet.shape == (3 * 5 - 1, 2 * 4 - 1, channels) and sheet.dtype == np.uint8
    for index in range(5):
        top, left = index // 2 * 5, index % 2 * 4
        np.testing.assert_array_equal(sheet[top : top + 4, left : left + 3], batch[index])
    assert np.all(sheet[4] == 9) and np.all(sheet[:, 3] == 9)  # gaps
    assert np.all(sheet[10:, 4:] == 9)  # the cell left over


@pytest.mark.parametrize(("count", "rows", "columns"), [(1, 1, 1), (2, 1, 2), (9, 3, 3), (10, 3, 4)])
def test_tile_is_as_square_as_it_goes(count, rows, columns):
    sheet = images.tile(np.zeros((count, 8, 8, 1), np.uint8), gap=0)
    assert sheet.shape == (8 * rows, 8 * columns, 1)


def test_enlarge_repeats_pixels(rng):
    image = rng.integers(0, 256, (2, 3, 3), np.uint8)
    large = images.enlarge(image, 4)
    assert large.shape == (8, 12, 3)
    np.testing.assert_array_equal(large[::4, ::4], image)
    np.testing.assert_array_equal(large[3::4, 3::4], image)
    assert images.enlarge(image[None], 2).shape == (1, 4, 6, 3)


@pytest.mark.parametrize("channels", [1, 3])
def test_png_round_trip(rng, channels):
    image = rng.integers(0, 256, (7, 5, channels), np.uint8)
    data = images.encode_png(image)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    np.testing.assert_array_equal(images.decode(data), image)


@pytest.mark.parametrize(("mode", "channels"), [("1", 1), ("L", 1), ("RGB", 3), ("RGBA", 3), ("P", 3), ("CMYK", 3)])
def test_decode_gives_grey_or_colour(mode, channels):
    file = io.BytesIO()
    Image.new(mode, (5, 7)).save(file, "JPEG" if mode == "CMYK" else "PNG")
    decoded = images.decode(file.getvalue())
    assert decoded.shape == (7, 5, channels) and decoded.dtype == np.uint8


def test_bicubic_is_pillow_s_for_grey_and_colour():
    rng = np.random.default_rng(0)
    for channels in (1, 3):
        small = rng.integers(0, 256, (2, 5, 7, channels), np.uint8)
        large = images.bicubic(small, 4)
        assert large.shape == (2, 20, 28, channels) and large.dtype == np.uint8
        picture = Image.fromarray(small[1] if channels == 3 else small[1, ..., 0])
        expected = np.asarray(picture.resize((28, 20), Image.Resampling.BICUBIC))
        assert np.array_equal(large[1].squeeze(), expected)
    assert (images.bicubic(np.full((1, 4, 4, 1), 90, np.uint8), 2) == 90).all()
