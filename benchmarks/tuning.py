"""Does a study find what is better? Short trials of `cgan28`, then the best and the median settings trained again.

    python -m benchmarks.tuning [--trials 12] [--steps 300] [--batch 32] [--seeds 3] [--folder FOLDER]

A study of short trials on MNIST, without pruning, so that every trial has a score at its end. Then the settings of the
best trial and of the median one are trained with new seeds, for as many steps, and measured with 10,000 samples (FID
in the features of `mnist_cnn`, against the test split). Called again with the same folder, it goes on where it was.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from gan import paths
from gan.recipes import Recipe, recipe
from gan.search import parse, process, studies
from gan.search.presets import RATES
from gan.search.spec import Spec
from gan.training import runs

SPACE = (*RATES, "r1=0.02..5:log", "average=1..50:log", "latent=16..128:16")
FRESH = 1000  # the first of the new seeds
SAMPLES = 10_000


def trained(wanted: Recipe, name: str) -> float:
    """The FID of a recipe at its last step, in a run of this name."""
    path = paths.runs_dir() / name
    run = runs.Run(path) if (path / "recipe.json").is_file() else runs.create(wanted, path)
    run.write_score_plan(runs.ScorePlan((), SAMPLES, SAMPLES, ("fid",)))
    if run.status()["state"] != "finished":
        subprocess.run([sys.executable, "-m", "gan", "resume", str(path)], cwd=paths.ROOT, check=True)
    return next(record["fid"] for record in reversed(run.metrics()) if "scored" in record)


def said(params: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in params.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=12)
    parser.add_argument("--steps", type=int, default=300, help="of each trial")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path("runs-tuning"), help="for the study and its runs")
    options = parser.parse_args()
    os.environ["GAN_RUNS_DIR"] = str(options.folder.resolve())
    base = recipe("cgan28").with_settings({"steps": options.steps, "batch": options.batch})
    space = tuple(parse(line, base) for line in SPACE)
    began = time.monotonic()
    study = studies.make(Spec("tuning", base, space, pruner="none", trials=options.trials))
    if process.work(study) != "finished":
        return
    trials = study.optuna().get_trials()
    complete = sorted((t for t in trials if t.values), key=lambda trial: trial.values[0])
    lost = [f"{t.number} ({t.user_attrs['outcome']})" for t in trials if not t.values and "outcome" in t.user_attrs]
    print(f"{len(complete)} trials of {options.steps} steps in {(time.monotonic() - began) / 60:.0f} min", flush=True)
    print(f"FID of the trials: {' '.join(f'{t.values[0]:.1f}' for t in complete)}", flush=True)
    if lost:
        print(f"without a score: {', '.join(lost)}", flush=True)
    print(
        f"| settings | FID of the trial | FID, {options.seeds} new seeds: mean | each |\n|---|---|---|---|", flush=True
    )
    for kind, trial in (("best", complete[0]), ("median", complete[len(complete) // 2])):
        wanted = runs.find(trial.user_attrs["run"]).recipe  # number format and XLA settled, the same for all
        seeds = range(FRESH, FRESH + options.seeds)
        name = f"trial-{trial.number}"  # with more trials, another one may be the best
        found = [trained(wanted.with_settings({"seed": seed}), f"{name}-{seed}") for seed in seeds]
        each = ", ".join(f"{value:.1f}" for value in found)
        row = f"{kind} ({said(trial.params)}) | {trial.values[0]:.1f} | {np.mean(found):.1f} | {each}"
        print(f"| {row} |", flush=True)


if __name__ == "__main__":
    main()
