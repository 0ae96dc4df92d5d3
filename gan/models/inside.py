"""A look inside a generator: what its first layer makes of the latent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan.errors import UserError

if TYPE_CHECKING:
    import keras


def first_layer(net: keras.Model) -> keras.Model:
    """The generator up to its first layer with a kernel that the latent reaches, without that layer's nonlinearity.

    As a function of the latent it is linear but for a constant, whatever joins the latent on the way (a class that is
    appended, or multiplied with it).

    Raises:
        UserError: for a generator without such a layer.
    """
    import keras

    layer = _first(net)
    settings = {**layer.get_config(), "name": f"{layer.name}_linear"}
    if "activation" in settings:
        settings["activation"] = None
    linear = type(layer).from_config(settings)
    outputs = linear(layer.input)
    linear.set_weights(layer.get_weights())
    return keras.Model(net.inputs, keras.layers.Flatten()(outputs))


def first_activations(net: keras.Model) -> keras.Model:
    """The generator up to the nonlinearity that follows its first layer.

    Raises:
        UserError: for a generator without one.
    """
    import keras

    layers = net.layers[net.layers.index(_first(net)) :]
    for layer in layers:
        if _bends(layer) and _reached(net, layer):
            return keras.Model(net.inputs, keras.layers.Flatten()(layer.output))
    raise UserError("directions: this generator has no nonlinearity behind its first layer.")


def _first(net: keras.Model) -> keras.layers.Layer:
    for layer in net.layers:
        if getattr(layer, "kernel", None) is not None and _reached(net, layer):
            return layer
    raise UserError("directions: this generator has no layer whose kernel the latent reaches.")


def _reached(net: keras.Model, layer: keras.layers.Layer) -> bool:
    """Whether another latent changes what a layer gives."""
    import keras

    part = keras.Model(net.inputs, layer.output)
    rest = [np.ones((2, *values.shape[1:]), np.float32) / values.shape[-1] for values in net.inputs[1:]]
    latents = np.random.default_rng(0).standard_normal((2, *net.inputs[0].shape[1:])).astype(np.float32)
    first, second = np.asarray(part([latents, *rest], training=False), np.float32)
    return bool(np.abs(first - second).max() > 0)


def _bends(layer: keras.layers.Layer) -> bool:
    import keras

    if isinstance(layer, keras.layers.LeakyReLU | keras.layers.ReLU | keras.layers.PReLU | keras.layers.ELU):
        return True
    activation = getattr(layer, "activation", None)
    return activation is not None and activation is not keras.activations.linear
