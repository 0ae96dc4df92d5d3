"""Snapshots: what a run's generator was at many steps, small enough to keep by the hundred.

``snapshots/<step>.npz`` holds the variables of the net that pictures are drawn with (the averaged generator), floats in
half precision, as promoted models do. Nothing can be resumed from them; a time machine draws with them.
"""

from __future__ import annotations

import contextlib
import io
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gan import paths
from gan.errors import UserError
from gan.training import checkpoint, keeping
from gan.training.loop import Callback, Loop
from gan.training.runs import Run

SHARE = 0.01  # of the training time that regular ones may take; early ones are taken whatever they cost


def save(run: Run, step: int, variables: Sequence[Any]) -> Path:
    """Write a snapshot of a step.

    Raises:
        OSError: if the disk is full; nothing is then left behind.
    """
    arrays = [np.asarray(variable) for variable in variables]
    small = {f"{i:04d}": a.astype(np.float16) if a.dtype.kind == "f" else a for i, a in enumerate(arrays)}
    buffer = io.BytesIO()
    np.savez(buffer, **small)  # type: ignore[arg-type]
    path = run.path / "snapshots" / f"{step:08d}.npz"
    path.parent.mkdir(exist_ok=True)
    paths.write_aside(path, buffer.getvalue())
    return path


def read(run: Run, step: int) -> list[np.ndarray]:
    """The variables of a snapshot in order, floats as float32.

    Raises:
        UserError: if it is gone, or cannot be read.
    """
    path = run.path / "snapshots" / f"{step:08d}.npz"
    if not path.is_file():
        raise UserError(f"{run.id}: there is no snapshot of step {step:,} any more.")
    try:
        arrays = checkpoint.read_arrays(path)
    except checkpoint.Damaged:
        raise UserError(f"{run.id}: the snapshot of step {step:,} is damaged.") from None
    return [array.astype(np.float32) if array.dtype == np.float16 else array for array in arrays]


class Snapshots(Callback):
    """Takes snapshots as `keeping` says, and drops those that are not worth keeping any more. A full disk is told by
    the next checkpoint; a missing snapshot is no reason to pause."""

    def __init__(self, variables: Sequence[Any]) -> None:
        self.variables = variables
        self._last, self._due, self._most = -1, 0.0, keeping.MOST

    def begin(self, loop: Loop) -> None:
        self._last = max((step for step, _ in loop.run_folder.snapshots()), default=-1)
        if self._last < 0 and loop.step == 0:
            self.take(loop)

    def after_step(self, loop: Loop, logs: dict[str, Any]) -> None:
        step, best = loop.step, loop.best is not None and loop.best.step == loop.step
        if not (best or keeping.due(step, self._last)) or not self._most:
            return
        if best or keeping.early(step) or time.monotonic() >= self._due:
            self.take(loop)

    def end(self, loop: Loop) -> None:
        if loop.outcome[0] in ("finished", "stopped") and loop.step > self._last and self._most:
            self.take(loop)

    def take(self, loop: Loop) -> None:
        """Take one now, unless the weights are broken."""
        if not all(math.isfinite(float(value)) for value in loop.logs.values()):
            return
        began, run = time.monotonic(), loop.run_folder
        with contextlib.suppress(OSError):
            path = save(run, loop.step, self.variables)
            self._last, self._most = loop.step, keeping.most(path.stat().st_size)
            kept = dict(run.snapshots())
            for step in keeping.surplus(kept, self._most, loop.best and loop.best.step) if self._most else list(kept):
                kept[step].unlink(missing_ok=True)
        if not self._most:
            print("No snapshots are kept: too few of them would fit.", flush=True)
        self._due = time.monotonic() + (time.monotonic() - began) / SHARE
