"""A model's net in stock layers, with inputs that need no explanation.

Our own layers are written as stock ones that compute the same, so that what is exported loads wherever Keras is. What
the registry's nets are told of several columns is one row of inputs; here every column has an input of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gan import registry
from gan.errors import UserError

if TYPE_CHECKING:
    import keras

Array = np.ndarray
LATENT, IMAGE, CLASSES, PICTURES = "latent", "image", "classes", "pictures"
OURS = "gan"  # the package that our layers are registered in


def blocks(card: registry.Card) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What a generator is told: for each input its column and the values that its numbers are weights of.

    Columns are named by people, inputs have to be names that every format takes: "hair colour" becomes "hair_colour".
    """
    if not card.class_names or card.kind != "generator":
        return {}
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for column, values in (card.columns or {CLASSES: card.class_names}).items():
        name = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
        if not re.match("[a-z]", name) or name in (*found, LATENT):
            name = f"column_{len(found) + 1}"
        found[name] = column, tuple(values)
    return found


def build(card: registry.Card, net: keras.Model) -> keras.Model:
    """The net of a model, of stock layers, its inputs and outputs as dictionaries of named arrays.

    - generator: ``latent`` (n, latent), and weights ``classes`` (n, k), or an input for each column (`blocks`), to
      ``pictures`` (n, h, w, c) in -1…1;
    - upscaler: ``image`` (n, h, w, c) in -1…1 to ``pictures`` (n, 4h, 4w, c);
    - classifier, judge, reader: ``image`` to ``logits`` (n, k) and ``features`` (n, d).

    Args:
        card: of the model.
        net: as `gan.registry.load` gives it.

    Raises:
        UserError: for a net with a layer of ours that has no stock form.
    """
    import keras
    from keras import layers

    inner = _stock(card.name, net)
    told = {name: keras.Input((len(values),), name=name) for name, (_, values) in blocks(card).items()}
    if card.kind == "generator":
        inputs = {LATENT: keras.Input((card.latent,), name=LATENT), **told}
        columns = list(told.values())
        joined = layers.Concatenate(name="columns")(columns) if len(columns) > 1 else columns[0] if columns else None
        outputs = inner([inputs[LATENT]] if joined is None else [inputs[LATENT], joined])
    else:
        inputs = {IMAGE: keras.Input(net.inputs[0].shape[1:], name=IMAGE)}
        outputs = inner([inputs[IMAGE]] if isinstance(inner.input, list) else inputs[IMAGE])
    outputs = outputs if isinstance(outputs, dict) else {PICTURES: outputs}
    twin = keras.Model(inputs, outputs, name=re.sub("[^A-Za-z0-9_]", "_", card.name))
    twin(arrays(card, 1))  # the converter to ONNX wants a net that has been called
    return twin


def arrays(card: registry.Card, n: int, seed: int = 0, sides: tuple[int, int] | None = None) -> dict[str, Array]:
    """Some inputs of `build`'s net, float32: latents, classes pure and mixed; pictures of noise, of these `sides`."""
    rng = np.random.default_rng(seed)
    if card.kind != "generator":
        height, width = sides or card.shape[:2]
        return {IMAGE: rng.uniform(-1, 1, (n, height, width, card.shape[2])).astype(np.float32)}
    found = {LATENT: rng.standard_normal((n, card.latent), dtype=np.float32)}
    for name, (_, values) in blocks(card).items():
        pure = np.eye(len(values), dtype=np.float32)[rng.integers(len(values), size=n)]
        mixed = rng.dirichlet(np.ones(len(values)), n).astype(np.float32)
        found[name] = np.where(np.arange(n)[:, None] % 2 == 0, pure, mixed)
    return found


def reference(card: registry.Card, net: keras.Model, given: Mapping[str, Array]) -> dict[str, Array]:
    """What the registry's net makes of inputs of `build`'s, by the same names."""
    if card.kind == "generator":
        told = [given[name] for name in blocks(card)]
        outputs = net([given[LATENT], np.concatenate(told, axis=1)] if told else [given[LATENT]], training=False)
    else:
        outputs = net([given[IMAGE]] if isinstance(net.input, list) else given[IMAGE], training=False)
    outputs = outputs if isinstance(outputs, dict) else {PICTURES: outputs}
    return {name: np.asarray(values) for name, values in outputs.items()}


def _stock(name: str, net: keras.Model) -> keras.Model:
    """The same net and weights, in layers and operations that come with Keras."""
    import keras
    from keras import layers, ops

    from gan.models import layers as ours

    kernels: dict[str, Array] = {}  # of stand-ins that have weights where the original has none

    def form(layer: Any) -> Any:
        config = layer.get_config()
        if isinstance(layer, ours.ToPixels):
            return layers.Conv2D.from_config(config)
        if isinstance(layer, ours.Combine):  # a matrix product is a dense layer without a bias
            kernels[layer.name] = layer.table.T
            return layers.Dense(len(layer.table), use_bias=False, dtype=layer.dtype_policy, name=layer.name)
        if isinstance(layer, ours.DepthToSpace):
            kernels[layer.name] = kernel = _spreading(layer.times, layer.input.shape[-1])
            size = kernel.shape[2], layer.times, layer.times
            return layers.Conv2DTranspose(*size, use_bias=False, dtype=layer.dtype_policy, name=layer.name)
        if isinstance(layer, ours.Uniform) or _stretches(layer):
            return layer  # left out: what it computes is written as operations below
        if keras.saving.get_registered_name(type(layer)).startswith(f"{OURS}>"):
            raise UserError(
                f"{name}: its layer {layer.name!r} is a {type(layer).__name__}, which is our own and has no form in "
                "stock layers yet; it is given one in gan/exporting/plain.py."
            )
        return type(layer).from_config(config)

    def call(layer: Any, *given: Any, **options: Any) -> Any:
        if isinstance(layer, ours.Uniform):
            return ops.erf(given[0] * 0.5**0.5)
        if _stretches(layer):
            return _stretched(given[0], layer.size[0], layer.name, kernels)
        return layer(*given, **options)

    twin = keras.models.clone_model(net, clone_function=form, call_function=call)
    for layer in twin.layers:
        if layer.weights:
            known = kernels.get(layer.name)
            layer.set_weights(net.get_layer(layer.name).get_weights() if known is None else [known])
    return twin


def _spreading(times: int, inputs: int) -> Array:
    """The kernel by which a transposed convolution of that stride does what `DepthToSpace` does: each output pixel has
    one input that it copies."""
    channels = inputs // times**2
    kernel = np.zeros((times, times, channels, inputs), np.float32)
    for row, column, channel in np.ndindex(times, times, channels):
        kernel[row, column, channel, (row * times + column) * channels + channel] = 1
    return kernel


def _stretches(layer: Any) -> bool:
    """Whether it is interpolation of pictures of any size, which Keras cannot compute in a graph."""
    from keras import layers

    return (
        isinstance(layer, layers.UpSampling2D) and layer.interpolation == "bilinear" and None in layer.input.shape[1:]
    )


def _stretched(x: Any, times: int, name: str, kernels: dict[str, Array]) -> Any:
    """Bilinear interpolation, an even number of times larger: each pixel spreads in a pyramid over its neighbours'.

    Args:
        x: symbolic ``(n, h, w, c)``; its edge is repeated first, for what lies beyond.
        name: of the layer; `kernels` gets its weights.
    """
    from keras import layers, ops

    channels, taps = x.shape[-1], np.arange(2 * times)
    tent = 1 - np.abs(taps - (2 * times - 1) / 2) / times
    kernels[name] = np.einsum("r,c,fi->rcfi", tent, tent, np.eye(channels)).astype(np.float32)
    x = ops.concatenate([x[:, :1], x, x[:, -1:]], axis=1)
    x = ops.concatenate([x[:, :, :1], x, x[:, :, -1:]], axis=2)
    x = layers.Conv2DTranspose(channels, 2 * times, times, use_bias=False, dtype="float32", name=name)(x)
    return layers.Cropping2D(3 * times // 2, dtype="float32", name=f"{name}_cut")(x)
