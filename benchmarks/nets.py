"""What each recipe trains, and how fast: the table of MODELS.md.

    python -m benchmarks.nets [RECIPE …] [--seconds 8] [--check]

Each recipe in a process of its own: its nets and their parameters (non-trainable ones included), steps a second of the
recipe's own batch in float32 and in what the worker's probe settles on. Pictures of 128 pixels come in batches of 8
instead, for a recipe's own may want more memory than there is. ``--seconds 0`` counts parameters only.

``--check`` also trains on the recipe's data (random pictures where it is not at hand) and says after how many
generator steps all losses still were numbers: 300 of pictures up to 32 pixels high, 100 above, 5 in batches of 2 from
128 on, and 20 for `anime-dcgan`, which takes ten discriminator steps for each.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time

import numpy as np

from gan import conditions, datasets, models
from gan.models import vgg16
from gan.recipes import RECIPES, Recipe, recipe
from gan.training import device

LARGE, FEWER = 128, 8
COLUMNS = ("recipe", "what", "from", "parameters", "batch", "steps/s, float32", "steps/s, best", "number format")


def data_of(made: Recipe) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pictures, labels, and what the nets are told of each class; of a set that is not at hand, random pictures."""
    row, source = models.family(made.model), datasets.source(made.dataset)
    told, reads = row.conditional, row.game == "reader"
    if source.local:
        tell = conditions.spelt if reads else conditions.relabelled
        data, condition = tell(datasets.load(made.dataset), made.condition if told else conditions.NOTHING)
        return data.train.images, data.train.labels, condition.encoding
    names = conditions.READING.class_names if reads else source.class_names
    rng, classes = np.random.default_rng(0), len(names) if told else 1
    count = max(512, made.pictures_a_step)
    encoding = np.eye(classes, dtype=np.float32) if told else np.zeros((1, 0), np.float32)
    return rng.integers(0, 256, (count, *source.shape), np.uint8), rng.integers(0, classes, count), encoding


def steps_a_second(game, feed, made: Recipe, seconds: float) -> float:
    """After two steps that compile; whole rounds of the penalties."""
    for step in (0, 1):
        finite(game.train_step(step, *feed(step)))
    every = made.r1_every if made.r1 or made.r2 else 1
    steps, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds or steps % every:
        logs = game.train_step(steps, *feed(steps))
        steps += 1
    finite(logs)
    return steps / (time.perf_counter() - started)


def finite(logs: dict) -> bool:
    """Whether all logs are numbers; waits until they are there."""
    return all(math.isfinite(float(value)) for value in logs.values())


def checked_steps(made: Recipe, height: int) -> tuple[Recipe, int]:
    """The recipe to check, and how many steps of it."""
    steps = 20 if made.name == "anime-dcgan" else 300 if height <= 32 else 100 if height < LARGE else 5
    if height >= LARGE:
        made = made.with_settings({"batch": 2})
    # Half of super-resolution's with the discriminator, which else joins much later.
    return made.with_settings({"content_steps": min(made.content_steps, steps // 2)}), steps


def run_one(name: str, seconds: float, check: bool) -> dict:
    """All about one recipe, in this process."""
    from gan.training.backend_tf import TensorFlowBackend
    from gan.training.feed import Feed
    from gan.training.game import make_game
    from gan.training.probe import settle

    made, backend = recipe(name), TensorFlowBackend()
    if made.options.get("pretrained", name == "covers-vgg16") and not vgg16.find():
        made = made.with_settings({"pretrained": False})  # as many weights, and as fast
    images, labels, told = data_of(made)
    shape = images.shape[1:]

    def feed_of(some: Recipe) -> Feed:
        return Feed(images, labels, some.pictures_a_step, some.seed, some.augment)

    if not seconds and not check:
        nets = models.build(made.model, made.options, told, shape)
        return {"parameters": {key: net.count_params() for key, net in nets.items()}, "batch": made.batch}
    timed = made.with_settings({"batch": min(made.batch, FEWER) if shape[0] >= LARGE else made.batch})
    plain = timed.with_settings({"precision": "float32", "xla": "off"})
    game = make_game(plain, told, shape, backend)
    nets = {key: net.count_params() for key, net in game.nets.items() if key not in ("average", "content")}
    found = {"parameters": nets, "batch": timed.batch}
    if seconds:
        found["float32"] = steps_a_second(game, feed_of(plain), plain, seconds)
        best = settle(timed, told, shape, backend, lambda text: None)
        del game
        game = make_game(best, told, shape, backend)
        found["best"] = steps_a_second(game, feed_of(best), best, seconds)
        found["format"] = f"{best.precision}{', XLA' if best.xla == 'on' else ''}"
    if check:
        del game
        tried, steps = checked_steps(made.with_settings({"precision": "float32", "xla": "off"}), shape[0])
        game, feed = make_game(tried, told, shape, backend), feed_of(tried)
        good = next((step for step in range(steps) if not finite(game.train_step(step, *feed(step)))), steps)
        found["checked"] = f"{good} of {steps}" if good < steps else f"{steps}"
    return found


def row(name: str, found: dict) -> list[str]:
    """A line of the table, in its columns."""
    made = recipe(name)
    numbers = " / ".join(f"{count:,}" for count in found["parameters"].values()) if "parameters" in found else ""
    speeds = [f"{found[key]:.3g}" if key in found else "" for key in ("float32", "best")]
    what = made.note.split(". ")[0].rstrip(".")
    origin = "student project" if models.family(made.model).published else "ours"
    return [
        f"`{name}`",
        what,
        f"{origin}: `{made.model}`",
        numbers,
        str(found.get("batch", "")),
        *speeds,
        found.get("format", ""),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help="all, if none is named")
    parser.add_argument("--seconds", type=float, default=8.0, help="of steps, for each format")
    parser.add_argument("--check", action="store_true", help="see that losses stay numbers")
    parser.add_argument("--one", action="store_true", help="the one recipe that is named, as JSON")
    options = parser.parse_args()
    names = [recipe(name).name for name in options.recipes] or list(RECIPES)
    if options.one:
        print(json.dumps(run_one(names[0], options.seconds, options.check)))
        return
    columns = (*COLUMNS, "steps without NaN") if options.check else COLUMNS
    print(f"{device.cpu_name()}; TensorFlow\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    for name in names:
        command = [sys.executable, "-m", "benchmarks.nets", name, "--one", f"--seconds={options.seconds}"]
        done = subprocess.run([*command, *["--check"] * options.check], capture_output=True, text=True)
        found = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {}
        cells = row(name, found) + [found.get("checked", "")] * options.check
        print(f"| {' | '.join(cells)} |", flush=True)
        if done.returncode:  # one recipe that fails does not lose the others
            print(f"{name}: exit code {done.returncode}\n{done.stderr[-600:]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
