"""A search space: which settings and options of nets are tried, and in which range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from gan import datasets, models
from gan.errors import UserError, unknown
from gan.recipes import Recipe
from gan.training import fitting

if TYPE_CHECKING:
    import optuna

# Settings that are the same in all trials of a study, and why.
SAME = {
    "name": "it says nothing of the training",
    "note": "it says nothing of the training",
    "dataset": "scores on different data cannot be compared",
    "condition": "scores of different tasks cannot be compared",
    "model": "nets of another family have other options; make a study of each",
    "options": "give each option by its own name (width=16..48)",
    "steps": "it is the budget of a trial; give --steps",
    "seed": "the luckiest seed says nothing of the next one",
    "precision": "it is settled by what is fastest",
    "xla": "it is settled by what is fastest",
    "score_share": "trials are scored at steps of their own",
}
HINT = "write NAME=LOW..HIGH, NAME=LOW..HIGH:log, NAME=LOW..HIGH:STEP or NAME=A,B,C"


@dataclass(frozen=True)
class Dimension:
    """One setting, or option of the nets: a range, or choices."""

    name: str
    low: float | int | None = None
    high: float | int | None = None
    log: bool = False
    step: float | int | None = None
    choices: tuple[Any, ...] = ()

    def __str__(self) -> str:
        """As `parse` reads it."""
        if self.choices:
            return f"{self.name}={','.join(_written(choice) for choice in self.choices)}"
        ending = ":log" if self.log else f":{self.step:g}" if self.step is not None else ""
        return f"{self.name}={_written(self.low)}..{_written(self.high)}{ending}"

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Dimension:
        return cls(**{**values, "choices": tuple(values.get("choices", ()))})

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "choices": list(self.choices)}

    def suggest(self, trial: optuna.Trial) -> Any:
        """The value that a trial is to try."""
        if self.choices:
            return trial.suggest_categorical(self.name, list(self.choices))
        assert self.low is not None and self.high is not None
        if isinstance(self.low, int):
            step = 1 if self.step is None else int(self.step)
            return trial.suggest_int(self.name, self.low, int(self.high), step=step, log=self.log)
        return trial.suggest_float(self.name, self.low, self.high, step=self.step, log=self.log)


def parse(text: str, recipe: Recipe) -> Dimension:
    """A dimension as it is written: ``r1=0.05..2:log``, ``width=16..48:8``, ``batch_norm=true,false``.

    Raises:
        UserError: for what cannot be read, or does not fit the recipe.
    """
    name, equals, rest = (part.strip() for part in text.partition("="))
    if not equals or not rest:
        raise UserError(f"space: {text!r} cannot be read; {HINT}.")
    default = _default(name, recipe)
    if ".." not in rest:
        return checked(Dimension(name, choices=tuple(_value(part, default) for part in rest.split(","))), recipe)
    span, _, ending = rest.partition(":")
    low, _, high = span.partition("..")
    try:
        numbers = [_number(part, default) for part in (low, high)]
        step = None if ending in ("", "log") else _number(ending, default)
    except (ValueError, OverflowError):  # of infinity as a whole number
        raise UserError(f"space: {text!r} cannot be read; {HINT}.") from None
    return checked(Dimension(name, numbers[0], numbers[1], ending == "log", step), recipe)


def checked(dimension: Dimension, recipe: Recipe) -> Dimension:
    """A dimension with its numbers of the setting's kind.

    Raises:
        UserError: naming what cannot be tried, and what would work.
    """
    name, default = dimension.name, _default(dimension.name, recipe)
    if not dimension.choices:
        dimension = _range(dimension, default)
    elif len(set(dimension.choices)) < 2:
        raise UserError(f"space: {name} has one choice; give two or more, or set it in the recipe.")
    for value in dimension.choices or (dimension.low, dimension.high):
        try:
            tried = recipe.with_settings({name: value})
            models.check_options(tried.model, tried.options)
            fitting.check(tried, datasets.source(tried.dataset))
        except UserError as error:
            raise UserError(f"space: {name} cannot be {_written(value)}: {error}") from None
    return dimension


def _range(dimension: Dimension, default: Any) -> Dimension:
    name, (low, high, step) = dimension.name, (dimension.low, dimension.high, dimension.step)
    if isinstance(default, bool | str):
        raise UserError(f"space: {name} has no range; give choices ({name}=A,B).")
    if low is None or high is None or not all(math.isfinite(value) for value in (low, high)):
        raise UserError(f"space: {name} needs a lowest and a highest value, or choices.")
    if isinstance(default, int):
        if any(value is not None and float(value) != int(value) for value in (low, high, step)):
            raise UserError(f"space: {name} takes whole numbers.")
        low, high, step = int(low), int(high), None if step is None else int(step)
    else:
        low, high = float(low), float(high)
    if low >= high:
        raise UserError(f"space: {name} goes from {low:g} to {high:g}; the first must be less.")
    if dimension.log and (low <= 0 or step not in (None, 1)):
        raise UserError(f"space: {name} on a logarithmic scale must begin above 0, and has no step.")
    if step is not None and not 0 < step <= high - low:
        raise UserError(f"space: {name} has a step of {step:g}; above 0, to {high - low:g}, works.")
    return Dimension(name, low, high, dimension.log, None if dimension.log else step)


def check(dimensions: Sequence[Dimension], recipe: Recipe) -> tuple[Dimension, ...]:
    """All dimensions, each `checked`.

    Raises:
        UserError: for the first that does not fit, one that is there twice, or none.
    """
    names = [dimension.name for dimension in dimensions]
    if not names:
        raise UserError(f"space: it is empty; {HINT}, or name a preset.")
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise UserError(f"space: {twice} is there twice.")
    return tuple(checked(dimension, recipe) for dimension in dimensions)


def searchable(recipe: Recipe) -> dict[str, Any]:
    """What can be searched: settings and options of the nets, with the recipe's value of each."""
    settings = {spec.name: getattr(recipe, spec.name) for spec in fields(Recipe)}
    found = {name: value for name, value in settings.items() if name not in SAME and fitting.matters(name, recipe)}
    return found | {**models.options_of(recipe.model), **recipe.options}


def _default(name: str, recipe: Recipe) -> Any:
    if name in SAME:
        raise UserError(f"space: {name} is the same in all trials, for {SAME[name]}.")
    known = searchable(recipe)
    if name not in known:
        raise unknown(f"setting of {recipe.name}", name, known)
    return known[name]


def _number(text: str, default: Any) -> float | int:
    value = float(text)
    return int(value) if not isinstance(default, float) and value == int(value) else value


def _value(text: str, default: Any) -> Any:
    text = text.strip()
    if isinstance(default, bool):
        words = {"true": True, "on": True, "false": False, "off": False}
        return words.get(text.lower(), text)
    if isinstance(default, int | float):
        try:
            return type(default)(float(text)) if float(text) == type(default)(float(text)) else float(text)
        except (ValueError, OverflowError):
            return text
    return text


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
