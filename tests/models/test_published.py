"""The nets of the student projects have the published layers and parameter counts (non-trainable included)."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from gan import UserError, models

SHAPES = {
    "korean-dcgan": (32, 32, 1),
    "digit-gan": (28, 28, 1),
    "anime-dcgan": (32, 32, 3),
    "covers-bespoke": (128, 128, 3),
    "covers-vgg16": (128, 128, 3),
    "anime-srgan": (128, 128, 3),
}


@pytest.fixture(scope="module")
def planned():
    """All nets at their full size, without memory for their weights: 135 million of them would take a gigabyte."""
    with keras.StatelessScope(initialize_variables=False):
        nets = {
            name: models.build(name, {"pretrained": False} if name == "covers-vgg16" else {}, 16, shape)
            for name, shape in SHAPES.items()
        }
    keras.utils.clear_session()  # forgets the variables without values, which the next net would fill
    return nets


def shapes(net: keras.Model, *names: str) -> list[tuple]:
    return [net.get_layer(name).output.shape[1:] for name in names]


@pytest.mark.parametrize(
    ("name", "generator", "discriminator"),
    [
        ("korean-dcgan", 9_144_641, 2_304_257),
        ("anime-dcgan", 8_254_915, 1_094_465),
        ("covers-bespoke", 135_272_707, 263_937),
        ("anime-srgan", 2_044_291, 38_249_281),
    ],
)
def test_counts(planned, name, generator, discriminator):
    nets = planned[name]
    assert {key: net.count_params() for key, net in nets.items()} == {
        "generator": generator,
        "discriminator": discriminator,
    }


def test_counts_of_vgg16(planned):
    nets = planned["covers-vgg16"]
    assert nets["generator"].count_params() == 135_272_707
    assert nets["discriminator"].count_params() == 18_910_017
    assert sum(np.prod(v.shape) for v in nets["discriminator"].trainable_variables) == 18_910_017  # nothing is frozen


def test_counts_of_digit_gan(planned):
    """Not published; worked out from the Keras example's layers, with 16 classes instead of 10."""
    nets, k, latent = planned["digit-gan"], 16, 128
    joined = latent + k
    seed = joined * 49 * joined + 49 * joined
    assert nets["generator"].count_params() == seed + (16 * joined + 1) * 128 + (16 * 128 + 1) * 128 + 49 * 128 + 1
    assert nets["discriminator"].count_params() == (9 * (1 + k) + 1) * 64 + (9 * 64 + 1) * 128 + 129


def test_layers_of_korean_dcgan(planned):
    nets = planned["korean-dcgan"]
    assert shapes(nets["generator"], "dense1", "dense2", "grid", "up1", "up2", "pixels") == [
        (1024,),
        (8192,),
        (8, 8, 128),
        (8, 8, 128),
        (16, 16, 64),
        (32, 32, 1),
    ]
    assert shapes(nets["discriminator"], "conv1", "conv2", "hidden") == [(16, 16, 64), (8, 8, 128), (256,)]
    slopes = [layer.negative_slope for layer in nets["generator"].layers if hasattr(layer, "negative_slope")]
    assert slopes == [keras.layers.LeakyReLU().negative_slope] * 4


def test_layers_of_anime_dcgan(planned):
    nets = planned["anime-dcgan"]
    assert shapes(nets["generator"], "uniform", "grid", "up", "conv1", "conv2", "conv3", "pixels") == [
        (100,),
        (16, 16, 256),
        (32, 32, 256),
        (32, 32, 128),
        (32, 32, 64),
        (32, 32, 32),
        (32, 32, 3),
    ]
    convolutions = [f"conv{index}" for index in range(4)]
    assert shapes(nets["discriminator"], *convolutions) == [(16, 16, 32), (8, 8, 64), (4, 4, 128), (2, 2, 256)]
    norms = [layer for layer in nets["generator"].layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert [norm.momentum for norm in norms] == [0.5] * 4


def test_layers_of_covers(planned):
    nets = planned["covers-bespoke"]
    assert shapes(nets["generator"], "grid", "up1", "up2", "pixels") == [
        (32, 32, 256),
        (64, 64, 128),
        (128, 128, 128),
        (128, 128, 3),
    ]
    assert shapes(nets["discriminator"], "conv1", "conv2", "conv3", "conv4") == [
        (128, 128, 32),
        (64, 64, 64),
        (64, 64, 32),
        (32, 32, 128),
    ]
    dropped = [layer.name for layer in nets["discriminator"].layers if isinstance(layer, keras.layers.Dropout)]
    assert dropped == ["drop1", "drop3"]
    judge = planned["covers-vgg16"]["discriminator"]
    assert shapes(judge, "vgg16", "hidden") == [(4, 4, 512), (512,)]


def test_layers_of_anime_srgan(planned):
    nets = planned["anime-srgan"]
    blocks = [layer for layer in nets["generator"].layers if isinstance(layer, keras.layers.Add)]
    assert len(blocks) == 16 + 1  # and the skip over all of them
    assert shapes(nets["discriminator"], *(f"conv{index}" for index in range(8))) == [
        (128, 128, 64),
        (64, 64, 64),
        (64, 64, 128),
        (32, 32, 128),
        (32, 32, 256),
        (16, 16, 256),
        (16, 16, 512),
        (8, 8, 512),
    ]
    norms = [layer for layer in nets["discriminator"].layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) == 7 and {norm.momentum for norm in norms} == {0.5}


def test_srgan_enlarges_any_size():
    generator = models.build("anime-srgan", {"width": 2, "blocks": 1}, 0, SHAPES["anime-srgan"])["generator"]
    assert generator([np.zeros((1, 9, 14, 3), np.float32)]).shape == (1, 36, 56, 3)


@pytest.mark.parametrize("classes", [0, 16])
def test_unconditional_nets_leave_labels_unused(classes):
    nets = models.build("korean-dcgan", {"width": 2}, classes, SHAPES["korean-dcgan"])
    assert [[entry.name for entry in net.inputs] for net in nets.values()] == [["latent"], ["image"]]


@pytest.mark.parametrize("name", SHAPES)
def test_discriminators_give_logits(planned, name):
    """The published sigmoid belongs to the loss: squashed twice, the gradients would nearly vanish."""
    layer = planned[name]["discriminator"].get_layer("logit")
    assert layer.activation is keras.activations.linear and layer.dtype_policy.name == "float32"


def test_digit_gan_draws_and_judges_pixels_in_the_published_range():
    keras.utils.set_random_seed(0)
    nets = models.build("digit-gan", {"width": 4, "latent": 8}, 3, SHAPES["digit-gan"])
    latent, classes = np.ones((2, 8), np.float32), np.eye(3, dtype=np.float32)[:2]
    inner = keras.Model(nets["generator"].inputs, nets["generator"].get_layer("pixels").output)
    pixels = np.asarray(inner([latent, classes]))
    assert pixels.min() >= 0 and pixels.max() <= 1
    drawn = np.asarray(nets["generator"]([latent, classes]))
    assert np.allclose(drawn, 2 * pixels - 1)
    assert not np.allclose(drawn[0], drawn[1])  # the label reaches the picture
    joined = keras.Model(nets["discriminator"].inputs, nets["discriminator"].get_layer("image_and_label").output)
    seen = np.asarray(joined([drawn, classes]))
    assert np.allclose(seen[..., :1], pixels, atol=1e-6)
    assert (seen[..., 1:] == classes[:, None, None]).all()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("korean-dcgan", {"width": 2}),
        ("digit-gan", {"width": 2}),
        ("anime-dcgan", {"width": 1}),
        ("covers-bespoke", {"width": 1, "latent": 4}),
        ("covers-vgg16", {"width": 1, "latent": 4, "pretrained": False}),
        ("anime-srgan", {"width": 2, "blocks": 1}),
    ],
)
def test_nets_are_rebuilt_from_their_description(name, options):
    """A shipped model is a description and weights; layers of our own must be in it."""
    for net in models.build(name, options, 5, SHAPES[name]).values():
        again = keras.Model.from_config(net.get_config())
        assert [v.shape for v in again.variables] == [v.shape for v in net.variables]


@pytest.mark.parametrize("name", SHAPES)
def test_what_does_not_fit_is_told(name):
    height, width, channels = SHAPES[name]
    words = f"{name} is for {height}x{width} {'grey' if channels == 1 else 'colour'} pictures"
    for shape in ((height, width, 4 - channels), (height * 2, width, channels)):
        with pytest.raises(UserError, match=words):
            models.build(name, {}, 10, shape)


def test_digit_gan_needs_labels():
    with pytest.raises(UserError, match="digit-gan needs a data set with labels"):
        models.build("digit-gan", {}, 0, SHAPES["digit-gan"])
