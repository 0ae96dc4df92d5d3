"""Pictures that somebody brings: every kind comes out right, or is refused by name."""

import io
import struct
import time
import tracemalloc
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from gan import UserError
from gan.datasets.decoding import decode, fit

RNG = np.random.default_rng(0)
# Smooth enough for JPEG: corner colours tell which way is up.
RAMP = np.stack([np.tile(np.linspace(0, 255, 40), (30, 1)), np.tile(np.linspace(255, 0, 30)[:, None], (1, 40)),
                 np.full((30, 40), 60)], -1).astype(np.uint8)  # fmt: skip


NOISE = RNG.integers(0, 256, (30, 40, 3), np.uint8)


def encoded(picture: Image.Image, kind="PNG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def png(width, height, depth=8, colour=0, body=b"") -> bytes:
    """A PNG that announces a size, whatever it holds."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "GIF", "WEBP", "JPEG", "AVIF"])
def test_formats(kind):
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95, "subsampling": 0}, "AVIF": {"quality": 95}}
    array = decode(encoded(Image.fromarray(RAMP), kind, **options.get(kind, {})), "a")
    assert array.shape == RAMP.shape and array.dtype == np.uint8
    assert np.abs(array.astype(int) - RAMP).mean() < {"GIF": 12, "JPEG": 3, "AVIF": 3}.get(kind, 0.001)


def test_grey_stays_grey():
    grey = RAMP[..., 0]
    for picture in (Image.fromarray(grey), Image.fromarray(grey > 127)):
        array = decode(encoded(picture), "a")
        assert array.shape == (30, 40, 1)
        assert np.array_equal(array[..., 0] > 127, grey > 127)


def test_sixteen_bits():
    deep = np.linspace(0, 65535, 1200).reshape(30, 40).astype(np.uint16)
    for kind in ("PNG", "TIFF"):
        array = decode(encoded(Image.fromarray(deep), kind), "a")
        assert array.shape == (30, 40, 1)
        assert np.abs(array[..., 0].astype(int) - deep / 257).max() <= 1


@pytest.mark.parametrize("top", [1.0, 255.0, 65535.0, 3e6])
def test_real_values(top):
    values = np.linspace(0, top, 1200, dtype=np.float32).reshape(30, 40)
    values[0, 0] = np.nan
    array = decode(encoded(Image.fromarray(values), "TIFF"), "a")[..., 0]
    assert array[0, 0] == 0 and array[-1, -1] == 255 and abs(int(array[15, 0]) - 128) <= 1


def test_cmyk_and_adobe_s_turned_one():
    for kind in ("JPEG", "TIFF"):
        array = decode(encoded(Image.fromarray(RAMP).convert("CMYK"), kind), "a")
        assert array.shape == RAMP.shape and np.abs(array.astype(int) - RAMP).mean() < 6


def test_palette_with_and_without_a_transparent_colour():
    picture = Image.fromarray(RAMP).quantize(64)
    plain = decode(encoded(picture), "a")
    assert np.abs(plain.astype(int) - RAMP).mean() < 12
    picture.putpixel((0, 0), 5)
    clear = decode(encoded(picture, transparency=5), "a")
    assert clear[0, 0].tolist() == [255, 255, 255]
    assert np.abs(clear[20:, 20:].astype(int) - plain[20:, 20:]).mean() < 12


@pytest.mark.parametrize(("ink", "ground"), [(255, 0), (0, 255), (200, 0)])
def test_ink_on_a_transparent_picture_is_set_on_paper_that_shows_it(ink, ground):
    picture = np.zeros((4, 4, 4), np.uint8)
    picture[1, 1] = (ink, ink, ink, 255)
    data = encoded(Image.fromarray(picture))
    found = decode(data, "a", paper="contrasting")
    assert found[1, 1].tolist() == [ink] * 3 and found[0, 0].tolist() == [ground] * 3
    assert decode(data, "a")[0, 0].tolist() == [255] * 3  # unless asked for, paper is white


def test_transparency_is_over_white():
    rgba = np.dstack([RAMP, np.tile(np.linspace(0, 255, 40), (30, 1)).astype(np.uint8)])
    for kind in ("PNG", "WEBP"):
        array = decode(encoded(Image.fromarray(rgba), kind, lossless=True), "a")
        assert array.shape == RAMP.shape
        assert (array[:, 0] > 250).all() and np.abs(array[:, -1].astype(int) - RAMP[:, -1]).max() <= 2
    grey = Image.fromarray(np.dstack([RAMP[..., 0], np.zeros((30, 40), np.uint8)]), "LA")
    assert (decode(encoded(grey), "a") == 255).all()


def test_the_first_frame_of_a_moving_picture():
    first, second = Image.new("RGB", (20, 10), "red"), Image.new("RGB", (20, 10), "blue")
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        array = decode(encoded(first, kind, save_all=True, append_images=[second]), "a")
        assert np.abs(array.astype(int) - [255, 0, 0]).max() < 30, kind


@pytest.mark.parametrize("turn", range(1, 9))
def test_upright_as_exif_says(turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    operations = {
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
        8: np.rot90,
    }
    array = decode(encoded(Image.fromarray(RAMP), "PNG", exif=exif), "a")
    assert np.array_equal(array, operations.get(turn, np.array)(RAMP))


def test_damaged_exif_does_not_cost_the_picture():
    data = encoded(Image.fromarray(RAMP), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(range(60)))
    assert decode(data, "a").shape == RAMP.shape


def test_a_huge_png_is_refused_without_unpacking():
    data = png(60_000, 60_000, body=bytes(1_000_000))
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(UserError, match=r"big\.png: has (60,000 x 60,000|far more) pixels; at most 50,000,000"):
        decode(data, "big.png")
    assert time.perf_counter() - start < 0.5
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_between_our_limit_and_pillow_s():
    with warnings.catch_warnings(), pytest.raises(UserError, match="has 10,000 x 10,000 pixels"):
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        decode(png(10_000, 10_000), "big.png")


JPEG = encoded(Image.fromarray(RAMP), "JPEG")
WRONG = {
    "empty": (b"", "the file is empty"),
    "text": (b"These are no pixels, but words.", r"holds text \('These are no pixels"),
    "html": ("<!doctype html><p>가".encode(), "holds text"),
    "zip": (b"PK\3\4" + bytes(30), "it is a ZIP file"),
    "pdf": (b"%PDF-1.7 ...", "it is a PDF file"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "holds text"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "holds text"),  # never run Ghostscript
    "zeros": (bytes(500), "its first bytes are 00 00 00 00"),
    "truncated JPEG": (JPEG[: len(JPEG) // 2], "damaged.*[Tt]runcated"),
    "truncated PNG": (encoded(Image.fromarray(NOISE))[:-300], "damaged"),
    "header only": (png(20, 20), "damaged"),
    "no size": (png(0, 0), "damaged"),
}


@pytest.mark.parametrize(("data", "words"), WRONG.values(), ids=WRONG)
def test_what_is_no_picture_is_named(data, words):
    with pytest.raises(UserError, match=words) as caught:
        decode(data, "folder/짱.png")
    assert str(caught.value).startswith("folder/짱.png: ")


def test_a_large_jpeg_is_decoded_small():
    large = encoded(Image.fromarray(RAMP).resize((2000, 1500)), "JPEG")
    array = decode(large, "a", near=64)
    assert array.shape == (188, 250, 3)  # an eighth: not below twice 64
    difference = fit(array, 64).astype(int) - fit(decode(large, "a"), 64)
    assert np.abs(difference).max() <= 3


@pytest.mark.parametrize("size", [16, 28, 256])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("how", ["crop", "pad"])
@pytest.mark.parametrize("shape", [(30, 40, 3), (40, 30, 1), (7, 7, 3), (1, 500, 3), (300, 1, 1), (1, 1, 3)])
def test_fit_gives_what_is_asked(shape, how, channels, size):
    image = RNG.integers(0, 256, shape, np.uint8)
    square = fit(image, size, how, channels)
    assert square.shape == (size, size, channels) and square.dtype == np.uint8


def test_the_middle_is_cropped():
    image = np.zeros((20, 60, 1), np.uint8)
    image[:, 20:40] = 255
    assert (fit(image, 20, "crop", 1) == 255).all()
    assert (fit(image.transpose(1, 0, 2), 20, "crop", 1) == 255).all()


@pytest.mark.parametrize("paper", [0, 255, 200])
def test_padding_goes_on_as_the_edge_does(paper):
    image = np.full((20, 60, 1), paper, np.uint8)
    image[5:15, 10:50] = 100
    square = fit(image, 60, "pad", 1)
    assert np.array_equal(square[20:40], image)
    assert (square[:20] == paper).all() and (square[40:] == paper).all()


def test_a_picture_that_fits_is_left_alone():
    image = RNG.integers(0, 256, (32, 32, 3), np.uint8)
    for how in ("crop", "pad"):
        assert np.array_equal(fit(image, 32, how), image)


def test_fine_patterns_do_not_alias():
    stripes = np.tile(np.array([0, 255], np.uint8), (256, 128))[..., None]
    assert np.abs(fit(stripes, 32, channels=1).astype(int) - 128).max() < 10
