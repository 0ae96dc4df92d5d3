"""`covers-features`: what makes the students' idea of judging with VGG16 work.

A discriminator that is a trained net from the start wins at once, and a few hundred pictures teach it to know them by
heart. A projected GAN (Sauer et al. 2021) freezes that net and reads it at several depths, with a small head on each:
the heads can only use what the net already sees, and pictures have to be right in the fine and in the coarse at once.
Of that paper's random projections between the depths there are none here.

The generator is `cgan`'s. The class, where pictures have one, is told to each head by projection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def build(
    *,
    latent: int = 64,
    width: int = 24,
    embedding: int = 32,
    levels: int = 3,
    heads: int = 64,
    vgg16: bool = True,
    classes: int,
    shape: tuple[int, int, int],
    dtype: str,
    only: str = "",
) -> dict[str, keras.Model]:
    """Generator, and a discriminator of which only the heads are trained.

    Args:
        latent: dimensions of the latent, drawn from a standard normal.
        width: what all widths of the generator are multiples of.
        embedding: dimensions of the class vector that joins the latent.
        levels: how often the generator doubles the sides; 2 to 5.
        heads: channels in each head.
        vgg16: whether VGG16 looks where its weights are at hand; else, and if off, a classifier of ours.
        classes: inputs that tell the class; 0 for none, and nets without that input.
        shape: height, width, channels.
        dtype: "float32" or "mixed_bfloat16".
        only: "generator" leaves the discriminator out, and needs no trained net.

    Raises:
        UserError: for a size that cannot be halved so often; or if there is no trained net to look with.
    """
    import keras

    from gan.models import cgan

    policy = keras.DTypePolicy(dtype)
    nets = {}
    if only != "generator":  # first: without a net to look with the generator need not be made
        nets["discriminator"] = _discriminator(heads, vgg16, classes, shape, policy)
    generator = cgan.build(
        latent=latent, width=width, embedding=embedding, levels=levels, classes=classes, shape=shape, dtype=dtype
    )["generator"]
    return {"generator": generator, **nets}


def _discriminator(heads: int, large: bool, classes: int, shape: tuple[int, int, int], policy: Any) -> keras.Model:
    import keras
    from keras import layers

    from gan.models import features

    image = keras.Input(shape, name="image")
    c = keras.Input((classes,), name="classes") if classes else None
    maps = features.at_hand(shape, large, policy)(image, training=False)
    logits = [_head(x, c, heads, depth, policy) for depth, x in enumerate(maps)]
    logit = layers.Average(dtype="float32", name="logit")(logits)
    return keras.Model([image, c] if classes else [image], logit, name="discriminator")


def _head(x: Any, c: Any, channels: int, depth: int, policy: Any) -> Any:
    """A logit ``(n, 1)``: the mean of what is said of each place, and of how the whole matches the class."""
    from keras import layers

    from gan.models.spectral import SpectralConv2D, SpectralDense

    # Depths differ a thousandfold in how large their values are; each place is brought to one length.
    x = layers.UnitNormalization(dtype="float32", name=f"unit{depth}")(x)
    x = SpectralConv2D(channels, 4, 2, "same", dtype=policy, name=f"head{depth}")(x)
    x = layers.LeakyReLU(0.2, dtype=policy, name=f"act{depth}")(x)
    says = layers.Conv2D(1, 3, 1, "same", dtype=policy, name=f"says{depth}")(x)
    logit = layers.GlobalAveragePooling2D(dtype="float32", name=f"logit{depth}")(says)
    if c is None:
        return logit
    whole = layers.GlobalAveragePooling2D(dtype="float32", name=f"whole{depth}")(x)
    whole = SpectralDense(channels, dtype="float32", name=f"seen{depth}")(whole)
    label = layers.Dense(channels, use_bias=False, dtype="float32", name=f"class{depth}")(c)
    match = layers.Dot(1, dtype="float32", name=f"match{depth}")([whole, label])
    return layers.Add(dtype="float32", name=f"sum{depth}")([logit, match])
