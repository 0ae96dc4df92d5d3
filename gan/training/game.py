"""What a game is: one step of training, for any back end. The loop knows only what stands in `Game`.

The games themselves: `gan.training.adversarial`, `gan.training.upscaling`, `gan.training.classifying`,
`gan.training.reading`.
"""

from __future__ import annotations

import importlib
import math
import random
from typing import Any, Protocol

import keras
import numpy as np
import psutil

from gan import models
from gan.errors import UserError
from gan.recipes import Recipe
from gan.training import fitting

Logs = dict[str, Any]

# By the family's kind of game: module and class.
GAMES = {
    "gan": ("gan.training.adversarial", "GanGame"),
    "super_resolution": ("gan.training.upscaling", "SuperResolutionGame"),
    "classifier": ("gan.training.classifying", "ClassifierGame"),
    "reader": ("gan.training.reading", "ReadingGame"),
}
BYTES = 16  # a trained parameter takes: its value, its gradient and Adam's two, four bytes each


class Game(Protocol):
    """What the loop, the checkpoints and the callbacks ask of a game."""

    nets: dict[str, keras.Model]
    optimizers: dict[str, keras.Optimizer]

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> Logs:
        """Learn from one batch (uint8 pictures, int labels); gives scalar logs."""
        ...


def make_game(recipe: Recipe, classes: int | np.ndarray, shape: tuple[int, int, int], backend: Any) -> Any:
    """Freshly initialised nets and optimisers of a recipe, whose precision and XLA must be settled.

    Args:
        recipe: what is trained.
        classes: how many there are, or what the nets are given for each, float32 ``(classes, inputs)``
            (`gan.conditions`).
        shape: height, width and channels of a picture.
        backend: of `gan.training.backends`.

    Raises:
        UserError: for a model, option or loss that does not exist or does not fit the data, or nets that do not fit
            into memory.
    """
    module, name = GAMES[models.family(recipe.model).game]
    kind = getattr(importlib.import_module(module), name)
    # Keras draws the seeds of initial weights and of dropout from this generator. Its own `set_random_seed` sets it
    # too, and imports TensorFlow wherever that is installed.
    random.seed(recipe.seed)
    table = np.eye(classes, dtype=np.float32) if isinstance(classes, int) else classes
    return kind(recipe, table, shape, backend)


def rate_factor(recipe: Recipe, step: int) -> float:
    """What the learning rates are multiplied with at a step: 1, or half a cosine from 1 to 0."""
    return 1.0 if recipe.schedule == "constant" else 0.5 * (1 + math.cos(math.pi * step / recipe.steps))


class Base:
    """What the games share: nets with their optimisers, rates that follow the schedule, classes as nets see them.

    Args:
        table: what the nets are given for each class, float32 ``(classes, inputs)``.

    Raises:
        UserError: for a setting that the game has no use for.
    """

    def __init__(self, recipe: Recipe, table: np.ndarray, shape: tuple[int, int, int], backend: Any) -> None:
        fitting.check_idle(recipe)
        self.recipe, self.table, self.backend = recipe, table, backend
        self.nets: dict[str, keras.Model] = {}
        self.optimizers: dict[str, keras.Optimizer] = {}
        self._rates: dict[str, float] = {}
        self._shape = shape

    @property
    def classes(self) -> int:
        """How many classes there are; of a data set without labels, one."""
        return len(self.table)

    @property
    def variables(self) -> list[Any]:
        """All that a step reads or changes: of every net, dropout's seeds included, and of every optimiser."""
        return [v for part in (*self.nets.values(), *self.optimizers.values()) for v in part.variables]

    def _build(self, only: str = "") -> dict[str, keras.Model]:
        recipe = self.recipe
        return models.build(recipe.model, recipe.options, self.table, self._shape, recipe.precision, only)

    def _prepare(self, rates: dict[str, float]) -> None:
        """An optimiser for each net that has a rate.

        Raises:
            UserError: if there is not enough memory for them.
        """
        self._rates = rates
        trained = sum(self.nets[name].count_params() for name in rates)
        needed, free = trained * BYTES, psutil.virtual_memory().available
        if needed > free:
            raise UserError(
                f"model: {self.recipe.model} has {trained:,} weights, and training them takes {needed / 1e9:.1f} GB "
                f"beside the pictures; {free / 1e9:.1f} GB of memory are free. Close what takes memory, or choose "
                "smaller nets."
            )
        self.optimizers = {name: self._adam(rate, self.nets[name]) for name, rate in rates.items()}

    def _adam(self, rate: float, net: keras.Model) -> keras.Optimizer:
        optimizer = keras.optimizers.Adam(rate, beta_1=self.recipe.beta_1, beta_2=self.recipe.beta_2)
        optimizer.build(net.trainable_variables)  # a checkpoint is loaded only into variables that exist
        return optimizer

    def _set_rates(self, step: int) -> None:
        if self.recipe.schedule != "constant":
            for name, optimizer in self.optimizers.items():
                optimizer.learning_rate.assign(self._rates[name] * rate_factor(self.recipe, step))
