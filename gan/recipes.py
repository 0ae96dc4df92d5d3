"""A recipe is all that decides what a run computes: data, nets, loss, optimisers, seed.

A recipe states what differs from the defaults, with the reason in its note. Every setting carries its help and its
range here, once; the Live page's form, the command line and the checks all read them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from gan.errors import UserError, unknown


def setting(default: Any, help: str, low: float | None = None, high: float | None = None, choices=()) -> Any:
    return field(default=default, metadata={"help": help, "low": low, "high": high, "choices": tuple(choices)})


@dataclass(frozen=True)
class Recipe:
    """A recipe, checked when it is made.

    Raises:
        UserError: naming the setting, what was given and what would work.
    """

    name: str = setting("custom", "What the recipe is called.")
    note: str = setting("", "What it is for, and why it differs.")
    dataset: str = setting("mnist", "The data set it learns from.")
    model: str = setting("cgan28", "The family of nets.")
    options: Mapping[str, Any] = field(default_factory=dict, metadata={"help": "Options of the nets."})
    loss: str = setting("non_saturating", "What generator and discriminator minimise.")
    batch: int = setting(64, "Pictures per step.", 2, 4096)
    steps: int = setting(20_000, "Steps until the run is finished.", 1, 10_000_000)
    learning_rate: float = setting(2e-4, "Adam's learning rate (the generator's, in a GAN).", 1e-7, 0.1)
    discriminator_learning_rate: float = setting(2e-4, "Adam's learning rate for the discriminator.", 1e-7, 0.1)
    schedule: str = setting("constant", "How the learning rates change over the run.", choices=("constant", "cosine"))
    beta_1: float = setting(0.0, "Adam's memory of gradients; low values follow the other player faster.", 0.0, 0.999)
    beta_2: float = setting(0.99, "Adam's memory of squared gradients.", 0.5, 0.9999)
    r1: float = setting(0.0, "Weight of the R1 penalty on the discriminator's slope at real pictures.", 0.0, 1000.0)
    r1_every: int = setting(16, "Steps between two R1 penalties; each then weighs as many times more.", 1, 1000)
    average: float = setting(10.0, "Half-life of the averaged generator, in thousands of pictures; 0: none.", 0.0, 1e4)
    shared_pass: bool = setting(True, "Both players learn from the same fakes: one generator pass fewer.")
    augment: str = setting("none", "How the training pictures are varied: a name, or a plan as JSON.")
    seed: int = setting(1, "Decides initial weights, order of data and latents.", 0, 2**31 - 1)
    precision: str = setting(
        "auto", "Number format; auto measures which is fastest.", choices=("auto", "float32", "mixed_bfloat16")
    )
    xla: str = setting("auto", "Compile with XLA; auto measures whether it is faster.", choices=("auto", "on", "off"))
    score_share: float = setting(0.05, "Share of the time that scores may take while training.", 0.0, 0.5)

    def __post_init__(self) -> None:
        for spec in fields(self):
            object.__setattr__(self, spec.name, _checked(spec, getattr(self, spec.name)))
        if self.r1 == 0 and self.r1_every != 16:
            object.__setattr__(self, "r1_every", 16)

    def with_settings(self, settings: Mapping[str, Any]) -> Recipe:
        """A copy with settings changed. A name that is not a setting is taken as an option of the model.

        Raises:
            UserError: for a value that the setting does not take.
        """
        own = {spec.name for spec in fields(self)} - {"options"}
        changed = {name: value for name, value in settings.items() if name in own}
        options = {name: _literal(value) for name, value in settings.items() if name not in own and name != "options"}
        given = settings.get("options", {})
        if not isinstance(given, Mapping):
            raise UserError(f"options: give each option by its own name (width=16), not {given!r}.")
        return replace(self, **changed, options={**self.options, **given, **options})

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "options": dict(self.options)}, indent=2)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read what `to_json` wrote.

        Raises:
            UserError: for text that is not a recipe, or a setting that does not exist.
        """
        try:
            values = json.loads(text)
        except ValueError as error:
            raise UserError(f"This is not a recipe: {error}.") from None
        if not isinstance(values, dict):
            raise UserError(f"A recipe is a JSON object of settings, not a {type(values).__name__}.")
        known = [spec.name for spec in fields(cls)]
        for name in values:
            if name not in known:
                raise unknown("setting", name, known)
        return cls(**values)

    def differences(self, other: Recipe) -> dict[str, tuple[Any, Any]]:
        """Setting -> (own value, the other's value), for all that differ."""
        pairs = {s.name: (getattr(self, s.name), getattr(other, s.name)) for s in fields(self)}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _literal(value: Any) -> Any:
    """A value typed on a command line as JSON if it is that, else as the text it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value.lower() if value.lower() in ("true", "false") else value)
    except ValueError:
        return value


def _checked(spec, value: Any) -> Any:
    name, default = spec.name, spec.default
    if name == "options":
        if not isinstance(value, Mapping):
            raise UserError(f"options: give names and values, not {value!r}.")
        return dict(value)
    kind = type(default)
    if kind is not str:
        value = _literal(value)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
    if type(value) is not kind:
        words = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}[kind]
        raise UserError(f"{name}: takes {words} (default {default!r}), you gave {value!r}.")
    low, high, choices = spec.metadata["low"], spec.metadata["high"], spec.metadata["choices"]
    # Written so that NaN, which compares false with everything, is refused too.
    if low is not None and not low <= value <= high:
        raise UserError(f"{name}: {value!r} is out of range; {low:g} to {high:g} works (default {default!r}).")
    if choices and value not in choices:
        raise unknown(name, value, choices)
    return value


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="cgan28",
            note="Draws the class it is asked for. Projection tells the discriminator the class, R1 keeps the game "
            "stable, and the averaged generator smooths out the last steps.",
            steps=32_000,
            learning_rate=5e-4,  # without momentum (beta_1 0) and with R1, larger steps stay stable
            discriminator_learning_rate=5e-4,
            schedule="cosine",  # smaller steps at the end sharpen what is there
            r1=0.2,
            average=20.0,
        ),
        Recipe(
            name="kepkreator",
            note="The student project's net with its label channel connected, as it was meant.",
            model="kepkreator",
            batch=32,
            beta_1=0.5,
            beta_2=0.999,
            average=0.0,
            shared_pass=False,
        ),
        Recipe(
            name="kepkreator-cut",
            note="The student project's net as published: the discriminator never sees the labels, so they come to "
            "mean nothing.",
            model="kepkreator",
            options={"labels_connected": False},
            batch=32,
            beta_1=0.5,
            beta_2=0.999,
            average=0.0,
            shared_pass=False,
        ),
        Recipe(
            name="mnist_cnn",
            note="The classifier that measures digits.",
            model="mnist_cnn",
            batch=128,
            steps=4_000,
            learning_rate=2e-3,
            schedule="cosine",  # a classifier gains its last tenths of a percent as the rate goes to zero
            beta_1=0.9,
            beta_2=0.999,
            average=0.0,
            augment="shift",
        ),
        Recipe(
            name="mnist_judge",
            note="The judge: another architecture and seed, never used in training or choosing.",
            model="mnist_judge",
            batch=128,
            steps=4_000,
            learning_rate=1e-3,
            schedule="cosine",
            beta_1=0.9,
            beta_2=0.999,
            average=0.0,
            augment="shift",
            seed=20,
        ),
    )
}


def recipe(name: str) -> Recipe:
    """The named recipe.

    Raises:
        UserError: for a name that is not in the table.
    """
    if name not in RECIPES:
        raise unknown("recipe", name, RECIPES)
    return RECIPES[name]
