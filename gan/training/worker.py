"""A worker trains one run: waits for the device, settles the recipe, resumes where the last checkpoint stood."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import filelock
import numpy as np
import psutil

from gan import conditions, datasets, models, paths
from gan.errors import UserError
from gan.recipes import Recipe
from gan.training import backends, callbacks, checkpoint, device, fitting, snapshots, watching
from gan.training.loop import Callback, Loop
from gan.training.runs import Run

FEEDING = 4  # threads that augment coming batches, at most


class Reporter:
    """Writes ``status.json``: on every change of state, and once a second as a heartbeat."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.status: dict[str, Any] = {**run.status(), "message": ""}
        self.status |= {"pid": os.getpid(), "steps": run.recipe.steps}
        self._lock, self._done = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()

    def __call__(self, **values: Any) -> None:
        with self._lock:
            changed = "state" in values or "message" in values
            self.status.update(values)
            if changed:
                self._write()
        if values.get("message"):
            with contextlib.suppress(OSError):
                print(f"{time.strftime('%H:%M:%S')} {values['message']}", flush=True)

    def close(self) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._done.wait(1.0):
            with self._lock:
                self._write()

    def _write(self) -> None:
        # The start time is asked anew: it is worked out from the clock, and moves when that is set.
        now = {"heartbeat": time.time(), "pid_started": psutil.Process().create_time()}
        self.status |= {**now, "memory_mb": device.memory_mb()}
        with contextlib.suppress(OSError):  # a full disk must not end the training
            self.run.write_status(self.status)


@contextlib.contextmanager
def interruption() -> Iterator[threading.Event]:
    """An event that Ctrl+C and SIGTERM set; the run then stops at its next step, with a checkpoint."""
    asked = threading.Event()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: asked.set()) for number in numbers]
    try:
        yield asked
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def work(run: Run, polite: bool = True, backend: str = "") -> str:
    """Train a run to its end, from its latest checkpoint if it has one.

    Args:
        run: the run.
        polite: whether to leave the processor to others who want it.
        backend: a name of `backends.BACKENDS`; by default the one that the run was trained with before.

    Returns:
        The state it ended in: finished, stopped or failed.

    Raises:
        UserError: if another worker is at it, or what the recipe asks for cannot be.
    """
    lock = filelock.FileLock(run.path / "worker.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise UserError(f"{run.id}: another worker is at this run.") from None
    if polite:
        device.be_polite()
    report, turn = Reporter(run), device.Turn(run.id)
    try:
        with interruption() as interrupted:
            run.forget_requests(before=psutil.Process().create_time())
            run.rewind()
            report(state="waiting", message="Waiting for the device")
            if turn.take(_patience(run, report, interrupted)):
                state, message = _Training(run, report, turn, interrupted).train(backend)
            else:
                state, message = "stopped", "Stopped while waiting for the device."
        report(state=state, message=message)
        return state
    except UserError as error:
        report(state="failed", message=str(error))
        raise
    except BaseException as error:
        traceback.print_exc()
        report(state="failed", message=f"{type(error).__name__}: {error}"[:500] + " (see log.txt)")
        raise
    finally:
        turn.give_back()
        report.close()
        lock.release()


def _patience(run: Run, report: Reporter, interrupted: threading.Event) -> Callable[[str], bool]:
    """Says for whom a run waits, until it is asked to stop."""

    def waiting(first: str) -> bool:
        message = f"Waiting for {first} to finish or pause" if first != run.id else "Waiting for the device"
        if message != report.status["message"]:
            report(message=message)
        return not interrupted.is_set() and "stop" not in run.take_requests()

    return waiting


class _Training:
    """One turn at the device: from the recipe to the loop's outcome."""

    def __init__(self, run: Run, report: Reporter, turn: device.Turn, interrupted: threading.Event) -> None:
        self.run, self.report, self.turn, self.interrupted = run, report, turn, interrupted

    def train(self, name: str = "") -> tuple[str, str]:
        run, report = self.run, self.report
        name = name or report.status.get("backend", backends.DEFAULT)
        report(state="preparing", message="Opening the data set")
        recipe = run.recipe
        data = datasets.load(recipe.dataset, lambda share, text: report(message=f"{text} ({share:.0%})"))
        fitting.check(recipe, data.source)
        whole, shape = data, data.source.shape
        told = recipe.condition if models.family(recipe.model).conditional else conditions.NOTHING
        reading = models.family(recipe.model).game == "reader"
        data, condition = (conditions.spelt if reading else conditions.relabelled)(data, told)
        _same_data(run, whole, data)
        classes = condition.encoding
        run.write_classes(data.source.class_names)
        backends.check(name)
        report(message=f"Loading {backends.title(name)}", backend=name)
        backend = backends.load(name)
        from gan.training.feed import Ahead, Batch, Feed
        from gan.training.game import make_game
        from gan.training.probe import settle

        report(device=backend.device() or f"{device.cpu_name()}; no GPU found")
        recipe = settle(recipe, classes, shape, backend, lambda text: report(message=text))
        run.write_recipe(recipe)
        report(message="Building the nets", precision=recipe.precision, xla=recipe.xla)
        game = make_game(recipe, classes, shape, backend)
        feed = Feed(data.train.images, data.train.labels, recipe.pictures_a_step, recipe.seed, recipe.augment)
        with contextlib.ExitStack() as stack:
            batches: Callable[[int], Batch] = feed
            if feed.augment:  # else there is too little to prepare
                threads = max(1, min(FEEDING, device.cores() - 1))
                batches = stack.enter_context(contextlib.closing(Ahead(feed, recipe.steps, threads)))
            watchers = list(self._callbacks(recipe, game, data, whole))
            loop = self.loop = Loop(run, recipe, game, batches, watchers)
            self._resume(loop)
            report(state="running", message="Compiling the first step", step=loop.step)
            loop.train()
        report(step=loop.step, images_seen=loop.images_seen, seconds=loop.seconds)
        return loop.outcome

    def _callbacks(
        self, recipe: Recipe, game: Any, data: datasets.Dataset, whole: datasets.Dataset
    ) -> Iterator[Callback]:
        samples, score = watching.watching(recipe, game, data, whole)
        checkpoints = callbacks.Checkpoints(self.pause)
        yield callbacks.Metrics(self.report)
        if samples:
            yield samples
        if score and (plan := self.run.score_plan()):
            yield callbacks.PlannedScores(score, plan)
        elif score and recipe.score_share:
            yield callbacks.Scores(score, recipe.score_share)
        yield checkpoints
        if models.family(recipe.model).game == "gan":
            yield snapshots.Snapshots(game.sampler.variables)
        yield callbacks.Requests(self.pause, samples, checkpoints, self.interrupted.is_set)

    def _resume(self, loop: Loop) -> None:
        """Go back to the newest checkpoint that can be read. One that cannot is set aside, the one before it taken."""
        for step, path in reversed(self.run.checkpoints()):
            try:
                state = checkpoint.restore(path, loop.game)
            except checkpoint.Damaged as error:
                path.rename(path.with_name(f"damaged-{step}"))
                self.run.rewind()
                self.report(message=f"{error} The checkpoint before it is taken.")
                continue
            before = Recipe.from_json(state["recipe"])
            if changed := loop.recipe.differences(before):
                name, (now, then) = next(iter(changed.items()))
                raise UserError(
                    f"{name}: the run has {then!r}, recipe.json now says {now!r}; start a new run with it instead."
                )
            loop.step = state["step"]
            loop.set_clock(state["seconds"])
            return

    def pause(self, reason: str) -> None:
        """Hold still until asked to resume or stop. The clock stands still too, and others may use the device."""
        loop, seconds = self.loop, self.loop.seconds
        self.report(state="paused", message=reason or "Paused", step=loop.step, images_per_second=0.0)
        self.turn.give_back()
        asked: set[str] = set()
        while not asked & {"stop", "resume"} and not self.interrupted.is_set():
            time.sleep(0.1)
            asked = self.run.take_requests()
        going_on = "stop" not in asked and not self.interrupted.is_set()
        if going_on:
            self.report(state="waiting", message="Waiting for the device")
            going_on = self.turn.take(_patience(self.run, self.report, self.interrupted))
        if not going_on:
            loop.stop("stopped", "Stopped as asked; it can be resumed.")
        loop.set_clock(seconds)
        self.report(state="running", message="")


def _same_data(run: Run, data: datasets.Dataset, told: datasets.Dataset) -> None:
    """Write down what the run learns from; where it has learnt already, see that it is the same.

    Args:
        run: the run.
        data: the data set as it is.
        told: the same with what the nets are told of it as labels.

    Raises:
        UserError: if it is not.
    """
    file, now = run.path / "data.json", {name: split.digest for name, split in data.splits.items()}
    if told is not data:  # columns are no part of a split's digest
        digest = hashlib.sha256(repr(told.source.class_names).encode())
        for split in told.splits.values():
            digest.update(np.ascontiguousarray(split.labels).data)
        now["told"] = digest.hexdigest()
    if run.checkpoints():
        with contextlib.suppress(OSError, ValueError):
            before = json.loads(file.read_text(encoding="utf-8"))
            # Runs of older versions have not written it down, or not all of it.
            if not isinstance(before, dict) or any(before.get(name, value) != value for name, value in now.items()):
                raise UserError(
                    f"{data.source.name}: the data set is not what it was when this run began; it was made or split "
                    "anew since. Start a new run; or, if only the share for training changed, change it back."
                )
    paths.write_aside(file, json.dumps(now).encode())


def main(run: Run, backend: str = "") -> int:
    """The worker process: 0 when the run finished or was stopped as asked."""
    try:
        return 0 if work(run, backend=backend) in ("finished", "stopped") else 1
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
