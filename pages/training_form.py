"""The form that starts a run: what to learn from, which recipe, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import recipe_choice
import recipe_settings
import streamlit as st
from shared import kindly

from gan import UserError, augment, datasets
from gan.recipes import Recipe
from gan.training import fitting, runs

OFFLINE = "handwriting"  # ships with the app


def form() -> None:
    """The form; its button starts a worker and shows the run."""
    chosen = recipe_choice.choose()
    sources = datasets.sources()
    left, right = st.columns(2)
    with left:
        # Another recipe may be meant for other data, so the choice is remembered for each.
        dataset = st.selectbox(
            "Data set",
            list(sources),
            index=list(sources).index(_wanted(sources, chosen)),
            format_func=lambda key: sources[key].title,
            key=f"{chosen.name}.dataset",
            help=f"{sources[chosen.dataset].title} is what the recipe was made for.",
        )
    with right:
        settings: dict[str, Any] = {"dataset": dataset, "augment": _augment(chosen)}
    recipe_choice.explain(chosen)
    if not sources[dataset].local:
        st.info(f"{sources[dataset].title} is downloaded from its publisher first.", icon=":material/download:")
    settings |= recipe_settings.main(chosen)
    with st.expander("All settings"):
        settings |= recipe_settings.rest(chosen, sources[dataset])
    if st.button("Start training", type="primary", key="start", icon=":material/play_arrow:"):
        with kindly():
            start(chosen, settings)
    st.caption("Trains in a process of its own: you may close the page, the browser or the server.")


def start(recipe: Recipe, settings: dict[str, Any]) -> None:
    """Make the run, start its worker, and show it.

    Raises:
        UserError: for settings that cannot be, or a folder of runs that cannot be written.
    """
    try:
        run = runs.create(recipe.with_settings(settings))
        runs.start_worker(run)
    except OSError as error:
        raise UserError(f"The run could not be started: {error}.") from None
    st.session_state["started"] = run.id  # the choice of run stands above and is drawn already
    st.rerun()


def _wanted(sources: Mapping[str, datasets.Source], recipe: Recipe) -> str:
    """The data set to offer: that of the address, or the recipe's own, or one that is here and fits."""
    if (wanted := st.query_params.get("dataset")) in sources:
        return str(wanted)
    if sources[recipe.dataset].local:
        return recipe.dataset
    offline = (name for name in (OFFLINE, *sources) if sources[name].local and fitting.fits(recipe, sources[name]))
    return next(offline, recipe.dataset)


def _augment(recipe: Recipe) -> str:
    """How the pictures are varied; Data > Augment sends a name, or a plan, in the address."""
    names, default = augment.names(), recipe.augment
    if wanted := st.query_params.get("augment"):
        with kindly():
            augment.augmentation(wanted)
            default = wanted
    choices = names if default in names else [*names, default]
    key, help = f"{recipe.name}.augment", "How the pictures are varied while training. Data > Augment shows each."
    return st.selectbox("Augmentation", choices, choices.index(default), augment.title, key=key, help=help)
