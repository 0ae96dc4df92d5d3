"""A reader learns numbers whole, from any column that holds them; its run resumes bit for bit and becomes a model."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, conditions, datasets, registry
from gan.datasets import Dataset, Split, numbers5
from gan.recipes import recipe
from gan.training import checkpoint, fitting, promote, runs, worker
from gan.training.backend_tf import TensorFlowBackend
from gan.training.feed import Feed
from gan.training.game import make_game
from gan.training.reading import ReadingGame

SETTINGS = {"batch": 8, "steps": 8, "width": 4, "precision": "float32", "xla": "off"}
SMALL = recipe("numbers_cnn").with_settings({**SETTINGS, "dataset": "handwriting-numbers5"})


def test_it_learns_whole_numbers():
    """Digits are ten columns, each with one pixel that is lit; numbers have one to three of them."""
    rng = np.random.default_rng(1)
    texts = ["".join(map(str, rng.integers(0, 10, 1 + i % 3))) for i in range(60)]
    images = np.zeros((60, 10, 15, 1), np.uint8)
    for image, text in zip(images, texts, strict=True):
        for place, digit in enumerate(text):
            image[int(digit), 3 * place + 1] = 255
    settings = {**SETTINGS, "batch": 20, "dropout": 0.0, "steps": 200, "schedule": "constant"}
    chosen = recipe("numbers_cnn").with_settings(settings)
    game = make_game(chosen, len(numbers5.OUTPUTS), images.shape[1:], TensorFlowBackend())
    assert isinstance(game, ReadingGame)
    labels = numbers5.encode(texts)
    feed = Feed(images, labels, 20, 1)
    before = game.scores(images, labels)
    for step in range(120):
        logs = game.train_step(step, *feed(step))
    after = game.scores(images, labels)
    assert before["test_accuracy"] < 0.2 and after["test_accuracy"] > 0.9
    assert after["place_accuracy"] >= after["test_accuracy"]
    assert 0 <= float(logs["accuracy"]) <= float(logs["places"]) <= 1
    right = np.mean([one == other for one, other in zip(numbers5.read(game.logits(images)), texts, strict=True)])
    assert right == pytest.approx(after["test_accuracy"])


def test_loss_is_the_mean_over_places():
    still = SMALL.with_settings({"dropout": 0.0, "learning_rate": 1e-7})
    game = make_game(still, 55, (28, 140, 1), TensorFlowBackend())
    head = game.nets["reader"].get_layer("logits")
    head.set_weights([np.zeros_like(value) for value in head.get_weights()])
    images = np.random.default_rng(1).integers(0, 256, (8, 28, 140, 1), np.uint8)
    logs = game.train_step(0, images, numbers5.encode(["1"] * 8))
    assert float(logs["loss"]) == pytest.approx(np.log(11), rel=1e-5)  # every value is as likely as any other


def test_a_run_becomes_a_model_that_reads(runs_dir, weights_dir):
    run = runs.create(SMALL)
    assert worker.work(run, polite=False) == "finished"
    scores = [record for record in run.metrics() if "test_accuracy" in record]
    assert scores and 0 <= scores[-1]["test_accuracy"] <= scores[-1]["place_accuracy"] <= 1
    card = promote.promote(run, "numbers")
    assert card.kind == "reader" and card.class_names == numbers5.OUTPUTS and card.shape == (28, 140, 1)
    images = np.asarray(datasets.load(SMALL.dataset).test.images[:4]).astype(np.float32) / 127.5 - 1
    read = numbers5.read(np.asarray(registry.load("numbers")(images)["logits"]))
    assert len(read) == 4 and all(len(word) <= 5 for word in read)
    said = promote.net(run, SMALL.steps)(images)["logits"]
    assert np.allclose(said, registry.load("numbers")(images)["logits"], atol=0.02)  # kept in half precision


def test_restored_it_goes_on_bit_for_bit(runs_dir):
    data, _ = conditions.spelt(datasets.load(SMALL.dataset), SMALL.condition)
    feed = Feed(data.train.images, data.train.labels, SMALL.batch, SMALL.seed)
    run, backend = runs.create(SMALL), TensorFlowBackend()
    first = make_game(SMALL, 55, (28, 140, 1), backend)
    for step in range(2):
        first.train_step(step, *feed(step))
    path = checkpoint.save(run, first, {"step": 2, "seconds": 1.0, "recipe": SMALL.to_json()})
    second = make_game(SMALL, 55, (28, 140, 1), backend)
    assert checkpoint.restore(path, second)["step"] == 2
    for game in (first, second):
        game.train_step(2, *feed(2))
    for one, other in zip(first.variables, second.variables, strict=True):
        np.testing.assert_array_equal(one, other)


def test_any_column_of_numbers_will_do():
    split = Split(np.zeros((3, 28, 56, 1), np.uint8), np.array([2, 0, 1]), {"code": np.array(["12", "3", "x"])})
    row = datasets.DATASETS["handwriting-2digits"]
    source = row.__class__(**{**vars(row), "class_names": ("05", "1", "999"), "attributes": ("code",)})
    data = Dataset(source, {"train": split, "test": split})
    found, told = conditions.spelt(data, "label")
    assert told.class_names == found.source.class_names == numbers5.OUTPUTS and told.encoding.shape == (55, 55)
    assert found.train.labels.tolist() == numbers5.encode(["999", "05", "1"]).tolist()
    with pytest.raises(UserError, match=r"code of .* is 'x'; a reader learns numbers"):
        conditions.spelt(data, "code")
    with pytest.raises(UserError, match="not one column"):
        conditions.spelt(data, "label, code")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"condition": "label"}, "no labels, .* name a column of it \\(number\\)"),
        ({"condition": "none"}, "cannot do without classes"),
        ({"condition": "numbr"}, "did you mean number"),
    ],
)
def test_what_does_not_fit_is_told_before(settings, words):
    with pytest.raises(UserError, match=words):
        fitting.check(SMALL.with_settings(settings), datasets.source(SMALL.dataset))


def test_settings_of_a_game_of_two_are_refused():
    with pytest.raises(UserError, match="r1: reader is trained without it"):
        make_game(SMALL.with_settings({"r1": 1.0}), 55, (28, 140, 1), TensorFlowBackend())
