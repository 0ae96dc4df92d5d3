"""One step of a game, for any back end. The loop knows only what stands in `Game`."""

from __future__ import annotations

import functools
import math
from typing import Any, Protocol

import keras
import numpy as np
from keras import ops

from gan import images as pictures
from gan import models
from gan.losses import loss
from gan.recipes import Recipe
from gan.training.feed import LATENT, generator

Logs = dict[str, Any]


class Game(Protocol):
    """What the loop, the checkpoints and the callbacks ask of a game."""

    nets: dict[str, keras.Model]
    optimizers: dict[str, keras.Optimizer]

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> Logs:
        """Learn from one batch (uint8 pictures, int labels); gives scalar logs."""
        ...


def make_game(recipe: Recipe, classes: int, shape: tuple[int, int, int], backend) -> Game:
    """Freshly initialised nets and optimisers of a recipe, whose precision and XLA must be settled.

    Raises:
        UserError: for a model, option or loss that does not exist or does not fit the data.
    """
    kinds: dict[str, type] = {"gan": GanGame, "classifier": ClassifierGame}
    kind = kinds[models.family(recipe.model).game]
    keras.utils.set_random_seed(recipe.seed)
    return kind(recipe, classes, shape, backend)


def _adam(recipe: Recipe, rate: float, net: keras.Model) -> keras.Optimizer:
    optimizer = keras.optimizers.Adam(rate, beta_1=recipe.beta_1, beta_2=recipe.beta_2)
    optimizer.build(net.trainable_variables)  # a checkpoint is loaded only into variables that exist
    return optimizer


def rate_factor(recipe: Recipe, step: int) -> float:
    """What the learning rates are multiplied with at a step: 1, or half a cosine from 1 to 0."""
    return 1.0 if recipe.schedule == "constant" else 0.5 * (1 + math.cos(math.pi * step / recipe.steps))


class _Base:
    """What both games share: rates that follow the schedule, one-hot labels."""

    def __init__(self, recipe: Recipe, classes: int) -> None:
        self.recipe, self.classes = recipe, classes
        self.optimizers: dict[str, keras.Optimizer] = {}
        self._rates: dict[str, float] = {}

    def _set_rates(self, step: int) -> None:
        if self.recipe.schedule != "constant":
            for name, optimizer in self.optimizers.items():
                optimizer.learning_rate.assign(self._rates[name] * rate_factor(self.recipe, step))

    def _one_hot(self, labels: np.ndarray) -> np.ndarray:
        return np.eye(self.classes, dtype=np.float32)[labels]


class GanGame(_Base):
    """Generator against discriminator, conditional where the data has classes."""

    def __init__(self, recipe: Recipe, classes: int, shape: tuple[int, int, int], backend) -> None:
        super().__init__(recipe, classes)
        self.backend = backend
        self.loss = loss(recipe.loss)
        built = models.build(recipe.model, recipe.options, classes, shape, recipe.precision)
        self.nets = {"generator": built["generator"], "discriminator": built["discriminator"]}
        self._rates = {"generator": recipe.learning_rate, "discriminator": recipe.discriminator_learning_rate}
        self.optimizers = {name: _adam(recipe, self._rates[name], net) for name, net in self.nets.items()}
        if recipe.average:
            average = models.build(recipe.model, recipe.options, classes, shape, recipe.precision)["generator"]
            average.set_weights(self.nets["generator"].get_weights())
            self.nets["average"] = average
        self.latent = self.nets["generator"].inputs[0].shape[-1]
        layers = self.nets["discriminator"]._flatten_layers()
        alone = not any(isinstance(layer, keras.layers.BatchNormalization) for layer in layers)
        # Where each picture is judged by itself and both slopes at a logit are in a known ratio, one backward pass
        # through the discriminator gives both players' gradients, and one batch can hold both halves: larger products,
        # and each weight's gradient is summed once.
        self._slopes = self.loss.slopes if recipe.shared_pass and alone else None
        self._halves_together = alone and (self._slopes is not None or not recipe.shared_pass)
        xla = recipe.xla == "on"
        self._plain = backend.compile(functools.partial(self._step, False), xla)
        self._penalised = backend.compile(functools.partial(self._step, True), xla)
        self._sample = backend.compile(lambda z, c: self.sampler([z, c], training=False))

    @property
    def sampler(self) -> keras.Model:
        """The net that pictures are drawn with: the averaged generator where there is one."""
        return self.nets.get("average", self.nets["generator"])

    def sample(self, latents: np.ndarray, classes: np.ndarray, batch: int = 100) -> np.ndarray:
        """Pictures uint8 ``[n, h, w, c]`` of latents ``(n, d)`` and class weights ``(n, k)``; n is best a multiple
        of `batch`, since every other size is compiled anew."""
        parts = [self._sample(latents[i : i + batch], classes[i : i + batch]) for i in range(0, len(latents), batch)]
        return pictures.from_model(np.concatenate([ops.convert_to_numpy(part) for part in parts]))

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> Logs:
        self._set_rates(step)
        recipe, n = self.recipe, len(images)
        passes = 1 if recipe.shared_pass else 2
        latents = generator(recipe.seed, LATENT, step).standard_normal((passes * n, self.latent), np.float32)
        penalty = recipe.r1 > 0 and step % recipe.r1_every == 0
        run = self._penalised if penalty else self._plain
        decay = np.float32(self._decay(step))
        return run(pictures.to_model(images), self._one_hot(labels), latents, decay)

    def _decay(self, step: int) -> float:
        """The averaged generator's decay: a half-life in pictures, shorter at the start (Karras et al. 2020), when
        the first pictures would otherwise linger."""
        half_life = min(self.recipe.average * 1000, max(1, step * self.recipe.batch) * 0.1)
        return 0.5 ** (self.recipe.batch / half_life) if self.recipe.average else 0.0

    def _step(self, penalty: bool, real, classes, latents, decay) -> Logs:
        nets, n = self.nets, real.shape[0]
        players = {name: nets[name].trainable_variables for name in ("generator", "discriminator")}

        def draw(latents):
            return nets["generator"]([latents, classes], training=True)

        def judge(images):
            return nets["discriminator"]([images, classes], training=True)

        def losses_on(fake) -> tuple[Logs, Logs]:
            out = self._logits(penalty, real, fake, classes, judge)
            # Evaluated every r1_every steps only, so weighted as many times more (Karras et al. 2020, appendix B).
            weight = 0.5 * self.recipe.r1 * self.recipe.r1_every
            d_loss = self.loss.discriminator(out["real"], out["fake"]) + weight * out["penalty"]
            return {"generator": self.loss.generator(out["fake"]), "discriminator": d_loss}, out

        if self._slopes:
            slopes = self._slopes

            def judged(fake):
                losses, out = losses_on(fake)
                return losses["discriminator"], slopes(out["fake"]), _logs(losses, out)

            *gradients, logs = self.backend.gradients_of_both(lambda: draw(latents), judged, *players.values())
            for (name, variables), gradient in zip(players.items(), gradients, strict=True):
                self.backend.apply(self.optimizers[name], gradient, variables)
        elif self.recipe.shared_pass:

            def both():
                losses, out = losses_on(draw(latents))
                return losses, _logs(losses, out)

            by_player, logs = self.backend.gradients(both, players)
            for name, gradient in by_player.items():
                self.backend.apply(self.optimizers[name], gradient, players[name])
        else:
            logs = self._alternate(players, latents[:n], latents[n:], losses_on, draw, judge)
        if "average" in nets:
            for average, current in zip(nets["average"].variables, nets["generator"].variables, strict=True):
                follow = decay if current.trainable else ops.zeros(())
                average.assign(current + follow * (average - current) if current.dtype == "float32" else current)
        return logs

    def _logits(self, penalty: bool, real, fake, classes, judge) -> Logs:
        """The discriminator's logits of both halves, and the R1 penalty (zero on most steps)."""
        if penalty:
            on_real, slope = self.backend.value_and_input_gradient(judge, real)
            value = ops.mean(ops.sum(ops.square(slope), axis=(1, 2, 3)))
            return {"real": on_real, "fake": judge(fake), "penalty": value}
        if self._halves_together:
            n, twice = real.shape[0], ops.concatenate([classes, classes])
            logits = self.nets["discriminator"]([ops.concatenate([real, fake]), twice], training=True)
            return {"real": logits[:n], "fake": logits[n:], "penalty": ops.zeros(())}
        return {"real": judge(real), "fake": judge(fake), "penalty": ops.zeros(())}

    def _alternate(self, players, first, second, losses_on, draw, judge) -> Logs:
        """The discriminator first, then the generator against the new discriminator, with latents of its own."""
        fake = ops.stop_gradient(draw(first))

        def discriminator_loss():
            losses, out = losses_on(fake)
            del losses["generator"]
            return losses, _logs(losses, out)

        def generator_loss():
            value = self.loss.generator(judge(draw(second)))
            return {"generator": value}, {"g_loss": value}

        logs: Logs = {}
        for name, compute in (("discriminator", discriminator_loss), ("generator", generator_loss)):
            gradients, part = self.backend.gradients(compute, {name: players[name]})
            self.backend.apply(self.optimizers[name], gradients[name], players[name])
            logs |= part
        return logs


def _logs(losses: Logs, out: Logs) -> Logs:
    """What is logged of losses and logits: D(real) and D(fake) are probabilities, as in Goodfellow et al. 2014."""
    logs = {f"{name[0]}_loss": value for name, value in losses.items()}
    logs |= {f"d_{kind}": ops.mean(ops.sigmoid(out[kind])) for kind in ("real", "fake")}
    return logs | {"r1": out["penalty"]}


class ClassifierGame(_Base):
    """A classifier against its mistakes: cross-entropy on logits."""

    def __init__(self, recipe: Recipe, classes: int, shape: tuple[int, int, int], backend) -> None:
        super().__init__(recipe, classes)
        self.backend = backend
        self.nets = models.build(recipe.model, recipe.options, classes, shape, recipe.precision)
        self._rates = {"classifier": recipe.learning_rate}
        self.optimizers = {"classifier": _adam(recipe, recipe.learning_rate, self.nets["classifier"])}
        self._compiled = backend.compile(self._step, recipe.xla == "on")
        self._predict = backend.compile(lambda images: self.nets["classifier"](images, training=False))

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> Logs:
        self._set_rates(step)
        return self._compiled(pictures.to_model(images), self._one_hot(labels))

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
