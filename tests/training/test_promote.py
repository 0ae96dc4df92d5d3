"""What a run has learned is named as it learned it, and is only what it can be."""

from __future__ import annotations

import pytest

from gan import UserError, datasets
from gan.training import promote
from tests.small_runs import make_run

CLASSES = datasets.source("handwriting").class_names


@pytest.mark.parametrize(
    ("learned", "words"),
    [
        (CLASSES[::-1], rf"at place 1 was {CLASSES[-1]}, now it is {CLASSES[0]}\)\. Change the data set back"),
        (CLASSES[:-1], rf"at place {len(CLASSES)} was nothing, now it is {CLASSES[-1]}"),
        ((*CLASSES, "?"), rf"at place {len(CLASSES) + 1} was \?, now it is nothing"),
    ],
)
def test_classes_that_have_changed_since_are_told(runs_dir, learned, words):
    run = make_run(nets=False)
    assert promote.told(run)[1].class_names == CLASSES
    run.write_classes(learned)
    with pytest.raises(UserError, match=words):
        promote.told(run)


@pytest.mark.parametrize("condition", ["label", "none"])
def test_runs_that_say_nothing_of_classes_are_taken_as_they_are(runs_dir, small, condition):
    from gan.training import runs

    run = runs.create(small.with_settings({"condition": condition}))
    assert promote.told(run)[1].class_names == (CLASSES if condition == "label" else ())
    run.write_classes(("all",) if condition == "none" else ())
    promote.told(run)


def test_what_reads_nothing_is_no_judge(runs_dir, weights_dir):
    with pytest.raises(UserError, match="trains no classifier, and only one can be a judge"):
        promote.promote(make_run(nets=False), "mine", kind="judge", step=0)
