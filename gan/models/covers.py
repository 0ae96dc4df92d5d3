"""`covers-bespoke` and `covers-vgg16`: the student project's GANs for book covers, layer by layer.

One generator, which has nearly all its weights in its first layer, against two discriminators: four convolutions of
the students' own, or VGG16 as ImageNet taught it with a new head. Neither takes classes.

The discriminators give logits (their sigmoids are inside the loss). What the source leaves open, and the published
counts allow, is settled so: the dense layer is followed by nothing but the reshape; the last layer of the generator is
a plain convolution; pictures are handed to VGG16 as its ImageNet weights expect them; and all of it is trained, not
the head alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan.models.published import require

if TYPE_CHECKING:
    import keras

SHAPE = (128, 128, 3)


def build_bespoke(
    *, latent: int = 512, width: int = 32, classes: int, shape: tuple[int, int, int], dtype: str
) -> dict[str, keras.Model]:
    """Generator (135,272,707 parameters as published) and discriminator (263,937), 128x128 colour, without classes.

    Args:
        latent: dimensions of the latent, drawn from a standard normal.
        width: channels of the discriminator's first convolution; all other widths are multiples of it.
        classes: not used.
        shape: (128, 128, 3).
        dtype: "float32" or "mixed_bfloat16".

    Raises:
        UserError: for another picture size, or grey.
    """
    require("covers-bespoke", shape, SHAPE)
    import keras

    policy = keras.DTypePolicy(dtype)
    return {"generator": _generator(latent, width, policy), "discriminator": _bespoke(width, policy)}


def build_vgg16(
    *,
    latent: int = 512,
    width: int = 32,
    pretrained: bool = True,
    classes: int,
    shape: tuple[int, int, int],
    dtype: str,
    only: str = "",
) -> dict[str, keras.Model]:
    """That generator (135,272,707 parameters) and VGG16 with a new head (18,910,017), 128x128 colour, without classes.

    Args:
        latent: dimensions of the latent, drawn from a standard normal.
        width: an eighth of the channels of the generator's first grid; all its other widths are multiples of it.
        pretrained: False starts VGG16 untrained; else its ImageNet weights must be had (`gan.models.vgg16`).
        classes: not used.
        shape: (128, 128, 3).
        dtype: "float32" or "mixed_bfloat16".
        only: "generator" leaves VGG16 out, and needs no weights of it.

    Raises:
        UserError: for another picture size, or grey; or if the weights cannot be had.
    """
    require("covers-vgg16", shape, SHAPE)
    import keras

    policy = keras.DTypePolicy(dtype)
    # First: without its weights the large generator need not be made.
    judge = {} if only == "generator" else {"discriminator": _vgg16(pretrained, policy)}
    return {"generator": _generator(latent, width, policy), **judge}


def _generator(latent, width, policy) -> keras.Model:
    import keras
    from keras import layers

    from gan.models.layers import ToPixels

    z = keras.Input((latent,), name="latent")
    x = layers.Dense(32 * 32 * 8 * width, dtype=policy, name="seed")(z)
    x = layers.Reshape((32, 32, 8 * width), dtype=policy, name="grid")(x)
    for name in ("up1", "up2"):
        x = layers.Conv2DTranspose(4 * width, 4, 2, "same", dtype=policy, name=name)(x)
        x = layers.LeakyReLU(0.2, dtype=policy, name=f"act_{name}")(x)
        x = layers.Dropout(0.5, dtype=policy, name=f"drop_{name}")(x)
    x = ToPixels(3, 4, 1, "same", activation="tanh", dtype="float32", name="pixels")(x)
    return keras.Model([z], x, name="generator")


def _bespoke(width, policy) -> keras.Model:
    import keras
    from keras import layers

    x = image = keras.Input(SHAPE, name="image")
    stages = ((width, 1, True), (2 * width, 2, False), (width, 1, True), (4 * width, 2, False))
    for index, (filters, stride, dropped) in enumerate(stages, start=1):
        x = layers.Conv2D(filters, 4, stride, "same", dtype=policy, name=f"conv{index}")(x)
        x = layers.LeakyReLU(0.2, dtype=policy, name=f"act{index}")(x)
        if dropped:
            x = layers.Dropout(0.5, dtype=policy, name=f"drop{index}")(x)
    x = layers.Flatten(dtype=policy, name="flat")(x)
    return keras.Model([image], layers.Dense(1, dtype="float32", name="logit")(x), name="discriminator")


def _vgg16(pretrained, policy) -> keras.Model:
    import keras
    from keras import layers

    from gan.models import vgg16

    image = keras.Input(SHAPE, name="image")
    x = vgg16.load(SHAPE[:2], policy) if pretrained else vgg16.untrained(SHAPE[:2], policy)
    x = layers.Flatten(dtype=policy, name="flat")(x(image))
    x = layers.Dense(512, activation="relu", dtype=policy, name="hidden")(x)
    x = layers.Dropout(0.5, dtype=policy, name="drop")(x)
    return keras.Model([image], layers.Dense(1, dtype="float32", name="logit")(x), name="discriminator")
