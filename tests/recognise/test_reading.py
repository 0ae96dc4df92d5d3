"""From a picture file to the answer: with small nets for what any net does, with those that ship for how well."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, conditions, datasets, images, registry
from gan.datasets import decoding, numbers
from gan.recognise import Settings, choices, example, looked, nets, prepare, read, reading, steps, steps_of
from tests.recognise import written
from tests.small_models import save_classifiers, save_reader

SIZES = {"digits": (28, 28, 1), "hangul": (32, 32, 1), "street": (32, 32, 3)}


def shipped(task: str) -> registry.Card:
    """The net that ships for a task."""
    cards = choices()[task].cards
    if not cards:
        pytest.skip(f"no net for {task} is here")
    return cards[0]


def answer(picture: np.ndarray, card: registry.Card, several: bool = False, **settings) -> str:
    asked = Settings(**settings)
    return read(prepare(picture, asked), card, asked, several).text.replace(" ", "")


@pytest.fixture(scope="module")
def page() -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.concatenate([written.played(digit, rng) for digit in "270"], axis=1)


def test_digits_drawn_by_hand_are_read_whatever_their_paper():
    card, rng = shipped("digits"), np.random.default_rng(7)
    wrong = []
    for index in range(30):
        picture = written.on_paper(written.played(str(index % 10), rng), rng, 360)
        picture = (picture, 255 - picture, written.photographed(picture, rng, 15))[index // 10]
        wrong += [index] if answer(picture, card) != str(index % 10) else []
    assert len(wrong) <= 1, wrong


def test_mnist_is_read_from_its_files(mnist):
    card, test = shipped("digits"), datasets.load(mnist).test
    chosen = zip(test.images[:120], test.labels[:120], strict=True)
    right = sum(answer(decoding.decode(images.encode_png(i), "a"), card) == str(label) for i, label in chosen)
    assert right >= 119


def test_numbers_are_found_and_read(mnist):
    card, rng = shipped("digits"), np.random.default_rng(3)
    split = numbers.compose(datasets.load(mnist).test, 3, 40, seed=3, overlap=6)
    pairs = zip(split.images, split.attributes["number"], strict=True)
    right = sum(answer(written.row(image[None], rng), card, True) == str(number) for image, number in pairs)
    assert right >= 36


def test_lines_are_read_one_below_the_other(page):
    text = read(prepare(np.concatenate([page, page]), Settings()), shipped("digits"), Settings(), True).text
    assert text.replace(" ", "") == "270\n270"


def test_one_reads_the_largest_and_says_what_is_left(page):
    page = page.copy()
    page[:, 280:] = np.where(page[:, 280:] < 128, 255 - (255 - page[:, 280:]), 255)
    result = read(prepare(page, Settings()), shipped("digits"), Settings())
    assert len(result.answers) == 1 and result.left_over == 2


def test_syllables_are_read_in_a_row():
    card = shipped("hangul")
    found, truth = example(card, 40, several=True)
    assert len(truth) == 3 and len(answer(found, card, True)) == 3


def test_every_step_is_a_picture_and_the_last_is_what_the_net_is_given(page):
    card = shipped("digits")
    ready = prepare(page, Settings())
    result = read(ready, card, Settings(), True)
    shown = [*steps(ready, Settings()), *steps_of(result.answers[0], card, Settings())]
    assert [step.title for step in shown][:6] == ["Grey", "Denoised", "Paper", "Ink or paper", "Inverted", "Cut out"]
    assert all(step.picture.dtype == np.uint8 and step.picture.ndim == 3 and step.said for step in shown)
    assert np.array_equal(shown[-1].picture[::8, ::8], result.answers[0].picture)
    marks = looked(card, result.answers[0])
    assert marks.marks.shape == (28, 28) and 0 < marks.marks.max() <= 1


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("task", SIZES)
def test_what_cannot_be_read_is_said(task, several):
    card = shipped(task)
    with pytest.raises(UserError, match="too few to read"):
        answer(np.zeros((1, 1, 3), np.uint8), card, several)
    with pytest.raises(UserError, match="zoom out"):
        answer(np.zeros((28, 28, 3), np.uint8), card, several, zoom=9)
    if task != "street" or several:
        for blank in (0, 128, 255):
            with pytest.raises(UserError, match="No ink was found"):
                answer(np.full((200, 200, 3), blank, np.uint8), card, several)


def test_colour_is_read_as_it_is_and_from_a_part():
    card, rng = shipped("street"), np.random.default_rng(5)
    picture = rng.integers(0, 256, (64, 64, 3), np.uint8)
    whole = read(prepare(picture, Settings()), card, Settings()).answers[0]
    assert np.array_equal(whole.picture, decoding.fit(picture, 32))
    zoomed = Settings(zoom=2, across=0, down=0)
    part = read(prepare(picture, zoomed), card, zoomed).answers[0]
    assert np.array_equal(part.picture, picture[:32, :32])
    grey = read(prepare(picture[..., :1], Settings()), card, Settings()).answers[0]
    assert grey.picture.shape == (32, 32, 3)


def test_columns_are_told_apart(weights_dir):
    columns = {"hair": ("black", "green"), "skin": ("dark", "pale", "tan")}
    save_classifiers(
        columns=columns, class_names=conditions.names(columns.values()), shape=(32, 32, 3), dataset="avatars32"
    )
    card = choices()["faces"].cards[0]
    result = read(prepare(np.zeros((50, 40, 3), np.uint8), Settings()), card, Settings(), several=True)
    groups = result.answers[0].groups
    assert [(name, len(values)) for name, values, _ in groups] == [("hair", 2), ("skin", 3)]
    assert all(chances.sum() == pytest.approx(1) for _, _, chances in groups)


@pytest.fixture
def reader(weights_dir):
    """A reader of whole numbers, with random weights."""
    save_reader()
    return choices()["number"].cards[0]


def test_a_reader_is_given_the_whole_line(reader, page):
    result = read(prepare(page, Settings()), reader, Settings(), several=True)
    assert result.answers[0].picture.shape == (28, 140, 1)
    assert len(result.answers[0].groups) <= 5 and result.text == result.answers[0].text
    assert looked(reader, result.answers[0]) is None


def test_a_task_without_a_net_is_listed_with_its_recipe(weights_dir):
    found = choices()
    assert list(found) == [task.name for task in nets.TASKS]
    assert found["letters"].cards == () and found["letters"].recipe == "letters_cnn"


def test_nets_of_ones_own_are_offered(weights_dir):
    save_classifiers(class_names=("cat", "dog"), dataset="pets", shape=(20, 20, 1))
    assert [choice.title for choice in choices().values()][-1] == "mnist_cnn"
    result = read(prepare(written.played("5", np.random.default_rng(1)), Settings()), choices()["mnist_cnn"].cards[0],
                  Settings())  # fmt: skip
    assert result.answers[0].picture.shape == (20, 20, 1) and result.text in ("cat", "dog")


def test_the_likeliest_way_through_cuts():
    chances = {(0, 1): -1.0, (1, 2): -1.0, (0, 2): -9.0, (2, 3): -0.5, (1, 3): -0.1}
    assert reading._best(chances, 3, 2) == (-1.1, [(0, 1), (1, 3)])
    assert reading._best(chances, 3, 3) == (-2.5, [(0, 1), (1, 2), (2, 3)])
    assert reading._best(chances, 3, 4) is None
