"""Frozen nets to look with: pictures to feature maps at several depths, from weights that are on this machine.

VGG16 with ImageNet's weights (`gan.models.vgg16`), or a classifier of ours, promoted from a run of `mnist_cnn`'s family
with as many channels. Nothing in them is trained, but their weights are variables of the net that they become part of:
a checkpoint holds them, and what is restored from it looks as it did.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from gan import paths
from gan.errors import UserError
from gan.models import vgg16

if TYPE_CHECKING:
    import keras

DEPTHS = ("block2_conv2", "block3_conv3", "block4_conv3", "block5_conv3")  # of VGG16: sides halved 1 to 4 times
FAMILY = "mnist_cnn"
RECIPES = "street_cnn or avatars_cnn"  # that train one in colour


def at_hand(
    shape: tuple[int | None, int | None, int], large: bool, policy: Any, spared: str = "", what: str = "covers-features"
) -> keras.Model:
    """VGG16 where it is wanted and its weights are here, else a classifier of ours.

    Args:
        shape: height, width (None: any) and channels of the pictures; VGG16 looks at colour only.
        large: whether VGG16 is wanted.
        policy: the dtype policy of its layers.
        spared: a classifier that is not taken, for it measures what is made with this one.
        what: who wants to look, for the message.

    Returns:
        A frozen net: pictures in -1…1 to a list of feature maps ``(n, h, w, c)``, the finest first.

    Raises:
        UserError: if there is neither, saying how to get one; or if the file of VGG16's weights is damaged.
    """
    if large and shape[2] == 3 and vgg16.find():
        whole = vgg16.load(cast("tuple[int, int]", shape[:2]), policy)
        import keras

        net = keras.Model(whole.input, [whole.get_layer(name).output for name in DEPTHS], name="vgg16_features")
    else:
        found = next((one for one in _classifiers(shape[2]) if one[0] != spared), None)
        if found is None:
            colours = "colour" if shape[2] == 3 else "grey"
            vgg = (
                f"Put VGG16's weights ({vgg16.WEIGHTS} of keras.applications) into {paths.cache_dir() / vgg16.FOLDER} "
                "or a folder that GAN_DATA_DIR names; or t"
            )
            raise UserError(
                f"{what}: there is no trained net here to look with. {vgg if large else 'T'}rain a classifier of "
                f"{colours} pictures (recipe {RECIPES}) and make a model of its run; models are looked for in "
                f"{paths.weights_dir()}."
            )
        net = folded(*found, shape, policy)
    net.trainable = False
    return net


def _classifiers(channels: int) -> Iterator[tuple[str, keras.Model]]:
    """Names and nets of our classifiers that see as many channels; what cannot be read is passed over."""
    from gan import models

    for folder in (paths.weights_dir(), paths.weights_dir() / "local"):
        for path in sorted(folder.glob("[!.]*/card.json")):
            try:
                card = json.loads(path.read_text(encoding="utf-8"))
                if (card["kind"], card["model"], card["shape"][2]) != ("classifier", FAMILY, channels):
                    continue
                arrays = _arrays(path.with_name("weights.npz"))
                columns = card.get("columns", {}).values() or [card["class_names"]]
                outputs = sum(len(values) for values in columns)
                net = models.build(FAMILY, card["options"], outputs, tuple(card["shape"]))["classifier"]
                net.set_weights(arrays)
            except (OSError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile, UserError):
                continue
            yield path.parent.name, net


def _arrays(path: Path) -> list[np.ndarray]:
    with np.load(path, allow_pickle=False) as arrays:
        return [arrays[key].astype(np.float32) for key in sorted(arrays.files)]


def folded(name: str, net: keras.Model, shape: tuple[int | None, int | None, int], policy: Any) -> keras.Model:
    """The convolutions of a classifier of ours for pictures of any size, read after each halving.

    Its batch normalisation is the same for every picture once it is trained, so it becomes part of the kernels: what
    is left judges each picture by itself.
    """
    import keras
    from keras import layers

    convolutions = [layer for layer in net.layers if isinstance(layer, layers.Conv2D)]
    norms = [layer for layer in net.layers if isinstance(layer, layers.BatchNormalization)]
    x = image = keras.Input(shape, name="image")
    maps = []
    for index, (old, norm) in enumerate(zip(convolutions, norms, strict=False)):
        new = layers.Conv2D(
            old.filters,
            3,
            old.strides,
            "same",
            activation="relu",
            dtype=policy,
            name=f"{name.replace('-', '_')}_{index}",
        )
        x = new(x)
        gamma, beta, mean, variance = (np.asarray(value) for value in norm.get_weights())
        scale = gamma / np.sqrt(variance + norm.epsilon)
        new.set_weights([np.asarray(old.get_weights()[0]) * scale, beta - mean * scale])
        if old.strides[0] > 1:
            maps.append(x)
    return keras.Model(image, maps, name="features")
