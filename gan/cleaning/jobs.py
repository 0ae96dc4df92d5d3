"""Cleaning a whole data set: a job that can be stopped, killed and gone on with, and saves the set only at the end.

A job's folder lies beside the user's own sets: ``order.json`` (what to clean, and how), ``data.json`` (the digests of
what is cleaned), ``pictures.raw`` (cleaned pictures, one after another) and ``found.csv`` (a row each). The last two
grow together; going on cuts them to what both hold. When the last picture is done, the set is kept under the job's
name, and only the order and the report stay.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from filelock import FileLock, Timeout

from gan import datasets, paths
from gan.cleaning import Settings, clean, worker
from gan.cleaning.log import Log, Row
from gan.datasets import kept
from gan.datasets.workspace import kindly
from gan.errors import UserError, unknown

State = Literal["working", "stopped", "failed", "saved"]
FOLDER, WORKER = ".cleaning", "worker.json"


@dataclass(frozen=True)
class Order:
    """What a job does: which data set, under which name to keep the outcome, and the settings."""

    dataset: str
    name: str
    total: int
    settings: Settings


@dataclass(frozen=True)
class Job:
    """A job's folder."""

    path: Path

    @cached_property
    def order(self) -> Order:
        """Raises UserError if the folder holds no order that can be read."""
        try:
            fields = json.loads((self.path / "order.json").read_text(encoding="utf-8"))
            return Order(**{**fields, "settings": Settings(**fields["settings"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise UserError(f"{self.path.name}: its order cannot be read ({error}).") from None

    @property
    def state(self) -> State:
        if (self.path / "saved").exists():
            return "saved"
        if worker.alive(self.path / WORKER):
            return "working"
        return "failed" if (self.path / "error.txt").exists() else "stopped"

    @property
    def done(self) -> int:
        """Pictures that are cleaned."""
        if (self.path / "saved").exists():
            return self.order.total
        try:
            return (self.path / "pictures.raw").stat().st_size // _bytes(self.order.dataset)
        except (OSError, UserError):
            return 0

    @property
    def seconds_each(self) -> float:
        """How long a picture took of late; 0 before the first."""
        rows = Log(self.report).latest(50)
        return sum(row.seconds for row in rows) / len(rows) if rows else 0.0

    @property
    def problem(self) -> str:
        """What stopped it, in words."""
        with contextlib.suppress(OSError):
            return (self.path / "error.txt").read_text(encoding="utf-8")
        return ""

    @property
    def report(self) -> Path:
        """The CSV: file, boxes, masked (share of the pixels), seconds, problem."""
        return self.path / "found.csv"

    def stop(self) -> None:
        """Ask the worker to stop after the picture it is at."""
        (self.path / "stop").touch()

    def start(self) -> None:
        """Let a process of its own do the work, or go on with it; it outlives this one.

        Raises:
            UserError: if one is at it already.
        """
        if self.state == "working":
            raise UserError(f"{self.path.name}: is being worked on already.")
        for name in ("stop", "error.txt"):  # of the worker before; what is asked for from now on is for this one
            (self.path / name).unlink(missing_ok=True)
        arguments = ("clean", "--job", str(self.path))
        worker.sign(self.path / WORKER, worker.start(arguments, self.path / "log.txt"))

    def run(self, progress: datasets.Progress | None = None) -> None:
        """Do the work, or go on with it, here. Returns when the set is saved, or `stop` was asked for.

        Raises:
            UserError: if another process is at it, the data set has changed, or the disk is full.
        """
        try:
            with FileLock(self.path / "lock", timeout=0):
                (self.path / "error.txt").unlink(missing_ok=True)
                worker.sign(self.path / WORKER, os.getpid())
                try:
                    with kindly(self.path.name):
                        self._work(progress or (lambda share, text: None))
                except Exception as error:
                    said = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
                    with contextlib.suppress(OSError):
                        (self.path / "error.txt").write_text(said, encoding="utf-8")
                    raise
                finally:
                    (self.path / WORKER).unlink(missing_ok=True)
        except Timeout:
            raise UserError(f"{self.path.name}: is being worked on already.") from None

    def discard(self) -> None:
        """Remove the job. The original, and a set that was saved, stay.

        Raises:
            UserError: while it is being worked on.
        """
        if self.state == "working":
            raise UserError(f"{self.path.name}: is being worked on; stop it first.")
        shutil.rmtree(self.path, ignore_errors=True)

    def _work(self, progress: datasets.Progress) -> None:
        order, log, raw = self.order, Log(self.report), self.path / "pictures.raw"
        if (self.path / "saved").exists():
            return
        kept.check_name(order.name)
        data = datasets.load(order.dataset)
        places = [(name, k) for name, split in data.splits.items() for k in range(len(split))]
        if len(places) != order.total or not self._same(data):
            raise UserError(
                f"{order.dataset}: the data set is not what it was when the cleaning began; it was made or split "
                "anew since. Discard the cleaning and begin anew; or, if only the share changed, change it back."
            )
        size = _bytes(order.dataset)
        done = min(len(log.rows()), raw.stat().st_size // size if raw.exists() else 0)
        log.cut(done)
        with raw.open("ab") as file:
            file.truncate(done * size)
        for at, (split, k) in enumerate(places[done:], done):
            if (self.path / "stop").exists():
                (self.path / "stop").unlink()
                return
            progress(at / order.total, f"{at:,} of {order.total:,} pictures")
            began = time.perf_counter()
            cleaned = clean(np.asarray(data.splits[split].images[k]), order.settings)
            with raw.open("ab") as file:  # opened anew, so that the picture is on the disk before its row
                file.write(cleaned.image.tobytes())
            seconds = time.perf_counter() - began
            log.append(Row(f"{split}/{k}", len(cleaned.boxes), float(cleaned.mask.mean()), seconds))
        self._save(data, progress)

    def _same(self, data: datasets.Dataset) -> bool:
        """Whether these are the pictures, in their order, that it began with. The first time, that is written down."""
        file, now = self.path / "data.json", {name: split.digest for name, split in data.splits.items()}
        with contextlib.suppress(OSError, ValueError):
            return json.loads(file.read_text(encoding="utf-8")) == now
        paths.write_aside(file, json.dumps(now).encode())
        return True

    def _save(self, data: datasets.Dataset, progress: datasets.Progress) -> None:
        order, source, splits = self.order, data.source, data.splits.values()
        raw = self.path / "pictures.raw"
        kept.keep(
            order.name,
            np.memmap(raw, np.uint8, "r", shape=(order.total, *source.shape)),
            np.concatenate([split.labels for split in splits]),
            source.class_names,
            title=f"{source.title}, without text",
            summary=source.summary,
            licence=source.licence,
            citation=source.citation,
            homepage=source.homepage,
            made_from=f"{source.name}, cleaned of text: {json.dumps(asdict(order.settings))}",
            attributes={
                name: np.concatenate([split.attributes[name] for split in splits]) for name in source.attributes
            },
            test=np.concatenate([np.full(len(split), name == "test") for name, split in data.splits.items()]),
            progress=progress,
        )
        (self.path / "saved").touch()
        raw.unlink()


def create(dataset: str, name: str, settings: Settings) -> Job:
    """A job for a data set; the one that was begun, where it was begun with the same settings.

    Args:
        dataset: a name of `gan.datasets.sources`.
        name: what the cleaned set will be called.
        settings: how to clean.

    Raises:
        UserError: for an unknown data set, a name that is bad or taken, or a job of this name that differs.
    """
    source = datasets.source(dataset)
    kept.check_name(name)
    order = Order(dataset, name, sum(source.counts.values()), settings)
    job = Job(_parent() / name)
    if (job.path / "order.json").exists():
        if job.state == "saved":  # its set has been removed since
            job.discard()
        elif job.order == order:
            return job
        else:
            raise UserError(
                f"name: a cleaning called {name!r} was begun with other settings; go on with it, discard it, or choose "
                "another name."
            )
    with kindly(name):
        job.path.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(order), indent=2)
        paths.write_aside(job.path / "order.json", text.encode())
    return job


def jobs() -> list[Job]:
    """All jobs with an order that can be read, the newest first."""
    found = [Job(path.parent) for path in _parent().glob("*/order.json")] if _parent().is_dir() else []
    return sorted(filter(_readable, found), key=lambda job: (job.path / "order.json").stat().st_mtime, reverse=True)


def find(name: str) -> Job:
    """A job by its name, or by the path of its folder.

    Raises:
        UserError: if there is none.
    """
    for path in (_parent() / name, Path(name)):
        if (path / "order.json").is_file():
            return Job(path.resolve())
    raise unknown("cleaning", name, [job.path.name for job in jobs()])


def _readable(job: Job) -> bool:
    try:
        return bool(job.order)
    except UserError:
        return False


def _parent() -> Path:
    return paths.local_data_dir() / FOLDER


def _bytes(dataset: str) -> int:
    height, width, channels = datasets.source(dataset).shape
    return height * width * channels
