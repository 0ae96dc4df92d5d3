"""Real generators, shrunk: what tests of everything after the registry draw with."""

from __future__ import annotations

from typing import Any

import numpy as np

LATENT = 12
DIGITS = tuple("0123456789")


def save_generator(
    name: str = "digits",
    seed: int = 1,
    family: str = "cgan28",
    kind: str = "generator",
    latent: int = LATENT,
    loud: int | None = None,
    class_names: tuple[str, ...] = DIGITS,
    columns: dict[str, tuple[str, ...]] | None = None,
    shape: tuple[int, int, int] = (28, 28, 1),
) -> Any:
    """Save a randomly initialised net in the folder of models, and return the very net.

    Args:
        loud: an axis of the latent that is to matter more than the others (cgan28).
        columns: of which the classes are combinations, in place of `class_names`.
    """
    import keras

    from gan import conditions, models, paths, registry

    keras.utils.set_random_seed(seed)
    options = {"latent": latent, "width": 4, "embedding": 4} if family == "cgan28" else {"latent": latent}
    classes = conditions.encoding([len(values) for values in columns.values()]) if columns else len(class_names)
    class_names = conditions.names(columns.values()) if columns else class_names
    net = models.build(family, options, classes, shape)["generator"]
    for layer in net.layers:  # as initialised, all pictures are flat grey: make latents and classes matter
        if hasattr(layer, "kernel"):
            layer.kernel.assign(3 * layer.kernel)
    if loud is not None:
        kernel = net.get_layer("seed").kernel
        kernel.assign(kernel * (1 + 4 * (np.arange(kernel.shape[0]) == loud))[:, None])
    registry.save(
        net,
        name=name,
        folder=paths.weights_dir(),
        half=False,
        kind=kind,
        title=name,
        summary="Random weights.",
        model=family,
        options=options,
        class_names=class_names,
        columns=columns or {},
        shape=shape,
        latent=latent,
        dataset="mnist",
        licence="MIT",
    )
    return net


def save_classifiers(
    class_names: tuple[str, ...] = DIGITS,
    shape: tuple[int, int, int] = (28, 28, 1),
    dataset: str = "mnist",
    columns: dict[str, tuple[str, ...]] | None = None,
) -> None:
    """Save the measuring net and the judge of some classes, with random weights, in the folder of models."""
    from gan import conditions, models, paths, registry

    told = conditions.encoding([len(values) for values in columns.values()]) if columns else len(class_names)
    for name, kind in (("mnist_cnn", "classifier"), ("mnist_judge", "judge")):
        registry.save(
            models.build(name, {}, told, shape)["classifier"],
            name=name,
            folder=paths.weights_dir(),
            kind=kind,
            title=name,
            summary="Random weights.",
            model=name,
            options={},
            class_names=class_names,
            columns=columns or {},
            shape=shape,
            latent=0,
            dataset=dataset,
            licence="MIT",
        )


def save_reader(name: str = "numbers_cnn") -> None:
    """Save a small reader of numbers with random weights in the folder of models."""
    from gan import models, paths, registry
    from gan.datasets import numbers5

    registry.save(
        models.build("reader", {"width": 4}, len(numbers5.OUTPUTS), (28, 140, 1))["reader"],
        name=name,
        folder=paths.weights_dir(),
        kind="reader",
        title=name,
        summary="Random weights.",
        model="reader",
        options={"width": 4},
        class_names=numbers5.OUTPUTS,
        shape=(28, 140, 1),
        latent=0,
        dataset="numbers5",
        licence="MIT",
    )


def save_upscaler(name: str, seed: int = 1, channels: int = 3) -> Any:
    """Save a small `sr4` with random weights in the folder of models, and return the very net."""
    import keras

    from gan import models, paths, registry

    keras.utils.set_random_seed(seed)
    options = {"width": 4, "blocks": 1}
    net = models.build("sr4", options, 0, (64, 64, channels))["generator"]
    rng = np.random.default_rng(seed)
    for layer in net.layers:  # as initialised, it interpolates: give what it adds some weight
        if layer.name in ("block1b", "pixels"):
            layer.kernel.assign(0.05 * rng.standard_normal(layer.kernel.shape))
    registry.save(
        net,
        name=name,
        folder=paths.weights_dir(),
        half=False,
        kind="upscaler",
        title=name,
        summary="Random weights.",
        model="sr4",
        options=options,
        class_names=(),
        shape=(64, 64, channels),
        latent=0,
        dataset="pictures64",
        licence="MIT",
    )
    return net
