"""Hyper-parameter studies with Optuna: a recipe, a space, objectives and a budget; trials are ordinary runs.

A study lives in a storage (a file, or any database that Optuna takes) with all that defines it, so that any machine
that reaches the storage can work on it. What is on this machine lies in ``.studies/NAME`` in the folder of runs: the
storage's address, and what the processes that work on it here say of themselves.
"""

from gan.search.objectives import OBJECTIVES, objectives_of
from gan.search.presets import PRESETS, presets_for
from gan.search.space import Dimension, parse
from gan.search.spec import PRUNERS, SAMPLERS, Spec

__all__ = [
    "OBJECTIVES",
    "PRESETS",
    "PRUNERS",
    "SAMPLERS",
    "Dimension",
    "Spec",
    "objectives_of",
    "parse",
    "presets_for",
]
