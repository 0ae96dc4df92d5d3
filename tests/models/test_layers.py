"""The fast layers against the Keras layers that they stand for; the uniform latent against its definition."""

from __future__ import annotations

from statistics import NormalDist

import keras
import numpy as np
import pytest

from gan.conditions import encoding
from gan.models.layers import Combine, ToPixels, Uniform, combining
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


def test_to_pixels_of_any_size():
    """A net that enlarges pictures does not know their size beforehand."""
    rng = np.random.default_rng(0)
    image = keras.Input((None, None, 4))
    fast = ToPixels(3, 5, 1, "same")
    net = keras.Model(image, fast(image))
    plain = keras.layers.Conv2D(3, 5, 1, "same")
    plain.build((None, None, None, 4))
    plain.set_weights(fast.get_weights())
    for size in ((6, 9), (11, 4)):
        inputs = rng.standard_normal((2, *size, 4)).astype(np.float32)
        assert np.allclose(net(inputs), plain(inputs), atol=1e-5)


def test_uniform_has_the_quantiles_of_a_uniform():
    shares = np.linspace(0.01, 0.99, 99)
    normal = np.array([[NormalDist().inv_cdf(share) for share in shares]], np.float32)
    assert np.allclose(Uniform(dtype="float32")(normal), [2 * shares - 1], atol=1e-6)


def test_a_combination_is_the_sum_of_its_parts():
    table = encoding([2, 3])
    image = keras.Input((5,))
    features = keras.layers.Activation("linear", name="features")(image)
    net = combining(keras.Model(image, {"logits": features, "features": features}), table)
    parts = np.array([[1, 2, 10, 20, 30], [0, -1, 0.5, 0, 0]], np.float32)
    outputs = net(parts)
    assert np.array_equal(outputs["logits"], [[11, 21, 31, 12, 22, 32], [0.5, 0, 0, -0.5, -1, -1]])
    assert np.array_equal(outputs["features"], parts)
    layer = net.get_layer("combinations")
    again = Combine.from_config(layer.get_config())
    assert np.array_equal(again(parts), layer(parts))
