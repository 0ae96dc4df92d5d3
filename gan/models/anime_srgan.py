"""`anime-srgan`: the student project's SRGAN for anime faces, 32x32 to 128x128, layer by layer (Ledig et al. 2017).

The generator is fully convolutional: trained at 32x32, it enlarges a picture of any size four times.

The source leaves open: the skip of a residual block is from its input to its second batch norm and nothing follows
the sum; in the discriminator LeakyReLU comes before batch norm, as they are listed; LeakyReLU 0.2 follows the dense
layer. The published counts settle that every convolution has a bias and that all PReLUs are shared over space. The
discriminator gives logits (its sigmoid is inside the loss).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gan.models.published import require

if TYPE_CHECKING:
    import keras


def build(
    *, width: int = 64, blocks: int = 16, classes: int, shape: tuple[int, int, int], dtype: str
) -> dict[str, keras.Model]:
    """Generator (2,044,291 parameters as published) and discriminator (38,249,281) for 128x128 colour.

    Args:
        width: channels of the first convolution of each net; all other widths are multiples of it.
        blocks: residual blocks of the generator.
        classes: not used.
        shape: of the large pictures, (128, 128, 3).
        dtype: "float32" or "mixed_bfloat16".

    Returns:
        ``generator``: float32 ``(n, h, w, 3)`` in -1…1 to ``(n, 4h, 4w, 3)``, any h and w. ``discriminator``: large
        pictures to logits ``(n, 1)``.

    Raises:
        UserError: for another picture size, or grey.
    """
    require("anime-srgan", shape, (128, 128, 3))
    import keras

    policy = keras.DTypePolicy(dtype)
    return {"generator": _generator(width, blocks, policy), "discriminator": _discriminator(width, policy)}


def _generator(width, blocks, policy) -> keras.Model:
    import keras
    from keras import layers

    from gan.models.layers import ToPixels

    def convolve(x: Any, filters: int, kernel: int, name: str) -> Any:
        return layers.Conv2D(filters, kernel, 1, "same", dtype=policy, name=name)(x)

    def normalise(x: Any, name: str) -> Any:
        return layers.BatchNormalization(momentum=0.5, dtype=policy, name=f"norm_{name}")(x)

    def activate(x: Any, name: str) -> Any:
        return layers.PReLU(shared_axes=(1, 2), dtype=policy, name=f"act_{name}")(x)

    image = keras.Input((None, None, 3), name="image")
    x = first = activate(convolve(image, width, 9, "first"), "first")
    for index in range(1, blocks + 1):
        a, b = f"block{index}a", f"block{index}b"
        inner = activate(normalise(convolve(x, width, 3, a), a), a)
        inner = normalise(convolve(inner, width, 3, b), b)
        x = layers.Add(dtype=policy, name=f"block{index}")([x, inner])
    x = normalise(convolve(x, width, 3, "last"), "last")
    x = layers.Add(dtype=policy, name="skip")([first, x])
    for name in ("up1", "up2"):
        x = layers.UpSampling2D(2, dtype=policy, name=name)(convolve(x, 4 * width, 3, f"conv_{name}"))
        x = activate(x, name)
    x = ToPixels(3, 9, 1, "same", activation="tanh", dtype="float32", name="pixels")(x)
    return keras.Model([image], x, name="generator")


def _discriminator(width, policy) -> keras.Model:
    import keras
    from keras import layers

    def leaky(x: Any, name: str) -> Any:
        return layers.LeakyReLU(0.2, dtype=policy, name=f"act_{name}")(x)

    x = image = keras.Input((128, 128, 3), name="image")
    for index in range(8):
        name, filters, stride = f"conv{index}", width * 2 ** (index // 2), 1 + index % 2
        x = leaky(layers.Conv2D(filters, 3, stride, "same", dtype=policy, name=name)(x), name)
        if index:
            x = layers.BatchNormalization(momentum=0.5, dtype=policy, name=f"norm_{name}")(x)
    x = layers.Flatten(dtype=policy, name="flat")(x)
    x = leaky(layers.Dense(16 * width, dtype=policy, name="hidden")(x), "hidden")
    return keras.Model([image], layers.Dense(1, dtype="float32", name="logit")(x), name="discriminator")
