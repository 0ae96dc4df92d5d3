"""Every family of the table keeps the contract of `gan.models`; published nets have the published sizes."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from gan import UserError, models

SHAPE = (28, 28, 1)
SMALL = {  # families made for other pictures, or too large for a test as they are
    "korean-dcgan": ((32, 32, 1), {"width": 8}),
    "anime-dcgan": ((32, 32, 3), {"width": 4}),
    "covers-bespoke": ((128, 128, 3), {"width": 1, "latent": 8}),
    "covers-vgg16": ((128, 128, 3), {"width": 1, "latent": 8, "pretrained": False}),
    "covers-features": (SHAPE, {"levels": 2, "width": 4}),  # looks with the classifier of digits that ships
    "anime-srgan": ((128, 128, 3), {"width": 4, "blocks": 2}),
}


@pytest.mark.parametrize("name", models.MODELS)
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_contract(name, dtype):
    shape, options = SMALL.get(name, (SHAPE, {}))
    game = models.family(name).game
    classes = 22 if game == "reader" else 10  # two places of eleven outputs
    nets = models.build(name, options, classes, shape, dtype)
    if game in models.ALONE:
        out = nets[game](np.zeros((2, *shape), np.float32))
        assert out["logits"].shape == (2, classes) and out["features"].shape[0] == 2
        assert out["logits"].dtype == out["features"].dtype == "float32"
        return
    rng = np.random.default_rng(0)
    given = {"classes": np.eye(10, dtype=np.float32)[[3, 4]]}
    if game == "super_resolution":
        given["image"] = rng.uniform(-1, 1, (2, shape[0] // 4, shape[1] // 4, shape[2])).astype(np.float32)
    else:
        given["latent"] = rng.standard_normal((2, nets["generator"].inputs[0].shape[-1]), np.float32)
    drawn = keras.ops.convert_to_numpy(nets["generator"]([given[entry.name] for entry in nets["generator"].inputs]))
    assert drawn.shape == (2, *shape) and drawn.dtype == np.float32
    assert np.abs(drawn).max() <= 1
    given["image"] = drawn
    logits = nets["discriminator"]([given[entry.name] for entry in nets["discriminator"].inputs])
    assert logits.shape == (2, 1) and logits.dtype == "float32"
    assert all(v.dtype == "float32" for net in nets.values() for v in net.trainable_variables)


def test_published_sizes():
    nets = models.build("kepkreator", {}, 10, SHAPE)
    assert {name: net.count_params() for name, net in nets.items()} == {"generator": 635_997, "discriminator": 886_869}
    letters = models.build("kepkreator", {"latent": 64, "embedding": 25}, 26, SHAPE)
    assert letters["generator"].count_params() == 491_899


def test_published_layers():
    generator = models.build("kepkreator", {}, 10, SHAPE)["generator"]
    assert generator.get_layer("label_dense").output.shape == (None, 392)
    assert generator.get_layer("latent_dense").output.shape == (None, 4704)
    assert generator.get_layer("grid").output.shape == (None, 7, 7, 104)
    assert [generator.get_layer(name).output.shape[1:] for name in ("up1", "up2", "pixels")] == [
        (14, 14, 64),
        (28, 28, 64),
        (28, 28, 1),
    ]
    assert generator.get_layer("up1").kernel_size == (4, 4) and generator.get_layer("pixels").kernel_size == (7, 7)


@pytest.mark.parametrize(("connected", "same"), [(True, False), (False, True)])
def test_a_cut_label_channel_hides_the_label(connected, same):
    keras.utils.set_random_seed(0)
    net = models.build("kepkreator", {"labels_connected": connected}, 10, SHAPE)["discriminator"]
    image = np.random.default_rng(0).random((1, *SHAPE), np.float32)
    logits = [float(net([image, np.eye(10, dtype=np.float32)[[label]]])[0, 0]) for label in (0, 7)]
    assert (logits[0] == logits[1]) is same


def test_classes_can_be_mixed():
    keras.utils.set_random_seed(0)
    net = models.build("cgan28", {}, 10, SHAPE)["generator"]
    latent = np.zeros((3, 64), np.float32)
    classes = np.eye(10, dtype=np.float32)[[2, 5]]
    drawn = keras.ops.convert_to_numpy(net([latent, np.vstack([classes, classes.mean(0, keepdims=True)])]))
    assert np.abs(drawn[2] - drawn[0]).max() > 0 and np.abs(drawn[2] - drawn[1]).max() > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cgan28", {}, 10, (30, 30, 1)), "multiples of 4"),
        (("cgan28", {"levels": 6}, 10, SHAPE), "2 to 5 work, you gave 6"),
        (("kepkreator", {}, 10, (32, 32, 3)), "28x28 grey"),
        (("cgan28", {"widht": 8}, 10, SHAPE), "did you mean width"),
        (("cgan28", {"width": "wide"}, 10, SHAPE), "takes a whole number"),
        (("cgan82", {}, 10, SHAPE), "did you mean cgan28"),
    ],
)
def test_what_does_not_fit_is_told(arguments, words):
    with pytest.raises(UserError, match=words):
        models.build(*arguments)
