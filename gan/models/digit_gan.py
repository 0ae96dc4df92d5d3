"""`digit-gan`: the GAN behind the students' digit recogniser, a conditional GAN written from its description.

The description says: Keras' conditional-GAN example, the label as one-hot channels beside the picture, LeakyReLU.
Widths, kernels and the largest value over the plane before the logit are the example's.

The published nets work with pixels in 0…1 (the generator ends in a sigmoid). Here pixels are -1…1 outside, so the
generator's are stretched at its end and the discriminator's are shrunk at its beginning: the nets between are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gan.errors import UserError
from gan.models.published import require

if TYPE_CHECKING:
    import keras


def build(
    *, latent: int = 128, width: int = 64, classes: int, shape: tuple[int, int, int], dtype: str
) -> dict[str, keras.Model]:
    """Generator and discriminator, 28x28 grey, conditional.

    Args:
        latent: dimensions of the latent, drawn from a standard normal.
        width: channels of the discriminator's first convolution; the other convolutions have twice as many.
        classes: number of classes, at least 1.
        shape: (28, 28, 1).
        dtype: "float32" or "mixed_bfloat16".

    Raises:
        UserError: for another picture size, or no classes.
    """
    require("digit-gan", shape, (28, 28, 1))
    if classes < 1:
        raise UserError("digit-gan needs a data set with labels.")
    import keras

    policy = keras.DTypePolicy(dtype)
    return {
        "generator": _generator(latent, width, classes, policy),
        "discriminator": _discriminator(width, classes, policy),
    }


def _leaky(x: Any, policy: Any, name: str) -> Any:
    from keras import layers

    return layers.LeakyReLU(0.2, dtype=policy, name=name)(x)


def _generator(latent, width, classes, policy) -> keras.Model:
    import keras
    from keras import layers

    from gan.models.layers import ToPixels

    z = keras.Input((latent,), name="latent")
    c = keras.Input((classes,), name="classes")
    x = layers.Concatenate(dtype=policy, name="latent_and_class")([z, c])
    x = _leaky(layers.Dense(7 * 7 * (latent + classes), dtype=policy, name="seed")(x), policy, "act0")
    x = layers.Reshape((7, 7, latent + classes), dtype=policy, name="grid")(x)
    for name in ("up1", "up2"):
        x = layers.Conv2DTranspose(2 * width, 4, 2, "same", dtype=policy, name=name)(x)
        x = _leaky(x, policy, f"act_{name}")
    x = ToPixels(1, 7, 1, "same", activation="sigmoid", dtype="float32", name="pixels")(x)
    return keras.Model([z, c], layers.Rescaling(2.0, -1.0, dtype="float32", name="stretch")(x), name="generator")


def _discriminator(width, classes, policy) -> keras.Model:
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1), name="image")
    c = keras.Input((classes,), name="classes")
    pixels = layers.Rescaling(0.5, 0.5, dtype=policy, name="shrink")(image)
    label = layers.RepeatVector(28 * 28, dtype=policy, name="label_everywhere")(c)
    label = layers.Reshape((28, 28, classes), dtype=policy, name="label_channels")(label)
    x = layers.Concatenate(dtype=policy, name="image_and_label")([pixels, label])
    for name, filters in (("conv1", width), ("conv2", 2 * width)):
        x = _leaky(layers.Conv2D(filters, 3, 2, "same", dtype=policy, name=name)(x), policy, f"act_{name}")
    x = layers.GlobalMaxPooling2D(dtype=policy, name="largest")(x)
    return keras.Model([image, c], layers.Dense(1, dtype="float32", name="logit")(x), name="discriminator")
