"""`cgan`: a conditional GAN for pictures of 16 to 128 pixels that works; `cgan28` is what it is for digits.

The discriminator is told the class by projection (Miyato and Koyama 2018): its last features are compared with a
learned vector of the class, so a wrong class costs as much as a badly drawn picture. There is no normalisation over
the batch in either net: the R1 penalty of the recipe (Mescheder et al. 2018) keeps the game stable, and pictures are
judged and drawn one by one, so that a sample does not depend on the batch it is drawn in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gan.errors import UserError

if TYPE_CHECKING:
    import keras


def build(
    *,
    latent: int = 64,
    width: int = 32,
    embedding: int = 32,
    levels: int = 2,
    spectral: bool = False,
    classes: int,
    shape: tuple[int, int, int],
    dtype: str,
) -> dict[str, keras.Model]:
    """Generator and discriminator for pictures whose sides are multiples of 2 to the power of `levels`.

    Args:
        latent: dimensions of the latent, drawn from a standard normal.
        width: channels of the discriminator's first convolution; all others are multiples of it.
        embedding: dimensions of the class vector that joins the latent.
        levels: how often the generator doubles the sides, and the discriminator halves them; 2 to 5.
        spectral: spectral normalisation of the discriminator's layers (Miyato et al. 2018).
        classes: inputs that tell the class; 0 for none, and nets without that input.
        shape: height, width, channels.
        dtype: "float32" or "mixed_bfloat16".

    Raises:
        UserError: for a size that cannot be halved so often.
    """
    height, breadth, _ = shape
    if not 2 <= levels <= 5:
        raise UserError(f"levels: 2 to 5 work, you gave {levels}.")
    if height % 2**levels or breadth % 2**levels:
        raise UserError(
            f"levels: with {levels} the sides must be multiples of {2**levels}; this data set has {height}x{breadth}."
        )
    import keras

    policy = keras.DTypePolicy(dtype)
    return {
        "generator": _generator(latent, width, embedding, levels, classes, shape, policy),
        "discriminator": _discriminator(width, levels, spectral, classes, shape, policy),
    }


def _leaky(x: Any, policy: Any, name: str) -> Any:
    from keras import layers

    return layers.LeakyReLU(0.2, dtype=policy, name=name)(x)


def _generator(latent, width, embedding, levels, classes, shape, policy) -> keras.Model:
    import keras
    from keras import layers

    from gan.models.layers import ToPixels

    rows, columns, channels = shape[0] // 2**levels, shape[1] // 2**levels, shape[2]
    z = keras.Input((latent,), name="latent")
    c = keras.Input((classes,), name="classes") if classes else None
    x = z
    if classes:
        label = layers.Dense(embedding, use_bias=False, dtype=policy, name="embed")(c)
        x = layers.Concatenate(dtype=policy, name="latent_and_class")([z, label])
    x = layers.Dense(rows * columns * 4 * width, dtype=policy, name="seed")(x)
    x = _leaky(layers.Reshape((rows, columns, 4 * width), dtype=policy, name="grid")(x), policy, "act0")
    widths = [4 * width] * (levels - 2) + [3 * width]  # 3 rather than 4 before the largest planes: they cost most
    for level, filters in enumerate(widths, 1):
        # Kernel 4 at stride 2 covers every output pixel equally often: no checkerboard (Odena et al. 2016).
        x = layers.Conv2DTranspose(filters, 4, 2, "same", dtype=policy, name=f"up{level}")(x)
        x = _leaky(x, policy, f"act{2 * level - 1}")
        x = layers.Conv2D(filters, 3, 1, "same", dtype=policy, name=f"conv{level}")(x)
        x = _leaky(x, policy, f"act{2 * level}")
    x = layers.Conv2DTranspose(3 * width // 2, 4, 2, "same", dtype=policy, name=f"up{levels}")(x)
    x = _leaky(x, policy, f"act{2 * levels - 1}")
    # The last layer and its tanh stay in float32: a bfloat16 pixel has only 8 bits, and bands would show.
    x = ToPixels(channels, 3, 1, "same", activation="tanh", dtype="float32", name="pixels")(x)
    return keras.Model([z, c] if classes else [z], x, name="generator")


def _discriminator(width, levels, spectral, classes, shape, policy) -> keras.Model:
    import keras
    from keras import layers

    Conv2D, Dense = layers.Conv2D, layers.Dense
    if spectral:
        from gan.models.spectral import SpectralConv2D as Conv2D
        from gan.models.spectral import SpectralDense as Dense
    image = keras.Input(shape, name="image")
    c = keras.Input((classes,), name="classes") if classes else None
    plan = [(1, 4, 2), (2, 3, 1), (4, 4, 2), (4, 3, 1)]
    if levels > 2:
        plan = [(1, 4, 2)] * (levels - 2) + [(2, 4, 2), (3, 3, 1), (4, 4, 2), (4, 3, 1)]
    x = image
    for index, (filters, kernel, stride) in enumerate(plan):
        x = Conv2D(filters * width, kernel, stride, padding="same", dtype=policy, name=f"conv{index}")(x)
        x = _leaky(x, policy, f"act{index}")
    x = Dense(8 * width, dtype=policy, name="features")(layers.Flatten(dtype=policy, name="flat")(x))
    x = layers.Activation("linear", dtype="float32", name="features32")(_leaky(x, policy, "act_features"))
    logit = Dense(1, dtype="float32", name="realness")(x)
    if not classes:
        return keras.Model([image], logit, name="discriminator")
    label = Dense(8 * width, use_bias=False, dtype="float32", name="class_vector")(c)
    match = layers.Dot(1, dtype="float32", name="projection")([x, label])
    return keras.Model([image, c], layers.Add(dtype="float32", name="logit")([logit, match]), name="discriminator")
