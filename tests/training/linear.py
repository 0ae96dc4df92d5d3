"""Nets so small that a step of training can be worked out by hand. Added to the table as any net is."""

from __future__ import annotations

from typing import Any

import keras

from gan.models import Family

LATENT = 3
SHAPE = (4, 4, 1)  # of pictures, unless a test asks for others


def build(*, classes: int, shape: tuple[int, int, int], dtype: str) -> dict[str, Any]:
    """Generator: pictures are a product of latent and a matrix. Discriminator: logits are one of picture and a vector.

    Nothing is told of the classes.
    """
    from keras import layers

    size = shape[0] * shape[1] * shape[2]
    z, image = keras.Input((LATENT,), name="latent"), keras.Input(shape, name="image")
    drawn = layers.Reshape(shape)(layers.Dense(size, use_bias=False, kernel_initializer="random_normal")(z))
    logit = layers.Dense(1)(layers.Flatten()(image))
    return {"generator": keras.Model([z], drawn), "discriminator": keras.Model([image], logit)}


FAMILY = Family(__name__, "build", "gan", "Linear nets, for tests.", conditional=False)
