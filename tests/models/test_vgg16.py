"""VGG16: that it is `keras.applications`' net, where its weights are found, and what is said when they are not."""

from __future__ import annotations

import functools
import http.server
import socket
import threading

import h5py
import keras
import numpy as np
import pytest

from gan import UserError, models
from gan.models import vgg16

CONVOLUTIONS = [f"block{b}_conv{i}" for b, (_, n) in enumerate(vgg16.BLOCKS, start=1) for i in range(1, n + 1)]


@pytest.fixture
def data_dir(tmp_path, monkeypatch, cache):
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("GAN_DATA_DIR", str(folder))
    return folder


def write(path, depth: int = 13, channels: int = 3):
    """A file as the published one, whose i-th convolution is filled with i: HDF5 keeps that without the bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in ("input_1", *CONVOLUTIONS[:depth], "block5_pool")]
        file.create_group("input_1").attrs["weight_names"] = []
        file.create_group("block5_pool").attrs["weight_names"] = []
        filters = [filters for filters, convolutions in vgg16.BLOCKS for _ in range(convolutions)]
        for index, (name, count) in enumerate(zip(CONVOLUTIONS[:depth], filters, strict=False)):
            group = file.create_group(name)
            group.attrs["weight_names"] = [f"{name}_{kind}_1:0".encode() for kind in "Wb"]
            group.create_dataset(f"{name}_W_1:0", (3, 3, channels, count), "float32", fillvalue=index)
            group.create_dataset(f"{name}_b_1:0", (count,), "float32", fillvalue=-index)
            channels = count
    return path


def test_is_the_net_of_keras():
    """Given the same weights, and pictures prepared as Keras' own function does."""
    keras.utils.set_random_seed(0)
    theirs = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3))
    ours = vgg16.untrained((32, 32))
    ours.set_weights(theirs.get_weights())
    pixels = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3)).astype(np.float32)
    expected = theirs(keras.applications.vgg16.preprocess_input(pixels.copy()))
    assert np.allclose(ours(pixels / 127.5 - 1), expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max())
    names = [layer.name for layer in ours.layers]
    assert [name for name in names if name.startswith("block")] == [
        layer.name for layer in theirs.layers if layer.name.startswith("block")
    ]


@pytest.mark.parametrize("place", ["data", "data/vgg16", "cache/vgg16"])
def test_weights_are_found_and_read(tmp_path, data_dir, place):
    path = write(tmp_path / place / vgg16.WEIGHTS)
    assert vgg16.find() == path
    net = vgg16.load((32, 32))
    for index, name in enumerate(CONVOLUTIONS):
        kernel, bias = net.get_layer(name).get_weights()
        assert (kernel == index).all() and (bias == -index).all()


def test_covers_start_from_the_weights(data_dir):
    write(data_dir / vgg16.WEIGHTS)
    nets = models.build("covers-vgg16", {"width": 1, "latent": 4}, 0, (128, 128, 3))
    assert (nets["discriminator"].get_layer("vgg16").get_layer("block3_conv1").get_weights()[0] == 4).all()


@pytest.mark.parametrize("wrong", [{"depth": 12}, {"channels": 4}, None])
def test_another_file_is_told(data_dir, wrong):
    path = data_dir / vgg16.WEIGHTS
    if wrong:
        write(path, **wrong)
    else:
        path.write_bytes(b"not HDF5")
    with pytest.raises(UserError, match=r"notop\.h5: not VGG16's weights without its top .* or delete it"):
        vgg16.load((32, 32))


@pytest.fixture
def nobody(monkeypatch, data_dir, tmp_path):
    """The address of a port at which nobody answers, as the only mirror; no other file of weights on the machine."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setattr(vgg16, "MIRRORS", (address,))
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
        monkeypatch.setenv("no_proxy", "*")
        yield address


def test_without_the_file_and_a_network_it_says_what_to_put_where(nobody, cache, tmp_path):
    with pytest.raises(UserError) as told:
        models.build("covers-vgg16", {}, 0, (128, 128, 3))
    for words in (vgg16.WEIGHTS, str(cache / "vgg16"), "GAN_DATA_DIR", str(tmp_path / "keras"), "pretrained to false"):
        assert words in str(told.value)


def test_keras_own_cache_is_used(nobody, tmp_path):
    path = write(tmp_path / "keras" / "models" / vgg16.WEIGHTS)
    assert vgg16.find() == path


def test_a_download_that_is_another_file_is_not_kept(nobody, monkeypatch, cache, tmp_path):
    write(tmp_path / "served" / vgg16.WEIGHTS)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path / "served")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(vgg16, "MIRRORS", (f"http://127.0.0.1:{server.server_port}",))
        with pytest.raises(UserError, match="not the published file"):
            vgg16.load((32, 32))
        server.shutdown()
    assert vgg16.find() is None and not list(cache.rglob("*.part"))
