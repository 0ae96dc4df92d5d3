"""FID and recall of recipes that were trained on one data set for the same time.

    python -m benchmarks.equal_time hangul32 korean-dcgan [--minutes 20] [--keep FOLDER]

Each recipe is an ordinary run in a worker of its own, one after the other, and is stopped when its time is over. Where
learning rates follow a schedule, its steps are what fits into the time by the pace of a trial of `--trial` seconds, so
that the schedule ends with it. Time is the run's own clock: preparing and loading excluded, scoring included. The last
checkpoint is measured with 10,000 samples against the test split, beside real training pictures. `--keep FOLDER` keeps
the runs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time

from gan import evaluation, reports
from gan.paths import ROOT
from gan.recipes import recipe
from gan.training import runs

ENDLESS = 1_000_000  # steps that take longer than anybody waits
SHOWN = ("label_accuracy", "fid", "recall")


def train(name: str, minutes: float, steps: int) -> runs.Run:
    """A run of a recipe, stopped after the minutes."""
    run = runs.create(recipe(name).with_settings({"steps": steps}))
    worker = subprocess.Popen(
        [sys.executable, "-m", "gan", "resume", str(run.path)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    while worker.poll() is None:
        time.sleep(0.5)
        if run.metrics() and run.metrics()[-1]["seconds"] >= 60 * minutes:
            run.request("stop")
            worker.wait()
    return run


def fitting(name: str, minutes: float, trial: float) -> int:
    """Steps that fit into the minutes, by a trial's pace after its first half; more than fit where none is needed."""
    if recipe(name).schedule == "constant":
        return ENDLESS
    lines = train(name, trial / 60, ENDLESS).metrics()
    half = lines[len(lines) // 2]
    if half is lines[-1]:  # steps so slow that there is one line: nothing to compare
        return ENDLESS
    pace = (lines[-1]["step"] - half["step"]) / (lines[-1]["seconds"] - half["seconds"])
    return max(1, round(pace * 60 * minutes * 0.87))  # the rest is for checkpoints, scores and samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="+")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--trial", type=float, default=45.0, help="seconds")
    parser.add_argument("--keep", help="folder for the runs")
    options = parser.parse_args()
    print("| recipe | minutes | steps | pictures seen | drawn as asked | FID | recall |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() if not options.keep else contextlib.nullcontext(options.keep) as folder:
        os.environ["GAN_RUNS_DIR"] = folder
        for name in options.recipes:
            run = train(name, options.minutes, fitting(name, options.minutes, options.trial))
            report = evaluation.measure(evaluation.run(run.id), run.recipe.dataset)
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
