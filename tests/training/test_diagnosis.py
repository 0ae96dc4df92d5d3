"""Each rule on records that show it, and none on a healthy game."""

from __future__ import annotations

import pytest

from gan.training.diagnosis import diagnose


def records(count=100, images=100_000, **values):
    """Records of a healthy game, but for what is given: a value, or a function of 0…1."""
    healthy = {"g_loss": 0.8, "d_loss": 1.3, "d_real": 0.55, "d_fake": 0.45, "variety": 0.95, "label_accuracy": 0.99}
    result = []
    for index in range(count):
        row = {"step": index, "images_seen": images * (index + 1) // count, "seconds": index}
        for name, value in (healthy | values).items():
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


def test_a_classifier_has_no_game_to_judge():
    assert diagnose([{"step": 1, "images_seen": 8, "seconds": 0, "loss": 2.0}], classes=10) == []
    assert diagnose([], classes=10) == []
