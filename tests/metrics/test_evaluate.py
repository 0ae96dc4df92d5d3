"""The whole report: real pictures score as real ones do, bad ones do not, and what is not defined says so."""

import dataclasses
import json

import numpy as np
import pytest

from gan import UserError
from gan.datasets import Dataset, Split
from gan.metrics import baselines
from gan.metrics.evaluate import Cancelled, combine, evaluate
from gan.metrics.measures import LIGHT, MEASURES

pytestmark = pytest.mark.usefixtures("cache")


def by_measure(report):
    return {entry["measure"]: entry for entry in report["scores"].values()}


@pytest.fixture
def fresh(draw):
    """Pictures of the same making that are in neither split."""
    return draw(180, seed=3)


def test_new_real_pictures_score_as_real_ones(fresh, dataset, net):
    report = evaluate(fresh.images, fresh.labels, dataset, net)
    entries = by_measure(report)
    assert list(entries) == list(MEASURES)
    for measure in ("label_accuracy", "precision", "recall", "copying_pixels", "copying_features", "variety"):
        assert entries[measure]["value"] == pytest.approx(entries[measure]["real"], abs=0.12), measure
    assert entries["fid"]["value"] < 3 * entries["fid"]["real"]
    assert entries["fid"]["real_repeats"] == 3 and entries["fid"]["real_spread"] > 0
    assert entries["fid"]["real_samples"] == 180 and entries["label_accuracy"]["real_repeats"] == 1
    assert entries["bcis"]["value"] * entries["wcis"]["value"] == pytest.approx(entries["inception_score"]["value"])
    assert np.trace(report["confusion"]) == round(entries["label_accuracy"]["value"] * 180)
    assert (report["samples"], report["reference_samples"], report["split"]) == (180, 240, "test")
    assert report["split_digest"] == dataset.test.digest and report["net_digest"] == net.digest
    json.dumps(report, allow_nan=False)


def test_names_carry_the_definition(draw, dataset, net):
    small, large = draw(180, seed=3), draw(1000, seed=3)
    names = [list(evaluate(s.images, s.labels, dataset, net, only=LIGHT)["scores"]) for s in (small, large)]
    assert names[0] == ["label_accuracy_bands_180", "fid_bands_180", "recall_bands_180"]
    assert names[1] == ["label_accuracy_bands_1k", "fid_bands_1k", "recall_bands_1k"]
    assert "copying_pixels_180" in evaluate(small.images, small.labels, dataset, net)["scores"]  # needs no net


def test_training_pictures_are_found_out(dataset, net):
    report = evaluate(dataset.train.images, dataset.train.labels, dataset, net)
    entries = by_measure(report)
    # A quarter of the training pictures are compared: those are copies, the others are not.
    assert entries["copying_pixels"]["value"] > entries["copying_pixels"]["real"] + 0.07
    assert entries["recall"]["value"] > 0.9


def test_pictures_whose_labels_mean_nothing(fresh, dataset, net):
    shuffled = np.random.default_rng(0).permutation(fresh.labels)
    cut, right = (
        by_measure(evaluate(fresh.images, labels, dataset, net, only=LIGHT)) for labels in (shuffled, fresh.labels)
    )
    assert cut["label_accuracy"]["value"] == pytest.approx(1 / 3, abs=0.1)
    assert right["label_accuracy"]["value"] > 0.95
    assert cut["fid"]["value"] == right["fid"]["value"]


def test_noise_is_far(fresh, dataset, net):
    noise = np.random.default_rng(0).integers(0, 256, fresh.images.shape).astype(np.uint8)
    entries = by_measure(evaluate(noise, fresh.labels, dataset, net))
    assert entries["fid"]["value"] > 10 * entries["fid"]["real"]
    assert entries["kid"]["value"] > entries["kid"]["real"] + 10 * entries["kid"]["real_spread"]
    assert entries["bcis"]["value"] < 1.2 < entries["bcis"]["real"]


def test_light_is_a_part_of_the_whole(fresh, dataset, net):
    light = by_measure(evaluate(fresh.images, fresh.labels, dataset, net, only=LIGHT))
    whole = by_measure(evaluate(fresh.images, fresh.labels, dataset, net))
    assert tuple(light) == LIGHT
    assert {name: entry["value"] for name, entry in light.items()} == {name: whole[name]["value"] for name in LIGHT}


def test_one_picture_over_and_over(fresh, dataset, net):
    same = np.repeat(fresh.images[:1], 60, axis=0)
    entries = by_measure(evaluate(same, np.zeros(60, int), dataset, net))
    assert entries["fid"]["value"] is None
    assert "not defined, because all 60 pictures have the same features" in entries["fid"]["reason"]
    assert "not defined, because there are no pictures of class 1, 2" in entries["bcis"]["reason"]
    assert entries["fid"]["real"] > 0 and entries["fid"]["real_reason"] is None
    assert entries["recall"]["value"] == 0 and entries["variety"]["value"] == pytest.approx(0, abs=1e-6)


def test_too_few_pictures(fresh, dataset, net):
    entries = by_measure(evaluate(fresh.images[:3], fresh.labels[:3], dataset, net))
    for measure in ("fid", "recall", "variety"):
        assert entries[measure]["value"] is None and "not defined, because" in entries[measure]["reason"]
    assert entries["fid"]["real"] is None and "not defined, because" in entries["fid"]["real_reason"]
    assert entries["label_accuracy"]["value"] == 1


def test_without_labels(fresh, dataset, net):
    report = evaluate(fresh.images, None, dataset, net)
    entries = by_measure(report)
    for measure in ("label_accuracy", "bcis", "wcis", "variety"):
        assert "without asking for a class" in entries[measure]["reason"]
        assert entries[measure]["real"] is not None
    assert entries["fid"]["value"] > 0 and report["confusion"] is None


def test_a_classifier_of_other_classes(fresh, dataset, net):
    other = dataclasses.replace(net, class_names=("x", "y"))
    report = evaluate(fresh.images, fresh.labels, dataset, other)
    entries = by_measure(report)
    expected = "the labels are left, right, middle, and the classifier's are x, y"
    assert expected in entries["label_accuracy"]["reason"] and expected in entries["label_accuracy"]["real_reason"]
    assert entries["fid"]["value"] > 0 and report["worst"] is None


def test_what_cannot_be_measured_is_refused(fresh, dataset, net):
    with pytest.raises(UserError, match="measures pictures of 8 x 8 x 1, these are 7 x 8 x 1"):
        evaluate(fresh.images[:, 1:], fresh.labels, dataset, net)
    with pytest.raises(UserError, match="9 is none of the 3 classes"):
        evaluate(fresh.images, fresh.labels + 9, dataset, net)
    with pytest.raises(UserError, match="unknown split of bands 'tset'; did you mean test"):
        evaluate(fresh.images, fresh.labels, dataset, net, split="tset")


def test_against_the_training_split(fresh, dataset, net):
    entries = by_measure(evaluate(fresh.images, fresh.labels, dataset, net, split="train"))
    assert entries["fid"]["real_samples"] == 180 and entries["fid"]["real_repeats"] == 1  # 240 test pictures
    assert entries["fid"]["real_spread"] is None
    assert "no held-out split" in entries["copying_pixels"]["reason"]


def test_a_data_set_of_one_split(fresh, dataset, net):
    alone = Dataset(dataset.source, {"test": dataset.test})
    entries = by_measure(evaluate(fresh.images, fresh.labels, alone, net))
    assert entries["fid"]["value"] > 0
    assert "no other split" in entries["fid"]["real_reason"]


def test_the_judge_says_how_many_and_which(fresh, dataset, net):
    images = fresh.images.copy()
    images[7] = 255 - images[7]
    judge = dataclasses.replace(
        net, name="judge", digest="judge", function=lambda x: (net.function(x)[0][:, :2], x[:, 0, :3, 0])
    )
    report = evaluate(images, fresh.labels, dataset, net, judge=judge)
    entry = report["scores"]["label_accuracy_judge_180"]
    assert entry["net"] == report["judge"] == "judge" and entry["value"] != entry["real"]
    assert entry["value"] < report["scores"]["label_accuracy_bands_180"]["value"]
    assert np.trace(report["confusion"]) == round(entry["value"] * 180)
    assert evaluate(images, fresh.labels, dataset, net)["worst"][0] == 7


def test_floors_are_kept_and_found_again(fresh, dataset, net, monkeypatch):
    first = evaluate(fresh.images, fresh.labels, dataset, net)
    computed = []
    whole = baselines.values
    monkeypatch.setattr(baselines, "values", lambda *args: computed.append(args[1]) or whole(*args))
    assert evaluate(fresh.images, fresh.labels, dataset, net) == first
    assert len(computed) == 2  # the sample's, and those of one set alone, which are cheap


def test_progress_runs_from_nothing_to_done(fresh, dataset, net):
    told = []
    evaluate(
        fresh.images, fresh.labels, dataset, net, judge=net, progress=lambda share, text: told.append((share, text))
    )
    shares = [share for share, _ in told]
    assert shares[0] == 0 and shares[-1] == 1 and all(text for _, text in told)
    assert min(np.diff(shares)) > -0.26  # two nets look at two sets each: it goes back within a stage, never further


def test_cancelled_half_way(fresh, dataset, net, cache):
    told = []
    with pytest.raises(Cancelled, match="was cancelled"):
        evaluate(
            fresh.images,
            fresh.labels,
            dataset,
            net,
            progress=lambda share, text: told.append(share),
            cancelled=lambda: bool(told) and told[-1] > 0.3,
        )
    assert 0.3 < told[-1] < 0.6
    assert not list((cache / "features").glob("*.json"))  # no floors from half a measurement


def test_reports_are_put_together(draw, dataset, net):
    reports = []
    for seed in (3, 4, 5):
        sample = draw(180, seed=seed)
        reports.append(evaluate(sample.images, sample.labels, dataset, net))
    together = combine(reports)
    values = [by_measure(report)["fid"]["value"] for report in reports]
    entry = together["scores"]["fid_bands_180"]
    assert entry["value"] == pytest.approx(np.mean(values)) and entry["spread"] == pytest.approx(np.std(values, ddof=1))
    assert entry["repeats"] == 3 and entry["real"] == by_measure(reports[0])["fid"]["real"]
    assert np.sum(together["confusion"]) == 540 and "worst" not in together
    small = draw(90, seed=3)
    with pytest.raises(UserError, match="equally many pictures"):
        combine([reports[0], evaluate(small.images, small.labels, dataset, net)])


@pytest.fixture
def fonts():
    """Pictures in ten hands, each of which leaves its own marks; those of the test pictures are two others."""
    random = np.random.default_rng(5)
    marks = random.integers(0, 200, (12, 8, 8, 1))

    def split(hands, each=30):
        images = np.repeat(marks[hands], each, axis=0) + random.integers(0, 50, (len(hands) * each, 8, 8, 1))
        names = np.repeat([f"hand {hand}" for hand in hands], each)
        return Split(images.astype(np.uint8), np.arange(len(images)) % 3, {"font": names})

    return split


def test_where_fonts_are_held_out_training_pictures_are_compared_by_whole_fonts(fonts, dataset, net):
    data = Dataset(dataset.source, {"train": fonts(range(10)), "test": fonts([10, 11])})
    assert baselines.held_out_by(data, "test") == "font" and baselines.held_out_by(dataset, "test") == ""
    parts = baselines.training_pictures(data, net, "test", 60, lambda share: None)
    assert [len(part) for part in parts] == [60] * 4 and [len(set(part.groups)) for part in parts] == [2] * 4
    assert len({font for part in parts for font in part.groups}) == 8
    seen = {}
    for name, sample in {"copies": data.train, "others": fonts([10, 11])}.items():
        only = ("copying_pixels", "copying_features")
        report = by_measure(evaluate(sample.images, sample.labels, data, net, only=only))
        seen[name] = [report[measure]["value"] for measure in only]
        # Real pictures in other hands are as near to two hands as to two more.
        assert 0.3 < report["copying_pixels"]["real"] < 0.7
    # Copies are found where their hand is compared, which is once for most; new pictures in held-out hands are not.
    assert min(seen["copies"]) > 0.5 and max(seen["others"]) < 0.2


def test_what_every_picture_has_or_both_splits_have_is_not_held_out(fonts, dataset):
    def data(train, test):
        return Dataset(dataset.source, {"train": train, "test": test})

    one = Split(*(getattr(fonts([3]), name) for name in ("images", "labels", "attributes")))
    assert baselines.held_out_by(data(fonts(range(10)), fonts([9, 10])), "test") == ""  # one hand is in both
    assert baselines.held_out_by(data(fonts(range(2, 10)), fonts([1])), "test") == ""  # one hand is no choice of hands
    assert baselines.held_out_by(data(one, fonts([10, 11])), "test") == ""  # fewer hands than are held out
    assert baselines.held_out_by(data(fonts(range(10)), fonts([10, 11])), "train") == ""
