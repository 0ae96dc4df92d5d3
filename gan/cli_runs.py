"""The verbs of the command line that manage runs as wholes."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from gan import paths
from gan.errors import UserError
from gan.training import managing, runs


def add(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the verbs; `verb` makes one from its name, function and help."""
    fork = verb("fork", _fork, "Make a new run that begins as another one was, with other settings; resume trains it.")
    fork.add_argument("name", metavar="RUN")
    fork.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="settings that differ")
    fork.add_argument("--step", type=int, metavar="N", help="the checkpoint to begin at (default: the latest)")
    fork.add_argument("--beginning", action="store_true", help="begin at the first step; any setting may differ")

    rename = verb("rename", _rename, "Give a run another name.")
    rename.add_argument("name", metavar="RUN")
    rename.add_argument("to", metavar="NAME")

    remove = verb("remove", _remove, "Take a run away, or bring it back.")
    remove.add_argument("name", metavar="RUN")
    remove.add_argument("--undo", action="store_true", help="bring it back")


def settings(pairs: Sequence[str]) -> dict[str, Any]:
    """What ``--set`` was given, by setting.

    Raises:
        UserError: for what is not NAME=VALUE.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UserError(f"--set {pair}: write NAME=VALUE.")
        found[name] = value
    return found


def _fork(options) -> None:
    from gan.training.promote import latest

    run = runs.find(options.name)
    step = None if options.beginning else options.step if options.step is not None else latest(run)[0]
    made = managing.fork(run, settings(options.set), step)
    print(f"Run {made.path}")


def _rename(options) -> None:
    print(f"Run {managing.rename(runs.find(options.name), options.to).path}")


def _remove(options) -> None:
    if options.undo:
        print(f"Run {managing.restore(options.name).path}")
    else:
        run = runs.find(options.name)
        managing.remove(run)
        name = run.id if run.path.parent == paths.runs_dir() else run.path
        print(f"Removed; to bring it back: python -m gan remove {name} --undo")
