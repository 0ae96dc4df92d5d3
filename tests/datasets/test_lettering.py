"""Fonts and characters to a data set: what is drawn, what is left out and said, what is kept."""

from __future__ import annotations

import io

import numpy as np
import pytest

from gan import UserError, datasets, images
from gan.datasets import fonts, kept, lettering
from gan.datasets.glyphs import Style
from gan.datasets.lettering import Lettering
from tests import small_fonts

SMALL, JITTER = Style(size=16), Style(size=16, rotation=10, shift=10)


@pytest.fixture(scope="module")
def found():
    few = {character: small_fonts.LETTERS[character] for character in "1A"}
    files = [("boxes.ttf", small_fonts.file())]
    files += [(f"{name}.otf", small_fonts.file("otf", family=name, letters=few)) for name in ("Two", "Three", "Four")]
    return fonts.read(files)[0]


def test_presets():
    assert lettering.characters("hangul16") == tuple("가나다라마바아사자차타파하전미정")
    assert {name: len(lettering.characters(name)) for name in lettering.PRESETS} == {
        "hangul16": 16,
        "digits": 10,
        "upper": 26,
        "lower": 26,
        "alnum": 62,
    }


def test_typed_characters_are_taken_once_in_order():
    assert lettering.characters("b a b\nc") == ("b", "a", "c")
    assert lettering.characters("\u1100\u1161") == ("가",)  # typed in pieces


@pytest.mark.parametrize(("text", "words"), [("", "give some"), (" \n", "give some"), ("a\u0301\u0320", "U\\+0320")])
def test_characters_that_cannot_be_drawn(text, words):
    with pytest.raises(UserError, match=words):
        lettering.characters(text)


def test_every_picture_has_its_character_and_font(found):
    made = Lettering(found, tuple("1A가"), JITTER, variations=3).arrays()
    assert made["images"].shape == (3 * 9, 16, 16, 1) and made["images"].dtype == np.uint8  # three lack 가
    assert made["class_names"].tolist() == ["1", "A", "가"]
    assert np.bincount(made["labels"]).tolist() == [12, 12, 3]
    assert set(made["fonts"][made["labels"] == 2]) == {"Boxes"}
    assert lettering.missing(found, tuple("1A가")) == {name: ["가"] for name in ("Two", "Three", "Four")}


def test_a_character_that_no_font_has_is_no_class(found):
    assert Lettering(found, tuple("1ZA"), SMALL).characters == ("1", "A")


def test_another_font_more_changes_no_picture(found):
    alone = Lettering(found[1:2], ("1",), JITTER, 2).arrays()["images"]
    together = Lettering(found, ("1",), JITTER, 2).arrays()
    np.testing.assert_array_equal(together["images"][together["fonts"] == "Two"], alone)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fonts": []}, "no font to draw"),
        ({"characters": ("Z",)}, "None of the fonts"),
        ({"variations": 2}, "jitter"),
        ({"variations": 0, "style": JITTER}, "1 to 10,000"),
    ],
)
def test_nothing_to_draw_says_so(found, options, words):
    with pytest.raises(UserError, match=words):
        Lettering(**{"fonts": found, "characters": ("1",), "style": SMALL, **options})


def test_more_than_fits_in_memory_is_refused(found, monkeypatch):
    monkeypatch.setattr(lettering, "MEMORY", 1000)
    with pytest.raises(UserError, match="3 of this size fit"):
        Lettering(found, tuple("1A"), SMALL).arrays()


def test_sheet_and_arrays_as_files(found):
    letters = Lettering(found, tuple("1A가"), SMALL)
    sheet = images.decode(letters.sheet())
    assert sheet.shape == (4 * 18 - 2, 3 * 18 - 2, 1)
    assert sheet[:16, :16].max() > 200 and sheet[18:34, 36:].max() == 0  # Two lacks 가
    with np.load(io.BytesIO(letters.npz())) as made:
        assert made["images"].shape == (9, 16, 16, 1)


def test_strip_crosses_out_what_is_missing(found):
    strip = lettering.strip(found[1], tuple("1가A"), SMALL, columns=2)
    assert strip.shape == (33, 33, 1)
    assert strip[:16, 17:33].min() == 110 and strip[:16, 17:33].max() == 160


def test_kept_as_a_data_set_with_fonts_of_their_own_for_testing(found, local_data):
    said = []
    letters = Lettering(found, tuple("1A"), JITTER, 5)
    row = lettering.keep("boxes", letters, "Boxes", 0.75, lambda *what: said.append(what))
    assert row.class_names == ("1", "A") and row.shape == (16, 16, 1) and row.attributes == ("font",)
    assert sum(row.counts.values()) == 40 and min(row.counts.values()) > 0
    assert row.licence == "drawn from fonts under OFL 1.1 (4)"
    data = datasets.load("boxes")
    train, test = (set(split.attributes["font"].tolist()) for split in (data.train, data.test))
    assert train | test == {"Boxes", "Two", "Three", "Four"} and not train & test
    shares = [done for done, _ in said]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1)


def test_one_font_is_not_said_to_have_others_for_testing(found, local_data):
    row = lettering.keep("one", Lettering(found[:1], tuple("1A"), JITTER, 5))
    assert row.summary.startswith("Drawn from one font. Made") and min(row.counts.values()) > 0


def test_a_share_that_cannot_be_is_refused_before_anything_is_drawn(found, local_data):
    with pytest.raises(UserError, match="share"):
        lettering.keep("x", Lettering(found, ("1",), SMALL), share=2, progress=lambda *_: pytest.fail("drawn"))


def test_what_is_cancelled_leaves_nothing(found, local_data):
    def progress(done, what):
        if done > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lettering.keep("boxes", Lettering(found, tuple("1A"), JITTER, 5), progress=progress)
    assert not kept.kept() and not list(local_data.iterdir())


def test_a_name_that_is_taken_is_refused_before_anything_is_drawn(found, local_data):
    with pytest.raises(UserError, match="already"):
        lettering.keep("hangul", Lettering(found, ("1",), SMALL), progress=lambda *_: pytest.fail("drawn"))
