"""What is watched of a run beside its losses, by the game that it plays: samples on a sheet, and scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gan import datasets, models, registry
from gan.errors import UserError
from gan.recipes import Recipe
from gan.training import callbacks

Score = Callable[..., dict[str, float]]  # of a game: values by name


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
        return callbacks.Upscaled(game, test.images), lambda game, *_: game.scores(test.images)
    if kind == "reader":
        return None, lambda game, *_: game.scores(test.images, test.labels)
    return None, lambda game, *_: {"test_accuracy": game.accuracy(test.images, test.labels)}


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
    from gan.metrics.measures import LIGHT

    try:
        net = features.named(card.name)
    except UserError as error:  # scores are a help, not a condition
        print(f"No scores while training: {error}", flush=True)
        return None
    told = data.source.class_names == net.class_names

    def score(game, count: int = callbacks.SCORED, measures: Sequence[str] = ()) -> dict[str, float]:
        labels = np.arange(count) % len(data.source.class_names)
        weights = np.eye(len(data.source.class_names), dtype=np.float32)[labels]
        latents = latent.normal(recipe.seed + 1, count, game.latent)
        drawn, real = game.sample(latents, weights), data if told else whole
        report = evaluate.evaluate(drawn, labels if told else None, real, net, only=tuple(measures) or LIGHT)
        entries = [entry for entry in report["scores"].values() if entry["value"] is not None]
        values = {entry["measure"]: entry["value"] for entry in entries}
        # Where the best is what real pictures have, that is needed to read the value.
        beside = {f"{entry['measure']}_real": entry["real"] for entry in entries if entry["better"] == "real"}
        return values | {name: value for name, value in beside.items() if value is not None}

    return score
