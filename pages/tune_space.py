"""The search space as a table that can be edited: a row a setting, with its range or its choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import recipe_choice
import recipe_settings
import streamlit as st

from gan import UserError
from gan.recipes import Recipe
from gan.search import PRESETS, Dimension, parse, presets_for
from gan.search.space import searchable

OWN = "Own"
COLUMNS = ("Setting", "From", "To", "Scale", "Step", "Choices")


@dataclass(frozen=True)
class Table:
    """What the table says."""

    rows: Sequence[dict[str, Any]]

    def dimensions(self, recipe: Recipe) -> list[Dimension]:
        """Raises: UserError for a row that is not finished, or does not fit the recipe."""
        return [parse(_written(row), recipe) for row in self.rows if _text(row["Setting"])]


def editor(recipe: Recipe) -> Table:
    """The presets, and the table that begins with what they say."""
    names = presets_for(recipe)
    titles = {name: PRESETS[name].title for name in names} | {OWN: "Own"}
    key = f"space.{recipe.model}"
    preset = st.segmented_control(
        "Search space", [*names, OWN], default=names[0] if names else OWN, required=True, key=key,
        format_func=titles.__getitem__, bind="query-params",
    )  # fmt: skip
    known = searchable(recipe)
    found = PRESETS[preset].dimensions(recipe) if preset != OWN else []
    about = PRESETS[preset].help if preset != OWN else "Choose settings, and how far each may go."
    st.caption(f"{about} Rows can be changed, added and taken away. The recipe's own values: {_values(known, found)}.")
    table = pd.DataFrame([_row(dimension) for dimension in found], columns=list(COLUMNS))
    kinds = {"From": "Float64", "To": "Float64", "Step": "Float64", "Setting": "string", "Choices": "string"}
    edited = st.data_editor(
        table.astype(kinds | {"Scale": "string"}),
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        key=f"space-{recipe.name}-{preset}",
        placeholder="",
        column_config={
            "Setting": st.column_config.SelectboxColumn(
                options=sorted(known), format_func=recipe_settings.label, required=True
            ),
            "From": st.column_config.NumberColumn(format="%g"),
            "To": st.column_config.NumberColumn(format="%g"),
            "Scale": st.column_config.SelectboxColumn(options=["linear", "logarithmic"], width="small"),
            "Step": st.column_config.NumberColumn(format="%g", help="Whole steps from the lowest value on."),
            "Choices": st.column_config.TextColumn(help="In place of a range: values, with commas between them."),
        },
    )
    return Table(edited.to_dict("records"))


def _row(dimension: Dimension) -> dict[str, Any]:
    scale = None if dimension.choices else "logarithmic" if dimension.log else "linear"
    choices = str(dimension).partition("=")[2].replace(",", ", ") if dimension.choices else None
    cells = (dimension.name, dimension.low, dimension.high, scale, dimension.step, choices)
    return dict(zip(COLUMNS, cells, strict=True))


def _written(row: dict[str, Any]) -> str:
    """A row as `gan.search.parse` reads it."""
    name = _text(row["Setting"])
    if choices := _text(row["Choices"]):
        return f"{name}={choices}"
    if not _text(row["From"]) or not _text(row["To"]):
        raise UserError(f"space: {name} needs a lowest and a highest value, or choices.")
    ending = ":log" if row["Scale"] == "logarithmic" else f":{_text(row['Step'])}" if _text(row["Step"]) else ""
    return f"{name}={_text(row['From'])}..{_text(row['To'])}{ending}"


def _text(value: Any) -> str:
    return (
        "" if value is None or pd.isna(value) else f"{value:.12g}" if isinstance(value, float) else f"{value}".strip()
    )


def _values(known: dict[str, Any], found: Sequence[Dimension]) -> str:
    names = [dimension.name for dimension in found] or list(known)[:6]
    return ", ".join(f"{recipe_settings.label(name).lower()} {recipe_choice.shown(known[name])}" for name in names)
