"""`reader`: reads a number of several digits in one wide picture, all of its places at once.

One net with a head for each place, as Goodfellow et al. 2014 read house numbers; nothing is cut apart first, so digits
may touch. Convolutions look at the picture, a dense layer tells the places from each other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gan.datasets.numbers5 import VALUES
from gan.errors import UserError

if TYPE_CHECKING:
    import keras

ROWS = 4  # the height that a picture is halved to
FEATURES = 256


def build(
    width: int = 24, dropout: float = 0.3, *, classes: int, shape: tuple[int, int, int], dtype: str = "float32"
) -> dict[str, keras.Model]:
    """3x3 convolutions with batch normalisation, halved until 4 rows are left; then a look along the line.

    Args:
        width: channels after the first halving; twice as many after the second, four times after all others.
        dropout: share of the features hidden from the heads while training.
        classes: outputs: eleven for each place, ten digits and none.
        shape: height, width and channels of a picture; any size.
        dtype: the policy that convolutions compute in; both outputs are float32 regardless.

    Returns:
        ``{"reader": net}``: float (n, h, w, c) in -1…1 to ``{"logits": (n, classes), "features": (n, 256)}``;
        `gan.datasets.numbers5.read` makes text of logits.

    Raises:
        UserError: for a number of outputs that is not eleven a place.
    """
    if classes % VALUES or not classes:
        raise UserError(f"reader: it has {VALUES} outputs for each place of a number; {classes} cannot be shared so.")
    import keras
    from keras import layers

    policy = keras.DTypePolicy(dtype)

    def activated(x):
        x = layers.BatchNormalization(momentum=0.9, dtype=policy)(x)
        return layers.ReLU(dtype=policy)(x)

    x = image = keras.Input(shape, dtype="float32", name="image")
    for stage in range(max(2, math.ceil(math.log2(shape[0] / ROWS)))):
        filters = width * 2 ** min(stage, 2)
        for channels, strides in ((filters // 2, 1), (filters, 2)):
            # Normalisation brings its own offset, so the convolution needs none.
            x = activated(layers.Conv2D(channels, 3, strides, "same", use_bias=False, dtype=policy)(x))
    rows, columns, channels = x.shape[1:]
    x = layers.Reshape((columns, rows * channels), dtype=policy)(layers.Permute((2, 1, 3), dtype=policy)(x))
    x = activated(layers.Conv1D(4 * width, 5, padding="same", use_bias=False, dtype=policy)(x))
    x = activated(layers.Dense(FEATURES, use_bias=False, dtype=policy)(layers.Flatten(dtype=policy)(x)))
    features = layers.Activation("linear", dtype="float32", name="features")(x)
    hidden = layers.Dropout(dropout, dtype="float32")(features)
    logits = layers.Dense(classes, dtype="float32", name="logits")(hidden)
    return {"reader": keras.Model(image, {"logits": logits, "features": features}, name="reader")}
