"""A study of a shrunk recipe, whose trials take seconds."""

from __future__ import annotations

import os
import signal

import psutil
import pytest

from gan.recipes import recipe
from gan.search import Spec, parse, studies
from gan.training import runs
from tests.training.conftest import SMALL

SMALLER = {**SMALL, "dataset": "handwriting-digits", "latent": 8}


@pytest.fixture
def tiny():
    """Makes the definition of a study with settings of its own."""

    def make(name="tiny", steps=9, space=("learning_rate=1e-4..1e-2:log", "width=4,5"), settings=None, **given):
        base = recipe("cgan28").with_settings({**SMALLER, "steps": steps, **(settings or {})})
        dimensions = tuple(parse(line, base) for line in space)
        return Spec(name, base, dimensions, **{"pruner": "none", "trials": 2, "samples": 500, **given})

    return make


@pytest.fixture
def ended(runs_dir):
    """What a test leaves running is killed at its end."""
    yield
    for study in studies.listed():
        for said in study.processes():
            _kill(said)
    for run in runs.list_runs():
        _kill(run.status())


def _kill(said):
    if runs.alive(said.get("pid"), said.get("pid_started")) and said["pid"] != os.getpid():
        psutil.Process(said["pid"]).send_signal(signal.SIGKILL)
