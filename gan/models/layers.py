"""Layers of our own: one that computes what Keras' computes, faster, and one that changes a latent's distribution."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable("gan")
class ToPixels(keras.layers.Conv2D):
    """A convolution to one or three channels at stride 1 with "same" padding: the last layer of a generator.

    Libraries compute convolutions in blocks of 8 or 16 output channels; with a single one most of the arithmetic
    idles, and the 7x7 layer of `kepkreator` took more than half of its step. Here each pixel's shares in its k x k
    neighbours come from one matrix product and are summed as shifted slices. Backwards, the weights' gradient is a
    matrix product too, of the inputs with the k x k patches of the outputs' gradient.
    """

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """``(n, h, w, c)`` and ``(k, l, c, f)`` to ``(n, h, w, f)``."""
        return _convolve(inputs, ops.transpose(kernel, (0, 1, 3, 2)))


@ops.custom_gradient
def _convolve(inputs: Any, kernel: Any) -> Any:
    """The convolution of ``(n, h, w, c)`` with ``(k, l, f, c)``."""
    rows, columns, filters, channels = kernel.shape
    height, width = ops.shape(inputs)[1:3]  # numbers where they are known
    (above, below), (left, right) = _margins(rows), _margins(columns)
    size = rows * columns * filters
    weights = ops.reshape(kernel, (size, channels))
    shares = ops.matmul(ops.reshape(inputs, (-1, channels)), ops.transpose(weights))
    shares = ops.reshape(shares, (-1, height, width, rows, columns * filters))
    shares = ops.pad(shares, ((0, 0), (above, below), (0, 0), (0, 0), (0, 0)))
    lines = sum(shares[:, row : row + height, :, row] for row in range(rows))
    lines = ops.pad(lines, ((0, 0), (0, 0), (left, right), (0, 0)))
    lines = ops.reshape(lines, (-1, height, width + columns - 1, columns, filters))
    outputs = sum(lines[:, :, column : column + width, column] for column in range(columns))

    def gradient(*given: Any, upstream: Any = None) -> tuple[Any, Any]:
        slope = given[-1] if upstream is None else upstream
        slope = ops.pad(slope, ((0, 0), (below, above), (right, left), (0, 0)))
        # Entry (row, column, filter) of a pixel's patch: the slope of the output that it enters with that weight.
        identity = np.eye(size, dtype="float32").reshape(rows, columns, filters, -1)
        flipped = np.ascontiguousarray(identity[::-1, ::-1])
        patches = ops.reshape(ops.conv(slope, ops.cast(flipped, slope.dtype), padding="valid"), (-1, size))
        to_kernel = ops.matmul(ops.transpose(patches), ops.reshape(inputs, (-1, channels)))
        to_inputs = ops.matmul(patches, weights)
        return ops.reshape(to_inputs, ops.shape(inputs)), ops.reshape(to_kernel, kernel.shape)

    return outputs, gradient


def _margins(size: int) -> tuple[int, int]:
    """How "same" padding is shared out: the odd pixel goes below and to the right."""
    return (size - 1) // 2, size // 2


@keras.saving.register_keras_serializable("gan")
class Uniform(keras.layers.Layer):
    """Standard normal values to values uniform in -1…1, each on its own: ``erf(x / sqrt(2))``.

    Some published generators take a uniform latent, and the app gives a standard normal one to all: slides, walks and
    seeds mean the same everywhere. A distribution's own cumulative function makes it uniform in 0…1; the normal one is
    ``(1 + erf(x / sqrt(2))) / 2``, and stretched to -1…1 it is this.
    """

    def call(self, inputs: Any) -> Any:
        return ops.erf(inputs * 0.5**0.5)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


@keras.saving.register_keras_serializable("gan")
class Combine(keras.layers.Layer):
    """``(n, inputs)`` to ``(n, classes)``: for each class the sum of the inputs that make it up.

    Args:
        table: which these are, ``(classes, inputs)`` of zeros and ones.
    """

    def __init__(self, table: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.table = np.asarray(table, np.float32)

    def call(self, inputs: Any) -> Any:
        return ops.matmul(inputs, self.table.T)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "table": self.table.tolist()}


def combining(net: keras.Model, table: np.ndarray) -> keras.Model:
    """A classifier whose classes are combinations: the logit of each is the sum of its parts' logits, so that the
    probability is the product of theirs."""
    outputs = net.output
    logits = Combine(table, dtype="float32", name="combinations")(outputs["logits"])
    return keras.Model(net.input, {**outputs, "logits": logits}, name=net.name)


@keras.saving.register_keras_serializable("gan")
class DepthToSpace(keras.layers.Layer):
    """``(n, h, w, c * times^2)`` to ``(n, h * times, w * times, c)``: how sub-pixel convolution ends (Shi et al. 2016).

    Args:
        times: how many times larger each side becomes.
    """

    def __init__(self, times: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.times = times

    def call(self, inputs: Any) -> Any:
        times, channels = self.times, inputs.shape[-1] // self.times**2
        height, width = ops.shape(inputs)[1:3]
        x = ops.reshape(inputs, (-1, height, width, times, times, channels))
        return ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, height * times, width * times, channels))

    def compute_output_shape(self, input_shape: Any) -> Any:
        batch, height, width, channels = input_shape
        sides = (None if side is None else side * self.times for side in (height, width))
        return (batch, *sides, channels // self.times**2)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "times": self.times}
