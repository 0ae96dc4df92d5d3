"""What `test_backend_jax` has done on JAX, in a process of its own: ``python on_jax.py FOLDER``.

The folder holds a run for each recipe, with a checkpoint where it is to go on from one, and ``drawn.npz``: latents and
class weights. What comes out is ``results.json``, and in the runs pictures and a checkpoint of the last step.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from gan import datasets
from gan.metrics import features
from gan.training import backends, checkpoint
from gan.training.feed import Feed
from gan.training.runs import Run


class NoTensorFlow:
    """As on a machine that has none."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] == "tensorflow":
            raise ModuleNotFoundError(f"{name}: there is no TensorFlow here")


def new_game(run: Run, backend):
    from gan.training.game import make_game

    data = datasets.load(run.recipe.dataset)
    game = make_game(run.recipe, len(data.source.class_names), data.source.shape, backend)
    return game, Feed(data.train.images, data.train.labels, run.recipe.batch, run.recipe.seed)


def train(run: Run, backend, latents: np.ndarray, weights: np.ndarray) -> list[dict[str, float]]:
    """To the end, from the checkpoint if there is one; gives the logs of each step."""
    game, feed = new_game(run, backend)
    start = checkpoint.restore(run.checkpoints()[-1][1], game)["step"] if run.checkpoints() else 0
    logs = [game.train_step(step, *feed(step)) for step in range(start, run.recipe.steps)]
    np.save(run.path / "pictures.npy", game.sample(latents, weights))
    checkpoint.save(run, game, {"step": run.recipe.steps, "seconds": 0, "recipe": run.recipe.to_json()})
    return [{name: float(value) for name, value in entry.items()} for entry in logs]


def classify(run: Run, backend) -> dict[str, object]:
    """A classifier that never stops, and one that stops half-way; its losses, and whether pictures can be measured in
    it."""
    (whole, feed), (first, _), (second, _) = (new_game(run, backend) for _ in range(3))
    steps, half = run.recipe.steps, run.recipe.steps // 2
    losses = [float(whole.train_step(step, *feed(step))["loss"]) for step in range(steps)]
    for step in range(half):
        first.train_step(step, *feed(step))
    path = checkpoint.save(run, first, {"step": half, "seconds": 0, "recipe": run.recipe.to_json()})
    checkpoint.restore(path, second)
    for step in range(half, steps):
        second.train_step(step, *feed(step))
    images, labels = feed(0)
    _, probabilities = features.classifier_features(whole.nets["classifier"])(images)
    return {
        "losses": losses,
        "resumed": all(np.array_equal(a, b) for a, b in zip(whole.variables, second.variables, strict=True)),
        "accuracy": whole.accuracy(images, labels),
        "measured": float((probabilities.argmax(1) == labels).mean()),
    }


def main(folder: Path) -> None:
    sys.meta_path.insert(0, NoTensorFlow)
    backend = backends.load("jax")
    with np.load(folder / "drawn.npz") as drawn:
        given = list(drawn.values())
    names = ("cgan28", "kepkreator", "covers-features", "fresh")
    results: dict = {name: train(Run(folder / name), backend, *given) for name in names}
    results["classifier"] = classify(Run(folder / "classifier"), backend)
    (folder / "results.json").write_text(json.dumps(results), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
