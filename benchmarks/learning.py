"""Minutes of training until 98.5% of the pictures are drawn as asked: `cgan28` beside the student project's net.

    python -m benchmarks.learning [--recipes cgan28 kepkreator kepkreator-cut] [--minutes 20]

Each recipe is an ordinary run on MNIST in a worker of its own, one after the other. Its own scores tell when it is
there (2,000 fresh samples, read by `mnist_cnn`; they may take 15% of the time here, so that the moment is not missed
by much). Then, or after `--minutes`, it is stopped and 10,000 samples of its last checkpoint are read. Time is the
run's own clock: preparing and loading excluded, scoring included. `--keep FOLDER` keeps the runs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

from gan import datasets, evaluation
from gan.metrics import evaluate, features
from gan.metrics.measures import LIGHT
from gan.paths import ROOT
from gan.recipes import recipe
from gan.training import runs

GOAL = 0.985


def train(name: str, minutes: float) -> tuple[runs.Run, dict]:
    """Train until the goal or the time is reached; gives the run, and the last score with its step and seconds."""
    run = runs.create(recipe(name).with_settings({"score_share": 0.15, "steps": max(recipe(name).steps, 100_000)}))
    worker = subprocess.Popen(
        [sys.executable, "-m", "gan", "resume", str(run.path)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    last: dict = {}
    while worker.poll() is None:
        time.sleep(1)
        scored = [line for line in run.metrics() if "label_accuracy" in line]
        last = scored[-1] if scored else {}
        reached = last.get("label_accuracy", 0) >= GOAL
        if reached or (run.metrics() and run.metrics()[-1]["seconds"] > 60 * minutes):
            run.request("stop")
            worker.wait()
    return run, last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", nargs="+", default=["cgan28", "kepkreator", "kepkreator-cut"])
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--keep", help="folder for the runs")
    options = parser.parse_args()
    data, labels = datasets.load("mnist"), np.arange(10_000) % 10
    print("| recipe | minutes | steps | pictures seen | drawn as asked (10,000) |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() if not options.keep else contextlib.nullcontext(options.keep) as folder:
        os.environ["GAN_RUNS_DIR"] = folder
        for name in options.recipes:
            run, last = train(name, options.minutes)
            status = run.status()
            drawn = evaluation.run(run.id).draw(labels, seed=1)
            report = evaluate.evaluate(drawn, labels, data, features.named("mnist_cnn"), only=LIGHT)
            share = next(row["value"] for row in report["scores"].values() if row["measure"] == "label_accuracy")
            there = last.get("label_accuracy", 0) >= GOAL
            minutes = f"{last['seconds'] / 60:.1f}" if there else f"not after {status['seconds'] / 60:.1f}"
            step = last["step"] if there else status["step"]
            print(
                f"| {name} | {minutes} | {step:,} | {step * run.recipe.pictures_a_step:,} | {share:.2%} |", flush=True
            )


if __name__ == "__main__":
    main()
