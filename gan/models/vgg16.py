"""VGG16 without its top (Simonyan and Zisserman 2015), with the weights that ImageNet taught it, or untrained.

The weights are those of ``keras.applications``, looked for in the folders of ``GAN_DATA_DIR``, in the cache of data
sets and in Keras' own, and else downloaded from where Keras has them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from gan import paths
from gan.errors import UserError

if TYPE_CHECKING:
    import keras

WEIGHTS = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
FOLDER = "vgg16"  # sub-folder of those in GAN_DATA_DIR, and of the cache
MIRRORS = ("https://storage.googleapis.com/tensorflow/keras-applications/vgg16",)
MD5 = "6d6bbae143d832006294945121d1f1fc"  # what Keras checks it by
LIMIT = 64_000_000  # bytes; it has 59 million
BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # channels, convolutions
MEAN = (123.68, 116.779, 103.939)  # of ImageNet's red, green and blue


def untrained(size: tuple[int, int], policy: Any = "float32") -> keras.Model:
    """VGG16 freshly initialised: colour pictures ``(n, h, w, 3)`` in -1…1 to features ``(n, h // 32, w // 32, 512)``.

    Layers are named as in ``keras.applications`` (``block1_conv1`` … ``block5_pool``), so that features can be read
    at any depth. Pictures become what the ImageNet weights were trained on: BGR in 0…255 less the mean.

    Args:
        size: height and width, at least 32.
        policy: the dtype policy of its layers.
    """
    import keras
    from keras import layers, ops

    image = keras.Input((*size, 3), name="image")
    offset = [127.5 - value for value in MEAN]
    x = ops.flip(layers.Rescaling(127.5, offset, dtype="float32", name="imagenet_pixels")(image), axis=-1)
    for block, (filters, convolutions) in enumerate(BLOCKS, start=1):
        for index in range(1, convolutions + 1):
            name = f"block{block}_conv{index}"
            x = layers.Conv2D(filters, 3, 1, "same", activation="relu", dtype=policy, name=name)(x)
        x = layers.MaxPooling2D(2, dtype=policy, name=f"block{block}_pool")(x)
    return keras.Model(image, x, name="vgg16")


def load(size: tuple[int, int], policy: Any = "float32") -> keras.Model:
    """`untrained` with the weights of ImageNet: 14,714,688 parameters.

    Raises:
        UserError: if the weights are not on this machine and cannot be downloaded, saying which file to put where; or
            if their file is damaged or another net's.
    """
    path = find()
    with path.open("rb") if path else _downloaded() as file:
        net = untrained(size, policy)
        try:
            _assign(net, file)
        except (ValueError, OSError, KeyError, RuntimeError) as error:  # HDF5 that is damaged, or not HDF5, or another
            raise UserError(
                f"{file.name}: not VGG16's weights without its top ({_short(error)}). Replace it by {WEIGHTS} of "
                "keras.applications, or delete it to have it downloaded."
            ) from None
    return net


def find() -> Path | None:
    """The file of weights on this machine; None if there is none."""
    return next((path for path in _places() if path.is_file()), None)


def _places() -> Iterator[Path]:
    for folder in paths.data_dirs():
        yield folder / FOLDER / WEIGHTS
        yield folder / WEIGHTS
    yield paths.cache_dir() / FOLDER / WEIGHTS
    yield _keras_cache() / WEIGHTS


def _keras_cache() -> Path:
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "models"


def _assign(net: keras.Model, file: BinaryIO) -> None:
    """Give each layer the weights that a file in Keras' HDF5 format keeps under its name."""
    import h5py
    import numpy as np

    with h5py.File(file, "r") as stored:
        for layer in net.layers:
            if layer.weights:
                group = stored[layer.name]
                layer.set_weights([np.asarray(group[name]) for name in group.attrs["weight_names"]])


def _downloaded() -> BinaryIO:
    """The file, fetched into the cache of data sets.

    Raises:
        UserError: if it cannot be had.
    """
    from gan.datasets.download import download

    target = paths.cache_dir() / FOLDER / WEIGHTS
    try:
        return download(target, MIRRORS, LIMIT, _check, lambda have, expected: None)
    except UserError as error:
        raise UserError(
            f"VGG16's ImageNet weights are not on this machine and could not be downloaded. Put {WEIGHTS} into "
            f"{target.parent}, into a folder that GAN_DATA_DIR names, or into {_keras_cache()}; or set the option "
            f"pretrained to false, which trains VGG16 from scratch. (Tried {error})"
        ) from None


def _check(file: BinaryIO) -> None:
    """Whether it is the published file.

    Raises:
        UserError: if it is not.
    """
    digest = hashlib.file_digest(cast(BufferedReader, file), "md5").hexdigest()
    if digest != MD5:
        raise UserError(f"not the published file; MD5 {digest[:12]}…, expected {MD5[:12]}…")


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(". ") or type(error).__name__
