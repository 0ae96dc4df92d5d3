"""Plans by name: those that come with the app, and the user's own, a JSON file each beside their data sets.

A recipe names one; when a run is created, the name is replaced by what it stands for (`pinned`), so that the run stays
what it is though the user changes the plan.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gan import paths
from gan.augment.plan import Plan, Step
from gan.errors import UserError, unknown

Augmentation = Callable[[np.ndarray, np.random.Generator], np.ndarray]

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
KOREAN = "As a student project for Korean syllables of 32x32 pixels did"
# 27 of 32 pixels to the left, with wrap-around, is 5 to the right.
LEFT = -27 / 32 * 100

PRESETS: dict[str, Plan] = {
    plan.name: plan
    for plan in (
        Plan(
            "gentle",
            (
                Step("rotate", -8, 8),
                Step("scale", 92, 108),
                Step("shift_x", -7, 7),
                Step("shift_y", -7, 7),
                Step("contrast", 90, 110, 0.5),
            ),
            "For digits and letters: small changes, as between two people's hands.",
        ),
        Plan(
            "colour",
            (
                Step("flip", probability=0.5),
                Step("shift_x", -6, 6),
                Step("shift_y", -6, 6),
                Step("contrast", 85, 115),
            ),
            "For colour pictures that may be mirrored.",
        ),
        Plan("rotate15", (Step("rotate", -15, 15, fill="white"),), f"{KOREAN}: turned by up to 15° on white."),
        Plan(
            "wrap27",
            (Step("shift_x", LEFT, LEFT, 0.5, "wrap"), Step("shift_y", LEFT, LEFT, 0.5, "wrap")),
            f"{KOREAN}: shifted by 27 pixels with wrap-around, scaled to the size.",
        ),
        Plan(
            "rotate15-wrap27",
            (
                Step("rotate", -15, 15, 0.5, "white"),
                Step("shift_x", LEFT, LEFT, 0.25, "wrap"),
                Step("shift_y", LEFT, LEFT, 0.25, "wrap"),
            ),
            f"{KOREAN}: both.",
        ),
    )
}


def shift(images: np.ndarray, rng: np.random.Generator, reach: int = 2) -> np.ndarray:
    """Move each picture by up to `reach` pixels each way; what comes in repeats the edge."""
    n, height, width, _ = images.shape
    padded = np.pad(images, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge")
    rows = rng.integers(0, 2 * reach + 1, (n, 1, 1)) + np.arange(height)[None, :, None]
    columns = rng.integers(0, 2 * reach + 1, (n, 1, 1)) + np.arange(width)[None, None, :]
    return padded[np.arange(n)[:, None, None], rows, columns]


# Older than plans: the recipes of models that ship name them.
BUILT_IN: dict[str, Augmentation | None] = {"none": None, "shift": shift}


def names() -> list[str]:
    """All that a recipe can name: "none", "shift", the presets, the user's own."""
    return [*BUILT_IN, *PRESETS, *saved()]


def plan(name: str) -> Plan:
    """A preset, or a plan of the user's own.

    Raises:
        UserError: for a name that there is not, or a file that is damaged.
    """
    if name in PRESETS:
        return PRESETS[name]
    if name in saved():
        try:
            return Plan.from_json(_path(name).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, UserError) as error:
            raise UserError(f"{name}: the saved plan cannot be read. {error}") from None
    raise unknown("augmentation", name, names())


def augmentation(text: str) -> Augmentation | None:
    """What a recipe's `augment` stands for: a name, or a plan as JSON. None for "none".

    Raises:
        UserError: for a name that there is not, or text that is no plan.
    """
    if text in BUILT_IN:
        return BUILT_IN[text]
    return Plan.from_json(text) if text.lstrip().startswith("{") else plan(text)


def pinned(text: str) -> str:
    """The same augmentation in words that will mean the same for ever: the name of one that is built in, or JSON.

    Raises:
        UserError: as `augmentation`.
    """
    found = augmentation(text)
    return found.to_json() if isinstance(found, Plan) else text


def title(text: str) -> str:
    """What to call a recipe's `augment` where people read it.

    Raises:
        UserError: for JSON that is no plan.
    """
    return Plan.from_json(text).name if text.lstrip().startswith("{") else text


def saved() -> list[str]:
    """The names of the user's own plans."""
    return sorted(path.stem for path in _folder().glob("*.json") if NAME.fullmatch(path.stem))


def save(given: Plan, name: str) -> Plan:
    """Keep a plan under a name of the user's own; one of that name is replaced.

    Raises:
        UserError: for a name that is bad or comes with the app, or a disk that is full.
    """
    if not NAME.fullmatch(name):
        raise UserError(f"name: {name!r} cannot be used; take small letters, digits, '-' and '_', 64 at most.")
    if name in BUILT_IN or name in PRESETS:
        raise UserError(f"name: {name!r} comes with the app; choose another name.")
    kept = Plan(name, given.steps)
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        paths.write_aside(_path(name), kept.to_json().encode())
    except OSError as error:
        raise UserError(f"{name}: the plan could not be saved ({error.strerror or error}).") from None
    return kept


def remove(name: str) -> None:
    """Forget a plan of the user's own.

    Raises:
        UserError: if there is none of the name.
    """
    if name not in saved():
        raise unknown("plan of your own", name, saved())
    _path(name).unlink(missing_ok=True)


def _folder() -> Path:
    # Hidden, so that it is not taken for a data set.
    return paths.local_data_dir() / ".augmentations"


def _path(name: str) -> Path:
    return _folder() / f"{name}.json"
