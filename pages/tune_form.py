"""The form that starts a study, or joins one that another machine began."""

from __future__ import annotations

from typing import Any

import recipe_choice
import streamlit as st
import tune_space
from shared import kindly

from gan import datasets
from gan.recipes import Recipe
from gan.search import OBJECTIVES, PRUNERS, SAMPLERS, Spec, objectives_of, studies
from gan.search.objectives import MOST
from gan.training import fitting

OFFLINE = "handwriting"  # ships with the app
STEPS = 400  # of a trial, to begin with: enough to tell settings apart in nets of this size
TITLES = {"hyperband": "Hyperband", "median": "Median", "none": "None"}
NAMES = {"tpe": "TPE", "random": "Random", "nsga2": "NSGA-II"}


def form() -> None:
    """The form; its button starts a process and shows the study."""
    chosen = recipe_choice.choose()
    left, right = st.columns(2)
    sources = datasets.sources()
    with left:
        offered = list(sources)
        key = f"tune.{chosen.name}.dataset"
        dataset = st.selectbox(
            "Data set", offered, offered.index(_offered(chosen)), lambda name: sources[name].title, key=key
        )
    with right:
        name = st.text_input("Name", key="study_name", placeholder=studies.free_name(chosen.name))
    if not sources[dataset].local:
        st.info(f"{sources[dataset].title} is downloaded from its publisher first.", icon=":material/download:")
    with kindly():
        base = chosen.with_settings({"dataset": dataset})
        found = tune_space.editor(base)
        left, right = st.columns(2)
        with left:
            told = _objectives(base)
        with right:
            told |= {"pruner": _pruner(len(told["objectives"]) > 1)}
        told |= _budget(base)
        with st.expander("Where the study is kept, and how it chooses"):
            url = _storage()
            told |= {"sampler": _sampler()}
        if st.button("Start the study", type="primary", key="start_study", icon=":material/play_arrow:"):
            base = base.with_settings({"steps": told.pop("steps")})
            space = tuple(found.dimensions(base))
            _start(Spec(name.strip() or studies.free_name(chosen.name), base, space, **told), url)
    st.caption("Searches in a process of its own: you may close the page, the browser or the server.")
    _join()


def _offered(recipe: Recipe) -> str:
    sources = datasets.sources()
    if sources[recipe.dataset].local:
        return recipe.dataset
    here = (name for name in (OFFLINE, *sources) if sources[name].local and fitting.fits(recipe, sources[name]))
    return next(here, recipe.dataset)


def _objectives(base: Recipe) -> dict[str, Any]:
    known = objectives_of(base.model)
    told = st.multiselect(
        "Objective",
        known,
        known[:1],
        lambda name: OBJECTIVES[name].title,
        key=f"objectives.{base.model}",
        max_selections=MOST,
        help="What is to become small or large. Several: there is then no single best, but a Pareto front.",
    )
    words = {"lower": "less is better", "higher": "more is better", "real": "as near as can be to real pictures"}
    for name in told:
        row = OBJECTIVES[name]
        st.caption(f"**{row.title}**: {row.help} Here, {words[row.better]}.")
    return {"objectives": tuple(told)}


def _budget(base: Recipe) -> dict[str, Any]:
    one, two, three, four = st.columns(4, vertical_alignment="bottom")
    with one:
        trials = st.number_input("Trials", value=Spec.trials, step=1, key="study_trials", help="Of the whole study.")
    with two:
        about = f"Of each trial; the recipe alone takes {base.steps:,}. Schedules end with them."
        steps = st.number_input("Steps a trial", value=min(STEPS, base.steps), step=100, key="study_steps", help=about)
    with three:
        about = "Of work of all processes together; then no trial begins any more. 0: without limit."
        minutes = st.number_input("Minutes at most", value=0.0, step=10.0, format="%g", key="study_minutes", help=about)
    with four:
        about = "How many pictures a trial's scores are measured on at its end; a fifth of them on the way."
        samples = st.number_input("Samples a score", value=Spec.samples, step=500, key="study_samples", help=about)
    return {"trials": trials, "steps": steps, "minutes": minutes, "samples": samples}


def _pruner(several: bool) -> str:
    pruners = ["none"] if several else list(PRUNERS)
    about, key = "What ends trials early. Of several objectives, none is the one to prune by.", f"pruner.{several}"
    chosen = st.selectbox("Pruning", pruners, 0, TITLES.__getitem__, key=key, help=about, disabled=several)
    st.caption(PRUNERS[chosen])
    return chosen


def _sampler() -> str:
    about = "How the settings of the next trial are chosen."
    chosen = st.selectbox("Choosing settings", list(SAMPLERS), 0, NAMES.__getitem__, key="sampler", help=about)
    st.caption(SAMPLERS[chosen])
    return chosen


def _storage() -> str:
    return st.text_input(
        "Storage",
        key="storage",
        placeholder="A file in the folder of runs",
        help="For several machines, a database that all of them reach: postgresql://USER:PASSWORD@HOST/DATABASE, or "
        "another that Optuna takes. Then run `python -m gan search --name STUDY --storage URL` on each.",
    ).strip()


def _join() -> None:
    with st.expander("Join a study that another machine began"), st.form("join", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input("Its name", key="join_name", width=220)
            hint = "postgresql://USER:PASSWORD@HOST/DATABASE"
            url = st.text_input("Its storage", key="join_url", placeholder=hint)
            pressed = st.form_submit_button("Join it", key="join_study", icon=":material/group_add:")
        if pressed:
            with kindly():
                _show(studies.join(name.strip(), url.strip()))


def _start(spec: Spec, url: str) -> None:
    study = studies.make(spec, url)
    study.set_budget(spec.trials, spec.minutes)  # of one that was there
    study.start()
    _show(study)


def _show(study: studies.Study) -> None:
    st.session_state["study_chosen"] = study.name  # the choice of study stands above and is drawn already
    st.rerun()
