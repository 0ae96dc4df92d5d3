"""Spectral normalisation: the largest singular value is one, by NumPy's decomposition; the weights learn beneath it."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from gan.models.spectral import SpectralConv2D, SpectralConv2DTranspose, SpectralDense, SpectralEmbedding
from gan.training.backend_tf import TensorFlowBackend

RNG = np.random.default_rng(0)
PICTURES = RNG.standard_normal((2, 6, 6, 3)).astype(np.float32)
# Layer, inputs, axis of the kernel's outputs. Inputs and outputs differ in number: the wrong axis is another matrix.
CASES = {
    "dense": (lambda: SpectralDense(5, activation="tanh"), RNG.standard_normal((4, 7)).astype(np.float32), -1),
    "convolution": (lambda: SpectralConv2D(5, 3, 2, "same"), PICTURES, -1),
    "transposed": (lambda: SpectralConv2DTranspose(5, 4, 2, "same"), PICTURES, 2),
    "embedding": (lambda: SpectralEmbedding(6, 4), np.array([[0, 5, 2], [1, 1, 3]]), -1),
}
PLAIN = {
    "dense": lambda: keras.layers.Dense(5, activation="tanh"),
    "convolution": lambda: keras.layers.Conv2D(5, 3, 2, "same"),
    "transposed": lambda: keras.layers.Conv2DTranspose(5, 4, 2, "same"),
    "embedding": lambda: keras.layers.Embedding(6, 4),
}


@pytest.fixture(params=CASES)
def case(request):
    """Name, built layer, inputs, axis of outputs."""
    keras.utils.set_random_seed(1)
    make, inputs, axis = CASES[request.param]
    layer = make()
    layer(inputs)
    own(layer).assign(3 * RNG.standard_normal(own(layer).shape))
    return request.param, layer, inputs, axis


def own(layer):
    return layer.trainable_variables[0]


def largest(kernel, axis):
    """The largest singular value of a kernel, all its other axes together being inputs."""
    kernel = np.moveaxis(np.asarray(kernel), axis, -1)
    return np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)[0]


def test_training_makes_the_largest_singular_value_one(case):
    _, layer, inputs, axis = case
    before = np.asarray(own(layer)).copy()
    start = largest(layer.normalised(), axis)
    for _ in range(60):
        layer(inputs, training=True)
    assert abs(start - 1) > 1e-3  # there was something to find
    assert largest(layer.normalised(), axis) == pytest.approx(1, abs=1e-4)
    assert np.array_equal(own(layer), before) and largest(before, axis) > 2  # the weights themselves are left alone
    assert np.allclose(layer.normalised(), before / largest(before, axis), atol=1e-4)


def test_outputs_are_those_of_the_plain_layer_with_normalised_weights(case):
    name, layer, inputs, _ = case
    plain = PLAIN[name]()
    plain(inputs)
    own(plain).assign(layer.normalised())
    if name != "embedding":
        for each in (plain, layer):
            each.bias.assign(np.arange(5) / 10)
    outputs = layer(inputs, training=False)
    assert outputs.shape == plain(inputs).shape == layer.compute_output_shape(inputs.shape)
    assert np.allclose(outputs, plain(inputs), atol=1e-5)


def test_inference_changes_nothing(case):
    _, layer, inputs, _ = case
    before = [np.asarray(v).copy() for v in layer.variables]
    first = np.asarray(layer(inputs, training=False))
    assert np.array_equal(first, layer(inputs))
    assert all(np.array_equal(a, b) for a, b in zip(before, layer.variables, strict=True))


def test_weights_learn_through_the_division(case):
    """Scaled weights give the same outputs, so the gradient is at right angles to the weights, and is not zero."""
    _, layer, inputs, _ = case
    backend, weights = TensorFlowBackend(), own(layer)
    optimizer = keras.optimizers.Adam(0.01)
    optimizer.build(layer.trainable_variables)
    target = RNG.standard_normal(layer(inputs).shape)

    def compute():
        loss = keras.ops.mean(keras.ops.square(layer(inputs, training=True) - target))
        return {"layer": loss}, {"loss": loss}

    def learn():
        gradients, logs = backend.gradients(compute, {"layer": layer.trainable_variables})
        backend.apply(optimizer, gradients["layer"], layer.trainable_variables)
        return keras.ops.convert_to_tensor(gradients["layer"][0]), logs["loss"]

    step = backend.compile(learn, variables=[*layer.variables, *optimizer.variables])
    for _ in range(60):
        layer(inputs, training=True)
    before = np.asarray(weights).copy()
    gradient, first = (np.asarray(value) for value in step())
    length = np.linalg.norm(gradient) * np.linalg.norm(before)
    assert length > 1e-4 and abs((gradient * before).sum()) < 1e-3 * length
    for _ in range(30):
        _, last = step()
    assert float(last) < float(first)
    assert not np.array_equal(weights, before)


def test_a_net_is_saved_and_loaded(case, tmp_path):
    _, layer, inputs, _ = case
    net = keras.Sequential([keras.Input(inputs.shape[1:], dtype=inputs.dtype), layer])
    net(inputs, training=True)
    net.save(tmp_path / "net.keras")
    loaded = keras.models.load_model(tmp_path / "net.keras")
    assert type(loaded.layers[-1]) is type(layer)
    assert np.array_equal(net(inputs), loaded(inputs))


def test_the_estimate_stays_exact_in_mixed_precision():
    layer = SpectralDense(5, dtype="mixed_bfloat16")
    inputs = RNG.standard_normal((4, 7)).astype(np.float32)
    for _ in range(60):
        outputs = layer(inputs, training=True)
    assert outputs.dtype == "bfloat16" and layer.left.dtype == "float32"
    assert largest(layer.normalised(), -1) == pytest.approx(1, abs=1e-2)
