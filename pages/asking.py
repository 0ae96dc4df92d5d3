"""Asking a model for some of its classes, column by column; asking for nothing means anything."""

import streamlit as st

from gan import drawing
from gan.registry import Card

PILLS = 16  # values that can stand beside each other; more are chosen from a list


def labels(card: Card) -> tuple[int, ...]:
    """The labels that are chosen, all of them to begin with; none where the model has none."""
    wanted = {name: _values(name, values, len(card.columns) > 1) for name, values in drawing.choices(card).items()}
    return drawing.labels_of(card, wanted)


def _values(name: str, values: tuple[str, ...], several: bool) -> list[str]:
    title, key = name.capitalize(), name if name == "label" else f"label_{name}"
    if len(values) > PILLS or several:
        hint = f"Any of {len(values)}"
        return st.multiselect(title, values, key=key, bind="query-params", placeholder=hint, width=260)
    return st.pills(
        title, values, selection_mode="multi", key=key, bind="query-params", help="None chosen: all of them."
    )
