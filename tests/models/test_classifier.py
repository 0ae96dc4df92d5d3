"""The two classifiers: their contract at any size, their weight, that they learn, and that they differ."""

import keras
import numpy as np
import pytest

from gan import models

FAMILIES = ("mnist_cnn", "mnist_judge")


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (9, 33, 1), (2, 2, 1)])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_contract(name, shape, dtype):
    net = models.build(name, {"width": 4}, 26, shape, dtype)["classifier"]
    out = net(np.zeros((2, *shape), np.float32))
    assert {key: (tuple(value.shape), value.dtype) for key, value in out.items()} == {
        "logits": ((2, 26), "float32"),
        "features": ((2, 128), "float32"),
    }
    assert all(variable.dtype == "float32" for variable in net.trainable_variables)


@pytest.mark.parametrize("name", FAMILIES)
def test_small_enough_to_ship(name):
    assert models.build(name, {}, 10, (28, 28, 1))["classifier"].count_params() * 2 <= 1e6  # bytes in float16


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_layers_have_the_precision_asked_for(dtype):
    """The global policy holds for one thread only, so it must not matter."""
    for name in FAMILIES:
        net = models.build(name, {"width": 4}, 10, (28, 28, 1), dtype)["classifier"]
        kinds = (keras.layers.Conv2D, keras.layers.Dense, keras.layers.BatchNormalization)
        worked = [layer for layer in net.layers if isinstance(layer, kinds) and layer.name != "logits"]
        assert {layer.dtype_policy.name for layer in worked} == {dtype}
        assert net.get_layer("logits").dtype_policy.name == "float32"


def test_judge_and_measuring_net_are_unlike():
    cnn, judge = (models.build(name, {}, 10, (28, 28, 1))["classifier"] for name in FAMILIES)
    kernels = [{w.shape[:2] for w in net.trainable_variables if len(w.shape) == 4} for net in (cnn, judge)]
    assert kernels == [{(3, 3)}, {(5, 5)}]
    norms = [any(isinstance(layer, keras.layers.BatchNormalization) for layer in net.layers) for net in (cnn, judge)]
    assert norms == [True, False]


@pytest.mark.parametrize("name", FAMILIES)
def test_learns(name):
    """Which quarter of the picture is bright: chance is a quarter, a few dozen steps are enough."""
    keras.utils.set_random_seed(3)
    random = np.random.default_rng(3)
    labels = random.integers(0, 4, 320)
    images = random.uniform(-1, 0.2, (320, 16, 16, 1)).astype(np.float32)
    for image, label in zip(images, labels, strict=True):
        image[8 * (label // 2) :, 8 * (label % 2) :][:8, :8] += 0.6
    net = models.build(name, {"width": 4}, 4, (16, 16, 1))["classifier"]
    head = keras.Model(net.input, net.output["logits"])
    head.compile(keras.optimizers.Adam(3e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    head.fit(images[:256], labels[:256], batch_size=32, epochs=10, verbose=0)
    assert (head.predict_on_batch(images[256:]).argmax(axis=1) == labels[256:]).mean() > 0.9
