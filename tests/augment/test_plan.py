"""Plans: what can be one, what cannot, and their JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gan import UserError, augment
from gan.augment import PRESETS, Plan, Step
from gan.augment.preview import preview


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"transform": "rotat"}, "did you mean rotate"),
        ({"transform": "rotate", "low": 10, "high": -10}, "upside down"),
        ({"transform": "rotate", "low": -200}, "-180 to 180"),
        ({"transform": "scale", "low": 0}, "50 to 200"),
        ({"transform": "rotate", "low": float("nan")}, "takes a number"),
        ({"transform": "rotate", "low": "wide"}, "takes a number"),
        ({"transform": "rotate", "low": 10**400}, "takes a number"),
        ({"transform": "flip", "probability": 1.5}, "0 to 1 works"),
        ({"transform": "flip", "probability": -0.1}, "0 to 1 works"),
        ({"transform": "flip", "probability": True}, "takes a number"),
        ({"transform": "rotate", "fill": "whit"}, "did you mean white"),
        ({"transform": "noise", "fill": "white"}, "unknown fill of noise"),
    ],
)
def test_a_step_that_cannot_be(settings, words):
    with pytest.raises(UserError, match=words):
        Step(**settings)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read as JSON"),
        ("{", "cannot be read as JSON"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("[]", "This is not a plan; write"),
        ('{"batch": 64}', "This is not a plan; write"),
        ('{"steps": {}}', "This is not a plan; write"),
        ('{"steps": [7]}', "Step 1: 7 is not one"),
        ('{"steps": [{"transform": "flip"}, {"low": 3}]}', "Step 2: unknown transform"),
        ('{"steps": [{"transform": ["flip"]}]}', "Step 1: transform: takes text"),
        ('{"steps": [{"transform": "flip", "chance": 1}]}', "Step 1: unknown setting 'chance'"),
        ('{"steps": [{"transform": "rotate", "low": NaN}]}', "Step 1: rotate: low: takes a number"),
        ('{"steps": [], "seed": 1}', "unknown part of a plan 'seed'"),
        ('{"steps": [], "name": 3}', "are text"),
        (json.dumps({"steps": [{"transform": "flip"}] * 21}), "20 at most"),
    ],
)
def test_text_that_is_no_plan(text, words):
    with pytest.raises(UserError, match=words.replace("[", r"\[")):
        Plan.from_json(text)


@pytest.mark.parametrize("name", PRESETS)
def test_json_round_trip(name):
    plan = PRESETS[name]
    assert Plan.from_json(plan.to_json()) == plan
    assert plan.note and "\n" not in plan.to_json()


def test_what_is_left_out_is_as_usual():
    plan = Plan.from_json('{"steps": [{"transform": "rotate"}, {"transform": "erase", "low": 20}]}')
    assert plan.steps == (Step("rotate", -10, 10, 1.0, "edge"), Step("erase", 20, 30, 1.0, "black"))


def test_order_matters():
    images = np.random.default_rng(0).integers(0, 256, (8, 20, 20, 1), np.uint8)
    erase, turn = Step("erase", 50, 50), Step("rotate", 45, 45)
    first, last = (Plan("t", steps)(images, np.random.default_rng(0)) for steps in ((erase, turn), (turn, erase)))
    assert not np.array_equal(first, last)


def test_the_student_s_shift():
    """27 of 32 pixels with wrap-around: scikit-image's AffineTransform(translation=(27, 0)) moves to the left."""
    image = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 1), np.uint8)
    seen = {PRESETS["wrap27"](image, np.random.default_rng(seed)).tobytes() for seed in range(40)}
    shifted = [np.roll(image, (-27 * y, -27 * x), (1, 2)) for y in (0, 1) for x in (0, 1)]
    assert seen == {one.tobytes() for one in shifted}
    larger = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 1), np.uint8)
    seen = {PRESETS["wrap27"](larger, np.random.default_rng(seed)).tobytes() for seed in range(40)}
    assert np.roll(larger, -54, 2).tobytes() in seen


def test_the_student_s_rotation_is_on_white():
    black = np.zeros((50, 32, 32, 1), np.uint8)
    turned = PRESETS["rotate15"](black, np.random.default_rng(0))
    assert turned[:, 0, 0].max() == 255 and (turned[:, 16, 16] == 0).all()


def test_gentle_is_gentle():
    from gan import datasets

    images = datasets.load("handwriting").train.images[:200]
    changed = PRESETS["gentle"](images, np.random.default_rng(0))
    ink = changed.mean() / images.mean()
    assert 0.9 < ink < 1.1 and not (changed == images).all((1, 2, 3)).any()


def test_advice_for_letters_and_digits_only():
    flip, turn = Step("flip"), Step("rotate", -90, 90)
    for names in (tuple("0123456789"), ("가", "나"), ("00", "01"), tuple("aB")):
        assert "mirrored" in augment.advice(flip, names) and "6 becomes a 9" in augment.advice(turn, names)
    for names in (("all",), ("cat", "dog"), ("child", "teen")):
        assert augment.advice(flip, names) == "" == augment.advice(turn, names)
    assert augment.advice(Step("flip", probability=0), tuple("01")) == ""
    assert not any(augment.advice(step, tuple("01")) for step in PRESETS["gentle"].steps)


def test_a_preview_has_different_classes_and_follows_the_seed():
    images = np.random.default_rng(0).integers(0, 256, (60, 8, 8, 1), np.uint8)
    labels = np.arange(60) // 20
    shown, classes = preview(images, labels, PRESETS["gentle"], 5, 10, 4)
    assert shown.shape == (3, 5, 8, 8, 1) and classes.tolist() == [0, 1, 2]
    for k in range(3):
        assert any(np.array_equal(shown[k, 0], image) for image in images[labels == k])
        assert len({copy.tobytes() for copy in shown[k]}) == 5
    assert np.array_equal(shown, preview(images, labels, PRESETS["gentle"], 5, 10, 4)[0])
    assert not np.array_equal(shown, preview(images, labels, PRESETS["gentle"], 6, 10, 4)[0])
    assert preview(images[:1], labels[:1], PRESETS["gentle"], 5, 10, 2)[0].shape == (1, 3, 8, 8, 1)
