"""Fonts from files that nobody vouches for: what they have, what they lack, and what is wrong with them."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from gan import UserError
from gan.datasets import font_tables, fonts
from tests import small_fonts


def one(**options) -> fonts.Font:
    return fonts.open_fonts(small_fonts.file(**options), "boxes.ttf")[0]


@pytest.mark.parametrize("kind", ["ttf", "otf", "woff", "woff2", "ttc"])
def test_every_format_gives_the_same_glyphs(kind):
    found = fonts.open_fonts(small_fonts.file(kind), f"boxes.{kind}")
    assert [font.name for font in found] == (["Boxes", "More Boxes"] if kind == "ttc" else ["Boxes"])
    for font in found:
        assert font.licence == "OFL 1.1" and font.copyright == "Copyright Nobody"
        assert font.lacks("1Ala가") == []
        ink, top = font.mask("l", 100)
        assert ink.shape == pytest.approx((90, 20), abs=1) and top == pytest.approx(70, abs=1)  # hinted or not


def test_what_is_missing_is_not_drawn_as_a_box():
    font = one()
    # B has no glyph, e an empty one, n the box that stands for missing characters.
    assert font.lacks("1BenA") == ["B", "e", "n"]
    assert all(font.mask(character, 64) is None for character in "Ben")


def test_characters_beyond_the_first_plane_are_looked_up():
    font = one(letters={"1": (small_fonts.BAR,), "𝟙": (small_fonts.BLOCK,)})
    assert font.lacks("1𝟙𝟚") == ["𝟚"]


def test_weights_of_a_family_belong_together():
    thin, bold = one(style="Bold"), one(family="Boxes SemiBold Italic")
    assert thin.family == bold.family == "Boxes"
    assert (thin.name, bold.name) == ("Boxes Bold", "Boxes SemiBold Italic")
    assert one(family="Black").family == "Black"


def test_files_are_read_once_and_names_differ():
    same, other = small_fonts.file(), small_fonts.file(letters={"1": (small_fonts.BAR,)})
    found, problems = fonts.read([("a.ttf", same), ("b.ttf", same), ("c.ttf", other), ("d.ttf", b"words"), ("e", b"")])
    assert [font.name for font in found] == ["Boxes", "Boxes (c)"]
    assert [problem.split(":")[0] for problem in problems] == ["b.ttf", "d.ttf", "e"]
    assert "not a font" in problems[1]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a font"),
        (b"\0\1\0\0 and no more", "breaks off"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "not a font"),
        (b"ttcf" + struct.pack(">II", 0x10000, 1 << 31) + bytes(64), "announces more"),
        (b"wOF2\0\1\0\0" + bytes(8) + struct.pack(">I", 0xFFFFFFFF) + bytes(64), "announces more"),
        (b"\0\1\0\0" + bytes(200), "damaged"),
    ],
)
def test_what_is_no_font_says_so(data, words):
    with pytest.raises(UserError, match=words):
        fonts.open_fonts(data, "x.ttf")


def test_a_font_that_is_too_large_is_not_opened(monkeypatch):
    monkeypatch.setattr(fonts, "LIMIT", 100)
    with pytest.raises(UserError, match="up to 0 MB"):
        one()


def test_a_font_without_unicode_says_so():
    font = small_fonts.build()
    font["cmap"].tables = font["cmap"].tables[:1]
    font["cmap"].tables[0].platformID, font["cmap"].tables[0].platEncID = 3, 0  # a font of symbols
    with pytest.raises(UserError, match="no Unicode table"):
        fonts.open_fonts(small_fonts.saved(font), "symbols.ttf")


def test_a_table_that_claims_all_characters_costs_nothing():
    """4 billion characters in 16 bytes: unfolded they would fill the memory."""
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIIIIII", 12, 0, 28, 0, 1, 0, 0xFFFFFFFF, 1)
    table = font_tables.unicode_table(cmap)
    assert font_tables.glyph_number(table, "A") == 1 + ord("A")
    assert font_tables.glyph_number(struct.pack(">HHIII", 12, 0, 28, 0, 0xFFFFFFFF), "A") == 0  # more than there is


@pytest.mark.parametrize("kind", ["ttf", "otf", "woff", "woff2", "ttc"])
def test_damaged_fonts_are_refused_or_read_and_never_crash(kind):
    whole, rng = small_fonts.file(kind), np.random.default_rng(7)
    refused = 0
    for number in range(120):
        data = bytearray(whole)
        if number % 3 == 0:
            data = data[: rng.integers(4, len(data))]
        else:
            for place in rng.integers(4, len(data), rng.integers(1, 30)):
                data[place] = rng.integers(256)
        try:
            for font in fonts.open_fonts(bytes(data), "damaged"):
                font.lacks("1Alan가")
        except UserError as error:
            refused += 1
            assert str(error).startswith("damaged: ")
    assert refused > 20


def test_folders_are_walked(tmp_path):
    (tmp_path / "더").mkdir()
    (tmp_path / "더" / "글꼴.TTF").write_bytes(small_fonts.file())
    (tmp_path / "b.woff2").write_bytes(small_fonts.file("woff2"))
    (tmp_path / "words.txt").write_text("no font")
    (tmp_path / ".hidden.ttf").write_bytes(small_fonts.file())
    (tmp_path / "gone.ttf").symlink_to(tmp_path / "nowhere.ttf")
    assert [name for name, _ in fonts.files_in([tmp_path])] == ["b.woff2", "글꼴.TTF"]
    assert [name for name, _ in fonts.files_in([tmp_path / "words.txt"])] == ["words.txt"]  # named: then it is tried
    with pytest.raises(UserError, match="no such file"):
        list(fonts.files_in([tmp_path / "nowhere"]))


def test_installed_fonts_are_found_where_systems_keep_them(tmp_path, monkeypatch):
    (tmp_path / ".fonts").mkdir()
    (tmp_path / ".fonts" / "boxes.ttf").write_bytes(small_fonts.file())
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path / ".fonts" / "boxes.ttf" in fonts.installed()
