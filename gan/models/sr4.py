"""`sr4`: enlarges pictures four times each way, of any size and grey or colour.

All the work is done at the small size (Shi et al. 2016), so a picture of 32 x 32 costs what it costs there. There is no
batch normalisation (Lim et al. 2017): it would make a picture depend on its neighbours, and takes contrast away. What
is learnt is only what bilinear interpolation gets wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

TIMES = 4


def build(
    *, width: int = 48, blocks: int = 8, judge_width: int = 32, classes: int, shape: tuple[int, int, int], dtype: str
) -> dict[str, keras.Model]:
    """Generator ``(n, h, w, c)`` to ``(n, 4h, 4w, c)`` for any h and w, and a discriminator for pictures of `shape`.

    Args:
        width: channels of the generator.
        blocks: its residual blocks.
        judge_width: channels of the discriminator's first convolution; later ones have up to four times as many.
        classes: not used.
        shape: of the large pictures; the generator needs only the channels.
        dtype: "float32" or "mixed_bfloat16".
    """
    import keras

    policy = keras.DTypePolicy(dtype)
    return {
        "generator": _generator(width, blocks, shape[2], policy),
        "discriminator": _discriminator(judge_width, shape, policy),
    }


def _generator(width, blocks, channels, policy) -> keras.Model:
    import keras
    from keras import layers

    from gan.models.layers import DepthToSpace

    def convolve(x: Any, filters: int, name: str) -> Any:
        return layers.Conv2D(filters, 3, 1, "same", kernel_initializer="he_normal", dtype=policy, name=name)(x)

    image = keras.Input((None, None, channels), name="image")
    x = first = convolve(image, width, "first")
    for index in range(1, blocks + 1):
        inner = layers.LeakyReLU(0.1, dtype=policy, name=f"act{index}")(convolve(x, width, f"block{index}a"))
        # Each block begins as nothing, so that the net begins as interpolation and every depth can be trained.
        inner = layers.Conv2D(width, 3, 1, "same", kernel_initializer="zeros", dtype=policy, name=f"block{index}b")(
            inner
        )
        x = layers.Add(dtype=policy, name=f"block{index}")([x, inner])
    x = layers.Add(dtype=policy, name="skip")([first, convolve(x, width, "last")])
    x = layers.Conv2D(channels * TIMES**2, 3, 1, "same", dtype="float32", kernel_initializer="zeros", name="pixels")(x)
    detail = DepthToSpace(TIMES, dtype="float32", name="detail")(x)
    plain = layers.UpSampling2D(TIMES, interpolation="bilinear", dtype="float32", name="plain")(image)
    return keras.Model([image], layers.Add(dtype="float32", name="sum")([plain, detail]), name="generator")


def _discriminator(width, shape, policy) -> keras.Model:
    import keras
    from keras import layers

    x = image = keras.Input(shape, name="image")
    for index, times in enumerate((1, 2, 2, 4, 4)):
        x = layers.Conv2D(times * width, 4, 2, "same", dtype=policy, name=f"conv{index}")(x)
        x = layers.LeakyReLU(0.2, dtype=policy, name=f"act{index}")(x)
    x = layers.Activation("linear", dtype="float32", name="features")(x)
    pooled = layers.GlobalAveragePooling2D(dtype="float32", name="mean")(x)
    return keras.Model([image], layers.Dense(1, dtype="float32", name="logit")(pooled), name="discriminator")
