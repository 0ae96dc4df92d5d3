"""What each choice in `cgan28` is worth: the recipe with one thing changed at a time, for the same number of steps.

    python -m benchmarks.choices [--steps 2500] [--seeds 2]

Each variant is trained by the worker's own game and loop on MNIST, then measured by 10,000 samples against the test
split: label accuracy, FID (beside real training pictures) and recall, in the measuring net `mnist_cnn`.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

import numpy as np

from gan import datasets, latent
from gan.metrics import evaluate, features
from gan.metrics.measures import LIGHT
from gan.recipes import recipe
from gan.training.backend_tf import TensorFlowBackend
from gan.training.feed import Feed
from gan.training.game import make_game
from gan.training.loop import Loop
from gan.training.probe import settle
from gan.training.runs import create

VARIANTS = {
    "cgan28": {},
    "hinge loss": {"loss": "hinge"},
    "least squares": {"loss": "least_squares"},
    "R1 weight 1": {"r1": 1.0},
    "no R1": {"r1": 0.0},
    "no averaged generator": {"average": 0.0},
    "learning rates 2e-4": {"learning_rate": 2e-4, "discriminator_learning_rate": 2e-4},
}
SAMPLES = 10_000


def measure(changed: dict, seed: int, steps: int) -> dict[str, float]:
    """Label accuracy, FID over that of real pictures, and recall over theirs."""
    data, backend = datasets.load("mnist"), TensorFlowBackend()
    chosen = recipe("cgan28").with_settings({**changed, "seed": seed, "steps": steps})
    chosen = settle(chosen, 10, data.source.shape, backend, lambda text: None)
    game = make_game(chosen, 10, data.source.shape, backend)
    feed = Feed(data.train.images, data.train.labels, chosen.batch, seed)
    with tempfile.TemporaryDirectory() as folder:
        Loop(create(chosen, Path(folder) / "run"), chosen, game, feed, []).train()
    labels = np.arange(SAMPLES) % 10
    drawn = game.sample(latent.normal(1, SAMPLES, game.latent), np.eye(10, dtype=np.float32)[labels])
    report = evaluate.evaluate(drawn, labels, data, features.named("mnist_cnn"), only=LIGHT)
    rows = {row["measure"]: row for row in report["scores"].values()}
    return {
        "label accuracy": rows["label_accuracy"]["value"],
        "FID / real": rows["fid"]["value"] / rows["fid"]["real"],
        "recall / real": rows["recall"]["value"] / rows["recall"]["real"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    options = parser.parse_args()
    print("| variant | label accuracy | FID / real | recall / real |\n|---|---|---|---|")
    for name in options.only:
        results = [measure(VARIANTS[name], seed, options.steps) for seed in range(1, options.seeds + 1)]
        cells = []
        for measured in results[0]:
            values = [result[measured] for result in results]
            spread = f" ± {(max(values) - min(values)) / 2:.3f}" if len(values) > 1 else ""
            cells.append(f"{statistics.mean(values):.4f}{spread}")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
