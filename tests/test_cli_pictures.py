"""The verbs that go through the latent space, and those that take a picture."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from gan import cli, images
from gan.latent_space import journey, links
from gan.paths import ROOT
from tests.small_models import save_generator


@pytest.fixture
def digits(weights_dir):
    save_generator()


def run(*arguments):
    return cli.main([str(argument) for argument in arguments])


def test_from_latent_to_latent(digits, tmp_path, capsys):
    out = tmp_path / "way.png"
    assert run("interpolate", "--keys", "1/3", "2", "9/8", "--steps", 5, "--out", out, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert [key["at"] for key in said["view"]["keys"]] == [1, 2, 9]
    assert [np.argmax(key["classes"]) for key in said["view"]["keys"]] == [3, 3, 8]
    view = links.read(said["at"], "digits", 10)
    assert out.read_bytes() == journey.sheet(view, 5)  # what the page makes of the same view
    assert run("interpolate", "--at", said["at"], "--steps", 5, "--out", tmp_path / "again.png") == 0
    assert (tmp_path / "again.png").read_bytes() == out.read_bytes()
    looped = ["--path", "straight", "--easing", "smooth", "--loop"]
    assert run("interpolate", *looped, "--seconds", 0.25, "--rate", 20, "--out", tmp_path / "a.gif", "--json") == 0
    said = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert said["frames"] == 5 and said["view"]["loop"] and said["view"]["path"] == "straight"
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--keys", "1/x", "2"], "unknown label of digits 'x'"),
        (["--keys", "1/3"], "two keys or more"),
        (["--keys", "1", "what is this"], "latent: a word for 12 numbers was expected"),
        (["--at", "1~2_"], "The view in the link cannot be read"),
        (["--seconds", "9999"], "too many for one film"),
        (["--rate", "0"], "1 to 30 works"),
        (["--model", "digist"], "did you mean digits"),
    ],
)
def test_ways_that_cannot_be(arguments, words, digits, tmp_path, capsys):
    assert run("interpolate", *arguments, "--out", tmp_path / "x.gif") == 2
    assert words in capsys.readouterr().err and not (tmp_path / "x.gif").exists()


def test_a_sheet_of_no_steps_and_other_files(digits, tmp_path, capsys):
    assert run("interpolate", "--steps", 1, "--out", tmp_path / "x.png") == 2
    assert "2 to 60 works" in capsys.readouterr().err
    assert run("interpolate", "--out", tmp_path / "x.jpg") == 2
    assert "end the name with .png, .gif or .mp4" in capsys.readouterr().err


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A 1 and a 7 side by side, white ink on a transparent picture."""
    picture = Image.new("RGBA", (200, 200))
    pen = ImageDraw.Draw(picture)
    pen.line([(50, 60), (50, 140)], "white", 10)
    pen.line([(120, 65), (165, 65), (140, 140)], "white", 10, joint="curve")
    path = tmp_path_factory.mktemp("written") / "17.png"
    picture.save(path)
    return path


def test_what_is_written_is_read(written, capsys, monkeypatch):
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(ROOT / "weights"))
    assert run("recognize", written, "--several") == 0
    assert capsys.readouterr().out == "17\n"
    assert run("recognize", written, "--several", "--zoom", 1.6, "--across", 1, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    (answer,) = said["answers"]
    assert (said["text"], said["model"], said["width"], said["height"]) == ("7", "mnist_cnn", 200, 200)
    top, left, bottom, right = answer["box"].values()  # on the whole picture, though only a part of it was looked at
    assert 110 <= left <= 125 and 55 <= top <= 68 and 160 <= right <= 175 and 135 <= bottom <= 150
    assert answer["groups"][0]["likeliest"][0]["value"] == "7" and len(answer["groups"][0]["likeliest"]) == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--what", "digit"], "did you mean digits"),
        (["--model", "digits"], "digits is a generator and reads nothing"),
        (["--zoom", "70"], "1 to 10 works"),
        (["--ink", "drak"], "did you mean dark"),
        (["--what", "number"], "train recipe numbers_cnn"),
    ],
)
def test_readings_that_cannot_be(arguments, words, written, capsys, monkeypatch):
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(ROOT / "weights"))
    assert run("recognize", written, *arguments) == 2
    assert words in capsys.readouterr().err


def test_nothing_to_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(ROOT / "weights"))
    (tmp_path / "blank.png").write_bytes(images.encode_png(np.full((60, 60, 1), 255, np.uint8)))
    assert run("recognize", tmp_path / "blank.png") == 2 and "No ink was found" in capsys.readouterr().err
    assert run("recognize", tmp_path / "none.png") == 2 and "cannot be read" in capsys.readouterr().err
