"""Two small classifiers that have as little in common as they can.

One measures (its features are what FID, recall and the rest are computed in), the other judges: it has
another kernel size, another way of shrinking, no normalisation and another activation, so that a generator
that has learned to please the one has not thereby learned to please the other.

Both take any picture size: they halve the plane until at most 4 x 4 positions are left.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

FEATURES = 128  # enough to tell digits and their styles apart; a covariance of it needs more samples than that


def build_cnn(
    width: int = 32,
    dropout: float = 0.3,
    features: int = FEATURES,
    *,
    classes: int,
    shape: tuple[int, int, int],
    dtype: str = "float32",
) -> dict[str, Any]:
    """The measuring net: 3x3 convolutions with batch normalisation, halved by strides.

    Args:
        width: channels after the first halving; twice as many after the second, four times after all others.
        dropout: share of the features hidden from the last layer while training.
        features: how many there are. FID is defined only for more test pictures than that.
        classes: how many labels there are.
        shape: height, width and channels of a picture.
        dtype: the policy that convolutions compute in; both outputs are float32 regardless.

    Returns:
        ``{"classifier": net}``: float (n, h, w, c) in -1…1 to ``{"logits": (n, classes), "features": (n, features)}``.
    """
    from keras import layers

    policy = _policy(dtype)

    def convolve(x: Any, filters: int, strides: int) -> Any:
        # Normalisation brings its own offset, so the convolution needs none.
        x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False, dtype=policy)(x)
        x = layers.BatchNormalization(momentum=0.9, dtype=policy)(x)
        return layers.ReLU(dtype=policy)(x)

    x = image = _image(shape)
    for stage in range(_halvings(shape)):
        filters = width * 2 ** min(stage, 2)
        x = convolve(x, filters // 2, strides=1)  # widening only the smaller plane saves a quarter of the time
        x = convolve(x, filters, strides=2)
    x = layers.Flatten(dtype=policy)(x)
    x = layers.Dense(features, use_bias=False, dtype=policy)(x)
    x = layers.BatchNormalization(momentum=0.9, dtype=policy)(x)
    return _head(layers.ReLU(dtype=policy)(x), image, dropout, classes, name="mnist_cnn")


def build_judge(
    width: int = 24, dropout: float = 0.4, *, classes: int, shape: tuple[int, int, int], dtype: str = "float32"
) -> dict[str, Any]:
    """The judge: 5x5 convolutions, halved by taking the largest, no normalisation.

    Args:
        width: channels after the first halving, twice as many after all others.
        dropout: share of the features hidden from the last layer while training.
        classes: how many labels there are.
        shape: height, width and channels of a picture.
        dtype: the policy that convolutions compute in; both outputs are float32 regardless.

    Returns:
        As `build_cnn`.
    """
    from keras import layers

    policy = _policy(dtype)
    x = image = _image(shape)
    for stage in range(_halvings(shape)):
        x = layers.Conv2D(width * 2 ** min(stage, 1), 5, padding="same", kernel_initializer="he_normal", dtype=policy)(
            x
        )
        x = layers.MaxPooling2D(2, padding="same", dtype=policy)(x)
        x = layers.LeakyReLU(0.1, dtype=policy)(x)  # after the pooling: the same result on a quarter of the values
    x = layers.Flatten(dtype=policy)(x)
    x = layers.Dense(FEATURES, kernel_initializer="he_normal", dtype=policy)(x)
    return _head(layers.LeakyReLU(0.1, dtype=policy)(x), image, dropout, classes, name="mnist_judge")


def _halvings(shape: tuple[int, int, int]) -> int:
    """How often the longer side is halved (rounding up) until at most four positions are left; at least twice."""
    return max(2, math.ceil(math.log2(max(shape[:2]) / 4)))


def _policy(dtype: str) -> keras.DTypePolicy:
    """A policy given to each layer: Keras' global one holds for one thread only."""
    import keras

    return keras.DTypePolicy(dtype)


def _image(shape: tuple[int, int, int]) -> Any:
    import keras

    return keras.Input(shape, dtype="float32", name="image")


def _head(x: Any, image: Any, dropout: float, classes: int, name: str) -> dict[str, Any]:
    """Features, then logits, both in float32: their small differences are what the measures live on."""
    import keras
    from keras import layers

    features = layers.Activation("linear", dtype="float32", name="features")(x)
    hidden = layers.Dropout(dropout, dtype="float32")(features)
    logits = layers.Dense(classes, dtype="float32", name="logits")(hidden)
    return {"classifier": keras.Model(image, {"logits": logits, "features": features}, name=name)}
