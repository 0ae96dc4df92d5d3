"""`anime-dcgan`: the student project's GAN for anime faces, layer by layer. It takes no classes.

The published counts settle what the source leaves open: PReLU has a slope for each position and channel, every layer
has its bias, and batch norm after the dense layer is on all of its 65536 values (before they become a grid). It does
not say which kind of convolution the last layer is; at stride 1 with an odd kernel both kinds are the same function
with the kernel turned, and it is written like those before it.

Two things are written differently and are the same function: the latent, uniform in -1…1 as published, is made of the
standard normal one that the app gives to every generator (`gan.models.layers.Uniform`), and the discriminator gives
logits (its sigmoid is inside the loss).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan.models.published import require

if TYPE_CHECKING:
    import keras


def build(
    *, latent: int = 100, width: int = 32, classes: int, shape: tuple[int, int, int], dtype: str
) -> dict[str, keras.Model]:
    """Generator (8,254,915 parameters as published) and discriminator (1,094,465), 32x32 colour, without classes.

    Args:
        latent: dimensions of the latent, given as a standard normal.
        width: channels of the discriminator's first convolution; all other widths are multiples of it.
        classes: not used.
        shape: (32, 32, 3).
        dtype: "float32" or "mixed_bfloat16".

    Raises:
        UserError: for another picture size, or grey.
    """
    require("anime-dcgan", shape, (32, 32, 3))
    import keras

    policy = keras.DTypePolicy(dtype)
    return {"generator": _generator(latent, width, policy), "discriminator": _discriminator(width, policy)}


def _generator(latent, width, policy) -> keras.Model:
    import keras
    from keras import layers

    from gan.models.layers import Uniform

    def activate(x, name):
        x = layers.PReLU(dtype=policy, name=f"act_{name}")(x)
        return layers.BatchNormalization(momentum=0.5, dtype=policy, name=f"norm_{name}")(x)

    z = keras.Input((latent,), name="latent")
    x = Uniform(dtype="float32", name="uniform")(z)
    x = activate(layers.Dense(16 * 16 * 8 * width, dtype=policy, name="seed")(x), "seed")
    x = layers.Reshape((16, 16, 8 * width), dtype=policy, name="grid")(x)
    x = layers.UpSampling2D(2, dtype=policy, name="up")(x)
    for index, filters in enumerate((4 * width, 2 * width, width), start=1):
        x = layers.Conv2DTranspose(filters, 5, 1, "same", dtype=policy, name=f"conv{index}")(x)
        x = activate(x, f"conv{index}")
    x = layers.Conv2DTranspose(3, 5, 1, "same", activation="tanh", dtype="float32", name="pixels")(x)
    return keras.Model([z], x, name="generator")


def _discriminator(width, policy) -> keras.Model:
    import keras
    from keras import layers

    x = image = keras.Input((32, 32, 3), name="image")
    for index in range(4):
        x = layers.Conv2D(width * 2**index, 5, 2, "same", dtype=policy, name=f"conv{index}")(x)
        x = layers.PReLU(dtype=policy, name=f"act{index}")(x)
        x = layers.Dropout(0.2, dtype=policy, name=f"drop{index}")(x)
    x = layers.Flatten(dtype=policy, name="flat")(x)
    return keras.Model([image], layers.Dense(1, dtype="float32", name="logit")(x), name="discriminator")
