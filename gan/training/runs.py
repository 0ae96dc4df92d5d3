"""The run folder: all that passes between a worker and whoever looks on. Needs neither Keras nor TensorFlow.

``recipe.json``, ``scores.json`` (where scores are planned), ``data.json`` (the digest of each split),
``classes.json`` (their names, as the nets know them), ``status.json``, ``metrics.jsonl``, ``samples/<step>.png``,
``checkpoints/<step>/``, ``snapshots/<step>.npz``, ``log.txt``, ``note.txt`` and ``requests/``.
Every file is complete or absent, but for the append-only metrics and log.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from gan import datasets, paths
from gan.augment import pinned
from gan.errors import UserError, unknown
from gan.recipes import Recipe
from gan.training import fitting

REQUESTS = ("pause", "resume", "stop", "sample", "checkpoint")
WORKING = ("waiting", "preparing", "running", "paused")  # states in which a worker should be alive
STATES = (*WORKING, "created", "stopped", "finished", "failed", "died")


@dataclass(frozen=True)
class ScorePlan:
    """Scores at named steps, in place of those that a share of the time allows. Says nothing of what a run computes."""

    at: tuple[int, ...]  # steps
    samples: int  # at each of them
    final: int  # at the run's last step, which always is scored
    measures: tuple[str, ...]  # of what a GAN draws; other games are always scored by the same


@dataclass(frozen=True)
class Run:
    """A run's folder. Holds no state of its own: two views of one folder always agree."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def recipe(self) -> Recipe:
        """Raises: UserError if recipe.json is missing or damaged."""
        try:
            return Recipe.from_json((self.path / "recipe.json").read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise UserError(f"{self.id}: the folder has no recipe.json that can be read; it is not a run.") from None

    def status(self) -> dict[str, Any]:
        """``state`` and what the worker last said of itself. A worker that is gone without a word gives "died"."""
        try:
            status = json.loads((self.path / "status.json").read_text(encoding="utf-8"))
            state = status["state"]
            counts = [status.get(name, 0) for name in ("step", "steps", "images_seen", "seconds")]
            if state not in STATES or not all(map(_number, counts)):
                raise ValueError  # from somewhere else
        except (OSError, ValueError, KeyError, TypeError):
            return {"state": "created", "step": 0, "steps": self.recipe.steps}
        if state in WORKING and not alive(status.get("pid"), status.get("pid_started")):
            status["state"] = "died"
            status["message"] = "The worker ended without a word (killed, or out of memory). Resume to go on."
        return status

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes that the nets know, a combination of columns each where they are told several; none
        before the worker has opened the data set."""
        try:
            return tuple(json.loads((self.path / "classes.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return ()

    def metrics(self, after_step: int = -1) -> list[dict[str, Any]]:
        """The records of ``metrics.jsonl`` past a step; a torn or foreign line is skipped."""
        try:
            lines = (self.path / "metrics.jsonl").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        return [record for record in map(parse, lines) if record and record["step"] > after_step]

    def samples(self) -> list[tuple[int, Path]]:
        """(step, picture) of the fixed latents, in order."""
        return sorted((int(p.stem), p) for p in (self.path / "samples").glob("*.png") if p.stem.isdigit())

    def snapshots(self) -> list[tuple[int, Path]]:
        """(step, file) of what the generator was, in order (`gan.training.snapshots`)."""
        return sorted((int(p.stem), p) for p in (self.path / "snapshots").glob("*.npz") if p.stem.isdigit())

    def checkpoints(self) -> list[tuple[int, Path]]:
        """(step, folder) of the complete checkpoints, in order."""
        folders = (self.path / "checkpoints").glob("*")
        return sorted((int(p.name), p) for p in folders if p.name.isdigit() and (p / "state.json").is_file())

    def request(self, what: str) -> None:
        """Ask the worker for something; it obeys at the next step. Asking twice is asking once.

        Raises:
            UserError: for something that cannot be asked for, or a run that nobody is working on.
        """
        if what not in REQUESTS:
            raise unknown("request", what, REQUESTS)
        if (state := self.status()["state"]) not in WORKING:
            raise UserError(f"{self.id}: nobody is working on this run ({state}); resume it first.")
        try:
            (self.path / "requests").mkdir(exist_ok=True)
            (self.path / "requests" / what).touch()
        except OSError as error:
            raise UserError(
                f"{self.id}: cannot be asked, for its folder cannot be written ({error.strerror})."
            ) from None

    def take_requests(self) -> set[str]:
        """The worker's side: what was asked for since the last time."""
        taken = set()
        for path in (self.path / "requests").glob("*"):
            path.unlink(missing_ok=True)
            taken.add(path.name)
        return taken & set(REQUESTS)

    def forget_requests(self, before: float) -> None:
        """The worker's side: drop what an earlier worker was asked for (file times before that of the clock)."""
        for path in (self.path / "requests").glob("*"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < before - 1:
                    path.unlink()

    def write_status(self, status: dict[str, Any]) -> None:
        paths.write_aside(self.path / "status.json", json.dumps(status).encode())

    def score_plan(self) -> ScorePlan | None:
        """The plan of `write_score_plan`; None where there is none."""
        try:
            found = json.loads((self.path / "scores.json").read_text(encoding="utf-8"))
            return ScorePlan(tuple(found["at"]), found["samples"], found["final"], tuple(found["measures"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write_score_plan(self, plan: ScorePlan) -> None:
        paths.write_aside(self.path / "scores.json", json.dumps(asdict(plan)).encode())

    def write_recipe(self, recipe: Recipe) -> None:
        paths.write_aside(self.path / "recipe.json", recipe.to_json().encode())

    def write_classes(self, names: Sequence[str]) -> None:
        paths.write_aside(self.path / "classes.json", json.dumps(list(names)).encode())

    def rewind(self) -> None:
        """The worker's side: remove what was half-written, and records, samples and snapshots past the latest
        checkpoint, which the next steps will write again."""
        aside = ("checkpoints/.*", "samples/.*", "snapshots/.*", ".*.json*.*")
        for path in [path for pattern in aside for path in self.path.glob(pattern)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        latest = max((step for step, _ in self.checkpoints()), default=0)
        for step, path in [*self.samples(), *self.snapshots()]:
            if step > latest:
                path.unlink(missing_ok=True)
        if (self.path / "metrics.jsonl").exists():
            kept = "".join(json.dumps(record) + "\n" for record in self.metrics() if record["step"] <= latest)
            paths.write_aside(self.path / "metrics.jsonl", kept.encode())


def parse(line: str | bytes) -> dict[str, Any] | None:
    """A record of ``metrics.jsonl``, with null for what is no number; None for a line that is none."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict) or any(type(record.get(key)) is not int for key in ("step", "images_seen")):
        return None
    return {name: value if _number(value) else None for name, value in record.items()}


def _number(value: Any) -> bool:
    """Whether something read from JSON is a number that can be reckoned with: neither a truth value nor infinite."""
    return type(value) in (int, float) and -1e300 < value < 1e300


def alive(pid: Any, started: Any) -> bool:
    """Whether the process that wrote a status still lives: same number and same start, for numbers are reused."""
    try:
        process = psutil.Process(pid)
        return abs(process.create_time() - started) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, TypeError, ValueError):
        return False


def create(recipe: Recipe, path: Path | None = None) -> Run:
    """A new run folder with its recipe, in which the augmentation's name is replaced by what it stands for now.

    Args:
        recipe: what to train.
        path: the folder; by default one named after date, time and recipe in the folder of runs.

    Raises:
        UserError: if the folder holds something else already, or the recipe does not fit its data
            (`gan.training.fitting`).
    """
    fitting.check(recipe, datasets.source(recipe.dataset))
    recipe = recipe.with_settings({"augment": pinned(recipe.augment)})
    if path is None:
        stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{re.sub(r'[^a-z0-9]+', '-', recipe.name.lower()).strip('-') or 'run'}"
        path = _made(paths.runs_dir() / stem)
    elif path.exists() and any(path.iterdir()):
        raise UserError(f"{path.name}: the folder is not empty; choose a new one, or resume the run that is in it.")
    path.mkdir(parents=True, exist_ok=True)
    run = Run(path)
    run.write_recipe(recipe)
    return run


def _made(path: Path) -> Path:
    """A folder of this name, or with a number behind it: two pages may start the same recipe in one second."""
    names = (path, *(path.with_name(f"{path.name}-{n}") for n in range(2, 1000)))
    for name in names:
        with contextlib.suppress(FileExistsError):
            name.mkdir(parents=True)
            return name
    raise UserError(f"{path.name}: there are too many runs of this name.")


def list_runs() -> list[Run]:
    """All runs, the newest first. Folders without a recipe that can be read are left out."""
    folder = paths.runs_dir()
    found = []
    for path in folder.glob("[!.]*") if folder.is_dir() else ():
        with contextlib.suppress(UserError, OSError):  # it may go away meanwhile
            if (path / "recipe.json").is_file() and Run(path).recipe:
                found.append(((path / "recipe.json").stat().st_mtime, Run(path)))
    return [run for _, run in sorted(found, key=lambda pair: pair[0], reverse=True)]


def find(name: str) -> Run:
    """A run by its name, or by the path of its folder.

    Raises:
        UserError: if there is none.
    """
    for path in (paths.runs_dir() / name, Path(name)):
        with contextlib.suppress(OSError):  # of a name that is too long, or a folder that may not be read
            if (path / "recipe.json").is_file():
                return Run(path.resolve())
    raise unknown("run", name, [run.id for run in list_runs()])


def start_worker(run: Run, backend: str = "") -> None:
    """Let a worker train this run, or go on with it, in a process of its own that outlives this one.

    Args:
        run: the run.
        backend: as `gan.training.worker.work` takes it.

    Raises:
        UserError: if a worker is at it already.
    """
    if run.status()["state"] in WORKING:
        raise UserError(f"{run.id}: a worker is at it already.")
    try:
        log = (run.path / "log.txt").open("ab")
    except OSError as error:
        raise UserError(f"{run.id}: its folder cannot be written ({error.strerror}).") from None
    with log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gan", "resume", str(run.path), *(["--backend", backend] if backend else [])],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=paths.ROOT,
            start_new_session=True,
        )
    status = {**run.status(), "state": "preparing", "message": "Starting", "pid": process.pid, "heartbeat": time.time()}
    # What the worker writes of itself a moment later says the same.
    with contextlib.suppress(OSError, psutil.Error):
        status["pid_started"] = psutil.Process(process.pid).create_time()
        run.write_status(status)
