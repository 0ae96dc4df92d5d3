"""A recipe is all that decides what a run computes: data, nets, loss, optimisers, seed.

A recipe states what differs from the defaults, with the reason in its note. Every setting carries its help and its
range here, once; the Live page's form, the command line and the checks all read them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from gan import diff_augment, losses
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
    condition: str = setting("label", "What the nets are told of a picture: label, none, or columns (hair, skin).")
    loss: str = setting("non_saturating", "What generator and discriminator minimise.")
    batch: int = setting(64, "Pictures per step.", 2, 4096)
    steps: int = setting(20_000, "Steps until the run is finished.", 1, 10_000_000)
    learning_rate: float = setting(2e-4, "Adam's learning rate (the generator's, in a GAN).", 1e-7, 0.1)
    discriminator_learning_rate: float = setting(2e-4, "Adam's learning rate for the discriminator.", 1e-7, 0.1)
    schedule: str = setting("constant", "How the learning rates change over the run.", choices=("constant", "cosine"))
    beta_1: float = setting(0.0, "Adam's memory of gradients; low values follow the other player faster.", 0.0, 0.999)
    beta_2: float = setting(0.99, "Adam's memory of squared gradients.", 0.5, 0.9999)
    r1: float = setting(0.0, "Weight of the R1 penalty on the discriminator's slope at real pictures.", 0.0, 1000.0)
    r2: float = setting(0.0, "Weight of the R2 penalty on the discriminator's slope at drawn pictures.", 0.0, 1000.0)
    r1_every: int = setting(16, "Steps between two R1 (R2) penalties; each then weighs as many times more.", 1, 1000)
    gradient_penalty: float = setting(
        0.0, "Weight of the penalty on slopes other than 1 between real and drawn (WGAN-GP: 10).", 0.0, 1000.0
    )
    label_smoothing: float = setting(0.0, "How far below 1 the target of real pictures is (one-sided).", 0.0, 0.5)
    label_noise: float = setting(0.0, "Targets of real and drawn pictures are off by up to this, at random.", 0.0, 0.5)
    discriminator_steps: int = setting(1, "Steps of the discriminator for each of the generator's.", 1, 100)
    separate_halves: bool = setting(
        False, "The discriminator learns from real and drawn pictures in two updates of half a batch each."
    )
    diff_augment: str = setting(
        "none", "Changes to all that the discriminator sees: color, translation, cutout, several, or none."
    )
    average: float = setting(10.0, "Half-life of the averaged generator, in thousands of pictures; 0: none.", 0.0, 1e4)
    shared_pass: bool = setting(True, "Both players learn from the same fakes: one generator pass fewer.")
    augment: str = setting("none", "How the training pictures are varied: a name, or a plan as JSON.")
    content: str = setting(
        "charbonnier", "How an enlarged picture is compared with the true one.", choices=("mse", "l1", "charbonnier")
    )
    content_steps: int = setting(0, "Steps on that comparison alone, before the discriminator joins.", 0, 10_000_000)
    adversarial: float = setting(1e-3, "Weight of the discriminator's opinion beside the comparison.", 0.0, 10.0)
    features: float = setting(0.0, "Weight of the difference in the discriminator's features.", 0.0, 10.0)
    perceptual: float = setting(
        0.0, "Weight of the difference in the features of a classifier, once the discriminator has joined.", 0.0, 10.0
    )
    seed: int = setting(1, "Decides initial weights, order of data and latents.", 0, 2**31 - 1)
    precision: str = setting(
        "auto", "Number format; auto measures which is fastest.", choices=("auto", "float32", "mixed_bfloat16")
    )
    xla: str = setting("auto", "Compile with XLA; auto measures whether it is faster.", choices=("auto", "on", "off"))
    score_share: float = setting(0.05, "Share of the time that scores may take while training.", 0.0, 0.5)

    def __post_init__(self) -> None:
        for spec in fields(self):
            object.__setattr__(self, spec.name, _checked(spec, getattr(self, spec.name)))
        if self.r1 == self.r2 == 0 and self.r1_every != 16:
            object.__setattr__(self, "r1_every", 16)
        diff_augment.policy(self.diff_augment)
        softened = [name for name, row in losses.LOSSES.items() if row.softened]
        for name in ("label_smoothing", "label_noise"):
            if getattr(self, name) and losses.loss(self.loss).softened is None:
                raise UserError(f"{name}: {self.loss} has no targets; it works with {' and '.join(softened)}.")
        if self.gradient_penalty and self.r1:
            raise UserError("gradient_penalty: it pulls slopes to 1 where r1 pulls them to 0; set one of them to 0.")
        if self.shared_pass and (self.discriminator_steps > 1 or self.separate_halves):
            raise UserError(
                "shared_pass: both players cannot learn from the same fakes when the discriminator takes several steps "
                "or separate halves; turn shared_pass off, or leave discriminator_steps at 1 and separate_halves off."
            )
        if self.separate_halves and self.batch % 2:
            raise UserError(f"batch: {self.batch} cannot be halved; separate_halves needs an even batch.")

    @property
    def pictures_a_step(self) -> int:
        """Real pictures that a step learns from."""
        return self.batch * self.discriminator_steps // (2 if self.separate_halves else 1)

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


SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}  # words for a boolean


def _switched(value: Any) -> Any:
    """The boolean that a word stands for, in capitals or not; anything else as it is."""
    return SWITCH.get(value.strip().lower(), value) if isinstance(value, str) else value


def _literal(value: Any) -> Any:
    """A value typed on a command line as a boolean or JSON if it is that, else as the text it is."""
    value = _switched(value)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _checked(spec, value: Any) -> Any:
    name, default = spec.name, spec.default
    if name == "options":
        if not isinstance(value, Mapping):
            raise UserError(f"options: give names and values, not {value!r}.")
        return dict(value)
    kind = type(default)
    if "on" in spec.metadata["choices"]:  # beside others, as auto
        on = _switched(value)
        value = ("on" if on else "off") if isinstance(on, bool) else value
    elif kind is bool:
        value = _switched(value)
    elif kind is not str:
        value = _literal(value) if _switched(value) is value else value  # a number is never on
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
    if type(value) is not kind:
        words = {int: "a whole number", float: "a number", bool: "on or off", str: "text"}[kind]
        raise UserError(f"{name}: takes {words} (default {default!r}), you gave {value!r}.")
    low, high, choices = spec.metadata["low"], spec.metadata["high"], spec.metadata["choices"]
    # Written so that NaN, which compares false with everything, is refused too.
    if low is not None and not low <= value <= high:
        raise UserError(f"{name}: {value!r} is out of range; {low:g} to {high:g} works (default {default!r}).")
    if choices and value not in choices:
        raise unknown(name, value, choices)
    return value
