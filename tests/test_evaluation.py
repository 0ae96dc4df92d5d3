"""What is measured of a model, a run and a file is the same arithmetic, kept, and told when it cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from gan import UserError, conditions, datasets, evaluation, images, paths, registry, reports
from gan.datasets import kept, numbers5
from gan.evaluation import classifiers
from gan.recipes import recipe
from gan.training import runs, worker
from tests.small_models import LATENT, save_classifiers, save_generator, save_reader

SMALL = {
    "dataset": "handwriting",
    "batch": 8,
    "steps": 4,
    "width": 4,
    "latent": 8,
    "precision": "float32",
    "xla": "off",
}


NAMES = datasets.source("handwriting").class_names


@pytest.fixture
def nets(weights_dir, cache):
    """A generator, a classifier and a judge with random weights."""
    save_generator("digits", class_names=NAMES)
    save_classifiers(NAMES)


def test_a_model_over_two_seeds_is_measured_once(nets, monkeypatch):
    report = evaluation.measure(evaluation.model("digits"), "handwriting", seeds=[1, 2], count=400)
    fid = report["scores"]["fid_mnist_cnn_400"]
    assert fid["value"] > fid["real"] > 0 and fid["spread"] is not None and fid["repeats"] == 2
    assert any(name.startswith("label_accuracy_mnist_judge") for name in report["scores"])
    monkeypatch.setattr(evaluation.evaluate, "evaluate", None)  # what is kept needs no measuring
    again = evaluation.measure(evaluation.model("digits"), "handwriting", seeds=[1, 2], count=400)
    assert again == report
    assert "fid_mnist_cnn_400" in reports.as_text(report)


def test_classes_come_as_often_as_in_training(nets):
    asked = []
    subject = evaluation.model("digits")

    def paint(latents, classes):
        asked.append(classes.argmax(axis=1))
        return subject.paint(latents, classes)

    spy = evaluation.Subject("spy", "x", subject.class_names, subject.latent, paint)
    evaluation.measure(spy, "handwriting", count=403)
    counts = np.bincount(asked[0], minlength=len(NAMES))
    trained = np.bincount(datasets.load("handwriting").train.labels, minlength=len(NAMES))
    assert counts.sum() == 403 and np.abs(counts - 403 * trained / trained.sum()).max() < 1


def test_a_picture_does_not_depend_on_the_others(nets):
    subject = evaluation.model("digits")
    labels = np.arange(50) % 10
    some = subject.draw(labels, 3, np.array([7, 31]))
    # Float sums are ordered by the batch's size: a grey level may differ.
    assert np.abs(subject.draw(labels, 3)[[7, 31]].astype(int) - some).max() <= 1


def test_a_run_is_measured_by_its_newest_checkpoint(nets, runs_dir):
    run = runs.create(recipe("cgan28").with_settings(SMALL))
    with pytest.raises(UserError, match="no checkpoint yet"):
        evaluation.run(run.id)
    assert worker.work(run, polite=False) == "finished"
    report = evaluation.measure(evaluation.run(run.id), "handwriting", count=300)
    assert report["subject"] == f"{run.id} @ 4"
    other = runs.create(recipe("mnist_cnn"))
    with pytest.raises(UserError, match="trains a classifier"):
        evaluation.run(other.id)


def test_a_classifier_is_measured_by_what_it_reads(nets):
    report = classifiers.measure("mnist_cnn", "handwriting")
    score = report["scores"]["test_accuracy_mnist_cnn"]
    assert 0 <= score["value"] <= 0.4  # random weights
    assert score["samples"] == len(datasets.load("handwriting").test)
    with pytest.raises(UserError, match="is a generator"):
        classifiers.measure("digits", "handwriting")


def test_a_reader_is_measured_by_whole_numbers_and_by_places(weights_dir, cache, local_data):
    save_reader()
    digits = datasets.load("handwriting-digits")
    split = numbers5.compose(digits.test, 40, 1, digits.source.class_names)
    source = kept.keep("numbers", split.images, split.labels, ["all"], attributes=split.attributes, share=0.5)
    report = classifiers.measure("numbers_cnn", source.name)
    whole, places = (report["scores"][f"{name}_numbers_cnn"] for name in ("test_accuracy", "place_accuracy"))
    test, net = datasets.load("numbers").test, registry.load("numbers_cnn")
    read = numbers5.read(np.asarray(net.predict_on_batch(images.to_model(np.asarray(test.images)))["logits"]))
    assert whole["value"] == np.mean(np.array(read) == test.attributes["number"]) <= places["value"] < 1
    assert places["samples"] == len(test) and "place_accuracy_numbers_cnn" in reports.as_text(report)
    with pytest.raises(UserError, match=r"unknown column of .*number"):
        classifiers.measure("numbers_cnn", "handwriting")


def test_what_is_told_several_columns_is_measured_by_each(weights_dir, cache):
    columns = conditions.condition(datasets.load("avatars32"), "hair, skin").by_column
    names, shape = conditions.names(columns.values()), (32, 32, 3)
    save_classifiers(names, shape, "avatars32", columns)
    save_generator("faces", family="cgan", columns=columns, shape=shape)
    report = evaluation.measure(evaluation.model("faces"), "avatars32")
    assert report["samples"] == 2_496 - 624  # as many as there are real pictures to measure in their place
    shares = {e["measure"]: e["value"] for e in report["scores"].values() if e["net"] == "mnist_judge"}
    assert shares.keys() == {"label_accuracy", "label_accuracy_hair", "label_accuracy_skin"}
    assert shares["label_accuracy"] <= min(shares["label_accuracy_hair"], shares["label_accuracy_skin"]) < 0.5
    read = classifiers.measure("mnist_cnn", "avatars32")["scores"]
    assert [*read] == ["test_accuracy_mnist_cnn", "test_accuracy_hair_mnist_cnn", "test_accuracy_skin_mnist_cnn"]
    # What is told nothing is measured in the same net, but for what it was never asked.
    plain = evaluation.Subject("plain", "x", (), LATENT, lambda z, _: evaluation.model("faces").paint(z, one(len(z))))
    report = evaluation.measure(plain, "avatars32", count=300)
    assert report["net"] == "mnist_cnn" and report["scores"]["fid_mnist_cnn_300"]["value"] > 0
    assert report["scores"]["label_accuracy_mnist_cnn_300"]["value"] is None


def one(count):
    return np.eye(48, dtype=np.float32)[np.zeros(count, int)]


def test_a_file_of_samples(nets, tmp_path):
    path = tmp_path / "f.npz"
    images = np.random.default_rng(0).integers(0, 256, (300, 28, 28, 1), np.uint8)
    np.savez(path, images=images, labels=np.arange(300) % 10)
    report = evaluation.measure_file(path, "handwriting")
    assert report["samples"] == 300 and report["subject"] == "f.npz"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"pictures": np.zeros((2, 28, 28, 1), np.uint8)}, "give an .npz"),
        ({"images": np.zeros((2, 28, 28, 1), np.float32)}, "must be uint8"),
        ({"images": np.zeros((2, 28, 28), np.uint8)}, "must be uint8"),
        ({"images": np.array([{"a": 1}], object)}, "give an .npz"),
    ],
)
def test_what_is_no_file_of_samples(content, words, tmp_path):
    path = tmp_path / "f.npz"
    np.savez(path, **content)
    with pytest.raises(UserError, match=words):
        evaluation.read(path)


def test_no_classifier_for_the_data(weights_dir, cache):
    save_generator("digits")
    with pytest.raises(UserError, match="No classifier reads"):
        evaluation.measure(evaluation.model("digits"), "handwriting", count=100)


def test_the_shipped_model_draws_what_is_asked(cache, mnist):
    """The claim of its card, on a tenth of the samples: by a judge that took no part in training or choosing."""
    if not (paths.weights_dir() / "digits").is_dir():
        pytest.skip("the shipped model is not in GAN_WEIGHTS_DIR")
    report = evaluation.measure(evaluation.model("digits"), mnist, count=1000)
    judged = next(s for n, s in report["scores"].items() if n.startswith("label_accuracy_mnist_judge"))
    assert judged["value"] >= 0.98
    assert judged["real"] >= 0.99
