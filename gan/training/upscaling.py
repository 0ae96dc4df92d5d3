"""Super-resolution: a generator that enlarges pictures, against the true ones and, later, a discriminator."""

from __future__ import annotations

import functools
from typing import Any

import keras
import numpy as np
from keras import ops

from gan import images as pictures
from gan.losses import loss
from gan.metrics import perceptual
from gan.models import features
from gan.recipes import Recipe
from gan.training.feed import NOISE, generator
from gan.training.game import Base, Logs

TIMES = 4  # how many times larger pictures become, each way
SCORED = 200  # test pictures that a score is measured on


class SuperResolutionGame(Base):
    """Nets ``generator`` (small to large) and ``discriminator``. Labels are not used.

    What is learnt from is made small here, by the mean of each square of `TIMES` pixels. At first the generator is
    taught by comparison with the true picture alone, which gives the truest pixels, and softened ones where several
    would fit; then the discriminator joins, which prefers one of them (Ledig et al. 2017), and with it, where
    `Recipe.perceptual` says so, the features of a classifier of ours (Johnson et al. 2016), which are kept as
    ``looks``. The generator as it was when that began is kept as ``content``, for the two can be blended (Wang et al.
    2018).
    """

    times = TIMES

    def __init__(self, recipe: Recipe, table: np.ndarray, shape: tuple[int, int, int], backend: Any) -> None:
        super().__init__(recipe, table, shape, backend)
        self.loss = loss(recipe.loss)
        self.nets = {name: net for name, net in self._build().items() if name in ("generator", "discriminator")}
        self._prepare({"generator": recipe.learning_rate, "discriminator": recipe.discriminator_learning_rate})
        if recipe.content_steps:
            self.nets["content"] = keras.models.clone_model(self.nets["generator"])
        if recipe.perceptual:
            policy = keras.DTypePolicy(recipe.precision)
            self.nets["looks"] = features.at_hand((None, None, shape[2]), False, policy, perceptual.NET, recipe.name)
        judge = self.nets["discriminator"]
        self._features = keras.Model(judge.inputs, [judge.output, judge.layers[-1].input])
        xla = recipe.xla == "on"
        self._alone = backend.compile(functools.partial(self._step, False), xla, variables=self.variables)
        self._both = backend.compile(functools.partial(self._step, True), xla, variables=self.variables)
        net = self.nets["generator"]
        self._upscale = backend.compile(lambda small: net([small], training=False), variables=net.variables)

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> Logs:
        self._set_rates(step)
        recipe, n = self.recipe, len(images)
        noise = recipe.label_noise * generator(recipe.seed, NOISE, step).random((2, n, 1), np.float32)
        targets = np.float32(1 - recipe.label_smoothing) - noise[0], noise[1]
        if step == recipe.content_steps and step:
            self.nets["content"].set_weights(self.nets["generator"].get_weights())
        run = self._alone if step < recipe.content_steps else self._both
        small = pictures.to_model(pictures.shrink(images, self.times))
        return run(small, pictures.to_model(images), *targets)

    def upscale(self, small: np.ndarray, batch: int = 8) -> np.ndarray:
        """Pictures uint8 ``[n, h, w, c]`` enlarged to ``[n, times * h, times * w, c]``."""
        parts = [self._upscale(pictures.to_model(small[i : i + batch])) for i in range(0, len(small), batch)]
        return pictures.from_model(np.concatenate([ops.convert_to_numpy(part) for part in parts]))

    def scores(self, images: np.ndarray) -> dict[str, float]:
        """PSNR (dB) and SSIM of the first test pictures enlarged, and how much more PSNR than bicubic interpolation."""
        from gan.metrics import pairs

        true = np.asarray(images[:SCORED])
        small = pictures.shrink(true, self.times)
        drawn = self.upscale(small)
        psnr, plain = (float(pairs.psnr(other, true).mean()) for other in (drawn, pictures.bicubic(small, self.times)))
        return {"psnr": psnr, "psnr_gain": psnr - plain, "ssim": float(pairs.ssim(drawn, true).mean())}

    def _content(self, drawn, true):
        """How far pictures are from the true ones, in the way that the recipe names."""
        apart = drawn - true
        if self.recipe.content == "mse":
            return ops.mean(ops.square(apart))
        if self.recipe.content == "l1":
            return ops.mean(ops.abs(apart))
        return ops.mean(ops.sqrt(ops.square(apart) + 1e-6))  # Charbonnier: as l1, smooth at zero (Lai et al. 2017)

    def _step(self, against: bool, small, true, real_targets, fake_targets) -> Logs:
        if not against:
            return self._learn_to_enlarge(small, true, against=False)
        logs = self._learn_to_judge(small, true, real_targets, fake_targets)
        return logs | self._learn_to_enlarge(small, true, against=True)

    def _learn_to_judge(self, small, true, real_targets, fake_targets) -> Logs:
        net, recipe = self.nets["discriminator"], self.recipe
        drawn = ops.stop_gradient(self.nets["generator"]([small], training=True))

        def compute():
            real, fake = net([true], training=True), net([drawn], training=True)
            if (recipe.label_noise or recipe.label_smoothing) and self.loss.softened:
                value = self.loss.softened(real, fake, real_targets, fake_targets)
            else:
                value = self.loss.discriminator(real, fake)
            odds = {"d_real": ops.mean(ops.sigmoid(real)), "d_fake": ops.mean(ops.sigmoid(fake))}
            return {"discriminator": value}, {"d_loss": value, **odds}

        return self._apply("discriminator", compute)

    def _learn_to_enlarge(self, small, true, against: bool) -> Logs:
        recipe = self.recipe

        def compute():
            drawn = self.nets["generator"]([small], training=True)
            value = content = self._content(drawn, true)
            if against:
                fake, of_drawn = self._features([drawn], training=True)
                real, of_true = fake, of_drawn
                if recipe.features or self.loss.pairs:  # the true ones are judged only where something is compared
                    real, of_true = self._features([true], training=True)
                value = value + recipe.adversarial * self.loss.generator(real, fake)
                if recipe.features:
                    value = value + recipe.features * _apart(of_true, of_drawn)
                if recipe.perceptual:
                    look = self.nets["looks"]
                    seen = zip(look(true, training=False), look(drawn, training=False), strict=True)
                    value = value + recipe.perceptual * sum(_apart(*maps) for maps in seen)
            return {"generator": value}, {"g_loss": value, "content": content}

        return self._apply("generator", compute)

    def _apply(self, name: str, compute) -> Logs:
        variables = self.nets[name].trainable_variables
        gradients, logs = self.backend.gradients(compute, {name: variables})
        self.backend.apply(self.optimizers[name], gradients[name], variables)
        return logs


def _apart(true, drawn):
    """The mean difference of feature maps; the true ones are given."""
    return ops.mean(ops.abs(ops.cast(ops.stop_gradient(true), "float32") - ops.cast(drawn, "float32")))
