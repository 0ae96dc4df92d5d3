"""Generator against discriminator: one step of each, conditional where the data has classes."""

from __future__ import annotations

import functools
from typing import Any

import keras
import numpy as np
from keras import ops

from gan import diff_augment
from gan import images as pictures
from gan.losses import loss
from gan.recipes import Recipe
from gan.training.feed import LATENT, NOISE, generator
from gan.training.game import Base, Logs


class GanGame(Base):
    """Nets ``generator``, ``discriminator`` and, where the recipe averages, ``average``."""

    def __init__(self, recipe: Recipe, table: np.ndarray, shape: tuple[int, int, int], backend: Any) -> None:
        super().__init__(recipe, table, shape, backend)
        self.loss = loss(recipe.loss)
        built = self._build()
        self.nets = {"generator": built["generator"], "discriminator": built["discriminator"]}
        rates = {"generator": recipe.learning_rate, "discriminator": recipe.discriminator_learning_rate}
        self._prepare(rates)
        if recipe.average:
            average = self._build("generator")["generator"]
            average.set_weights(self.nets["generator"].get_weights())
            self.nets["average"] = average
        self.latent = self.nets["generator"].inputs[0].shape[-1]
        self._changes = diff_augment.policy(recipe.diff_augment)
        self._soft = recipe.label_smoothing > 0 or recipe.label_noise > 0
        layers = self.nets["discriminator"]._flatten_layers()
        alone = not any(isinstance(layer, keras.layers.BatchNormalization) for layer in layers)
        # Where each picture is judged by itself and both slopes at a logit are in a known ratio, one backward pass
        # through the discriminator gives both players' gradients, and one batch can hold both halves: larger products,
        # and each weight's gradient is summed once. With targets other than 0 and 1 the ratio is another.
        self._slopes = self.loss.slopes if recipe.shared_pass and alone and not self._soft else None
        together = self._slopes is not None or not (recipe.shared_pass or recipe.separate_halves)
        self._halves_together = alone and together
        xla, variables = recipe.xla == "on", self.variables
        self._plain = backend.compile(functools.partial(self._step, False), xla, variables=variables)
        self._penalised = backend.compile(functools.partial(self._step, True), xla, variables=variables)
        self._judging = backend.compile(self._learn_to_judge, xla, variables=variables)
        sampler = self.sampler
        self._sample = backend.compile(
            lambda z, c: sampler(_inputs(sampler, z, c), training=False), variables=sampler.variables
        )

    @property
    def sampler(self) -> keras.Model:
        """The net that pictures are drawn with: the averaged generator where there is one."""
        return self.nets.get("average", self.nets["generator"])

    def sample(self, latents: np.ndarray, classes: np.ndarray, batch: int = 100) -> np.ndarray:
        """Pictures uint8 ``[n, h, w, c]`` of latents ``(n, d)`` and class weights ``(n, classes)``; n is best a
        multiple of `batch`, since every other size is compiled anew."""
        given = np.asarray(classes, np.float32) @ self.table
        parts = [self._sample(latents[i : i + batch], given[i : i + batch]) for i in range(0, len(latents), batch)]
        return pictures.from_model(np.concatenate([ops.convert_to_numpy(part) for part in parts]))

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> Logs:
        """As `Game.train_step`; the batch holds the real pictures of all the discriminator's steps, in order."""
        self._set_rates(step)
        recipe = self.recipe
        turns = recipe.discriminator_steps
        n, own = len(images) // turns, 0 if recipe.shared_pass else recipe.batch
        latents = generator(recipe.seed, LATENT, step).standard_normal((turns * n + own, self.latent), np.float32)
        rng = generator(recipe.seed, NOISE, step)
        real, classes = pictures.to_model(images), self.table[labels]
        for turn in range(turns - 1):
            part = slice(turn * n, (turn + 1) * n)
            self._judging(real[part], classes[part], latents[part], self._chance(rng, n))
        last = (turns - 1) * n
        penalty = (recipe.r1 > 0 or recipe.r2 > 0) and step % recipe.r1_every == 0
        run = self._penalised if penalty else self._plain
        decay = np.float32(self._decay(step))
        return run(real[last:], classes[last:], latents[last:], decay, self._chance(rng, n))

    def _chance(self, rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
        """The random numbers of one step, as far as the recipe needs them; NumPy's, the same on every back end."""
        recipe, chance = self.recipe, {}
        if self._changes:  # for real pictures, for drawn ones, and for those the generator learns from
            halves = 2 if recipe.shared_pass else 3
            chance["changes"] = rng.random((halves * max(n, recipe.batch), diff_augment.NUMBERS), np.float32)
        if self._soft:
            noise = recipe.label_noise * rng.random((2, n, 1), np.float32)
            chance["real_targets"] = np.float32(1 - recipe.label_smoothing) - noise[0]
            chance["fake_targets"] = noise[1]
        if recipe.gradient_penalty:
            chance["mix"] = rng.random((n, 1, 1, 1), np.float32)
        return chance

    def _decay(self, step: int) -> float:
        """The averaged generator's decay: a half-life in pictures, shorter at the start (Karras et al. 2020), when
        the first pictures would otherwise linger."""
        half_life = min(self.recipe.average * 1000, max(1, step * self.recipe.batch) * 0.1)
        return 0.5 ** (self.recipe.batch / half_life) if self.recipe.average else 0.0

    def _players(self) -> dict[str, list[Any]]:
        return {name: self.nets[name].trainable_variables for name in ("generator", "discriminator")}

    def _step(self, penalty: bool, real, classes, latents, decay, chance) -> Logs:
        if self._slopes:
            logs = self._learn_in_one_pass(self._slopes, penalty, real, classes, latents, chance)
        elif self.recipe.shared_pass:
            logs = self._learn_from_the_same(penalty, real, classes, latents, chance)
        else:
            n = real.shape[0]
            logs = self._learn_to_judge(real, classes, latents[:n], chance, penalty)
            logs |= self._learn_to_draw(real, classes, latents[n:], chance)
        if "average" in self.nets:
            pairs = zip(self.nets["average"].variables, self.nets["generator"].variables, strict=True)
            for average, current in pairs:
                follow = decay if current.trainable else ops.zeros(())
                average.assign(current + follow * (average - current) if current.dtype == "float32" else current)
        return logs

    def _learn_in_one_pass(self, slopes, penalty: bool, real, classes, latents, chance) -> Logs:
        """Both players by one backward pass through the discriminator."""
        players = self._players()

        def judged(fake):
            losses, out = self._losses(penalty, real, fake, classes, chance)
            return losses["discriminator"], slopes(out["real"], out["fake"]), self._logs(losses, out)

        *gradients, logs = self.backend.gradients_of_both(
            lambda: self._draw(latents, classes), judged, *players.values()
        )
        for (name, variables), gradient in zip(players.items(), gradients, strict=True):
            self.backend.apply(self.optimizers[name], gradient, variables)
        return logs

    def _learn_from_the_same(self, penalty: bool, real, classes, latents, chance) -> Logs:
        """Both players from the same fakes, each by a backward pass of its own."""
        players = self._players()

        def both():
            losses, out = self._losses(penalty, real, self._draw(latents, classes), classes, chance)
            return losses, self._logs(losses, out)

        by_player, logs = self.backend.gradients(both, players)
        for name, gradient in by_player.items():
            self.backend.apply(self.optimizers[name], gradient, players[name])
        return logs

    def _learn_to_judge(self, real, classes, latents, chance, penalty: bool = False) -> Logs:
        """The discriminator alone; where halves are separate, by an update from each."""
        fake = ops.stop_gradient(self._draw(latents, classes))
        variables = {"discriminator": self._players()["discriminator"]}
        logs: Logs = {}
        for halves in (("real",), ("fake",)) if self.recipe.separate_halves else (("real", "fake"),):

            def compute(halves=halves):
                losses, out = self._losses(penalty, real, fake, classes, chance, halves)
                del losses["generator"]
                return losses, self._logs(losses, out)

            gradients, logs = self.backend.gradients(compute, variables)
            self.backend.apply(self.optimizers["discriminator"], *gradients.values(), *variables.values())
        return logs

    def _learn_to_draw(self, real, classes, latents, chance) -> Logs:
        """The generator against the discriminator as it now is, with latents of its own."""
        variables = {"generator": self._players()["generator"]}
        times = latents.shape[0] // classes.shape[0]  # two, where the discriminator has had half a batch
        classes, real = (ops.concatenate([part] * times) for part in (classes, real))

        def compute():
            fake = self._judge(self._draw(latents, classes), classes, chance, 2)
            # Only a loss that compares the two looks at the real ones, which the generator does not change.
            on_real = self._judge(real, classes, chance, 0) if self.loss.pairs else fake
            value = self.loss.generator(on_real, fake)
            return {"generator": value}, {"g_loss": value}

        gradients, logs = self.backend.gradients(compute, variables)
        self.backend.apply(self.optimizers["generator"], *gradients.values(), *variables.values())
        return logs

    def _draw(self, latents, classes):
        net = self.nets["generator"]
        return net(_inputs(net, latents, classes), training=True)

    def _judge(self, images, classes, chance, half: int):
        """Logits of pictures; `half` says which of the random changes they get: 0 for real ones, 1 for drawn ones, 2
        for those that the generator learns from."""
        net = self.nets["discriminator"]
        if self._changes:
            n = images.shape[0]
            numbers = chance["changes"][half * n : (half + 1) * n]
            images = diff_augment.augment(images, numbers, self._changes)
        return net(_inputs(net, images, classes), training=True)

    def _losses(self, penalty: bool, real, fake, classes, chance, halves=("real", "fake")) -> tuple[Logs, Logs]:
        """The losses of both players, and what they were made of: logits and penalties. Only `halves` teach."""
        recipe = self.recipe
        out = self._logits(penalty, real, fake, classes, chance)
        told = {half: out[half] if half in halves else ops.stop_gradient(out[half]) for half in ("real", "fake")}
        if self._soft and self.loss.softened:
            targets = chance["real_targets"], chance["fake_targets"]
            d_loss = self.loss.softened(told["real"], told["fake"], *targets)
        else:
            d_loss = self.loss.discriminator(told["real"], told["fake"])
        # R1 and R2 are evaluated every r1_every steps only, so weighted as many times more (Karras et al. 2020,
        # appendix B).
        for name, half, weight in (("r1", "real", recipe.r1), ("r2", "fake", recipe.r2)):
            if weight and half in halves:
                d_loss = d_loss + 0.5 * weight * recipe.r1_every * out[name]
        if recipe.gradient_penalty and "fake" in halves:  # once a step, where halves are separate
            d_loss = d_loss + recipe.gradient_penalty * out["gradient_penalty"]
        return {"generator": self.loss.generator(out["real"], out["fake"]), "discriminator": d_loss}, out

    def _logits(self, penalty: bool, real, fake, classes, chance) -> Logs:
        """The discriminator's logits of both halves, and the penalties (those of r1_every steps zero on the others)."""
        recipe, out = self.recipe, {"r1": ops.zeros(())}
        on_real, on_fake = (functools.partial(self._judge, chance=chance, half=half) for half in (0, 1))
        if recipe.r2:
            out["r2"] = ops.zeros(())
        if penalty and recipe.r2:  # the generator is not to learn from the penalty
            _, out["r2"] = self._slope(lambda images: on_fake(images, classes), ops.stop_gradient(fake))
        if recipe.gradient_penalty:
            mixed = chance["mix"] * real + (1.0 - chance["mix"]) * ops.stop_gradient(fake)
            _, slope = self.backend.value_and_input_gradient(lambda images: on_fake(images, classes), mixed)
            length = ops.sqrt(ops.sum(ops.square(slope), axis=(1, 2, 3)) + 1e-12)
            out["gradient_penalty"] = ops.mean(ops.square(length - 1.0))
        if penalty and recipe.r1:
            out["real"], out["r1"] = self._slope(lambda images: on_real(images, classes), real)
            out["fake"] = on_fake(fake, classes)
        elif self._halves_together:
            n, images = real.shape[0], ops.concatenate([real, fake])
            logits = self._judge(images, ops.concatenate([classes, classes]), chance, 0)
            out |= {"real": logits[:n], "fake": logits[n:]}
        else:
            out |= {"real": on_real(real, classes), "fake": on_fake(fake, classes)}
        return out

    def _slope(self, judge, images):
        """Logits, and the mean squared length of their slope at the pictures (Mescheder et al. 2018)."""
        logits, slope = self.backend.value_and_input_gradient(judge, images)
        return logits, ops.mean(ops.sum(ops.square(slope), axis=(1, 2, 3)))

    def _logs(self, losses: Logs, out: Logs) -> Logs:
        """What is logged of losses and logits: D(real) and D(fake) are probabilities, as in Goodfellow et al. 2014; in
        a loss of pairs, that the one is more real than the other."""
        logs = {f"{name[0]}_loss": value for name, value in losses.items()}
        real, fake = out["real"], out["fake"]
        if self.loss.distance:
            logs["distance"] = ops.mean(real) - ops.mean(fake)
        else:
            odds = (real - fake, fake - real) if self.loss.pairs else (real, fake)
            logs |= {f"d_{kind}": ops.mean(ops.sigmoid(x)) for kind, x in zip(("real", "fake"), odds, strict=True)}
        return logs | {name: out[name] for name in ("r1", "r2", "gradient_penalty") if name in out}


def _inputs(net: keras.Model, first, classes) -> list[Any]:
    """What a net takes: an unconditional one no classes."""
    return [first, classes] if len(net.inputs) > 1 else [first]
