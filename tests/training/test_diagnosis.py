"""Each rule on records that show it, and none on a healthy game."""

from __future__ import annotations

import pytest

from gan.training.diagnosis import diagnose


def records(count=100, images=100_000, without=(), **values):
    """Records of a healthy game, but for what is given (a value, or a function of 0…1) and what it is `without`."""
    healthy = {"g_loss": 0.8, "d_loss": 1.3, "d_real": 0.55, "d_fake": 0.45, "variety": 0.95, "label_accuracy": 0.99}
    result = []
    for index in range(count):
        row = {"step": index, "images_seen": images * (index + 1) // count, "seconds": index}
        for name, value in (healthy | values).items():
            if name not in without:
                row[name] = value(index / count) if callable(value) else value
        result.append(row)
    return result


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        ({"g_loss": None}, "not a number"),
        ({"d_real": 0.99, "d_fake": 0.01}, "discriminator wins"),
        ({"g_loss": lambda t: 2 + 20 * t**4}, "runs away"),
        ({"variety": 0.1}, "collapse"),
        ({"label_accuracy": 0.1}, "labels mean nothing"),
    ],
)
def test_each_rule(shown, title):
    findings = diagnose(records(**shown), classes=10)
    assert any(title in finding.title for finding in findings)
    assert all(finding.level in ("warning", "error") and finding.advice for finding in findings)


def test_a_healthy_game_is_said_to_be_one():
    (finding,) = diagnose(records(), classes=10)
    assert finding.level == "good" and "55%" in finding.meaning and "45%" in finding.meaning


def test_the_first_pictures_are_not_judged():
    assert diagnose(records(images=5000, d_real=0.99, d_fake=0.01, variety=0.1), classes=10) == []


WASSERSTEIN = ("d_real", "d_fake")
ENLARGING = (*WASSERSTEIN, "d_loss", "variety", "label_accuracy")


@pytest.mark.parametrize(
    ("without", "shown", "level", "words"),
    [
        (WASSERSTEIN, {"distance": 0.4}, "good", "distance of 0.4"),
        (WASSERSTEIN, {"distance": 3.0, "g_loss": lambda t: 40 * t}, "good", "distance of 3"),  # a loss without a scale
        (WASSERSTEIN, {"distance": lambda t: 1000 * t}, "warning", "gradient penalty"),
        (ENLARGING, {"content": 0.05, "psnr_gain": 1.5}, "good", "1.50 dB nearer"),
        (ENLARGING, {"content": 0.05, "psnr_gain": -0.5}, "warning", "0.50 dB further"),
        (ENLARGING, {"content": 0.05}, "good", "Nothing is out of the ordinary"),
        (ENLARGING, {"content": None}, "error", "overflowed"),
    ],
)
def test_games_that_log_other_things(without, shown, level, words):
    (finding,) = diagnose(records(without=without, **shown), classes=0)
    assert finding.level == level and words in f"{finding.meaning} {finding.advice}"
    assert "nan" not in finding.meaning


def test_the_discriminator_joins_late():
    alone, together = records(50, without=ENLARGING, content=0.05), records(50, content=0.05)
    assert [finding.level for finding in diagnose([*alone, *together], classes=0)] == ["good"]


def test_a_classifier_has_no_game_to_judge():
    assert diagnose([{"step": 1, "images_seen": 8, "seconds": 0, "loss": 2.0}], classes=10) == []
    assert diagnose([], classes=10) == []
