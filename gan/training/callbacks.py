"""What watches and steers the loop: metrics, samples, checkpoints, scores, requests, a stop on NaN."""

from __future__ import annotations

import contextlib
import json
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gan import images as pictures
from gan import paths
from gan.training import checkpoint, keeping
from gan.training.loop import Callback, Loop
from gan.training.runs import ScorePlan

if TYPE_CHECKING:
    from gan.training.adversarial import GanGame
    from gan.training.upscaling import SuperResolutionGame

ROWS = 6  # latents per class on the sheet of fixed samples
ALONE = 8  # columns of other latents on it, where there are no classes
SCORED = 2000  # samples per score: enough to see progress, little enough to be quick
LATEST_CHECKPOINT = 45.0  # seconds; at most 60 s of training may be lost, a slow disk and a slow step included


class Metrics(Callback):
    """Twice a second, a line with the mean of the logs since the last one. Stops the run when a loss is not finite."""

    def __init__(self, report: Callable[..., None], every: float = 0.5) -> None:
        self.report, self.every = report, every
        self._logs: list[dict[str, Any]] = []
        self._next = self._mark = 0.0
        self._steps = 0

    def begin(self, loop: Loop) -> None:
        self._mark, self._steps = loop.seconds, loop.step

    def after_step(self, loop: Loop, logs: dict[str, Any]) -> None:
        self._logs.append(logs)
        if time.monotonic() < self._next and loop.step < loop.recipe.steps:
            return
        values = _means(self._logs)
        self._logs.clear()
        elapsed = max(1e-9, loop.seconds - self._mark)
        speed = (loop.step - self._steps) * loop.recipe.pictures_a_step / elapsed
        self._mark, self._steps, self._next = loop.seconds, loop.step, time.monotonic() + self.every
        record(loop, values)
        self.report(
            message="",
            step=loop.step,
            images_seen=loop.images_seen,
            seconds=loop.seconds,
            images_per_second=speed,
        )
        broken = [name for name, value in values.items() if not math.isfinite(value)]
        if broken:
            loop.stop("failed", f"{', '.join(broken)} is not a number any more at step {loop.step}: training diverged.")


def _means(logs: list[dict[str, Any]]) -> dict[str, float]:
    columns: dict[str, list[float]] = {}
    for entry in logs:
        for name, value in entry.items():
            columns.setdefault(name, []).append(float(value))
    for name in ("r1", "r2"):  # evaluated on some steps only
        columns[name] = [value for value in columns.get(name, []) if value != 0]
    return {name: float(np.mean(values)) for name, values in columns.items() if values}


def record(loop: Loop, values: dict[str, float]) -> None:
    """Append one line to ``metrics.jsonl``. Values that are not finite are written as null."""
    clean = {name: round(value, 6) if math.isfinite(value) else None for name, value in values.items()}
    line = {"step": loop.step, "images_seen": loop.images_seen, "seconds": round(loop.seconds, 3), **clean}
    # A full disk is told by the next checkpoint, which pauses the run; a missing record is no reason to end it.
    with contextlib.suppress(OSError), (loop.run_folder.path / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


class Samples(Callback):
    """Pictures of always the same latents: ROWS rows, a column a class (or ALONE columns). Often at first, when most
    changes."""

    def __init__(self, game: GanGame, seed: int, real_spread: float) -> None:
        self.game, self.classes, self.seed, self.real_spread = game, game.classes, seed, real_spread
        self._next = 0.0

    def begin(self, loop: Loop) -> None:
        rng = np.random.Generator(np.random.Philox(key=np.array([self.seed, 0], np.uint64)))
        if self.classes > 1:
            rows = rng.standard_normal((ROWS, self.game.latent), np.float32)
            self._latents = rows.repeat(self.classes, axis=0)
            self._weights = np.tile(np.eye(self.classes, dtype=np.float32), (ROWS, 1))
        else:
            self._latents = rng.standard_normal((ROWS * ALONE, self.game.latent), np.float32)
            self._weights = np.ones((ROWS * ALONE, 1), np.float32)
        if not loop.run_folder.samples():
            self.draw(loop)

    def after_step(self, loop: Loop, logs: dict[str, Any]) -> None:
        if time.monotonic() >= self._next:
            self.draw(loop)

    def end(self, loop: Loop) -> None:
        if loop.outcome[0] in ("finished", "stopped"):
            self.draw(loop)

    def draw(self, loop: Loop) -> None:
        """Draw the sheet now, and record its variety: the spread within a class, as a share of real pictures'."""
        drawn = self.game.sample(self._latents, self._weights, len(self._latents))
        sheet = pictures.encode_png(pictures.tile(drawn, len(drawn) // ROWS))
        folder = loop.run_folder.path / "samples"
        with contextlib.suppress(OSError):  # see `record`
            folder.mkdir(exist_ok=True)
            paths.write_aside(folder / f"{loop.step:08d}.png", sheet)
        if loop.step and self.real_spread:
            record(loop, {"variety": spread(drawn.reshape(ROWS, -1, *drawn.shape[1:])) / self.real_spread})
        self._next = time.monotonic() + min(30.0, 2.0 + loop.seconds / 20)


class Upscaled(Callback):
    """Always the same test pictures: a row each of small, enlarged by bicubic interpolation, by the net, and true."""

    COLUMNS = 8

    def __init__(self, game: SuperResolutionGame, images: np.ndarray) -> None:
        self.game, self.images = game, np.asarray(images[: self.COLUMNS])
        self._next = 0.0

    def begin(self, loop: Loop) -> None:
        if not loop.run_folder.samples():
            self.draw(loop)

    def after_step(self, loop: Loop, logs: dict[str, Any]) -> None:
        if time.monotonic() >= self._next:
            self.draw(loop)

    def end(self, loop: Loop) -> None:
        if loop.outcome[0] in ("finished", "stopped"):
            self.draw(loop)

    def draw(self, loop: Loop) -> None:
        """Draw the sheet now."""
        small = pictures.shrink(self.images, self.game.times)
        rows = [pictures.enlarge(small, self.game.times), pictures.bicubic(small, self.game.times)]
        rows += [self.game.upscale(small), self.images]
        folder = loop.run_folder.path / "samples"
        with contextlib.suppress(OSError):  # see `record`
            folder.mkdir(exist_ok=True)
            sheet = pictures.encode_png(pictures.tile(np.concatenate(rows), len(self.images)))
            paths.write_aside(folder / f"{loop.step:08d}.png", sheet)
        self._next = time.monotonic() + min(30.0, 2.0 + loop.seconds / 20)


def spread(images: np.ndarray) -> float:
    """How much pictures of one class differ: mean standard deviation of a pixel over axis 0 of uint8 ``[rows, classes,
    h, w, c]``, in grey levels."""
    return float(images.astype(np.float32).std(axis=0).mean())


class Checkpoints(Callback):
    """A checkpoint at least every 60 s of training, one whenever the scores are at their best, and one at the end. A
    full disk pauses the run, losing nothing."""

    def __init__(self, pause: Callable[[str], None], every: float = LATEST_CHECKPOINT) -> None:
        self.pause, self.every = pause, every
        self._due = 0.0

    def begin(self, loop: Loop) -> None:
        self._due = loop.seconds + self.every

    def after_step(self, loop: Loop, logs: dict[str, Any]) -> None:
        if loop.seconds >= self._due or (loop.best and loop.best.step == loop.step):
            self.save(loop)

    def end(self, loop: Loop) -> None:
        if loop.outcome[0] in ("finished", "stopped"):
            self.save(loop)

    def save(self, loop: Loop) -> bool:
        """Write one, unless the weights are broken; gives whether the run had to pause for it."""
        paused = False
        while loop.outcome[0] != "failed" and all(math.isfinite(float(value)) for value in loop.logs.values()):
            try:
                checkpoint.save(loop.run_folder, loop.game, loop.state(), loop.best and loop.best.step)
                break
            except OSError as error:
                trouble = f"The checkpoint of step {loop.step} could not be written: {error.strerror or error}."
                if loop.outcome[0] == "stopped":
                    loop.outcome = ("stopped", f"Stopped. {trouble} The one before it is there.")
                    break
                paused = True
                self.pause(f"{trouble} Make room, then resume.")
        self._due = loop.seconds + self.every
        return paused


class Scores(Callback):
    """Scores of fresh samples, as often as the recipe's share of the time allows.

    Args:
        score: the game to name -> value.
        share: of the training time, at most.
        first: seconds of training before the first score.
    """

    def __init__(self, score: Callable[[Any], dict[str, float]], share: float, first: float = 10.0) -> None:
        self.score, self.share, self.first = score, share, first
        self._due = 0.0

    def begin(self, loop: Loop) -> None:
        self._due, self._first = loop.seconds + self.first, True
        loop.best = keeping.best(loop.run_folder.metrics())

    def after_step(self, loop: Loop, logs: dict[str, Any]) -> None:
        if loop.seconds >= self._due or loop.step == loop.recipe.steps:
            started = time.monotonic()
            try:
                record(loop, values := self.score(loop.game))
                loop.best = keeping.better(loop.best, loop.step, values)
            except Exception as error:  # scores are a help: whatever is wrong with them, the training goes on
                print(f"Scores failed at step {loop.step}: {type(error).__name__}: {error}", flush=True)
            cost = time.monotonic() - started
            # The first one also opens the classifier and measures real pictures: no measure of what the next will cost.
            self._due = loop.seconds + (self.first if self._first else cost / self.share)
            self._first = False


class PlannedScores(Callback):
    """Scores at steps that were named before, so that runs can be compared at the same ones; at the last step of all,
    of more samples."""

    def __init__(self, score: Callable[..., dict[str, float]], plan: ScorePlan) -> None:
        self.score, self.plan = score, plan

    def begin(self, loop: Loop) -> None:
        loop.best = keeping.best(loop.run_folder.metrics())

    def after_step(self, loop: Loop, logs: dict[str, Any]) -> None:
        last = loop.step == loop.recipe.steps
        if not last and loop.step not in self.plan.at:
            return
        try:
            values = self.score(loop.game, self.plan.final if last else self.plan.samples, self.plan.measures)
            record(loop, {**values, "scored": self.plan.final if last else self.plan.samples})
            loop.best = keeping.better(loop.best, loop.step, values)
        except Exception as error:  # whoever planned them misses them; the training goes on
            print(f"Scores failed at step {loop.step}: {type(error).__name__}: {error}", flush=True)


class Requests(Callback):
    """Obeys what was asked for through the run folder, at a step boundary, ten times a second at most."""

    def __init__(
        self,
        pause: Callable[[str], None],
        samples: Samples | Upscaled | None,
        checkpoints: Checkpoints,
        interrupted: Callable[[], bool],
    ) -> None:
        self.pause, self.samples, self.checkpoints, self.interrupted = pause, samples, checkpoints, interrupted
        self._next = 0.0

    def after_step(self, loop: Loop, logs: dict[str, Any]) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 0.1
        asked = loop.run_folder.take_requests()
        if "sample" in asked and self.samples:
            self.samples.draw(loop)
        if "stop" in asked or self.interrupted():
            loop.stop("stopped", "Stopped as asked; it can be resumed.")
            return  # the checkpoint is written at the end
        paused = bool(asked & {"checkpoint", "pause"}) and self.checkpoints.save(loop)
        if "pause" in asked and "resume" not in asked and not paused:
            self.pause("")
