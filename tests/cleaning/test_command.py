"""The verb `clean` of the command line."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from gan import cleaning, cli, cli_data, datasets, images
from gan.cleaning import jobs
from gan.datasets import kept
from tests.cleaning.drawn import ground, titled


def run(*arguments) -> int:
    return cli.main(["clean", *map(str, arguments)])


@pytest.fixture
def moon(tmp_path):
    Image.fromarray(titled()[0]).save(tmp_path / "moon.png")
    return tmp_path / "moon.png"


def test_a_file(moon, tmp_path, capsys):
    assert run(moon, tmp_path / "out.png", "--growth", 4, "--method", "biharmonic", "--boxes") == 0
    settings = cleaning.Settings(growth=4, method="biharmonic", follow_strokes=False)
    assert np.array_equal(
        images.decode((tmp_path / "out.png").read_bytes()), cleaning.clean(titled()[0], settings).image
    )
    assert "boxes of text: 1," in capsys.readouterr().out


def test_a_folder(moon, tmp_path, capsys):
    (tmp_path / "in").mkdir()
    moon.rename(tmp_path / "in" / "moon.png")
    (tmp_path / "in" / "bad.png").write_text("no")
    assert run(tmp_path / "in", tmp_path / "out") == 0
    said = capsys.readouterr()
    assert "1 pictures" in said.out and "bad.png" in said.err
    assert (tmp_path / "out" / "moon.png").exists()


def test_a_data_set(local_data, cache, capsys):
    kept.keep("mine", np.stack([titled("FOX", 18, art=ground(96, 96))[0]] * 3), np.zeros(3, int), ["all"])
    assert run("--dataset", "mine", "--name", "clean") == 0
    assert "Data set clean: 3 pictures" in capsys.readouterr().out
    assert datasets.source("clean").shape == (96, 96, 3)


def test_a_data_set_whose_cleaning_a_page_stops(local_data, cache, capsys, monkeypatch):
    kept.keep("mine", np.zeros((3, 96, 96, 3), np.uint8), np.zeros(3, int), ["all"])
    monkeypatch.setattr(cli_data, "progress", lambda share, text: jobs.find("clean").stop())
    assert run("--dataset", "mine", "--name", "clean") == 0
    said = capsys.readouterr()
    assert "Stopped; 1 of 3 are done" in said.err and not said.out
    assert "clean" not in kept.kept()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "write IN and OUT"),
        (["moon.png"], "write IN and OUT"),
        (["--dataset", "mine"], "name for the cleaned one"),
        (["a.png", "b.png", "--method", "soap"], "unknown method"),
        (["a.png", "b.png", "--threshold", "7"], "threshold"),
        (["a.png", "b.png"], "a.png: cannot be read"),
        (["--job", "nowhere"], "unknown cleaning"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, words, local_data, capsys):
    assert run(*arguments) == 2
    assert words in capsys.readouterr().err
