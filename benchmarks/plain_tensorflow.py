"""A training step as TensorFlow's DCGAN tutorial writes it, run eagerly: two tapes, Keras' layers, Keras' Adam."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from gan import models
from gan.models.layers import ToPixels
from gan.recipes import Recipe


def plain(layer: keras.layers.Layer) -> keras.layers.Layer:
    """The layer, or Keras' own in the place of one of ours."""
    kind = keras.layers.Conv2D if isinstance(layer, ToPixels) else type(layer)
    return kind.from_config(layer.get_config())


class EagerGame:
    """One step as `gan.training.adversarial.GanGame` does it, for the two recipes that are compared."""

    def __init__(self, recipe: Recipe, classes: int, shape: tuple[int, int, int]) -> None:
        keras.utils.set_random_seed(recipe.seed)
        built = models.build(recipe.model, recipe.options, classes, shape, "float32")
        self.nets = {name: keras.models.clone_model(net, clone_function=plain) for name, net in built.items()}
        self.recipe, self.classes = recipe, classes
        self.latent = self.nets["generator"].inputs[0].shape[-1]
        self.average = [tf.Variable(w) for w in self.nets["generator"].get_weights()] if recipe.average else None
        betas = {"beta_1": recipe.beta_1, "beta_2": recipe.beta_2}
        self.of_generator = keras.optimizers.Adam(recipe.learning_rate, **betas)
        self.of_discriminator = keras.optimizers.Adam(recipe.discriminator_learning_rate, **betas)

    def train_step(self, step: int, images: np.ndarray, labels: np.ndarray) -> dict[str, tf.Tensor]:
        recipe, n = self.recipe, len(images)
        generator, discriminator = self.nets["generator"], self.nets["discriminator"]
        real = tf.cast(images, tf.float32) * (2 / 255) - 1
        classes = tf.one_hot(labels, self.classes)
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator([tf.random.normal((n, self.latent)), classes], training=True)
            if recipe.r1 > 0 and step % recipe.r1_every == 0:
                with tf.GradientTape() as slope_tape:
                    slope_tape.watch(real)
                    on_real = discriminator([real, classes], training=True)
                slope = slope_tape.gradient(on_real, real)
                penalty = tf.reduce_mean(tf.reduce_sum(tf.square(slope), (1, 2, 3)))
            else:
                on_real, penalty = discriminator([real, classes], training=True), 0.0
            on_fake = discriminator([fake, classes], training=True)
            g_loss = tf.reduce_mean(tf.nn.softplus(-on_fake))
            d_loss = tf.reduce_mean(tf.nn.softplus(-on_real)) + tf.reduce_mean(tf.nn.softplus(on_fake))
            d_loss += 0.5 * recipe.r1 * recipe.r1_every * penalty
        if recipe.shared_pass:
            self._apply(self.of_generator, g_tape.gradient(g_loss, generator.trainable_variables), generator)
        self._apply(self.of_discriminator, d_tape.gradient(d_loss, discriminator.trainable_variables), discriminator)
        if not recipe.shared_pass:
            with tf.GradientTape() as g_tape:
                fake = generator([tf.random.normal((n, self.latent)), classes], training=True)
                g_loss = tf.reduce_mean(tf.nn.softplus(-discriminator([fake, classes], training=True)))
            self._apply(self.of_generator, g_tape.gradient(g_loss, generator.trainable_variables), generator)
        for average, current in zip(self.average or [], generator.variables, strict=False):
            average.assign(current + 0.998 * (average - current))
        return {"g_loss": g_loss, "d_loss": d_loss}

    def _apply(self, optimizer: keras.Optimizer, gradients: list, net: keras.Model) -> None:
        optimizer.apply_gradients(zip(gradients, net.trainable_variables, strict=True))
