"""What is fastest here? Measured once for each net, batch and device, then pinned in the run's recipe."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict

import keras
import numpy as np

from gan import paths
from gan.recipes import Recipe
from gan.training import device
from gan.training.game import make_game

SECONDS = 1.0  # of steps for each candidate, after the compilation


def settle(
    recipe: Recipe, classes: int | np.ndarray, shape: tuple[int, int, int], backend, say: Callable[[str], None]
) -> Recipe:
    """The recipe with precision and XLA settled: as it says, or else as measured fastest (cached).

    Number format first, XLA after, with the better format: three candidates at most. A back end that always compiles
    with XLA leaves only the number format to be measured.
    """
    if backend.always_xla and recipe.xla == "auto":
        recipe = recipe.with_settings({"xla": "on"})
    if "auto" not in (recipe.precision, recipe.xla):
        return recipe
    key = _key(recipe, shape, backend)
    cached = _read_cache().get(key)
    if cached:
        return recipe.with_settings({k: v for k, v in cached.items() if getattr(recipe, k) == "auto"})
    bfloat16 = bool(backend.device()) or device.has_bfloat16()
    formats = ["float32", "mixed_bfloat16"] if bfloat16 else ["float32"]
    formats = formats if recipe.precision == "auto" else [recipe.precision]
    first_xla = "off" if recipe.xla == "auto" else recipe.xla
    candidates = [recipe.with_settings({"precision": f, "xla": first_xla}) for f in formats]
    # A race of one needs no stop-watch, unless XLA is still to be compared with it.
    timed = len(candidates) > 1 or recipe.xla == "auto"
    speeds = [_speed(candidate, classes, shape, backend, say) if timed else 0.0 for candidate in candidates]
    best = candidates[int(np.argmax(speeds))]
    if recipe.xla == "auto":
        compiled = best.with_settings({"xla": "on"})
        # XLA also costs the user a longer compilation: it must be worth it.
        try:
            worth_it = _speed(compiled, classes, shape, backend, say) > 1.05 * max(speeds)
        except backend.compile_error:  # not every layer has a deterministic form there
            worth_it = False
        best = compiled if worth_it else best.with_settings({"xla": "off"})
    _write_cache(key, {"precision": best.precision, "xla": best.xla})
    return best


def _speed(
    recipe: Recipe, classes: int | np.ndarray, shape: tuple[int, int, int], backend, say: Callable[[str], None]
) -> float:
    """Steps per second, without the steps that compile."""
    xla = "with" if recipe.xla == "on" else "without"
    say(f"Measuring {recipe.precision} {xla} XLA")
    game = make_game(recipe, classes, shape, backend)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (recipe.pictures_a_step, *shape), np.uint8)
    labels = rng.integers(0, classes if isinstance(classes, int) else len(classes), len(images))
    for step in (0, 1):  # both kinds of step are compiled; those that are timed are without the penalty, as most are
        float(next(iter(game.train_step(step, images, labels).values())))
    steps, started = 0, time.monotonic()
    while time.monotonic() - started < SECONDS:
        steps += 1
        float(next(iter(game.train_step(1, images, labels).values())))
    return steps / (time.monotonic() - started)


def _key(recipe: Recipe, shape: tuple[int, int, int], backend) -> str:
    # Whatever changes the arithmetic of a step; rates, seeds, data and how long it goes on do not.
    same = {"name", "note", "dataset", "steps", "learning_rate", "discriminator_learning_rate", "schedule", "seed"}
    what: list = [value for name, value in asdict(recipe).items() if name not in same] + [list(shape)]
    what += [recipe.precision, recipe.xla, backend.name, backend.device() or device.cpu_name(), keras.__version__]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]


def _read_cache() -> dict[str, dict[str, str]]:
    try:
        return json.loads((paths.cache_dir() / "probe.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write_cache(key: str, value: dict[str, str]) -> None:
    try:
        paths.cache_dir().mkdir(parents=True, exist_ok=True)
        paths.write_aside(paths.cache_dir() / "probe.json", json.dumps({**_read_cache(), key: value}).encode())
    except OSError:
        pass  # measured again next time
