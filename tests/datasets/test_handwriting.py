"""The drawn digits: what ships, and the script that drew it."""

import gzip
import hashlib
import importlib.util
import sys

import numpy as np
import pytest
from PIL import Image, ImageFont

from gan import datasets
from gan.paths import SHIPPED_DATA

FOLDER = SHIPPED_DATA / "handwriting"


@pytest.fixture(scope="module")
def render():
    """data/handwriting/render.py as a module."""
    spec = importlib.util.spec_from_file_location("render_handwriting", FOLDER / "render.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_size_and_reproducible_headers():
    files = list(FOLDER.glob("*.gz"))
    assert len(files) == 4
    assert sum(file.stat().st_size for file in files) < 3e6
    for file in files:
        head = file.read_bytes()[:10]
        assert head[3:8] == bytes(5), "a gzip header with a name or a time differs from one drawing to the next"


def test_provenance_names_every_font_and_file(render):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    train, test = render.FONTS["train"], render.FONTS["test"]
    assert not set(train) & set(test)
    for split, names in render.FONTS.items():
        rows = [line for line in text.splitlines() if line.startswith(f"| {split} |")]
        assert [line.split("`")[1] for line in rows] == [f"@fontsource/{name}" for name in names]
        for line in rows:
            _, _, _, version, licence, line_of_copyright, _ = (cell.strip() for cell in line.split("|"))
            assert version and licence in ("OFL-1.1", "Apache-2.0") and "opyright" in line_of_copyright.lower()
    source = datasets.source("handwriting")
    for both in source.reader.files.values():
        for file in both:
            assert f"| `{file.name}` | `{file.sha256}` |" in text
    for split, count in source.counts.items():
        assert f"- {split}: {count:,} pictures, {count // 10:,} of each digit" in text
        assert count == len(render.FONTS[split]) * 10 * render.VARIATIONS[split]


def test_every_class_has_the_same_count():
    for split in datasets.load("handwriting").splits.values():
        assert np.ptp(np.bincount(split.labels)) == 0


def test_ink_is_centred_and_fits_the_box():
    images = datasets.load("handwriting").test.images[..., 0].astype(float)
    ink = images.sum((1, 2))
    rows = (images.sum(2) * np.arange(28)).sum(1) / ink
    columns = (images.sum(1) * np.arange(28)).sum(1) / ink
    assert np.abs(rows - 13.5).max() < 0.5 and np.abs(columns - 13.5).max() < 0.5
    tall = [np.ptp(np.flatnonzero(image.any(1))) + 1 for image in images > 127]
    wide = [np.ptp(np.flatnonzero(image.any(0))) + 1 for image in images > 127]
    longer = np.maximum(tall, wide)
    assert longer.max() <= 21 and longer.min() >= 16
    assert len(np.unique(images)) == 16


def test_a_drawing_is_repeatable_and_variations_differ(render):
    font = ImageFont.load_default(400)  # the one that comes with Pillow
    glyph = render.distances(font, "4")
    assert glyph.shape == (render.CANVAS, render.CANVAS)
    first, again, other = (render.draw(glyph, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.dtype == np.uint8 and first.shape == (28, 28)
    np.testing.assert_array_equal(first, again)
    assert np.abs(first.astype(int) - other).mean() > 5


def test_distances_measure_the_stroke(render):
    """A bar 10 fine pixels wide: its middle is 5 from the edge, and that is the stroke found."""

    class Bar:
        def getmask(self, text, mode):
            return Image.new("L", (10, render.BOX * render.FINE), 255).im

    bar = render.distances(Bar(), "1")
    assert bar.max() == 5
    assert render.stroke(bar) == pytest.approx(10, abs=1.5)


def test_split_is_balanced_and_each_font_keeps_its_pictures(render):
    font = ImageFont.load_default(400)
    glyphs = {digit: render.distances(font, digit) for digit in render.DIGITS}
    one, two = (render.Font(name, "1", "OFL-1.1", "", glyphs) for name in ("one", "two"))
    pictures, labels = render.draw_split([one], 2)
    assert pictures.shape == (20, 28, 28) and np.bincount(labels).tolist() == [2] * 10
    both, _ = render.draw_split([one, two], 2)
    assert {picture.tobytes() for picture in pictures} < {picture.tobytes() for picture in both}


def test_files_unpack_to_their_digests():
    for both in datasets.source("handwriting").reader.files.values():
        for file in both:
            data = gzip.decompress((FOLDER / f"{file.name}.gz").read_bytes())
            assert hashlib.sha256(data).hexdigest() == file.sha256
