"""Which recipe: in groups, with what it is for, where its nets come from, and what it changes from the defaults."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import streamlit as st
from recipe_settings import label, spelt

from gan import models
from gan.losses import loss
from gan.recipes import RECIPES, Recipe

OURS, PUBLISHED, ENLARGE, READ = "Ours", "Published", "Super-resolution", "Classifiers"
FIRST = "cgan28"
HELP = (
    "Ours are made to work. Published ones are student projects' nets, layer by layer, trained as they were. "
    "Super-resolution enlarges pictures; classifiers read them."
)
OWN = ("name", "note", "dataset", "model", "options")  # shown elsewhere


def group(recipe: Recipe) -> str:
    """The group that a recipe stands in."""
    row = models.family(recipe.model)
    by_game = {"classifier": READ, "reader": READ, "super_resolution": ENLARGE}
    return by_game.get(row.game, PUBLISHED if row.published else OURS)


def choose() -> Recipe:
    """The widgets; gives the named recipe. The address keeps the choice."""
    wanted = st.session_state.get("recipe", st.query_params.get("recipe"))
    # The recipe leads, so that an address opens its group; pressing a group chooses a recipe of it first.
    st.session_state["recipe_group"] = group(RECIPES.get(str(wanted), RECIPES[FIRST]))
    st.segmented_control(
        "Kind", (OURS, PUBLISHED, ENLARGE, READ), required=True, key="recipe_group", on_change=_turn, help=HELP
    )
    names = _names(st.session_state["recipe_group"])
    name = st.selectbox("Recipe", names, key="recipe", bind="query-params", help="Nets, loss and optimisers.")
    return RECIPES[name]


def explain(recipe: Recipe) -> None:
    """What a recipe is for, what its nets are, and what it changes."""
    row = models.family(recipe.model)
    st.caption(f"{recipe.note}  \n**{recipe.model}**: {row.summary}{f' Source: {row.source}.' if row.source else ''}")
    with st.expander("What this recipe changes"):
        rows = changes(recipe)
        if rows:
            st.table(rows, hide_index=True)
        else:
            st.caption("Nothing: all settings are the defaults.")
        if row.game not in models.ALONE:
            chosen = loss(recipe.loss)
            st.caption(f"Its loss, {spelt(recipe.loss)}: {chosen.summary} {chosen.source}.")


def changes(recipe: Recipe) -> list[dict[str, str]]:
    """A row for each setting and option of the nets that is not the default."""
    specs = {spec.name: spec for spec in fields(Recipe)}
    rows = [
        _row(label(name), default, own, specs[name].metadata["help"])
        for name, (own, default) in recipe.differences(Recipe()).items()
        if name not in OWN
    ]
    defaults, told = models.options_of(recipe.model), models.explained(recipe.model)
    rows += [
        _row(label(name), defaults[name], own, told[name])
        for name, own in recipe.options.items()
        if own != defaults[name]
    ]
    return rows


def _row(name: str, default: Any, own: Any, help: str) -> dict[str, str]:
    return {"Setting": name, "Default": shown(default), "Here": shown(own), "What it is": help}


def shown(value: Any) -> str:
    """A setting's value as it is written on a page."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float) and 0 < value < 0.001:
        return f"{value:.2e}".replace("e-0", "e-")  # as the widgets write it
    return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)


def _names(kind: str) -> list[str]:
    return [name for name, recipe in RECIPES.items() if group(recipe) == kind]


def _turn() -> None:
    st.session_state["recipe"] = _names(st.session_state["recipe_group"])[0]
