"""`korean-dcgan`: the student project's GAN for Korean letters, layer by layer: TensorFlow's DCGAN tutorial, enlarged.

It takes no classes: it draws a letter, not the one asked for. Labels of a data set are left unused.

The source does not say how the dense layers are normalised or which layers have biases. The published counts leave one
reading: batch norm after the second dense layer is on all of its 8192 values (before they become a grid), and the
last transposed convolution is the only layer of the generator with a bias. The discriminator gives a logit, as
published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gan.models.published import require

if TYPE_CHECKING:
    import keras


def build(
    *, latent: int = 100, width: int = 64, classes: int, shape: tuple[int, int, int], dtype: str
) -> dict[str, keras.Model]:
    """Generator (9,144,641 parameters as published) and discriminator (2,304,257), 32x32 grey, without classes.

    Args:
        latent: dimensions of the latent, drawn from a standard normal.
        width: channels of the discriminator's first convolution; all other widths are multiples of it.
        classes: not used.
        shape: (32, 32, 1).
        dtype: "float32" or "mixed_bfloat16".

    Raises:
        UserError: for another picture size, or colour.
    """
    require("korean-dcgan", shape, (32, 32, 1))
    import keras

    policy = keras.DTypePolicy(dtype)
    return {"generator": _generator(latent, width, policy), "discriminator": _discriminator(width, policy)}


def _normalised(x: Any, policy: Any, name: str) -> Any:
    from keras import layers

    x = layers.BatchNormalization(dtype=policy, name=f"norm_{name}")(x)
    return layers.LeakyReLU(0.3, dtype=policy, name=f"act_{name}")(x)  # Keras' default slope, as published


def _generator(latent, width, policy) -> keras.Model:
    import keras
    from keras import layers

    x = z = keras.Input((latent,), name="latent")
    for name, units in (("dense1", 16 * width), ("dense2", 8 * 8 * 2 * width)):
        x = _normalised(layers.Dense(units, use_bias=False, dtype=policy, name=name)(x), policy, name)
    x = layers.Reshape((8, 8, 2 * width), dtype=policy, name="grid")(x)
    for name, filters, stride in (("up1", 2 * width, 1), ("up2", width, 2)):
        x = layers.Conv2DTranspose(filters, 5, stride, "same", use_bias=False, dtype=policy, name=name)(x)
        x = _normalised(x, policy, name)
    x = layers.Conv2DTranspose(1, 5, 2, "same", activation="tanh", dtype="float32", name="pixels")(x)
    return keras.Model([z], x, name="generator")


def _discriminator(width, policy) -> keras.Model:
    import keras
    from keras import layers

    def leaky(x: Any, name: str) -> Any:
        return layers.LeakyReLU(0.2, dtype=policy, name=name)(x)

    image = keras.Input((32, 32, 1), name="image")
    x = leaky(layers.Conv2D(width, 5, 2, "same", dtype=policy, name="conv1")(image), "act1")
    x = layers.Dropout(0.3, dtype=policy, name="drop1")(x)
    x = leaky(layers.Conv2D(2 * width, 5, 2, "same", dtype=policy, name="conv2")(x), "act2")
    x = layers.Flatten(dtype=policy, name="flat")(x)
    x = leaky(layers.Dense(4 * width, dtype=policy, name="hidden")(x), "act3")
    x = layers.Dropout(0.3, dtype=policy, name="drop2")(x)
    return keras.Model([image], layers.Dense(1, dtype="float32", name="logit")(x), name="discriminator")
