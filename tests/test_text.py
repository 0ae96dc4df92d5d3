"""Lines of text: who draws which character, and lines drawn by small real generators."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, text
from tests.small_models import save_generator

CAPITALS, SMALL = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), tuple("abcdefghijklmnopqrstuvwxyz")
GLYPHS = (*"0123456789", *CAPITALS, *SMALL)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A folder with a model of digits."""
    folder = tmp_path_factory.mktemp("weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(folder))
        save_generator("digits")
    return folder


@pytest.fixture
def model(alone, monkeypatch):
    """The model of `alone`, in use."""
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(alone))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder with a model of digits, of letters, of both, and of syllables at another size."""
    folder = tmp_path_factory.mktemp("weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(folder))
        save_generator("digits")
        save_generator("letters", class_names=CAPITALS)
        save_generator("glyphs", class_names=GLYPHS, latent=20)
        save_generator("hangul", family="cgan", class_names=tuple("가나정"), shape=(32, 32, 1))
    return folder


@pytest.fixture
def several(saved, monkeypatch):
    """The models of `saved`, in use."""
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(saved))


def written(words: str, model: str | None = None) -> dict[str, str]:
    return text.writers(text.plan(words, model))


def test_in_one_hand_a_character_always_looks_the_same(model):
    once = text.write("7", seed=1, look=text.Look(spacing=0))
    twice = text.write("77", seed=1, look=text.Look(spacing=0))
    np.testing.assert_allclose(twice.astype(int), np.concatenate([once, once], axis=1), atol=1)


def test_in_many_hands_it_does_not(model):
    line = text.write("7777", seed=1, one_hand=False, look=text.Look(spacing=0))
    same = text.write("7777", seed=1, look=text.Look(spacing=0))
    assert line.shape != same.shape or np.abs(line.astype(int) - same).max() > 10


def test_paper_and_ink_can_be_exchanged(model):
    line = text.write("12", seed=1)
    dark = text.write("12", seed=1, look=text.Look(ink="#000000", paper="#ffffff"))
    np.testing.assert_array_equal(dark, 255 - line)


def test_ink_paper_size_and_slant_are_as_asked(model):
    upright = text.write("17", seed=1, look=text.Look(size=56, ink="#102030", paper="#f0e0d0"))
    assert upright.shape[0] == 56 and upright.shape[2] == 3
    assert upright[0, 0].tolist() == [0xF0, 0xE0, 0xD0]
    slanted = text.write("17", seed=1, look=text.Look(size=56, slant=-20, ink="#102030", paper="#f0e0d0"))
    assert slanted.shape[1] > upright.shape[1]
    clear = text.write("17", seed=1, look=text.Look(size=56, ink="#102030", paper=""))
    assert clear.shape == (*upright.shape[:2], 4)
    assert clear[0, 0].tolist() == [0x10, 0x20, 0x30, 0] and clear[..., 3].max() > 200


def test_an_end_of_line_begins_another(model):
    one, other = text.write("12", seed=1), text.write("3", seed=1)
    both = text.write("12\r\n3 ", seed=1)
    assert both.shape == (56, one.shape[1], 1)
    np.testing.assert_allclose(both[:28].astype(int), one, atol=1)
    np.testing.assert_allclose(both[28:, : other.shape[1]].astype(int), other, atol=1)
    assert not both[28:, other.shape[1] :].any()
    assert text.write("1\n\n2", seed=1).shape[0] == 3 * 28


@pytest.mark.parametrize(
    ("look", "said"),
    [
        ({"size": 7}, "size: 7 is out of range; 8 to 256"),
        ({"size": 257}, "8 to 256"),
        ({"slant": 31}, "slant: 31"),
        ({"slant": float("nan")}, "slant: nan"),
        ({"spacing": -1}, "spacing: -1"),
        ({"ink": "red"}, "ink: 'red' is no colour"),
        ({"paper": "#12345"}, "paper: '#12345' is no colour"),
    ],
)
def test_a_look_that_cannot_be_says_why(look, said):
    with pytest.raises(UserError, match=said):
        text.Look(**look)


def test_a_text_that_would_be_too_large_says_so(model, monkeypatch):
    monkeypatch.setattr(text, "LARGEST", 256 * 256)
    with pytest.raises(UserError, match=r"pixels; choose a smaller size"):
        text.write("1234567", seed=1, look=text.Look(size=256))


def test_spaces_around_the_text_do_not_matter(model):
    np.testing.assert_array_equal(text.write(" 12 ", 1), text.write("12", 1))


@pytest.mark.parametrize(
    ("words", "model", "by"),
    [
        ("2026", None, {"digits": "206"}),
        ("ROOM 101", None, {"letters": "ROM", "digits": "10"}),
        ("Room 101", None, {"glyphs": "Rom", "digits": "10"}),  # letters would do for the R alone
        ("7정가", None, {"digits": "7", "hangul": "정가"}),
        ("Room 101", "letters", {"letters": "ROM", "digits": "10"}),  # those named first do what they can
        ("12", "glyphs", {"glyphs": "12"}),
        ("\u1100\u1161", None, {"hangul": "가"}),  # in pieces, as some systems type
    ],
)
def test_each_character_is_drawn_by_a_model_that_fits(several, words, model, by):
    assert written(words, model) == by


def test_a_small_letter_is_drawn_as_a_capital_where_no_model_knows_it(weights_dir):
    save_generator("letters", class_names=CAPITALS)
    assert written("aBa") == {"letters": "AB"}


def test_what_ships_comes_before_the_user_s_own(weights_dir):
    save_generator("anew")
    (weights_dir / "local").mkdir()
    (weights_dir / "anew").rename(weights_dir / "local" / "anew")
    save_generator("digits")
    assert written("1") == {"digits": "1"}
    assert written("1", "anew") == {"anew": "1"}


def test_pictures_of_several_models_stand_on_one_line(several):
    line = text.write("a1가", seed=3)
    assert line.shape[0] == 32
    np.testing.assert_array_equal(line, text.write("a1가", seed=3))


def test_the_hand_of_a_character_does_not_depend_on_its_neighbours(several):
    alone, beside = (text.write(words, seed=3, look=text.Look(spacing=0)) for words in ("1", "1A"))
    np.testing.assert_allclose(beside[:, : alone.shape[1]].astype(int), alone, atol=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("4a2ßa", "“a” “ß”. digits can write 0–9 and spaces."),
        ("abcdefghijklm", "“j” …"),
        ("", "nothing to write yet. digits can write 0–9"),
        (" \t", "nothing to write"),
        ("1" * 10_000, "10,000 characters; 200 can be written"),
        ("1\n" * 21, "21 lines; 20 can be written"),
    ],
)
def test_text_that_cannot_be_written_says_why(model, words, said):
    with pytest.raises(UserError) as error:
        text.write(words, seed=1)
    assert said in str(error.value)


def test_what_can_be_written_is_said_in_few_words(several):
    with pytest.raises(UserError, match=r"“é”\. The models here can write 0–9 A–Z a–z 가 나 정 and spaces\."):
        text.plan("é")


def test_what_can_be_written_is_said_in_few_words_however_much_it_is(weights_dir):
    save_generator("many", class_names=tuple(map(chr, range(0xAC00, 0xAC00 + 400, 4))))
    with pytest.raises(UserError) as error:
        text.plan("é")
    assert len(str(error.value)) < 150
    assert "… (76 more) and spaces" in str(error.value)


def test_without_a_model_of_characters_that_is_said(weights_dir):
    save_generator("scenes", class_names=("sea", "snow"))
    with pytest.raises(UserError, match="No model here draws characters"):
        text.plan("sea")


def test_a_model_that_is_not_there_says_which_are(model):
    with pytest.raises(UserError, match="choose from digits"):
        text.write("12", seed=1, model="letters")
