"""`covers-features`: which trained net its discriminator looks with, that it is frozen, and what is said without."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from gan import UserError, models, paths, registry
from gan.models import features, vgg16
from tests.models.test_vgg16 import write

SHAPE = (64, 64, 3)
OPTIONS = {"width": 4, "latent": 8, "embedding": 4, "heads": 4}


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch, cache, weights_dir):
    """No VGG16 and no classifier, wherever the tests run."""
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


def save_classifier(name: str = "faces", shape=(32, 32, 3), seed: int = 1, **changed):
    """A classifier of ours with made weights, its batch normalisation far from what it starts as."""
    net = models.build("mnist_cnn", {"width": 4}, 7, shape)["classifier"]
    rng = np.random.default_rng(seed)
    net.set_weights([rng.uniform(0.1, 0.6, value.shape) * rng.choice([-1, 1], value.shape) if value.ndim > 1
                     else rng.uniform(0.5, 1.5, value.shape) for value in net.get_weights()])  # fmt: skip
    fields = {"kind": "classifier", "class_names": tuple("abcdefg"), "columns": {}, **changed}
    registry.save(
        net, name=name, folder=paths.weights_dir(), half=False, title=name, summary="", model="mnist_cnn",
        options={"width": 4}, shape=shape, latent=0, dataset="avatars32", licence="MIT", **fields,
    )  # fmt: skip
    return net


def pictures(shape=SHAPE, count: int = 2) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (count, *shape)).astype(np.float32)


def test_a_classifier_of_ours_is_read_at_every_halving():
    theirs = save_classifier()
    halved = [layer for layer in theirs.layers if isinstance(layer, keras.layers.ReLU)][1::2]
    expected = keras.Model(theirs.input, [layer.output for layer in halved])(pictures((32, 32, 3)))
    ours = features.at_hand((32, 32, 3), large=True, policy="float32")
    for one, other in zip(ours(pictures((32, 32, 3))), expected, strict=True):
        assert one.shape == other.shape
        assert np.allclose(one, other, rtol=1e-3, atol=1e-3 * np.abs(other).max())
    sides = [one.shape[1:3] for one in features.at_hand(SHAPE, large=True, policy="float32")(pictures())]
    assert sides == [(32, 32), (16, 16), (8, 8)]  # of any size


def test_one_that_reads_columns_will_do():
    save_classifier(class_names=tuple(f"{a}, {b}" for a in "pqr" for b in "wxyz"), columns={"x": "pqr", "y": "wxyz"})
    assert len(features.at_hand(SHAPE, large=True, policy="float32").outputs) == 3


def test_vgg16_is_preferred_where_its_weights_are(cache):
    save_classifier()
    write(cache / vgg16.FOLDER / vgg16.WEIGHTS)
    net = features.at_hand(SHAPE, large=True, policy="float32")
    assert [tuple(one.shape[1:]) for one in net.outputs] == [(32, 32, 128), (16, 16, 256), (8, 8, 512), (4, 4, 512)]
    assert net.get_layer("block3_conv1").get_weights()[0].max() == 4
    assert len(features.at_hand(SHAPE, large=False, policy="float32").outputs) == 3


def test_only_the_heads_are_trained():
    save_classifier()
    nets = models.build("covers-features", OPTIONS, 8, SHAPE)
    net = nets["discriminator"]
    frozen = features.at_hand(SHAPE, large=True, policy="float32").variables
    names = [variable.path for variable in net.trainable_variables]
    assert names and all(any(word in name for word in ("head", "says", "seen", "class")) for name in names)
    assert len(net.variables) == len(names) + len(frozen) + 6  # what spectral normalisation estimates, twice a head
    given = [pictures(), np.eye(8, dtype=np.float32)[:2]]
    logits = np.asarray(net(given))
    assert logits.shape == (2, 1) and np.abs(logits).max() < 100
    one = np.concatenate([np.asarray(net([part[i : i + 1] for part in given])) for i in range(2)])
    assert np.allclose(logits, one, atol=1e-5)  # each picture is judged by itself


def test_the_logit_is_the_mean_of_the_heads():
    save_classifier()
    net = models.build("covers-features", OPTIONS, 0, SHAPE)["discriminator"]
    heads = keras.Model(net.inputs[0], [net.get_layer(f"logit{depth}").output for depth in range(3)])(pictures())
    assert np.allclose(net([pictures()]), np.mean([np.asarray(head) for head in heads], axis=0), atol=1e-6)


def test_without_a_trained_net_it_says_what_to_do(weights_dir):
    (weights_dir / "broken").mkdir(parents=True)
    (weights_dir / "broken" / "card.json").write_text('{"kind": "classifier", "model": "mnist_cnn"}')
    save_classifier("grey", (28, 28, 1))
    with pytest.raises(UserError) as caught:
        models.build("covers-features", OPTIONS, 8, SHAPE)
    for words in (vgg16.WEIGHTS, "GAN_DATA_DIR", "street_cnn or avatars_cnn", str(weights_dir)):
        assert words in str(caught.value)
    save_classifier("later")
    assert models.build("covers-features", OPTIONS, 8, SHAPE)


def test_what_was_cut_off_is_passed_over(weights_dir):
    save_classifier("first")
    save_classifier("second", seed=2)
    path = weights_dir / "first" / "weights.npz"
    path.write_bytes(path.read_bytes()[:1000])
    net = features.at_hand(SHAPE, large=True, policy="float32")
    assert all("second" in variable.path for variable in net.variables)


def test_a_model_of_it_needs_no_trained_net():
    net = models.build("covers-features", OPTIONS, 8, SHAPE, only="generator")
    assert set(net) == {"generator"}
    registry.save(
        net["generator"], name="covers", kind="generator", title="", summary="", model="covers-features",
        options=OPTIONS, class_names=tuple("abcdefgh"), shape=SHAPE, latent=8, dataset="covers64", licence="MIT",
    )  # fmt: skip
    drawn = registry.load("covers")([np.zeros((1, 8), np.float32), np.eye(8, dtype=np.float32)[:1]])
    assert drawn.shape == (1, *SHAPE)
