"""What is done with runs as wholes: renamed, noted on, forked, taken away and brought back; and the disk they use."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import re
import shutil
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import filelock

from gan import datasets, models, paths
from gan.errors import UserError, unknown
from gan.recipes import Recipe
from gan.training import fitting, runs
from gan.training.runs import Run

NAME, NAME_RULE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}"), "letters, digits, '-' and '_', 80 at most"
LONGEST = 2_000  # characters of a note
REMOVED = ".removed"
# What a fork cannot change when it goes on from a checkpoint, and why.
FIXED = {
    "model": "the checkpoint is of other nets",
    "options": "the checkpoint is of other nets",
    "condition": "the checkpoint is of nets that are told something else",
    "dataset": "the checkpoint learned from other pictures",
    "batch": "pictures seen are counted by it",
    "discriminator_steps": "pictures seen are counted by it",
    "separate_halves": "pictures seen are counted by it",
}


def rename(run: Run, to: str) -> Run:
    """Give a run another name.

    Raises:
        UserError: if the name is bad or taken, or a worker is at the run.
    """
    target = _named(run, to)
    with _alone(run, "renaming"):
        run.path.rename(target)
    return Run(target)


def note(run: Run) -> str:
    """What the user wrote about a run."""
    try:
        return (run.path / "note.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def write_note(run: Run, text: str) -> None:
    """Write about a run; also while it is training.

    Raises:
        UserError: if it is too long, or cannot be written.
    """
    if len(text) > LONGEST:
        raise UserError(f"note: it has {len(text):,} characters; {LONGEST:,} are the most.")
    with _kindly(run):
        if not run.path.is_dir():
            raise UserError(f"{run.id}: the run was removed.")
        paths.write_aside(run.path / "note.txt", text.encode())


def remove(run: Run) -> None:
    """Take a run away. `restore` brings it back, until `erase`.

    One of the same name that was removed before stays, with a number behind its name.

    Raises:
        UserError: while a worker is at it, or if it cannot be moved.
    """
    target = run.path.parent / REMOVED / run.id
    with _alone(run, "removing"):
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            names = (target.with_name(f"{run.id}-{n}") for n in itertools.count(2))
            target.rename(next(name for name in names if not name.exists()))
        run.path.rename(target)


def removed() -> list[str]:
    """The names that `restore` can bring back, of runs that were in the folder of runs."""
    return sorted(path.parent.name for path in (paths.runs_dir() / REMOVED).glob("*/recipe.json"))


def restore(name: str) -> Run:
    """Bring back what `remove` took away.

    Args:
        name: the run's; the whole path of one that was not in the folder of runs.

    Raises:
        UserError: if nothing of the name was removed, or the name has been taken since.
    """
    run = Run(paths.runs_dir() / name)
    away = run.path.parent / REMOVED / run.id
    if not (away / "recipe.json").is_file():
        raise unknown("removed run", name, removed())
    if run.path.exists():
        raise UserError(f"name: there is a run {run.id!r} already; rename that one first.")
    with _kindly(run):
        away.rename(run.path)
    return run


def erase(names: Collection[str]) -> int:
    """Free the disk of runs that were removed, for good; gives the bytes. Others, removed since one looked, stay."""
    freed = 0
    for name in removed():
        if name in names:
            freed += _bytes(paths.runs_dir() / REMOVED / name)
            shutil.rmtree(paths.runs_dir() / REMOVED / name, ignore_errors=True)
    return freed


def fork(run: Run, settings: Mapping[str, Any], step: int | None = None) -> Run:
    """A new run that begins as another one was, with other settings.

    Args:
        run: the other run; it stays as it is, and may be training.
        settings: what is to differ, as `Recipe.with_settings` takes it.
        step: of the checkpoint to go on from, its records, samples and snapshots included; None for the beginning.

    Raises:
        UserError: for settings that cannot be, or not from there; or a checkpoint that is gone or damaged.
    """
    before = run.recipe
    recipe = before.with_settings(settings)
    if recipe.model == before.model and _options(recipe) == _options(before):  # written out or not
        recipe = replace(recipe, options=before.options)
    if step is None:
        return runs.create(recipe)
    _check_fork(before, recipe, run, step)
    target = runs.create(recipe)
    try:
        for name in ("data.json", "classes.json", "metrics.jsonl"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(run.path / name, target.path / name)
        for name in ("samples", "snapshots"):
            _copy(run.path / name, target.path / name)
        folder = target.path / "checkpoints" / str(step)
        shutil.copytree(run.path / "checkpoints" / str(step), folder)
        _check_whole(folder)
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        paths.write_aside(folder / "state.json", json.dumps({**state, "recipe": target.recipe.to_json()}).encode())
    except (OSError, EOFError, ValueError, TypeError, zipfile.BadZipFile) as error:
        shutil.rmtree(target.path, ignore_errors=True)
        why = "the disk is full" if getattr(error, "errno", None) == errno.ENOSPC else f"{error}"[:200]
        raise UserError(
            f"{run.id}: the checkpoint of step {step:,} could not be copied ({why}); begin at another one, or at the "
            "beginning."
        ) from None
    target.rewind()  # what the other run did after that step is not this one's
    return target


def _check_fork(before: Recipe, recipe: Recipe, run: Run, step: int) -> None:
    for name in recipe.differences(before):
        if name in FIXED:
            raise UserError(f"{name}: {FIXED[name]}; fork from the beginning to change it.")
    for name in ("precision", "xla"):
        if getattr(recipe, name) == "auto":
            raise UserError(f"{name}: auto is settled when a run begins; choose one, or fork from the beginning.")
    if bool(recipe.average) != bool(before.average):
        raise UserError("average: the checkpoint is of other nets; fork from the beginning to change it from or to 0.")
    if step not in dict(run.checkpoints()):
        raise UserError(f"{run.id}: there is no checkpoint of step {step:,} any more; choose another one.")
    if recipe.steps <= step:
        raise UserError(f"steps: the checkpoint has {step:,} behind it; ask for more.")
    fitting.check(recipe, datasets.source(recipe.dataset))


def _check_whole(folder: Path) -> None:
    """A run that went on from half a checkpoint would begin anew without a word.

    Raises:
        BadZipFile: for a file of a checkpoint that was cut off, or changed.
    """
    for path in folder.glob("*.npz"):
        with zipfile.ZipFile(path) as parts:
            if parts.testzip():
                raise zipfile.BadZipFile(f"{path.name} is damaged")


def _options(recipe: Recipe) -> dict[str, Any]:
    return {**models.options_of(recipe.model), **recipe.options}


def _copy(source: Path, target: Path) -> None:
    """Copy a folder of files that a worker may add to and take from meanwhile."""
    target.mkdir()
    for path in source.glob("[!.]*"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(path, target / path.name)


def size(run: Run) -> int:
    """Bytes of a run on disk, all of it."""
    return _bytes(run.path)


def disk(run: Run) -> dict[str, int]:
    """Bytes of a run by what they are for; what cannot be used any more is "damaged"."""
    parts = {name: _bytes(run.path / name) for name in ("snapshots", "samples")}
    found = {"checkpoints": 0, "damaged": 0}
    with contextlib.suppress(OSError):
        for path in (run.path / "checkpoints").iterdir():
            found["damaged" if path.name.startswith("damaged-") else "checkpoints"] += _bytes(path)
    return {**found, **parts, "other": max(0, size(run) - sum(found.values()) - sum(parts.values()))}


def tidy(run: Run) -> int:
    """Remove checkpoints that were set aside as damaged; gives the bytes."""
    freed = disk(run)["damaged"]
    for path in (run.path / "checkpoints").glob("damaged-*"):
        shutil.rmtree(path, ignore_errors=True)
    return freed


def _bytes(path: Path) -> int:
    total = 0
    with contextlib.suppress(OSError):  # a worker writes and drops files meanwhile
        for entry in os.scandir(path):
            with contextlib.suppress(OSError):
                directory = entry.is_dir(follow_symlinks=False)
                total += _bytes(Path(entry.path)) if directory else entry.stat(follow_symlinks=False).st_size
    return total


def _named(run: Run, name: str) -> Path:
    """Where a run would be under another name."""
    if not NAME.fullmatch(name):
        raise UserError(f"name: {name[:80]!r} cannot be used; a run's name has {NAME_RULE}.")
    if (path := run.path.with_name(name)).exists():
        raise UserError(f"name: there is a run {name!r} already; choose another name.")
    return path


@contextlib.contextmanager
def _alone(run: Run, what: str) -> Iterator[None]:
    """No worker is at a run, and none can begin."""
    if not (run.path / "recipe.json").is_file():
        raise UserError(f"{run.id}: the run was removed, or has another name now.")
    busy = UserError(f"{run.id}: a worker is at it; stop it before {what} it.")
    if run.status()["state"] in runs.WORKING:
        raise busy
    with _kindly(run):
        try:
            lock = filelock.FileLock(run.path / "worker.lock")
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise busy from None
        try:
            yield
        finally:
            lock.release()


@contextlib.contextmanager
def _kindly(run: Run) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(f"{run.id}: its folder cannot be changed ({error.strerror or error}).") from None
