"""The time machine: always the same latents at every step that runs keep, scrubbed through in the browser."""

from __future__ import annotations

from collections.abc import Sequence

import shared
import streamlit as st
import time_machine_films
import time_machine_view
import time_machine_work

from gan import timeline
from gan.timeline import Look
from gan.training import runs

MOST = 4  # runs beside each other


def show(chosen: Sequence[runs.Run]) -> None:
    """The pictures of the chosen runs, what to change about them, and what to take home."""
    if len(chosen) > MOST:
        st.caption(f"The first {MOST} of {len(chosen)} runs are shown.")
    chosen, above = chosen[:MOST], st.container()
    look, axis = _look(chosen)
    machine, going = time_machine_work.begin(chosen, look)
    working = any(run.status()["state"] in runs.WORKING for run in chosen)
    every = 0.5 if going else 4 if working else None
    with above:
        st.fragment(_show, run_every=every)(chosen, look, axis, going)
    if machine.drawn:
        time_machine_films.section(chosen, [one.line for one in machine.drawn])


def _look(chosen: Sequence[runs.Run]) -> tuple[Look, str]:
    known = list(dict.fromkeys(name for run in chosen for name in run.class_names))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=280):
            seed = shared.seed("seed")
        low, high = timeline.ROWS
        rows = st.number_input("Rows", low, high, 4, key="rows", bind="query-params", width=110, help="A row a latent.")
        classes: list[str] = []
        if len(known) > 1:
            classes = st.multiselect(
                "Classes", known, key="classes", bind="query-params", max_selections=timeline.COLUMNS, width=320,
                placeholder="The first ones", help="A column a class.",
            )  # fmt: skip
        axis = "Steps"
        if len(chosen) > 1:
            axis = st.segmented_control(
                "Along", list(time_machine_view.AXES), default=axis, required=True, key="axis", bind="query-params",
                help="What the slider goes along. Over pictures or minutes, runs of different speed compare fairly.",
            )  # fmt: skip
    return Look(seed, rows, tuple(classes)), axis


def _show(chosen: Sequence[runs.Run], look: Look, axis: str, was_going: bool) -> None:
    with shared.kindly():
        machine, going = time_machine_work.begin(chosen, look)
        if going != was_going:
            st.rerun()  # the timer is set outside the fragment
        if going and not machine.drawn:
            st.progress(machine.work.share, machine.work.said)
            st.button("Cancel", key="cancel_machine", on_click=machine.work.cancel, disabled=machine.work.cancelled)
        problems = [machine.work.problem] if machine.work.problem else machine.problems
        for problem in problems:
            (st.warning if machine.drawn else st.error)(problem, icon=":material/info:")
        if not going and (problems or (machine.work.cancelled and not machine.drawn)):
            act = {"on_click": time_machine_work.forget, "args": (chosen, look)}
            st.button("Draw the pictures", key="draw_machine", **act)
        if gone := [shared.plain(run.id) for run in chosen if not (run.path / "recipe.json").is_file()]:
            st.warning(f"{', '.join(gone)} was removed while you looked; what was drawn stays until you leave.")
        if machine.drawn:
            time_machine_view.mount(machine.drawn, axis)
