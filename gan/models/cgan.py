"""`cgan28`: a conditional GAN for small pictures that works.

The discriminator is told the class by projection (Miyato and Koyama 2018): its last features are compared with a
learned vector of the class, so a wrong class costs as much as a badly drawn picture. There is no normalisation in
either net: the R1 penalty of the recipe (Mescheder et al. 2018) keeps the game stable, and pictures are judged and
drawn one by one, so that a sample does not depend on the batch it is drawn in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gan.errors import UserError

if TYPE_CHECKING:
    import keras


def build(
    *, latent: int = 64, width: int = 32, embedding: int = 32, classes: int, shape: tuple[int, int, int], dtype: str
) -> dict[str, keras.Model]:
    """Generator and discriminator for pictures whose sides are multiples of 4.

    Args:
        latent: dimensions of the latent, drawn from a standard normal.
        width: channels of the discriminator's first convolution; all others are multiples of it.
        embedding: dimensions of the class vector that joins the latent.
        classes: number of classes, at least 1.
        shape: height, width, channels.
        dtype: "float32" or "mixed_bfloat16".

    Raises:
        UserError: for a size that is not a multiple of 4, or no classes.
    """
    height, breadth, _ = shape
    if height % 4 or breadth % 4:
        raise UserError(f"cgan28 draws pictures whose sides are multiples of 4; {height}x{breadth} are not.")
    if classes < 1:
        raise UserError("cgan28 needs a data set with labels.")
    import keras

    policy = keras.DTypePolicy(dtype)
    return {
        "generator": _generator(latent, width, embedding, classes, shape, policy),
        "discriminator": _discriminator(width, classes, shape, policy),
    }


def _leaky(x: Any, policy: Any, name: str) -> Any:
    from keras import layers

    return layers.LeakyReLU(0.2, dtype=policy, name=name)(x)


def _generator(latent, width, embedding, classes, shape, policy) -> keras.Model:
    import keras
    from keras import layers

    from gan.models.layers import ToPixels

    height, breadth, channels = shape
    z = keras.Input((latent,), name="latent")
    c = keras.Input((classes,), name="classes")
    label = layers.Dense(embedding, use_bias=False, dtype=policy, name="embed")(c)
    x = layers.Concatenate(dtype=policy, name="latent_and_class")([z, label])
    x = layers.Dense(height // 4 * (breadth // 4) * 4 * width, dtype=policy, name="seed")(x)
    x = _leaky(layers.Reshape((height // 4, breadth // 4, 4 * width), dtype=policy, name="grid")(x), policy, "act0")
    # Kernel 4 at stride 2 covers every output pixel equally often: no checkerboard (Odena et al. 2016).
    x = layers.Conv2DTranspose(3 * width, 4, 2, "same", dtype=policy, name="up1")(x)
    x = layers.Conv2D(3 * width, 3, 1, "same", dtype=policy, name="conv1")(_leaky(x, policy, "act1"))
    x = layers.Conv2DTranspose(3 * width // 2, 4, 2, "same", dtype=policy, name="up2")(_leaky(x, policy, "act2"))
    # The last layer and its tanh stay in float32: a bfloat16 pixel has only 8 bits, and bands would show.
    x = ToPixels(channels, 3, 1, "same", activation="tanh", dtype="float32", name="pixels")(_leaky(x, policy, "act3"))
    return keras.Model([z, c], x, name="generator")


def _discriminator(width, classes, shape, policy) -> keras.Model:
    import keras
    from keras import layers

    image = keras.Input(shape, name="image")
    c = keras.Input((classes,), name="classes")
    x = image
    for index, (filters, kernel, stride) in enumerate(((1, 4, 2), (2, 3, 1), (4, 4, 2), (4, 3, 1))):
        x = layers.Conv2D(filters * width, kernel, stride, "same", dtype=policy, name=f"conv{index}")(x)
        x = _leaky(x, policy, f"act{index}")
    x = layers.Dense(8 * width, dtype=policy, name="features")(layers.Flatten(dtype=policy, name="flat")(x))
    x = layers.Activation("linear", dtype="float32", name="features32")(_leaky(x, policy, "act_features"))
    label = layers.Dense(8 * width, use_bias=False, dtype="float32", name="class_vector")(c)
    match = layers.Dot(1, dtype="float32", name="projection")([x, label])
    real = layers.Dense(1, dtype="float32", name="realness")(x)
    return keras.Model([image, c], layers.Add(dtype="float32", name="logit")([real, match]), name="discriminator")
