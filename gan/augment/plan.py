"""A plan: transforms in a chosen order, each with its range and probability. It is written and read as JSON."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from gan.augment.transforms import TRANSFORMS, Transform, warp
from gan.errors import UserError, unknown

LONGEST = 20  # steps of a plan


@dataclass(frozen=True)
class Step:
    """One transform of a plan, checked when it is made.

    Attributes:
        transform: a name of `TRANSFORMS`.
        low, high: the range that each picture's amount is drawn from, evenly; None: the transform's usual one.
        probability: of a picture to be changed at all.
        fill: what comes in from outside; "": the transform's usual one.

    Raises:
        UserError: naming what cannot be, and what would work.
    """

    transform: str
    low: float | None = None
    high: float | None = None
    probability: float = 1.0
    fill: str = ""

    def __post_init__(self) -> None:
        if self.transform not in TRANSFORMS:
            raise unknown("transform", self.transform, TRANSFORMS)
        row = self.row
        usual = {"low": row.usual[0], "high": row.usual[1], "probability": 1.0}
        for name, default in usual.items():
            value = default if getattr(self, name) is None else getattr(self, name)
            object.__setattr__(self, name, _number(f"{self.transform}: {name}", value))
        low, high = self.range
        least, most = row.limits
        if not least <= low <= most or not least <= high <= most:
            raise UserError(f"{self.transform}: {low:g} to {high:g} is out of range; {least:g} to {most:g} works.")
        if low > high:
            raise UserError(f"{self.transform}: the range {low:g} to {high:g} is upside down; give the smaller first.")
        if not 0 <= self.probability <= 1:
            raise UserError(f"{self.transform}: probability {self.probability:g} is out of range; 0 to 1 works.")
        if self.fill == "" and row.fills:
            object.__setattr__(self, "fill", row.fills[0])
        if self.fill not in (row.fills or ("",)):
            raise unknown(f"fill of {self.transform}", self.fill, row.fills)

    @property
    def row(self) -> Transform:
        return TRANSFORMS[self.transform]

    @property
    def range(self) -> tuple[float, float]:
        assert self.low is not None and self.high is not None
        return self.low, self.high

    def amounts(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """An amount for each of n pictures; those that are left alone have the amount that changes nothing."""
        chosen, amounts = rng.random(n) < self.probability, rng.uniform(*self.range, n)
        return np.where(chosen, amounts, self.row.still)


@dataclass(frozen=True)
class Plan:
    """Steps that a batch of pictures goes through in order.

    Steps that move pixels, follow one another and fill alike are one warp: a picture is blurred once, not with every
    step. A bend (elastic) among them is made in the frame of the picture as it was.

    Raises:
        UserError: for more steps than anybody needs.
    """

    name: str
    steps: tuple[Step, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.steps) > LONGEST:
            raise UserError(f"The plan has {len(self.steps)} steps; {LONGEST} at most.")

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Changed pictures, uint8 ``[n, h, w, c]``; the same for the same pictures and state of `rng`."""
        values = images.astype(np.float32)
        for run in _runs(self.steps):
            values = _move(values, run, rng) if run[0].row.geometric else _change(values, run[0], rng)
        return np.rint(values).clip(0, 255).astype(np.uint8)

    def to_json(self) -> str:
        """One line that `from_json` reads: all that decides what the plan does."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read what `to_json` wrote, or what a person wrote alike; ranges, probabilities and fills may be left out.

        Raises:
            UserError: for text that is not a plan, saying what would be.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UserError(f"This is not a plan: it cannot be read as JSON ({error}).") from None
        form = 'write {"name": "mine", "steps": [{"transform": "rotate", "low": -10, "high": 10}]}'
        if not isinstance(values, dict) or not isinstance(values.get("steps"), list):
            raise UserError(f"This is not a plan; {form}.")
        name, note = values.get("name", "plan"), values.get("note", "")
        if not isinstance(name, str) or not isinstance(note, str):
            raise UserError("A plan's name and note are text.")
        _known(values, cls, "part of a plan")
        return cls(name, tuple(_step(number, step) for number, step in enumerate(values["steps"], 1)), note)


def _step(number: int, values: Any) -> Step:
    try:
        if not isinstance(values, dict):
            raise UserError(f'{values!r} is not one; write {{"transform": "rotate", "low": -10, "high": 10}}.')
        _known(values, Step, "setting")
        for name in ("transform", "fill"):
            if not isinstance(values.get(name, ""), str):
                raise UserError(f"{name}: takes text, you gave {values[name]!r}.")
        return Step(**{"transform": "", **values})
    except UserError as error:
        raise UserError(f"Step {number}: {error}") from None


def _known(values: dict[str, Any], kind: type, word: str) -> None:
    names = [spec.name for spec in fields(kind)]
    for name in values:
        if name not in names:
            raise unknown(word, name, names)


def _number(name: str, value: Any) -> float:
    with contextlib.suppress(OverflowError):
        if type(value) in (int, float) and math.isfinite(value):
            return float(value)
    raise UserError(f"{name}: takes a number, you gave {str(value)[:40]!r}.")


def _runs(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps in order, those together that can be one warp."""
    runs: list[list[Step]] = []
    for step in steps:
        together = runs and step.row.geometric and runs[-1][-1].row.geometric and runs[-1][-1].fill == step.fill
        if together:
            runs[-1].append(step)
        else:
            runs.append([step])
    return runs


def _move(images: np.ndarray, run: Sequence[Step], rng: np.random.Generator) -> np.ndarray:
    n, size = len(images), images.shape[1:3]
    matrices, bend = np.tile(np.eye(3), (n, 1, 1)), None
    for step in run:
        amounts = step.amounts(n, rng)
        if step.row.move:
            matrices = matrices @ step.row.move(amounts, size)
        elif step.row.field:
            field = step.row.field(amounts, size, rng)
            bend = field if bend is None else bend + field
    return warp(images, matrices, bend, run[0].fill)


def _change(images: np.ndarray, step: Step, rng: np.random.Generator) -> np.ndarray:
    amounts = step.amounts(len(images), rng)
    chosen = np.flatnonzero(amounts != step.row.still)
    if not len(chosen) or not step.row.change:
        return images
    if len(chosen) == len(images):
        return step.row.change(images, amounts, step.fill, rng)
    changed = images.copy()
    changed[chosen] = step.row.change(images[chosen], amounts[chosen], step.fill, rng)
    return changed


def advice(step: Step, class_names: Sequence[str]) -> str:
    """What a step may do to the meaning of pictures of these classes; "" where there is nothing to say."""
    several = len(class_names) > 1
    writing = all(len(name) == 1 and name.isalnum() for name in class_names) or all(map(str.isdigit, class_names))
    if not several or not writing or not step.probability:
        return ""
    if step.transform == "flip":
        return "A mirrored letter or digit is mostly not one any more."
    if step.transform == "rotate" and max(map(abs, step.range)) > 60:
        return "Turned this far, a 6 becomes a 9 and an N a Z."
    return ""
