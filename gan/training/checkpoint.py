"""Checkpoints: every variable of every net and optimiser, written aside and renamed, so whole or not there."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gan.errors import UserError
from gan.training import keeping
from gan.training.runs import Run

if TYPE_CHECKING:
    from gan.training.game import Game


class Damaged(UserError):  # noqa: N818 - it is an answer, not a fault of ours
    """A checkpoint whose files cannot be read."""


def _parts(game: Game) -> dict[str, list[Any]]:
    """Variables by part. `Model.variables` holds what `save_weights` leaves out: the state of dropout's seeds."""
    parts = {name: net.variables for name, net in game.nets.items()}
    return parts | {f"{name}_optimizer": optimizer.variables for name, optimizer in game.optimizers.items()}


def save(run: Run, game: Game, state: dict[str, Any], best: int | None = None) -> Path:
    """Write a checkpoint of `state["step"]` and drop all but the newest two and, unless it is large, that of the step
    `best`.

    Raises:
        OSError: if the disk is full; the older checkpoints are then untouched.
    """
    folder = run.path / "checkpoints"
    target, aside = folder / str(state["step"]), folder / f".{state['step']}.{os.getpid()}"
    if (target / "state.json").is_file():  # the same step of the same recipe is the same state
        return target
    shutil.rmtree(target, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        for name, variables in _parts(game).items():
            arrays: dict[str, Any] = {f"{i:04d}": np.asarray(v) for i, v in enumerate(variables)}
            np.savez(aside / f"{name}.npz", **arrays)
        (aside / "state.json").write_text(json.dumps(state), encoding="utf-8")
        for path in aside.iterdir():  # on the disk before its name is: a power cut leaves the older one
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    large = sum(path.stat().st_size for path in target.iterdir()) > keeping.LARGE
    for step, old in run.checkpoints()[:-2]:
        if large or step != best:
            shutil.rmtree(old, ignore_errors=True)
    return target


def restore(path: Path, game: Game) -> dict[str, Any]:
    """Fill the game's variables from a checkpoint; gives its state.

    Raises:
        Damaged: if a file is missing or cannot be read.
        UserError: if it is of other nets.
    """
    try:
        state = json.loads((path / "state.json").read_text(encoding="utf-8"))
        state["recipe"], state["step"], state["seconds"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"The checkpoint of step {path.name} cannot be read ({error}).") from None
    parts = {name: read_arrays(path / f"{name}.npz") for name in _parts(game)}  # all, before any is put in place
    for name, variables in _parts(game).items():
        arrays = parts[name]
        if [a.shape for a in arrays] != [tuple(v.shape) for v in variables]:
            raise UserError(f"{path.parent.parent.name}: the checkpoint of step {path.name} is of other nets ({name}).")
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)
    return state


def read_arrays(path: Path) -> list[np.ndarray]:
    """The arrays of one part, in order.

    Raises:
        Damaged: if the file is missing or cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return [arrays[key] for key in sorted(arrays.files)]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise Damaged(f"The checkpoint of step {path.parent.name} cannot be read ({path.name}: {error}).") from None
