"""What is watched of a run beside its losses, by the game that it plays: samples on a sheet, and scores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gan import datasets, models, registry
from gan.errors import UserError
from gan.recipes import Recipe
from gan.training import callbacks

SCORED = 2000  # samples per score: enough to see progress, little enough to be quick

Score = Callable[[Any], dict[str, float]]  # of a game: values by name


def watching(
    recipe: Recipe, game: Any, data: datasets.Dataset, whole: datasets.Dataset
) -> tuple[callbacks.Samples | callbacks.Upscaled | None, Score | None]:
    """The sheet of samples and the score of a game; None where it has none. `whole` is the data with its own labels,
    where `data` has others (`gan.conditions`)."""
    test = data.test
    kind = models.family(recipe.model).game
    if kind == "gan":
        return _samples(game, data, recipe), _sample_scores(data, whole, recipe)
    if kind == "super_resolution":
        return callbacks.Upscaled(game, test.images), lambda game: game.scores(test.images)
    if kind == "reader":
        return None, lambda game: game.scores(test.images, test.labels)
    return None, lambda game: {"test_accuracy": game.accuracy(test.images, test.labels)}


def _samples(game: Any, data: datasets.Dataset, recipe: Recipe) -> callbacks.Samples:
    """The sheet of fixed latents, with the spread of as many real pictures (many times over) to compare with."""
    labels, names = np.asarray(data.train.labels), data.source.class_names
    # Shuffled, for neighbours may be much alike: drawn with one font, or copies of one picture.
    shuffled = np.random.default_rng(1).permutation(len(labels))
    rows = [shuffled[labels[shuffled] == label][: callbacks.ROWS * 30] for label in range(len(names))]
    count = min(len(found) for found in rows) // callbacks.ROWS * callbacks.ROWS
    real = 0.0
    if count:
        by_class = np.stack([np.asarray(data.train.images[found[:count]]) for found in rows], axis=1)
        sheets = by_class.reshape(-1, callbacks.ROWS, *by_class.shape[1:])
        real = float(np.mean([callbacks.spread(sheet) for sheet in sheets]))
    return callbacks.Samples(game, recipe.seed, real)


def _sample_scores(data: datasets.Dataset, whole: datasets.Dataset, recipe: Recipe) -> Score | None:
    """Scores by the classifier that reads this data, or else the same pictures by their own labels; None when there is
    none. `whole` is the data with its own labels, where `data` has others."""
    card = registry.measuring_net(data.source) or registry.measuring_net(whole.source)
    if card is None:
        print(f"No scores while training: no classifier reads {data.source.title} at this size.", flush=True)
        return None
    from gan import latent
    from gan.metrics import evaluate, features

    try:
        net = features.named(card.name)
    except UserError as error:  # scores are a help, not a condition
        print(f"No scores while training: {error}", flush=True)
        return None
    labels = np.arange(SCORED) % len(data.source.class_names)
    weights = np.eye(len(data.source.class_names), dtype=np.float32)[labels]
    asked = labels if data.source.class_names == net.class_names else None

    def score(game) -> dict[str, float]:
        latents = latent.normal(recipe.seed + 1, SCORED, game.latent)
        real = whole if asked is None else data
        report = evaluate.evaluate(game.sample(latents, weights), asked, real, net, light=True)
        return {entry["measure"]: entry["value"] for entry in report["scores"].values() if entry["value"] is not None}

    return score
