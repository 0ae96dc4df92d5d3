"""What is made of a run: a model for the pages of Explore, and another run."""

from __future__ import annotations

from typing import Any

import recipe_settings
import runs_table
import streamlit as st

from gan import datasets, registry
from gan.training import keeping, managing, overview, promote, runs

BEGINNING = "The beginning"


def model(run: runs.Run) -> None:
    """A form for a model of what a run has learned, and the models that were made of it."""
    steps = sorted({step for step, _ in (*run.checkpoints(), *run.snapshots())}, reverse=True)
    if not steps:
        st.caption("Nothing is kept of it yet that a model could be made of: that comes with its first steps.")
        return
    best = keeping.best(overview.score_records(run))
    found = best and best.step
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name", key=f"model-{run.id}", placeholder=f"my-{run.recipe.name}", width=220)
        title = st.text_input("Title", max_chars=80, key=f"title-{run.id}", placeholder="What people read", width=220)
        start = steps.index(found) if found in steps else 0
        words = {steps[0]: "newest"} | ({found: "best score"} if found else {})
        step = st.selectbox("As of step", steps, start, lambda s: _step(s, words), key=f"step-{run.id}", width=220)
    about = "One line on what it is"
    summary = st.text_input("Summary", max_chars=200, key=f"summary-{run.id}", placeholder=about)
    if st.button("Make the model", key="promote", type="primary"):
        promote.promote(run, name.strip(), title.strip(), summary.strip(), step=step)
    for card in registry.cards():  # those that are still there
        if card.training.get("run") == run.id:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{card.name}**, as of step {card.training.get('step', 0):,}", width="content")
                if card.kind == "generator":
                    query = {"model": card.name}
                    st.page_link("latent_space.py", label="Its space", icon=":material/tune:", query_params=query)
                    st.page_link("generate.py", label="Draw with it", icon=":material/draw:", query_params=query)


def _step(step: int, words: dict[int, str]) -> str:
    return f"{step:,} ({words[step]})" if step in words else f"{step:,}"


def fork(run: runs.Run) -> None:
    """A form for a run that begins as this one was."""
    points = [step for step, _ in reversed(run.checkpoints())]
    start = st.selectbox("Begin at", [*points, BEGINNING], format_func=_point, key=f"from-{run.id}", width=260)
    if start != BEGINNING:
        fixed = ", ".join(recipe_settings.label(name).lower() for name in managing.FIXED if name != "options")
        st.caption(f"From a checkpoint, {fixed} and the options of the nets stay as they are.")
    recipe = run.recipe
    # Widgets are named after their recipe: under this name, the Live page's and other runs' are left alone.
    own = recipe.with_settings({"name": f"fork-{run.id}"})
    settings: dict[str, Any] = recipe_settings.main(own)
    source = datasets.source(recipe.dataset)
    settings |= recipe_settings.rest(own, source)
    if st.button("Fork and train", key="fork", type="primary", icon=":material/fork_right:"):
        made = managing.fork(run, settings, None if start == BEGINNING else start)
        managing.write_note(made, f"Fork of {run.id}" + ("" if start == BEGINNING else f" at step {start:,}"))
        runs_table.put([made.id, run.id])
        runs.start_worker(made)
        st.rerun()


def _point(point: int | str) -> str:
    return point if isinstance(point, str) else f"Step {point:,}"
