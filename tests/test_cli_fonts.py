"""The verb render-fonts: what it writes, says and refuses."""

from __future__ import annotations

import numpy as np
import pytest

from gan import cli, images
from gan.datasets import kept
from tests import small_fonts


@pytest.fixture
def folder(tmp_path):
    """Two fonts, one of which lacks 가, and a file that is no font."""
    letters = {character: small_fonts.LETTERS[character] for character in "1A"}
    (tmp_path / "one.ttf").write_bytes(small_fonts.file(family="One"))
    (tmp_path / "two.otf").write_bytes(small_fonts.file("otf", family="Two", letters=letters))
    (tmp_path / "bad.ttf").write_bytes(b"no font at all")
    return tmp_path


def render(folder, *arguments):
    return cli.main(["render-fonts", "--fonts", str(folder), *map(str, arguments)])


def test_arrays_and_what_is_missing(folder, tmp_path, capsys):
    out = tmp_path / "f.npz"
    assert render(folder, "--chars", "1A가", "--size", 24, "--rotation", 10, "--variations", 4, "--out", out) == 0
    said = capsys.readouterr()
    assert "Two lacks 가" in said.err and "bad.ttf: not a font" in said.err
    assert "2 fonts, 3 characters" in said.out
    with np.load(out) as arrays:
        assert arrays["images"].shape == (4 * 5, 24, 24, 1) and arrays["images"].dtype == np.uint8
        assert np.bincount(arrays["labels"]).tolist() == [8, 8, 4]
        assert arrays["fonts"].tolist() == ["One"] * 12 + ["Two"] * 8


def test_a_sheet_of_complete_fonts_as_ink_on_paper(folder, tmp_path):
    out = tmp_path / "f.png"
    assert render(folder, "--chars", "1A가", "--complete", "--ink-on-paper", "--out", out) == 0
    sheet = images.decode(out.read_bytes())
    assert sheet.shape == (32, 3 * 34 - 2, 1) and sheet[0, 0] == 255


def test_kept_as_a_data_set(folder, local_data, capsys):
    assert render(folder, "--chars", "1A", "--name", "mine", "--title", "Mine", "--share", 0.5) == 0
    assert "Data set mine: 2 train and 2 test pictures" in capsys.readouterr().out
    assert kept.kept()["mine"].title == "Mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--chars", "1", "--out", "f.gif"), ".npz"),
        (("--chars", " ", "--out", "f.npz"), "give some"),
        (("--chars", "1", "--without", "Thre", "--out", "f.npz"), "unknown font"),
        (("--chars", "1", "--without", "One", "Two", "--out", "f.npz"), "no font to draw"),
        (("--chars", "1", "--size", "8", "--out", "f.npz"), "16 to 256"),
        (("--chars", "1", "--out", "nowhere/f.npz"), "cannot be written"),
        (("--chars", "1", "--name", "No Name"), "cannot be used"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(
    arguments, words, folder, tmp_path, local_data, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert render(folder, *arguments) == 2
    assert words in capsys.readouterr().err
    assert not list(tmp_path.glob("f.*")) and not kept.kept()
