"""Which steps are kept: early, regular, best. Pure rules, so worked out by hand."""

from __future__ import annotations

import itertools

import pytest

from gan.training import keeping


def kept_after(last, most=40, best=None):
    """What is kept of a run that took a snapshot whenever one was due."""
    steps, newest = [0], 0
    for step in range(1, last + 1):
        if keeping.due(step, newest):
            steps.append(step)
            newest = step
            gone = set(keeping.surplus(steps, most, best))
            steps = [s for s in steps if s not in gone]
    return steps


def test_early_ones_stay_and_the_others_are_regular():
    steps = kept_after(20_000)
    assert len(steps) == 40
    assert {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384} <= set(steps)
    late = [b - a for a, b in itertools.pairwise(steps) if a >= 2048]
    assert max(late) <= 4 * (20_000 / 24)  # no hole, wherever it was thinned
    assert 20_000 - steps[-1] <= 20_000 / keeping.REGULAR + 1


def test_the_best_stays():
    assert 5003 in keeping.surplus([0, *range(5000, 5100)], 20)
    assert 5003 not in keeping.surplus([0, *range(5000, 5100)], 20, best=5003)


def test_where_few_fit_early_ones_go_too_but_never_the_ends():
    steps = [0, *(2**k for k in range(14)), 10_000]
    gone = keeping.surplus(steps, 5)
    left = sorted({*steps} - {*gone})
    assert len(left) == 5 and left[0] == 0 and left[-1] == 10_000
    assert keeping.surplus([0, 5], 1) == []


def test_large_nets_keep_fewer_or_none():
    assert keeping.most(2 * 2**20) == keeping.MOST
    assert keeping.most(10 * 2**20) == 50
    assert keeping.most(270 * 2**20) == 0


def test_the_score_that_decides_comes_first():
    records = [
        {"step": 1, "label_accuracy": 0.9},
        {"step": 2, "fid": 20.0, "label_accuracy": 0.5},
        {"step": 3, "fid": 10.0, "label_accuracy": None},
        {"step": 4, "fid": 10.0, "label_accuracy": 0.99},
        {"step": 5, "label_accuracy": 1.0},
        {"step": 6, "fid": None, "g_loss": 0.1},
    ]
    assert keeping.best(records) == (3, "fid", 10.0)
    assert keeping.best(records[:1]) == (1, "label_accuracy", 0.9)
    assert keeping.best([{"step": 1, "g_loss": 0.1}]) is None


@pytest.mark.parametrize(
    ("values", "turned"),
    [
        ([5, 4, 3, 2, 1], []),
        ([1, 1, 1, 1], []),
        ([1, 2], []),
        ([100, 10, 5, 2, 1, 3, 5, 6, 5.9, 6], [4]),  # 5.9 is no turn
        ([1, 5, 9, 5, 1, 5, 9], [2, 4]),
        ([9, 1, 9, 1], [1, 2]),
    ],
)
def test_turns(values, turned):
    assert keeping.turns(values) == turned
