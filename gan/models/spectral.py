"""Layers with spectral normalisation (Miyato et al. 2018): the kernel is divided by its largest singular value.

The slope of such a layer is then at most one, whatever its weights have become, which keeps a discriminator from
growing steeper than the generator can follow. The value is estimated by power iteration, one round a training step.

Keras' own `SpectralNormalization` overwrites the kernel with the normalised one; around an `Embedding` it trains
nothing, and around a `Conv2DTranspose` it takes the wrong axis for the outputs. Here the weights are left alone, the
gradient goes through the division, and the axis is the layer's own.
"""

from __future__ import annotations

import keras
from keras import layers, ops


class _Spectral(layers.Layer):
    """What the four layers share. `output_axis` is the kernel's axis of outputs; all others are inputs."""

    output_axis = -1
    weight = "kernel"

    def build(self, input_shape=None) -> None:
        super().build(input_shape)
        outputs = self._own().shape[self.output_axis]
        # The singular vector on the side of the outputs, as estimated so far; full precision in every number format.
        self.left = self.add_weight(
            shape=(1, outputs),
            initializer="random_normal",
            trainable=False,
            name="left",
            dtype="float32",
            autocast=False,
        )

    def save_own_variables(self, store) -> None:  # the four layers' own ways know kernel and bias only
        layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store) -> None:
        layers.Layer.load_own_variables(self, store)

    def _own(self):
        """The weights as they are trained."""
        return getattr(self, f"_{self.weight}")

    def normalised(self, training: bool = False):
        """The weights divided by their largest singular value, as estimated; training improves the estimate."""
        own = ops.cast(self._own(), "float32")
        axes = len(own.shape)
        last = self.output_axis % axes
        flat = ops.reshape(ops.transpose(own, [a for a in range(axes) if a != last] + [last]), (-1, own.shape[last]))
        fixed = ops.stop_gradient(flat)
        right = _unit(ops.matmul(self.left, ops.transpose(fixed)))
        left = _unit(ops.matmul(right, fixed))
        if training:
            self.left.assign(left)
        value = ops.sum(ops.matmul(ops.stop_gradient(right), flat) * ops.stop_gradient(left))
        return own / value


def _unit(vector):
    return vector / (ops.norm(vector) + 1e-12)


@keras.saving.register_keras_serializable("gan")
class SpectralDense(_Spectral, layers.Dense):
    """`Dense`, its kernel ``(inputs, outputs)`` normalised."""

    def call(self, inputs, training=False):
        kernel = ops.cast(self.normalised(training), inputs.dtype)
        outputs = ops.matmul(inputs, kernel)
        if self.use_bias:
            outputs = ops.add(outputs, ops.cast(self.bias, outputs.dtype))
        return self.activation(outputs)


@keras.saving.register_keras_serializable("gan")
class SpectralConv2D(_Spectral, layers.Conv2D):
    """`Conv2D`, its kernel ``(k, l, inputs, outputs)`` normalised."""

    def call(self, inputs, training=False):
        outputs = self.convolution_op(inputs, ops.cast(self.normalised(training), inputs.dtype))
        if self.use_bias:
            outputs = ops.add(outputs, ops.cast(self.bias, outputs.dtype))
        return self.activation(outputs)


@keras.saving.register_keras_serializable("gan")
class SpectralConv2DTranspose(_Spectral, layers.Conv2DTranspose):
    """`Conv2DTranspose`, its kernel ``(k, l, outputs, inputs)`` normalised."""

    output_axis = 2

    def _own(self):
        return self.kernel

    def call(self, inputs, training=False):
        outputs = ops.conv_transpose(
            inputs,
            ops.cast(self.normalised(training), inputs.dtype),
            strides=list(self.strides),
            padding=self.padding,
            output_padding=self.output_padding,
            dilation_rate=self.dilation_rate,
            data_format=self.data_format,
        )
        if self.use_bias:
            outputs = ops.add(outputs, ops.cast(self.bias, outputs.dtype))
        return self.activation(outputs)


@keras.saving.register_keras_serializable("gan")
class SpectralEmbedding(_Spectral, layers.Embedding):
    """`Embedding`, its table ``(entries, dimensions)`` normalised."""

    weight = "embeddings"

    def call(self, inputs, training=False):
        return ops.take(ops.cast(self.normalised(training), self.compute_dtype), ops.cast(inputs, "int32"), axis=0)

    def compute_output_spec(self, inputs, training=False):
        return super().compute_output_spec(inputs)
