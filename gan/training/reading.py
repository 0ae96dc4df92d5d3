"""A reader of numbers against its mistakes: cross-entropy in each place of the number."""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from gan import images as pictures
from gan.datasets import numbers5
from gan.recipes import Recipe
from gan.training.game import Base, Logs


class ReadingGame(Base):
    """One net, ``reader``. Labels are numbers as `gan.datasets.numbers5.encode` gives them."""

    def __init__(self, recipe: Recipe, table: np.ndarray, shape: tuple[int, int, int], backend: Any) -> None:
        super().__init__(recipe, table, shape, backend)
        self.nets = self._build()
        self._prepare({"reader": recipe.learning_rate})
        net = self.nets["reader"]
        self._compiled = backend.compile(self._step, recipe.xla == "on", variables=self.variables)
        self._predict = backend.compile(lambda images: net(images, training=False), variables=net.variables)

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> Logs:
        self._set_rates(step)
        values = numbers5.decode(np.asarray(labels))
        return self._compiled(pictures.to_model(images), np.eye(numbers5.VALUES, dtype=np.float32)[values])

    def logits(self, images: np.ndarray, batch: int = 250) -> np.ndarray:
        """What the net says of pictures uint8 ``[n, h, w, c]``: ``[n, places * values]``."""
        starts = range(0, len(images), batch)
        parts = [self._predict(pictures.to_model(np.asarray(images[i : i + batch])))["logits"] for i in starts]
        return np.concatenate([ops.convert_to_numpy(part) for part in parts])

    def scores(self, images: np.ndarray, labels: np.ndarray) -> dict[str, float]:
        """Share of whole numbers read rightly, and of places."""
        values = numbers5.decode(labels)
        right = self.logits(images).reshape(*values.shape, numbers5.VALUES).argmax(-1) == values
        return {"test_accuracy": float(right.all(1).mean()), "place_accuracy": float(right.mean())}

    def _step(self, images, targets) -> Logs:
        net = self.nets["reader"]

        def compute():
            logits = ops.reshape(net(images, training=True)["logits"], (-1, *targets.shape[1:]))
            value = ops.mean(ops.categorical_crossentropy(targets, logits, from_logits=True))
            right = ops.cast(ops.argmax(logits, -1) == ops.argmax(targets, -1), "float32")
            shares = {"places": ops.mean(right), "accuracy": ops.mean(ops.min(right, axis=1))}
            return {"reader": value}, {"loss": value, **shares}

        gradients, logs = self.backend.gradients(compute, {"reader": net.trainable_variables})
        self.backend.apply(self.optimizers["reader"], gradients["reader"], net.trainable_variables)
        return logs
