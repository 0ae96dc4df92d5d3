"""A real recipe shrunk until a run takes seconds, on a data set of a few hundred drawn pictures."""

from __future__ import annotations

import pytest

from gan.recipes import recipe
from gan.training import runs

SMALL = {
    "dataset": "handwriting",
    "batch": 8,
    "steps": 12,
    "width": 4,
    "latent": 8,
    "r1_every": 4,
    "precision": "float32",
    "xla": "off",
}


@pytest.fixture
def small():
    """`cgan28`, shrunk."""
    return recipe("cgan28").with_settings(SMALL)


@pytest.fixture
def run(small, runs_dir):
    return runs.create(small)
