"""Feature functions of real nets, and features kept on disk."""

import dataclasses

import keras
import numpy as np
import pytest

from gan import UserError, images, models, registry
from gan.metrics import features, references

SHAPE = (12, 12, 1)
NAMES = ("a", "b", "c")


@pytest.fixture(scope="module")
def classifier():
    keras.utils.set_random_seed(1)
    return models.build("mnist_cnn", {"width": 4}, 3, SHAPE)["classifier"]


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).integers(0, 256, (25, *SHAPE)).astype(np.uint8)


def test_it_sees_what_the_net_sees(classifier, pictures):
    net = features.classifier_features(classifier, batch=10)  # the last batch is shorter
    seen, probabilities = net(pictures)
    expected = classifier(images.to_model(pictures), training=False)
    assert seen == pytest.approx(keras.ops.convert_to_numpy(expected["features"]), abs=1e-5)
    assert probabilities == pytest.approx(keras.ops.convert_to_numpy(keras.ops.softmax(expected["logits"])), abs=1e-5)
    assert seen.dtype == probabilities.dtype == np.float32
    assert (net.name, net.shape, net.class_names) == ("mnist_cnn", SHAPE, ("0", "1", "2"))


def test_it_tells_how_far_it_is(classifier, pictures):
    told = []
    features.classifier_features(classifier, batch=10)(pictures, told.append)
    assert told == [0.4, 0.8, 1.0]


def test_pictures_of_another_size(classifier, pictures):
    net = features.classifier_features(classifier, name="reader")
    with pytest.raises(UserError, match="reader measures pictures of 12 x 12 x 1, these are 12 x 11 x 1"):
        net(pictures[:, :, 1:])
    with pytest.raises(UserError, match="no pictures"):
        net(pictures[:0])


def test_the_digest_is_of_the_weights():
    def digest(seed):
        keras.utils.set_random_seed(seed)
        return features.weight_digest(models.build("mnist_cnn", {"width": 2}, 3, SHAPE)["classifier"])

    assert digest(1) == digest(1) != digest(2)


def save(net, name, kind):
    registry.save(
        net,
        name=name,
        kind=kind,
        title=name,
        summary="",
        model="mnist_cnn",
        options={"width": 4},
        class_names=NAMES,
        shape=SHAPE,
        latent=0,
        dataset="",
        licence="MIT",
    )


def test_classifiers_of_the_registry(weights_dir, classifier, pictures):
    save(classifier, "letters", "classifier")
    net = features.named("letters")
    assert net is features.named("letters")  # opened once
    assert (net.name, net.class_names) == ("letters", NAMES)
    assert net(pictures)[1] == pytest.approx(features.classifier_features(classifier)(pictures)[1], abs=0.02)  # float16


def test_only_classifiers_measure(weights_dir, classifier):
    save(classifier, "letters", "classifier")
    save(classifier, "artist", "generator")
    with pytest.raises(UserError, match="artist is a generator; pictures are measured in a classifier: letters"):
        features.named("artist")
    with pytest.raises(UserError, match="did you mean letters"):
        features.named("leters")


def test_inception_is_refused_without_its_weights(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(UserError, match=r"not on this machine. Put inception_v3\S+ .* into .*models"):
        features.inception(SHAPE)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / features.INCEPTION_FILE).write_bytes(b"not weights")
    with pytest.raises(UserError, match="not Inception-v3's weights, or damaged"):
        features.inception(SHAPE)


def test_inception_measures_with_weights_in_the_published_file_s_layout(tmp_path, monkeypatch):
    """The net's own random weights, laid out as in the file that Keras publishes: a group a layer, names in order."""
    import h5py
    import keras

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    core = keras.applications.InceptionV3(weights=None, classifier_activation=None)
    with h5py.File(tmp_path / "models" / features.INCEPTION_FILE, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in core.layers]
        for layer in core.layers:
            weights = {f"w{i}": w for i, w in enumerate(layer.trainable_weights + layer.non_trainable_weights)}
            group = file.create_group(layer.name)
            group.attrs["weight_names"] = [name.encode() for name in weights]
            for name, weight in weights.items():
                group[name] = np.asarray(weight)
    net = features.inception(SHAPE)
    assert features.inception(SHAPE) is net  # opened once
    assert net.digest == features.weight_digest(core)
    some, probabilities = net(np.random.default_rng(0).integers(0, 256, (2, *SHAPE), np.uint8))
    assert some.shape == (2, 2048) and probabilities.shape == (2, 1000)
    assert (net.name, net.class_names) == ("inception_v3", ())


def counted(net):
    """The net, and a list that grows with every batch it is given."""
    calls = []

    def function(batch):
        calls.append(len(batch))
        return net.function(batch)

    return dataclasses.replace(net, function=function), calls


def test_features_of_a_split_are_kept(cache, dataset, net, monkeypatch):
    monkeypatch.setattr(references, "_kept", references.OrderedDict())
    net, calls = counted(net)
    first = references.of_split(dataset.test, net, 0, 100)
    assert sum(calls) == 100
    assert references.of_split(dataset.test, net, 0, 100) is first  # from memory
    references._kept.clear()
    again = references.of_split(dataset.test, net, 0, 100)  # from disk
    assert sum(calls) == 100 and np.array_equal(first.features, again.features)
    assert np.array_equal(first.images, dataset.test.images[references.order(dataset.test)[:100]])

    references.of_split(dataset.test, net, 100, 100)  # another part
    references.of_split(dataset.test, dataclasses.replace(net, digest="other"), 0, 100)  # another net
    references.of_split(dataset.train, net, 0, 100)  # other data
    assert sum(calls) == 400
    assert len(references._kept) == references.KEPT


def test_damaged_features_are_made_again(cache, dataset, net, monkeypatch):
    monkeypatch.setattr(references, "_kept", references.OrderedDict())
    first = references.of_split(dataset.test, net, 0, 50)
    (path,) = (cache / "features").iterdir()
    path.write_bytes(path.read_bytes()[:100])
    references._kept.clear()
    assert np.array_equal(references.of_split(dataset.test, net, 0, 50).features, first.features)


def test_a_cache_that_cannot_be_written_loses_nothing(cache, dataset, net, monkeypatch):
    monkeypatch.setattr(references, "_kept", references.OrderedDict())
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text("a file where the folder should be")
    assert len(references.of_split(dataset.test, net, 0, 50)) == 50
