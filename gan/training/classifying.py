"""A classifier against its mistakes: cross-entropy on logits."""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from gan import images as pictures
from gan.recipes import Recipe
from gan.training.game import Base, Logs


class ClassifierGame(Base):
    """One net, ``classifier``, that reads pictures."""

    def __init__(self, recipe: Recipe, table: np.ndarray, shape: tuple[int, int, int], backend: Any) -> None:
        super().__init__(recipe, table, shape, backend)
        self.nets = self._build()
        self._prepare({"classifier": recipe.learning_rate})
        net = self.nets["classifier"]
        self._compiled = backend.compile(self._step, recipe.xla == "on", variables=self.variables)
        self._predict = backend.compile(lambda images: net(images, training=False), variables=net.variables)

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> Logs:
        self._set_rates(step)
        return self._compiled(pictures.to_model(images), np.eye(self.classes, dtype=np.float32)[labels])

    def accuracy(self, images: np.ndarray, labels: np.ndarray, batch: int = 500) -> float:
        """Share of pictures read as their label."""
        right = 0
        for i in range(0, len(images), batch):
            logits = self._predict(pictures.to_model(np.asarray(images[i : i + batch])))["logits"]
            right += int((ops.convert_to_numpy(logits).argmax(1) == labels[i : i + batch]).sum())
        return right / len(images)

    def _step(self, images, classes) -> Logs:
        net = self.nets["classifier"]

        def compute():
            logits = net(images, training=True)["logits"]
            value = ops.mean(ops.categorical_crossentropy(classes, logits, from_logits=True))
            right = ops.mean(ops.cast(ops.argmax(logits, 1) == ops.argmax(classes, 1), "float32"))
            return {"classifier": value}, {"loss": value, "accuracy": right}

        gradients, logs = self.backend.gradients(compute, {"classifier": net.trainable_variables})
        self.backend.apply(self.optimizers["classifier"], gradients["classifier"], net.trainable_variables)
        return logs
