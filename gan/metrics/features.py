"""Feature functions: pictures in, features and probabilities out."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan import images as pictures
from gan import registry
from gan.errors import UserError

if TYPE_CHECKING:
    import keras

Array = np.ndarray
Tick = Callable[[float], None]  # told the share done (0…1); what it raises cancels

INCEPTION = "inception_v3"
INCEPTION_FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels.h5"  # as Keras names it


@dataclass(frozen=True, eq=False)
class FeatureFunction:
    """A net to measure in: called with uint8 pictures, it gives their features and class probabilities."""

    name: str  # part of the name of every score it takes part in
    digest: str  # SHA-256 (hex) of its weights
    shape: tuple[int, int, int]  # height, width and channels it takes
    class_names: tuple[str, ...]  # what its probabilities are of; () if of nothing a data set is labelled with
    function: Callable[[Array], tuple[Array, Array]]  # float32 (n, h, w, c) in -1…1 to features (n, d), logits (n, k)
    batch: int = 500

    def __call__(self, images: Array, tick: Tick | None = None) -> tuple[Array, Array]:
        """Features float32 (n, d) and probabilities float32 (n, k) of uint8 pictures [n, h, w, c].

        Raises:
            UserError: for no pictures, or pictures of another size.
        """
        if images.dtype != np.uint8 or images.ndim != 4:
            raise TypeError(f"pictures are uint8 [n, h, w, c], not {images.dtype} {list(images.shape)}")
        if images.shape[1:] != self.shape:
            raise UserError(
                f"{self.name} measures pictures of {_by(self.shape)}, these are {_by(images.shape[1:])}; "
                "choose a classifier for this size."
            )
        if not len(images):
            raise UserError("There are no pictures to measure.")
        features, probabilities = [], []
        for start in range(0, len(images), self.batch):
            some, logits = self.function(pictures.to_model(images[start : start + self.batch]))
            features.append(np.asarray(some, np.float32))
            probabilities.append(_softmax(np.asarray(logits, np.float64)))
            if tick:
                tick(min(1.0, (start + self.batch) / len(images)))
        return np.concatenate(features), np.concatenate(probabilities)


def classifier_features(
    net: keras.Model, batch: int = 500, name: str | None = None, class_names: tuple[str, ...] | None = None
) -> FeatureFunction:
    """Measure in a classifier of `gan.models`.

    Args:
        net: one input (n, h, w, c), outputs ``{"logits": (n, k), "features": (n, d)}``.
        batch: pictures a call; 500 keep two cores busy.
        name: what scores call it; by default the net's own name.
        class_names: what its logits stand for; by default its digits "0", "1", …
    """

    def function(images: Array) -> tuple[Array, Array]:
        outputs = net.predict_on_batch(images)  # compiled once; unlike `predict` it sets up nothing a call
        return outputs["features"], outputs["logits"]

    if class_names is None:
        class_names = tuple(str(index) for index in range(net.output["logits"].shape[-1]))
    return FeatureFunction(name or net.name, weight_digest(net), net.input_shape[1:], class_names, function, batch)


def named(name: str) -> FeatureFunction:
    """Measure in a classifier of the registry, opened once a process.

    Raises:
        UserError: if there is no such model, it is damaged, or no classifier.
    """
    card = registry.card(name)
    if card.kind not in ("classifier", "judge"):
        known = ", ".join(entry.name for entry in registry.cards() if entry.kind != card.kind) or "none is there"
        raise UserError(f"{name} is a {card.kind}; pictures are measured in a classifier: {known}.")
    return _opened(name, card.digest)


@functools.lru_cache(maxsize=8)
def _opened(name: str, digest: str) -> FeatureFunction:
    return classifier_features(registry.load(name), name=name, class_names=registry.card(name).class_names)


def inception(shape: tuple[int, int, int], batch: int = 50) -> FeatureFunction:
    """Measure in Inception-v3 with the ImageNet weights that Keras publishes: 2048 features.

    Close to the net of the published FID figures, not the same: compare only with scores of this name. Pictures are
    resized to 299 x 299 (bilinear), grey ones repeated to three channels.

    Raises:
        UserError: if the weights are not on this machine; they are never downloaded on the way.
    """
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras").expanduser()
    path = home / "models" / INCEPTION_FILE
    try:
        return _inception(shape, batch, path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise UserError(
            f"Inception-v3's weights are not on this machine. Put {INCEPTION_FILE} (90 MB, published with Keras) into "
            f"{path.parent}, or measure in the classifier that reads the data."
        ) from None


@functools.lru_cache(maxsize=1)
def _inception(shape: tuple[int, int, int], batch: int, path: Path, changed: int) -> FeatureFunction:
    import keras

    core = keras.applications.InceptionV3(weights=None, classifier_activation=None)
    try:
        core.load_weights(str(path))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: not Inception-v3's weights, or damaged ({error}).") from None
    both = keras.Model(core.input, {"features": core.get_layer("avg_pool").output, "logits": core.output})
    image = keras.Input(shape)
    colour = keras.layers.Concatenate()([image] * 3) if shape[2] == 1 else image
    net = keras.Model(image, both(keras.layers.Resizing(299, 299)(colour)))
    return classifier_features(net, batch, INCEPTION, class_names=())


def weight_digest(net: keras.Model) -> str:
    """SHA-256 (hex) of a net's weights, in order; the state of its random generators is none."""
    digest = hashlib.sha256()
    for array in net.get_weights():
        digest.update(repr((array.shape, str(array.dtype))).encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in shape)
