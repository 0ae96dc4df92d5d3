"""The form that starts a run: what to learn from, which recipe, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import streamlit as st
from shared import kindly

from gan import UserError, augment, datasets, models
from gan.recipes import RECIPES, Recipe
from gan.training import runs

MAIN = ("steps", "batch", "learning_rate", "discriminator_learning_rate", "r1", "average")
LABELS = {
    "average": "Averaging (1,000 pictures)",
    "batch": "Batch (pictures)",
    "discriminator_learning_rate": "Discriminator's rate",
    "r1": "R1 weight",
    "r1_every": "R1 every (steps)",
    "xla": "XLA",
}
OFFLINE = "handwriting"  # ships with the app


def form() -> None:
    """The form; its button starts a worker and shows the run."""
    names = list(RECIPES)
    left, middle, right = st.columns(3)
    with left:
        name = st.selectbox("Recipe", names, key="recipe", bind="query-params", help="Nets, loss and optimisers.")
    chosen = RECIPES[name]
    sources = datasets.sources()
    with middle:
        # Another recipe may be meant for other data, so the choice is remembered for each.
        dataset = st.selectbox(
            "Data set",
            list(sources),
            index=list(sources).index(_wanted(sources, chosen)),
            format_func=lambda key: sources[key].title,
            key=f"{name}.dataset",
            help=f"{sources[chosen.dataset].title} is what the recipe was made for.",
        )
    settings: dict[str, Any] = {"dataset": dataset}
    with right:
        settings["augment"] = _augment(chosen)
    st.caption(f"{chosen.note} {models.family(chosen.model).summary}")
    if not sources[dataset].local:
        st.info(f"{sources[dataset].title} is downloaded from its publisher first.", icon=":material/download:")
    specs = {spec.name: spec for spec in fields(Recipe) if _matters(spec.name, chosen)}
    _grid([spec for name in MAIN if (spec := specs.get(name))], chosen, settings)
    with st.expander("All settings"):
        hidden = (*MAIN, "name", "note", "dataset", "model", "options", "augment")
        _grid([spec for name, spec in specs.items() if name not in hidden], chosen, settings)
        settings["options"] = _options(chosen)
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


def _grid(specs: list[Any], recipe: Recipe, settings: dict[str, Any]) -> None:
    """Widgets of settings in rows of three; what they say goes into `settings`."""
    for row in range(0, len(specs), 3):
        for column, spec in zip(st.columns(3), specs[row : row + 3], strict=False):
            with column:
                settings[spec.name] = _widget(spec, recipe)


def _matters(name: str, recipe: Recipe) -> bool:
    """A classifier has no opponent: settings of the game would only confuse."""
    only_gans = ("loss", "discriminator_learning_rate", "r1", "r1_every", "average", "shared_pass")
    return models.family(recipe.model).game == "gan" or name not in only_gans


def _widget(spec: Any, recipe: Recipe) -> Any:
    default, meta = getattr(recipe, spec.name), spec.metadata
    label = LABELS.get(spec.name, spec.name.replace("_", " ").capitalize())
    key, help = f"{recipe.name}.{spec.name}", meta["help"]
    choices = meta["choices"] or _tables().get(spec.name)
    if choices:
        return st.selectbox(label, choices, index=list(choices).index(default), key=key, help=help)
    if isinstance(default, bool):
        return st.toggle(label, default, key=key, help=help)
    low, high = meta["low"], meta["high"]
    if isinstance(default, int):
        return st.number_input(label, value=default, key=key, help=f"{help} {low:,} to {high:,}.")
    step, shown = (default / 10, "%.2e") if "rate" in spec.name else (0.05, "%.3g")
    # No limits here: a widget would drop a value beyond them without a word. The recipe refuses it and says what works.
    return st.number_input(label, value=default, step=step, format=shown, key=key, help=f"{help} {low:g} to {high:g}.")


def _tables() -> dict[str, list[str]]:
    from gan.losses import LOSSES

    return {"loss": list(LOSSES)}


def _wanted(sources: Mapping[str, datasets.Source], recipe: Recipe) -> str:
    """The data set to offer: that of the address, or the recipe's own, or one that is here."""
    if (wanted := st.query_params.get("dataset")) in sources:
        return str(wanted)
    return recipe.dataset if sources[recipe.dataset].local else OFFLINE


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


def _options(recipe: Recipe) -> dict[str, Any]:
    values = {}
    for name, default in models.options_of(recipe.model).items():
        value, label, key = (
            recipe.options.get(name, default),
            name.replace("_", " ").capitalize(),
            f"{recipe.name}.{name}",
        )
        help = f"An option of {recipe.model}."
        if isinstance(default, bool):
            values[name] = st.toggle(label, value, key=key, help=help)
        else:
            values[name] = st.number_input(label, value=value, key=key, help=help)
    return values
