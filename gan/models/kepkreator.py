"""`kepkreator`: the conditional GAN of the student project for handwritten digits and letters, layer by layer.

Its published weights were trained with the label channel not connected to the discriminator. Nothing then tells the
generator what a label means, and it draws the digit that was asked for in 10% of cases, which is chance.
``labels_connected=False`` keeps that, since it teaches; True is the net as it was meant.

Two things are written differently and are the same function: the label embedding is a dense layer on the one-hot
class (so that classes can be mixed), and the discriminator gives logits (its sigmoid is inside the loss).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gan.errors import UserError

if TYPE_CHECKING:
    import keras


def build(
    *,
    latent: int = 96,
    embedding: int = 10,
    labels_connected: bool = True,
    filters: int = 64,
    hidden: int = 128,
    batch_norm: bool = False,
    classes: int,
    shape: tuple[int, int, int],
    dtype: str,
) -> dict[str, keras.Model]:
    """Generator (635,997 parameters for ten classes) and discriminator (886,869), 28x28 grey.

    Args:
        latent: dimensions of the latent.
        embedding: dimensions of the label embedding, in both nets.
        labels_connected: False cuts the label channel of the discriminator (it sees zeros in its place).
        filters: channels of the generator's up-convolutions and of the discriminator's first one; its second has twice
            as many.
        hidden: units of the discriminator's hidden layer.
        batch_norm: batch normalisation after each of the generator's hidden convolutions (the published net has none).
        classes: number of classes, at least 1.
        shape: (28, 28, 1).
        dtype: "float32" or "mixed_bfloat16".

    Raises:
        UserError: for another picture size, or no classes.
    """
    if tuple(shape) != (28, 28, 1):
        raise UserError(f"kepkreator draws 28x28 grey pictures; this data set has {'x'.join(map(str, shape))}.")
    if classes < 1:
        raise UserError("kepkreator needs a data set with labels.")
    import keras

    policy = keras.DTypePolicy(dtype)
    return {
        "generator": _generator(latent, embedding, filters, batch_norm, classes, policy),
        "discriminator": _discriminator(embedding, labels_connected, filters, hidden, classes, policy),
    }


def _embed(c: Any, embedding: int, policy: Any) -> Any:
    from keras import layers

    return layers.Dense(embedding, use_bias=False, kernel_initializer="uniform", dtype=policy, name="label_embedding")(
        c
    )


def _generator(latent, embedding, filters, batch_norm, classes, policy) -> keras.Model:
    import keras
    from keras import layers

    from gan.models.layers import ToPixels

    z = keras.Input((latent,), name="latent")
    c = keras.Input((classes,), name="classes")
    label = layers.Dense(392, activation="tanh", dtype=policy, name="label_dense")(_embed(c, embedding, policy))
    label = layers.Reshape((7, 7, 8), dtype=policy, name="label_grid")(label)
    x = layers.Dense(4704, activation="tanh", dtype=policy, name="latent_dense")(z)
    x = layers.Reshape((7, 7, 96), dtype=policy, name="latent_grid")(x)
    x = layers.Concatenate(dtype=policy, name="grid")([x, label])
    for name in ("up1", "up2"):
        x = layers.Conv2DTranspose(filters, 4, 2, "same", activation="tanh", dtype=policy, name=name)(x)
        if batch_norm:
            x = layers.BatchNormalization(dtype=policy, name=f"{name}_norm")(x)
    x = ToPixels(1, 7, 1, "same", activation="tanh", dtype="float32", name="pixels")(x)
    return keras.Model([z, c], x, name="generator")


def _discriminator(embedding, labels_connected, filters, hidden, classes, policy) -> keras.Model:
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1), name="image")
    c = keras.Input((classes,), name="classes")
    label = layers.Dense(784, activation="tanh", dtype=policy, name="label_dense")(_embed(c, embedding, policy))
    label = layers.Reshape((28, 28, 1), dtype=policy, name="label_channel")(label)
    if not labels_connected:
        label = layers.Rescaling(0.0, dtype=policy, name="cut")(label)
    x = layers.Concatenate(dtype=policy, name="image_and_label")([image, label])
    x = layers.Conv2D(filters, 3, 2, "same", activation="tanh", dtype=policy, name="conv1")(x)
    x = layers.Conv2D(2 * filters, 3, 2, "same", activation="tanh", dtype=policy, name="conv2")(x)
    x = layers.Dense(hidden, activation="tanh", dtype=policy, name="hidden")(
        layers.Flatten(dtype=policy, name="flat")(x)
    )
    return keras.Model([image, c], layers.Dense(1, dtype="float32", name="logit")(x), name="discriminator")
