"""The table of model families. Adding one is a module with a ``build`` function and a row here.

The table can be read without Keras: a family's module is imported only when a net is built.

Contract of ``build(**options, classes, shape, dtype) -> dict of nets``:

- ``generator``: functional model, inputs ``[latent (n, latent), classes (n, k)]`` or ``[latent]`` when
  unconditional, output float32 ``(n, h, w, c)`` in -1…1. ``classes`` holds weights that add up to one:
  a one-hot row asks for a class, anything between mixes classes.
- ``discriminator``: inputs ``[image, classes]`` or ``[image]``, output float32 logits ``(n, 1)``.
- ``classifier``: input image, outputs ``{"logits": (n, k), "features": (n, d)}``, both float32.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gan.errors import UserError, unknown


@dataclass(frozen=True)
class Family:
    """One row: what the family is, where its builder is, and the game it plays."""

    module: str
    function: str
    game: str  # "gan" or "classifier": which class of gan.training.game trains it
    summary: str
    source: str = ""  # the paper or project it follows

    @property
    def build(self) -> Callable[..., dict[str, Any]]:
        return getattr(importlib.import_module(self.module), self.function)


MODELS: dict[str, Family] = {
    "cgan28": Family(
        "gan.models.cgan",
        "build",
        "gan",
        "Conditional GAN for small pictures: projection discriminator, no normalisation, averaged generator.",
        "Miyato and Koyama 2018 (projection); Mescheder et al. 2018 (R1)",
    ),
    "kepkreator": Family(
        "gan.models.kepkreator",
        "build",
        "gan",
        "The student project's conditional GAN, layer by layer, with its label channel connected or cut.",
        "student project, as published",
    ),
    "mnist_cnn": Family(
        "gan.models.classifier",
        "build_cnn",
        "classifier",
        "Small convolutional classifier: 3x3 convolutions with batch normalisation.",
    ),
    "mnist_judge": Family(
        "gan.models.classifier",
        "build_judge",
        "classifier",
        "Classifier of another shape (5x5 convolutions, no normalisation), kept apart as the judge.",
    ),
}


def options_of(model: str) -> dict[str, Any]:
    """The options a family's builder takes beside classes, shape and dtype, with their defaults.

    Raises:
        UserError: for a family that is not in the table.
    """
    parameters = inspect.signature(family(model).build).parameters
    return {name: p.default for name, p in parameters.items() if name not in ("classes", "shape", "dtype")}


def family(model: str) -> Family:
    """The row of a family.

    Raises:
        UserError: for a family that is not in the table.
    """
    if model not in MODELS:
        raise unknown("model", model, MODELS)
    return MODELS[model]


def build(
    model: str, options: Mapping[str, Any], classes: int, shape: tuple[int, int, int], dtype: str = "float32"
) -> dict[str, Any]:
    """The nets of a family, freshly initialised, by name.

    Args:
        model: a name of `MODELS`.
        options: what differs from the builder's defaults.
        classes: how many labels there are; 0 for none.
        shape: height, width and channels of a picture.
        dtype: "float32" or "mixed_bfloat16"; variables are float32 either way.

    Raises:
        UserError: for an unknown family or option, or an option of the wrong type.
    """
    check_options(model, options)
    return family(model).build(**options, classes=classes, shape=tuple(shape), dtype=dtype)


def check_options(model: str, options: Mapping[str, Any]) -> None:
    """Whether these are options of a family: known, of the default's type, and in range.

    Raises:
        UserError: for the first that is not.
    """
    known = options_of(model)
    for name, value in options.items():
        if name not in known:
            raise unknown(f"option of {model}", name, known)
        default = known[name]
        if not (type(value) is type(default) or (isinstance(default, float) and isinstance(value, int))):
            raise UserError(
                f"{name}: {model} takes {type(default).__name__} here (default {default!r}), you gave {value!r}."
            )
        low, high = (0.0, 0.9) if isinstance(default, float) else (1, 4096)
        if not isinstance(default, bool) and not low <= value <= high:
            raise UserError(f"{name}: {value} is out of range; {low} to {high} works (default {default!r}).")
