"""The table of model families. Adding one is a module with a ``build`` function and a row here.

The table can be read without Keras: a family's module is imported only when a net is built.

Contract of ``build(**options, classes, shape, dtype) -> dict of nets``:

- ``generator``: functional model, inputs ``[latent (n, latent), classes (n, k)]`` or ``[latent]`` when
  unconditional, output float32 ``(n, h, w, c)`` in -1…1. ``classes`` holds weights that add up to one:
  a one-hot row asks for a class, anything between mixes classes. An unconditional family is so on labelled data too.
  In the game "super_resolution" the input is a small picture instead: ``(n, h, w, c)`` to ``(n, 4h, 4w, c)``.
- ``discriminator``: inputs ``[image, classes]`` or ``[image]``, output float32 logits ``(n, 1)``.
- ``classifier``: input image, outputs ``{"logits": (n, k), "features": (n, d)}``, both float32.
- ``reader``: the same, its logits eleven for each place of a number (`gan.datasets.numbers5`).
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan.errors import UserError, unknown
from gan.models.published import require


@dataclass(frozen=True)
class Family:
    """One row: what the family is, where its builder is, and the game it plays."""

    module: str
    function: str
    game: str  # "gan", "super_resolution", "classifier" or "reader": which class of gan.training.game trains it
    summary: str
    source: str = ""  # the paper or project it follows
    conditional: bool = True  # whether its nets are told the class
    labelled: bool = False  # whether it cannot do without classes
    published: bool = False  # whether it is a student project's net, layer by layer
    shape: tuple[int, int, int] | None = None  # the only pictures it is for
    multiple: int = 1  # what both sides must be multiples of
    halvings: str = ""  # the option that says how often the sides are halved

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
        halvings="levels",
    ),
    "cgan": Family(
        "gan.models.cgan",
        "build",
        "gan",
        "Conditional GAN for pictures of 16 to 128 pixels, grey or colour, told a class, several columns, or nothing.",
        "Miyato and Koyama 2018 (projection, spectral normalisation); Mescheder et al. 2018 (R1)",
        halvings="levels",
    ),
    "kepkreator": Family(
        "gan.models.kepkreator",
        "build",
        "gan",
        "The student project's conditional GAN, layer by layer, with its label channel connected or cut.",
        "student project, as published",
        labelled=True,
        published=True,
        shape=(28, 28, 1),
    ),
    "korean-dcgan": Family(
        "gan.models.korean_dcgan",
        "build",
        "gan",
        "The student project's DCGAN for Korean letters, 32x32 grey; no classes.",
        "student project, as published, after TensorFlow's DCGAN tutorial",
        conditional=False,
        published=True,
        shape=(32, 32, 1),
    ),
    "digit-gan": Family(
        "gan.models.digit_gan",
        "build",
        "gan",
        "The digit recogniser's conditional GAN, 28x28 grey: labels join as one-hot channels.",
        "student project, written from its description; Keras' conditional-GAN example",
        labelled=True,
        published=True,
        shape=(28, 28, 1),
    ),
    "anime-dcgan": Family(
        "gan.models.anime_dcgan",
        "build",
        "gan",
        "The student project's DCGAN for anime faces, 32x32 colour, with learned slopes (PReLU); no classes.",
        "student project, as published",
        conditional=False,
        published=True,
        shape=(32, 32, 3),
    ),
    "covers-bespoke": Family(
        "gan.models.covers",
        "build_bespoke",
        "gan",
        "The student project's GAN for book covers, 128x128 colour: 135 million weights against 264,000; no classes.",
        "student project, as published",
        conditional=False,
        published=True,
        shape=(128, 128, 3),
    ),
    "covers-vgg16": Family(
        "gan.models.covers",
        "build_vgg16",
        "gan",
        "The same generator of book covers against VGG16 as ImageNet taught it; no classes.",
        "student project, as published; Simonyan and Zisserman 2015 (VGG16)",
        conditional=False,
        published=True,
        shape=(128, 128, 3),
    ),
    "covers-features": Family(
        "gan.models.covers_features",
        "build",
        "gan",
        "Against small heads on a frozen, trained net that is read at several depths: VGG16, or a classifier of ours.",
        "Sauer et al. 2021 (projected GAN)",
        halvings="levels",
    ),
    "anime-srgan": Family(
        "gan.models.anime_srgan",
        "build",
        "super_resolution",
        "The student project's SRGAN for anime faces, 32x32 to 128x128 colour.",
        "student project, as published, after Ledig et al. 2017",
        conditional=False,
        published=True,
        shape=(128, 128, 3),
    ),
    "sr4": Family(
        "gan.models.sr4",
        "build",
        "super_resolution",
        "Enlarges pictures four times each way: residual blocks at the small size, sub-pixel convolutions.",
        "Lim et al. 2017 (EDSR: no batch normalisation); Shi et al. 2016 (sub-pixel convolution)",
        conditional=False,
        multiple=4,
    ),
    "mnist_cnn": Family(
        "gan.models.classifier",
        "build_cnn",
        "classifier",
        "Small convolutional classifier: 3x3 convolutions with batch normalisation.",
        labelled=True,
    ),
    "mnist_judge": Family(
        "gan.models.classifier",
        "build_judge",
        "classifier",
        "Classifier of another shape (5x5 convolutions, no normalisation), kept apart as the judge.",
        labelled=True,
    ),
    "reader": Family(
        "gan.models.reader",
        "build",
        "reader",
        "Reads numbers of one to five digits in a wide picture, all places at once, without cutting them apart.",
        "Goodfellow et al. 2014 (a head for each place)",
        labelled=True,
    ),
}

ALONE = ("classifier", "reader")  # games that one net plays by itself


def options_of(model: str) -> dict[str, Any]:
    """The options a family's builder takes beside classes, shape, dtype and only, with their defaults.

    Raises:
        UserError: for a family that is not in the table.
    """
    parameters = inspect.signature(family(model).build).parameters
    return {name: p.default for name, p in parameters.items() if name not in ("classes", "shape", "dtype", "only")}


def explained(model: str) -> dict[str, str]:
    """What each option of a family is, in a sentence: as its builder's docstring says.

    Raises:
        UserError: for a family that is not in the table.
    """
    text = inspect.getdoc(family(model).build) or ""
    arguments = text.partition("Args:\n")[2].partition("\n\n")[0]
    lines = re.findall(r"^    (\w+): (.*(?:\n {8,}.*)*)", arguments, re.MULTILINE)
    found = {name: " ".join(words.split()) for name, words in lines if name in options_of(model)}
    return {name: words[:1].upper() + words[1:] for name, words in found.items()}


def family(model: str) -> Family:
    """The row of a family.

    Raises:
        UserError: for a family that is not in the table.
    """
    if model not in MODELS:
        raise unknown("model", model, MODELS)
    return MODELS[model]


def build(
    model: str,
    options: Mapping[str, Any],
    classes: int | np.ndarray,
    shape: tuple[int, int, int],
    dtype: str = "float32",
    only: str = "",
) -> dict[str, Any]:
    """The nets of a family, freshly initialised, by name.

    Args:
        model: a name of `MODELS`.
        options: what differs from the builder's defaults.
        classes: how many labels there are, 0 for none; or what nets are given for each class, float32
            ``(classes, inputs)`` (`gan.conditions`). A generator is then built for these inputs; a classifier has as
            many outputs inside, and gives for each class the sum of those that make it up.
        shape: height, width and channels of a picture.
        dtype: "float32" or "mixed_bfloat16"; variables are float32 either way.
        only: the one net that is wanted. Where the others need what may not be at hand, they are then left out.

    Raises:
        UserError: for an unknown family or option, or an option of the wrong type.
    """
    check_options(model, options)
    table = np.eye(classes, dtype=np.float32) if isinstance(classes, int) else classes
    builder = family(model).build
    given = {"only": only} if "only" in inspect.signature(builder).parameters else {}
    nets = builder(**options, classes=table.shape[1], shape=tuple(shape), dtype=dtype, **given)
    if "classifier" in nets and table.shape[0] != table.shape[1]:
        from gan.models.layers import combining

        nets["classifier"] = combining(nets["classifier"], table)
    return nets


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
            words = {bool: "on or off", int: "a whole number", float: "a number"}.get(type(default), "text")
            raise UserError(f"{name}: {model} takes {words} (default {default!r}), you gave {value!r}.")
        low, high = (0.0, 0.9) if isinstance(default, float) else (1, 4096)
        if not isinstance(default, bool) and not low <= value <= high:
            raise UserError(f"{name}: {value} is out of range; {low} to {high} works (default {default!r}).")


HALVINGS = (2, 5)  # fewest and most, where an option says how often sides are halved


def check_shape(model: str, options: Mapping[str, Any], shape: tuple[int, int, int]) -> None:
    """Whether nets of a family can be built for pictures of this shape (h, w, c), known without building them.

    Raises:
        UserError: saying for which they can.
    """
    row = family(model)
    if row.shape:
        require(model, shape, row.shape)
    multiple, why = row.multiple, ""
    if row.halvings:
        times = {**options_of(model), **options}[row.halvings]
        if not HALVINGS[0] <= times <= HALVINGS[1]:
            raise UserError(f"{row.halvings}: {HALVINGS[0]} to {HALVINGS[1]} work, you gave {times}.")
        multiple, why = 2**times, f", for it halves them {times} times ({row.halvings})"
    height, width = shape[:2]
    if height % multiple or width % multiple:
        raise UserError(
            f"{model} is for pictures whose sides are multiples of {multiple}{why}; this data set has {height}x{width}."
        )
