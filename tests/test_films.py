"""Films: what is written can be read again, and what cannot be made is refused before it is begun."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from PIL import Image

from gan import UserError, films


def frames(n, h=13, w=11, c=1):
    return np.random.default_rng(1).integers(0, 256, (n, h, w, c), np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_gif_has_every_frame_and_crisp_pixels(channels):
    said = []
    given = frames(5, c=channels)
    with Image.open(io.BytesIO(films.film("gif", given, 10, lambda share, text: said.append(share)))) as film:
        assert film.n_frames == 5 and film.info["duration"] == 100 and film.info["loop"] == 0
        assert film.size == (11 * 49, 13 * 49)  # whole steps, 640 at most
        film.seek(3)
        shown = np.asarray(film.convert("RGB" if channels == 3 else "L")).reshape(13, 49, 11, 49, channels)
    assert (shown == shown[:, :1, :, :1]).all()
    assert np.abs(shown[:, 0, :, 0].astype(int) - given[3]).max() <= (0 if channels == 1 else 12)  # 256 colours
    assert said == sorted(said) and said[0] >= 0 and said[-1] < 1


@pytest.mark.parametrize("channels", [1, 3])
def test_an_mp4_can_be_read_again(tmp_path, channels):
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / "film.mp4"
    path.write_bytes(films.film("mp4", frames(7, 651, 321, channels)[:, ::1], 24))  # odd sides, not enlarged
    reader = imageio_ffmpeg.read_frames(path)
    meta = next(reader)
    assert meta["size"] == (322, 652) and meta["fps"] == 24 and meta["codec"] == "h264"
    assert sum(1 for _ in reader) == 7


@pytest.mark.parametrize(
    ("kind", "count", "rate", "words"),
    [
        ("gif", 10_000, 12, "10,000 frames are too many"),
        ("mp4", 0, 12, "at least one"),
        ("gif", 5, 240, "1 to 30 works"),
        ("avi", 5, 12, "gif"),
    ],
)
def test_what_cannot_be_is_refused(kind, count, rate, words):
    with pytest.raises(UserError, match=words):
        films.check(kind, count, (28, 28, 1), rate)


def test_a_gif_lasts_as_long_as_it_should():
    with Image.open(io.BytesIO(films.film("gif", frames(24), 12))) as film:
        lengths = []
        for index in range(film.n_frames):
            film.seek(index)
            lengths.append(film.info["duration"])
    assert sum(lengths) == 2000 and set(lengths) == {80, 90}


def test_large_frames_keep_their_colours():
    down, across = np.indices((400, 300))
    frame = np.stack([down * 255 // 399, across * 255 // 299, np.full_like(down, 90)], axis=-1).astype(np.uint8)
    with Image.open(io.BytesIO(films.film("gif", [frame], 10))) as film:
        error = np.abs(np.asarray(film.convert("RGB")).astype(int) - frame)
    assert error.mean() < 6 and np.percentile(error, 99) < 20


def test_an_mp4_that_broke_off_is_not_handed_out(monkeypatch, tmp_path):
    pytest.importorskip("imageio_ffmpeg")
    for act in ("exit 1", "for last; do :; done; cat > $last"):  # at once; or no more than a part is written
        program = tmp_path / "ffmpeg"
        program.write_text(f"#!/bin/sh\n{act}\n")
        program.chmod(0o755)
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))
        with pytest.raises(UserError, match=r"could not be written.*GIF"):
            films.film("mp4", frames(40), 12)


def test_without_ffmpeg_a_gif_is_offered(monkeypatch, tmp_path):
    pytest.importorskip("imageio_ffmpeg")
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "ffmpeg"))  # which is not there
    with pytest.raises(UserError, match=r"imageio-ffmpeg.*GIF"):
        films.film("mp4", frames(2), 12)
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(UserError, match=r"imageio-ffmpeg.*GIF"):
        films.film("mp4", frames(2), 12)
    assert films.film("gif", frames(2), 12)


def test_a_film_can_be_given_up():
    class GivenUp(BaseException):
        pass

    def say(share, text):
        if share >= 0.5:
            raise GivenUp

    for kind in films.KINDS:
        with pytest.raises(GivenUp):
            films.film(kind, frames(4), 12, say)
