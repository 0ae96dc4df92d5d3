"""A run in training beside what is measured, and what a process has cost."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from gan.paths import ROOT
from gan.training.runs import Run

PATIENCE = 180  # seconds until a worker must have settled its recipe and compiled its step


@contextlib.contextmanager
def training(folder: Path, name: str = "watched", settings: Sequence[str] = ()) -> Iterator[Run]:
    """A real worker that trains `cgan28` on the data set that ships, at full speed when given; stopped at the end.

    Args:
        folder: the folder of runs, ``GAN_RUNS_DIR`` of whoever is to see it.
        name: of the run.
        settings: NAME=VALUE, of the recipe, that differ.

    Raises:
        RuntimeError: if it does not come to train.
    """
    run = Run(folder / name)
    what = ("train", "--recipe", "cgan28", "--steps", "10000000", "--run", str(run.path))
    command = [sys.executable, "-m", "gan", *what, "--set", "dataset=handwriting", *settings]
    with (folder / f"{name}.log").open("wb") as log:
        queue = {**os.environ, "GAN_RUNS_DIR": str(folder)}  # its own, so that it waits for nobody
        worker = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=queue)
    try:
        await_step(run, 200, worker)
        yield run
    finally:
        worker.terminate()  # it writes a checkpoint and goes
        try:
            worker.wait(30)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def await_step(run: Run, step: int, worker: subprocess.Popen | None = None) -> None:
    """Wait until a run has trained so many steps and goes on.

    Raises:
        RuntimeError: if it ends before, or takes too long.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and (worker is None or worker.poll() is None):
        status = run.status() if (run.path / "status.json").is_file() else {}
        if status.get("state") == "running" and status.get("step", 0) >= step:
            return
        time.sleep(0.25)
    raise RuntimeError(f"{run.id} does not train: {run.status()}")


def hold(run: Run) -> None:
    """Let the worker stand still, and wait until it does."""
    run.request("pause")
    while run.status()["state"] != "paused":
        time.sleep(0.1)


def go_on(run: Run) -> None:
    """Let a worker that stands still train again, and wait until it does."""
    run.request("resume")
    await_step(run, run.status()["step"] + 50)


def cpu_seconds(process: psutil.Process) -> float:
    """Seconds of processor time that a process and its children have used."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system
    return total


def listening(url: str) -> psutil.Process:
    """The server that `tests.browser.driver.serve` has started at an address."""
    port = url.rsplit(":", 1)[1]
    named = (p for p in psutil.process_iter(["cmdline"]) if f"--server.port={port}" in (p.info["cmdline"] or []))
    return next(named)
