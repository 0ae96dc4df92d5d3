"""The settings of a recipe as widgets: grouped, each with its help, only those that matter in the kind of game."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import streamlit as st

from gan import conditions, diff_augment, models
from gan.datasets import Source
from gan.losses import LOSSES
from gan.recipes import Recipe
from gan.training.fitting import matters

LABELS = {
    "adversarial": "Discriminator's weight",
    "average": "Averaging (1,000 pictures)",
    "batch": "Batch (pictures)",
    "beta_1": "Adam's beta 1",
    "beta_2": "Adam's beta 2",
    "condition": "Told of each picture",
    "content": "Comparison",
    "content_steps": "Steps of comparison alone",
    "diff_augment": "DiffAugment",
    "discriminator_learning_rate": "Discriminator's rate",
    "discriminator_steps": "Discriminator's steps",
    "features": "Features' weight",
    "perceptual": "Classifier's weight",
    "gradient_penalty": "Gradient penalty",
    "r1": "R1 weight",
    "r1_every": "R1 and R2 every (steps)",
    "r2": "R2 weight",
    "score_share": "Time for scores (share)",
    "xla": "XLA",
}
MAIN = {
    "gan": ("steps", "batch", "learning_rate", "discriminator_learning_rate", "r1", "average"),
    "super_resolution": (
        "steps", "batch", "content_steps", "learning_rate", "discriminator_learning_rate", "adversarial",
    ),
    "classifier": ("steps", "batch", "learning_rate"),
    "reader": ("steps", "batch", "learning_rate"),
}  # fmt: skip
GROUPS = {
    "Optimisers": ("steps", "schedule", "learning_rate", "discriminator_learning_rate", "beta_1", "beta_2", "average"),
    "Game and penalties": (
        "loss", "r1", "r2", "r1_every", "gradient_penalty", "label_smoothing", "label_noise", "discriminator_steps",
        "separate_halves", "content", "content_steps", "adversarial", "features", "perceptual",
    ),
    "What nets are told": ("condition",),
    "Pictures": ("batch", "diff_augment", "seed"),
    "Speed": ("shared_pass", "precision", "xla", "score_share"),
}  # fmt: skip


def label(name: str) -> str:
    """What a setting, or an option of nets, is called on the page."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def spelt(name: str) -> str:
    """A loss's name as it is written."""
    return name.replace("_", "-")


def main(recipe: Recipe) -> dict[str, Any]:
    """The widgets that are changed most; gives what they say, by setting."""
    return _grid(MAIN[models.family(recipe.model).game], recipe)


def rest(recipe: Recipe, source: Source) -> dict[str, Any]:
    """All others, in groups, and the options of the nets."""
    settings: dict[str, Any] = {}
    shown = MAIN[models.family(recipe.model).game]
    for title, names in GROUPS.items():
        here = [name for name in names if name not in shown and matters(name, recipe)]
        if not here:
            continue
        st.markdown(f"**{title}**")
        if title == "What nets are told":
            settings["condition"] = _condition(recipe, source)
            continue
        settings |= _grid(here, recipe)
        if "loss" in settings and "loss" in here:
            chosen = LOSSES[settings["loss"]]
            st.caption(f"{spelt(settings['loss']).capitalize()}: {chosen.summary} {chosen.source}.")
    st.markdown("**Nets**")
    options = models.options_of(recipe.model)
    told = models.explained(recipe.model)
    cells = [(name, recipe.options.get(name, default), told.get(name, "")) for name, default in options.items()]
    return settings | {"options": _rows(cells, lambda name, value, help: _number(name, value, help, recipe))}


def _grid(names: Any, recipe: Recipe) -> dict[str, Any]:
    specs = {spec.name: spec for spec in fields(Recipe)}
    cells = [(name, getattr(recipe, name), specs[name]) for name in names if matters(name, recipe)]
    return _rows(cells, lambda name, value, spec: _widget(name, value, spec, recipe))


def _rows(cells: list[tuple[str, Any, Any]], draw: Any) -> dict[str, Any]:
    """Widgets in rows of three; gives what they say."""
    said = {}
    for row in range(0, len(cells), 3):
        for column, cell in zip(st.columns(3, vertical_alignment="bottom"), cells[row : row + 3], strict=False):
            with column:
                said[cell[0]] = draw(*cell)
    return said


def _widget(name: str, value: Any, spec: Any, recipe: Recipe) -> Any:
    meta, key = spec.metadata, f"{recipe.name}.{name}"
    if choices := list(LOSSES) if name == "loss" else meta["choices"]:
        return st.selectbox(label(name), choices, list(choices).index(value), spelt, key=key, help=meta["help"])
    if name == "diff_augment":
        chosen = list(diff_augment.policy(value))
        return _joined(st.multiselect(label(name), list(diff_augment.CHANGES), chosen, key=key, help=meta["help"]))
    help = meta["help"]
    if not isinstance(value, bool):
        # No limits here: a widget would drop a value beyond them without a word. The recipe refuses it and says what
        # works.
        help = f"{help} {meta['low']:,g} to {meta['high']:,g}."
    return _number(name, value, help, recipe)


def _number(name: str, value: Any, help: str, recipe: Recipe) -> Any:
    key = f"{recipe.name}.{name}"
    if isinstance(value, bool):
        return st.toggle(label(name), value, key=key, help=help)
    if isinstance(value, int):
        return st.number_input(label(name), value=value, key=key, help=help)
    step = value / 10 if 0 < value < 0.05 else 0.05
    return st.number_input(
        label(name), value=value, step=step, format="%.2e" if "rate" in name else "%.4g", key=key, help=help
    )


def _condition(recipe: Recipe, source: Source) -> str:
    """The columns that nets are told; where the data set has not those of the recipe, its label."""
    own = conditions.split_columns(recipe.condition)
    name = source.label if source.label in own else conditions.LABEL  # two names of one column: one is enough
    columns = [name, *source.attributes]
    default = own if set(own) <= set(columns) else (name,)
    help = (
        "The label, other columns of the data set, or several together, each told on its own: a sample can then be "
        "asked for by all of them. Empty: nothing is told, and nothing can be asked for."
    )
    key = f"{recipe.name}.{source.name}.condition"
    return _joined(st.multiselect(label("condition"), columns, default, key=key, help=help, placeholder="Nothing"))


def _joined(names: list[str]) -> str:
    """As recipes write several: with commas; "none" for none."""
    return ", ".join(names) or conditions.NOTHING
