"""Runs beside each other: their curves in one plot, and what their recipes have not in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import recipe_choice
import recipe_settings
import shared
import streamlit as st
from streamlit.elements.lib.streamlit_plotly_theme import CATEGORY_2, CATEGORY_3, CATEGORY_4, CATEGORY_5
from training_view import SCORES

from gan.training import curves, overview, runs

LOSSES = {
    "g_loss": "Generator's loss",
    "d_loss": "Discriminator's loss",
    "d_real": "D(real)",
    "d_fake": "D(fake)",
    "distance": "Distance of real and drawn pictures",
    "gradient_penalty": "Gradient penalty",
    "content": "Distance to the true pictures",
    "loss": "Cross-entropy",
    "accuracy": "Accuracy on the training batches",
    "r1": "R1",
    "r2": "R2",
}
AXES = {"Steps": "step", "Pictures seen": "pictures seen", "Minutes": "minutes of training"}
POINTS = 400  # of a line
COLOURS = (CATEGORY_2, CATEGORY_3, CATEGORY_4, CATEGORY_5)  # not the generator's, nor the discriminator's
DASHES = ("solid", "dot")


def curves_of(chosen: Sequence[runs.Run]) -> None:
    """One measure of all chosen runs, over steps, pictures seen or time."""
    followed = {run.id: curves.follow(run) for run in chosen}
    present = {name for follow in followed.values() for name in tuple(follow.series)}
    names = [name for name in (*SCORES, *LOSSES) if name in present]
    if not names:
        st.caption("Nothing is measured yet: the first records come with the first steps.")
        return
    titles = {name: label for name, (label, _, _) in SCORES.items()} | LOSSES
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = st.multiselect(
            "Measures", names, names[:2], titles.__getitem__, key="measures", bind="query-params", width=420
        )
        axis = st.segmented_control("Over", list(AXES), default="Steps", required=True, key="over", bind="query-params")
        log = st.toggle("Logarithmic", key="log", bind="query-params")
    for name in shown:
        st.markdown(f"**{titles[name]}**")
        _chart(chosen, followed, name, axis, log)
    st.caption("Metrics as a table (CSV):")
    with st.container(horizontal=True):
        for run in chosen:
            shared.download(run.id, lambda run=run: overview.metrics_csv(run), f"{run.id}.csv", f"csv-{run.id}")


def _chart(chosen: Sequence[runs.Run], followed: dict[str, curves.Curves], name: str, axis: str, log: bool) -> None:
    figure = go.Figure(layout={"xaxis": {"title": AXES[axis]}, "uirevision": f"{name}-{axis}", "showlegend": True})
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    figure.update_yaxes(type="log" if log else "linear")
    few = name in SCORES
    if few and SCORES[name][1].endswith("%}"):
        figure.update_yaxes(tickformat=".1~%")
    for place, run in enumerate(chosen):
        steps, values = followed[run.id].thinned(name, POINTS)
        if steps:
            x = _along(run, followed[run.id], steps, axis)
            line = {"color": COLOURS[place % 4], "dash": DASHES[place // 4], "width": 1.5}
            figure.add_scatter(x=x, y=values, name=run.id, mode="lines+markers" if few else "lines", line=line)
    figure.update_traces(marker={"size": 4})
    shared.chart(figure, f"overlay-{name}", 300, f"{name} of {len(chosen)} runs")


def _along(run: runs.Run, follow: curves.Curves, steps: list[int], axis: str) -> Any:
    if axis == "Steps":
        return steps
    if axis == "Pictures seen":
        return [step * run.recipe.pictures_a_step for step in steps]
    known, seconds = follow.thinned("seconds", 2000)
    return np.interp(steps, known, seconds) / 60 if known else steps


def recipes_of(chosen: Sequence[runs.Run]) -> None:
    """The settings in which the chosen runs differ; of one run, what it changes from the defaults."""
    if len(chosen) == 1:
        recipe = chosen[0].recipe
        st.markdown(f"**What {shared.plain(chosen[0].id)} changes from the defaults**")
        st.table(recipe_choice.changes(recipe), hide_index=True)
        shared.download("Recipe (JSON)", recipe.to_json().encode(), f"{chosen[0].id}.json", "recipe-json")
        return
    found = overview.differences({run.id: run.recipe for run in chosen})
    if not found:
        st.success("All of these runs have the same recipe.", icon=":material/check:")
        return
    rows = [
        {"Setting": recipe_settings.label(name), **{run: _said(value) for run, value in values.items()}}
        for name, values in found.items()
    ]
    st.markdown(f"**{len(rows)} {'setting differs' if len(rows) == 1 else 'settings differ'}**")
    st.table(rows, hide_index=True)


def _said(value: Any) -> str:
    text = "–" if value is None else recipe_choice.shown(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
