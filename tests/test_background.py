"""Work in the background: how far it is, what came of it, and how it ends."""

from __future__ import annotations

import threading

import pytest

from gan.background import Work
from gan.errors import UserError


def test_it_goes_on_by_itself_and_gives_its_result():
    begun, ready = threading.Event(), threading.Event()

    def make(say):
        say(0.5, "half")
        begun.set()
        ready.wait(10)
        return "made"

    work = Work(make)
    begun.wait(10)
    assert (work.going, work.share, work.said, work.result) == (True, 0.5, "half", None)
    ready.set()
    work.wait(10)
    assert (work.going, work.result, work.problem) == (False, "made", "")


def test_cancelled_it_cleans_up_and_says_nothing():
    cleaned, ready = [], threading.Event()

    def make(say):
        try:
            ready.wait(10)
            try:
                say(0.1, "on")
            except Exception:  # as one does around a damaged file
                return "damaged"
        finally:
            cleaned.append(True)

    work = Work(make)
    work.cancel()
    ready.set()
    work.wait(10)
    assert (work.result, work.problem, cleaned) == (None, "", [True])


@pytest.mark.parametrize(
    ("error", "said"),
    [(UserError("name: taken."), "name: taken."), (ValueError("odd"), "It failed (ValueError: odd).")],
)
def test_what_went_wrong_is_said(error, said):
    def make(say):
        raise error

    work = Work(make)
    work.wait(10)
    assert (work.result, work.problem) == (None, said)
