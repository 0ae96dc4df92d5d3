"""Text is found, at any angle, on pictures of any size; nothing is found where there is none."""

from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest

from gan import cleaning
from gan.cleaning import detector
from gan.datasets import covers
from gan.paths import ROOT
from tests.cleaning.drawn import ground, titled


def inside(picture: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    return cleaning.mask(picture, boxes, growth=2, follow_strokes=False)


@pytest.mark.parametrize("angle", [0, 20, -35, 90])
def test_finds_words_at_any_angle(angle):
    picture, _, letters = titled(angle=angle)
    boxes = cleaning.find(picture, 0.3)
    assert boxes.dtype == np.float32 and boxes.shape[1:] == (4, 2)
    covered = inside(picture, boxes)
    assert covered[letters].mean() > 0.95
    assert covered.mean() < 0.25


def test_a_box_leans_as_its_words_do():
    picture, _, _ = titled(angle=20)
    (box,) = cleaning.find(picture, 0.3)
    (x0, y0), (x1, y1) = box[:2]
    assert np.degrees(np.arctan2(y0 - y1, x1 - x0)) == pytest.approx(20, abs=4)


def test_finds_small_letters_on_a_small_picture():
    picture, _, letters = titled("LITTLE FOX", 13, art=ground(128, 128))
    assert inside(picture, cleaning.find(picture, 0.3))[letters].mean() > 0.9


def test_grey_pictures_are_looked_at_too():
    picture, _, letters = titled()
    grey = picture.mean(-1, keepdims=True).astype(np.uint8)
    assert inside(grey, cleaning.find(grey, 0.3))[letters].mean() > 0.9


def test_finds_korean():
    korean = itertools.islice((cover for cover in covers.titles("test") if cover.language == "korean"), 6)
    found = [inside(c.with_title, cleaning.find(c.with_title, 0.3))[c.letters].mean() for c in korean]
    assert len(found) == 6 and np.median(found) > 0.95


@pytest.mark.parametrize("picture", [np.zeros((256, 256, 3), np.uint8), ground()], ids=["black", "landscape"])
def test_finds_nothing_where_nothing_is(picture):
    assert cleaning.find(picture, 0.3).shape == (0, 4, 2)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 300, 1), (300, 2, 3), (20, 2500, 3), (2500, 20, 1), (16, 16, 1)])
def test_odd_shapes_are_no_trouble(shape):
    picture = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    cleaned = cleaning.clean(picture)
    assert cleaned.image.shape == shape and cleaned.mask.shape == shape[:2]


def test_a_huge_picture_is_looked_at_small():
    picture, _, letters = titled("HARBOUR", 300, art=ground(1800, 2400))
    assert inside(picture, cleaning.find(picture, 0.3))[letters].mean() > 0.95


def test_what_the_detector_sees_is_bounded():
    for height, width in [(1, 1), (28, 28), (256, 256), (600, 400), (10, 100_000), (20_000, 20_000)]:
        across, down = detector._size(height, width)
        assert 32 <= across <= 1280 and 32 <= down <= 1280
    assert detector._size(600, 400) == (736, 1088)


def test_the_threshold_decides_after_the_look():
    picture, _, _ = titled()
    found = cleaning.detect(picture)
    assert found.boxes.shape == (len(found.scores), 4, 2)
    assert len(found.above(1.01)) == 0
    assert len(found.above(cleaning.FLOOR)) == len(found.scores) >= 1
    assert np.array_equal(found.above(0.3), cleaning.find(picture, 0.3))


def test_importing_loads_neither_opencv_nor_onnxruntime():
    code = (
        "import sys, gan, gan.cleaning, gan.cleaning.jobs, gan.cleaning.folders, gan.cli\n"
        "print([m for m in ('cv2', 'onnxruntime', 'rapidocr', 'skimage') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_the_detector_needs_no_network():
    code = (
        "import socket, numpy as np\n"
        "def refuse(*a, **k): raise AssertionError('reached for the network')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from gan import cleaning\n"
        "print(len(cleaning.find(np.zeros((64, 64, 3), np.uint8))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout.strip(), done.returncode) == ("0", 0), done.stderr
