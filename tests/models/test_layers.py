"""The fast layers against the Keras layers that they stand for."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from gan.models.layers import ToPixels
from gan.training.backend_tf import TensorFlowBackend


@pytest.mark.parametrize("size", [(3, 9, 7, 5, 7, 1), (2, 8, 8, 4, 4, 3), (2, 6, 8, 4, 3, 3), (1, 5, 5, 2, 1, 1)])
def test_to_pixels_is_a_convolution(size):
    n, height, width, channels, kernel, filters = size
    rng = np.random.default_rng(0)
    inputs = keras.ops.convert_to_tensor(rng.standard_normal((n, height, width, channels)).astype(np.float32))
    plain = keras.layers.Conv2D(filters, kernel, 1, "same", activation="tanh")
    fast = ToPixels(filters, kernel, 1, "same", activation="tanh")
    for layer in (plain, fast):
        layer.build(inputs.shape)
        layer.bias.assign(rng.standard_normal(filters))
    fast.set_weights(plain.get_weights())
    backend = TensorFlowBackend()

    def slopes(layer):
        def compute():
            loss = keras.ops.sum(layer(inputs) ** 3)
            return {"layer": loss}, {}

        gradients, _ = backend.gradients(compute, {"layer": layer.trainable_variables})
        outputs, to_inputs = backend.value_and_input_gradient(lambda x: keras.ops.square(layer(x)), inputs)
        return [np.asarray(value) for value in (outputs, to_inputs, *gradients["layer"])]

    for expected, value in zip(slopes(plain), slopes(fast), strict=True):
        assert value.shape == expected.shape
        assert np.allclose(value, expected, rtol=1e-4, atol=1e-5)
