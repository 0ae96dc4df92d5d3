"""Asking a model for pictures: which, in what hand, and whether a classifier has to agree."""

from collections.abc import Mapping

import shared
import streamlit as st

from gan import drawing
from gan.generating import agreeing
from gan.registry import Card

PILLS = 16  # values that can stand beside each other; more are chosen from a list


def model(generators: Mapping[str, Card]) -> Card:
    """The model that draws."""
    return generators[st.selectbox("Model", generators, key="model", bind="query-params")]


def hand() -> tuple[int, float]:
    """The seed and the truncation."""
    seed = shared.seed("seed")
    about = "Below 1, latents are drawn towards the mean: cleaner pictures, less variety. 1 leaves them as they fall."
    return seed, st.slider("Truncation", 0.3, 1.0, 1.0, 0.05, key="truncation", bind="query-params", help=about)


def agreed(card: Card) -> bool:
    """Whether only pictures are wanted that a classifier reads as their label."""
    net = agreeing.reader(card) if card.class_names else None
    about = f"Others are drawn in place of those that {net.name} reads as something else." if net else (
        "No classifier here reads what this model draws; train one on Train > Live."
        if card.class_names else "This model is told no label, so there is nothing to agree with."
    )  # fmt: skip
    wanted = st.toggle("Classifier must agree", key="agreed", bind="query-params", help=about, disabled=net is None)
    return wanted and net is not None


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
