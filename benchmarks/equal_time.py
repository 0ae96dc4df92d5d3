"""FID and recall of recipes that were trained on one data set for the same time.

    python -m benchmarks.equal_time hangul32 korean-dcgan [--minutes 20] [--keep FOLDER]
    python -m benchmarks.equal_time covers-bespoke covers-vgg16:pretrained=false --on covers64

Each recipe is an ordinary run in a worker of its own, one after the other, and is stopped when its time is over. Where
learning rates follow a schedule, its steps are what fits into the time by the pace of a trial of `--trial` seconds, so
that the schedule ends with it. Time is the run's own clock: preparing and loading excluded, scoring included. The last
checkpoint is measured with 10,000 samples against the test split, beside real training pictures (fewer where the data
set has not as many). `--on DATASET` measures against another size of the same pictures: larger ones are brought to it
by the mean of each square of pixels. Settings may follow a recipe's name. `--keep FOLDER` keeps the runs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from typing import Any

from gan import datasets, evaluation, images, reports
from gan.paths import ROOT
from gan.recipes import Recipe, recipe
from gan.training import runs

ENDLESS = 1_000_000  # steps that take longer than anybody waits
SHOWN = ("label_accuracy", "fid", "recall")


def named(text: str) -> Recipe:
    """The recipe of ``name`` or ``name:setting=value,setting=value``."""
    name, _, settings = text.partition(":")
    return recipe(name).with_settings(dict(pair.split("=", 1) for pair in settings.split(",") if pair))


def train(wanted: Recipe, minutes: float, steps: int) -> runs.Run:
    """A run of a recipe, stopped after the minutes."""
    run = runs.create(wanted.with_settings({"steps": steps}))
    worker = subprocess.Popen(
        [sys.executable, "-m", "gan", "resume", str(run.path)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    while worker.poll() is None:
        time.sleep(0.5)
        if run.metrics() and run.metrics()[-1]["seconds"] >= 60 * minutes:
            run.request("stop")
            worker.wait()
    return run


def fitting(wanted: Recipe, minutes: float, trial: float) -> int:
    """Steps that fit into the minutes, by a trial's pace after its first half; more than fit where none is needed."""
    if wanted.schedule == "constant":
        return ENDLESS
    lines = train(wanted, trial / 60, ENDLESS).metrics()
    half = lines[len(lines) // 2]
    if half is lines[-1]:  # steps so slow that there is one line: nothing to compare
        return ENDLESS
    pace = (lines[-1]["step"] - half["step"]) / (lines[-1]["seconds"] - half["seconds"])
    return max(1, round(pace * 60 * minutes * 0.87))  # the rest is for checkpoints, scores and samples


def measure(run: runs.Run, dataset: str) -> dict[str, Any]:
    """The report on a run's newest checkpoint, its pictures brought to the size of the data set."""
    subject = evaluation.run(run.id)
    factor = datasets.source(run.recipe.dataset).shape[0] // datasets.source(dataset).shape[0]
    if factor > 1:
        paint, digest = subject.paint, f"{subject.digest} / {factor}"
        subject = replace(subject, digest=digest, paint=lambda *given: images.shrink(paint(*given), factor))
    return evaluation.measure(subject, dataset)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="+")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--trial", type=float, default=45.0, help="seconds")
    parser.add_argument("--on", help="data set to measure against (default: what each learned from)")
    parser.add_argument("--keep", help="folder for the runs")
    options = parser.parse_args()
    print("| recipe | minutes | steps | pictures seen | drawn as asked | FID | recall |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() if not options.keep else contextlib.nullcontext(options.keep) as folder:
        os.environ["GAN_RUNS_DIR"] = folder
        for name in options.recipes:
            wanted = named(name)
            run = train(wanted, options.minutes, fitting(wanted, options.minutes, options.trial))
            report = measure(run, options.on or wanted.dataset)
            status = run.status()
            scores = [
                next((s for s in report["scores"].values() if s["measure"] == measure), {"value": None})
                for measure in SHOWN
            ]
            words = " | ".join(f"{reports.plain(s['value'])} (real {reports.plain(s.get('real'))})" for s in scores)
            trained = f"{status['seconds'] / 60:.1f} | {status['step']:,} | {status['images_seen']:,}"
            print(f"| `{name}` | {trained} | {words} |", flush=True)


if __name__ == "__main__":
    main()
