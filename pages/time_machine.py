"""The time machine: always the same latents at every step that runs keep, scrubbed through in the browser."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shared
import streamlit as st
import time_machine_films
from training_view import SCORES

from gan import timeline
from gan.background import Work
from gan.timeline import Look, Timeline
from gan.training import runs

MOST = 4  # runs beside each other
AXES = {"Steps": "Step {}", "Pictures seen": "{} pictures", "Minutes": "{} min"}
KEPT = 6  # machines whose pictures are remembered
MARKS = 10  # buttons

_FOLDER = Path(__file__).with_name("components") / "timemachine"
_machine = st.components.v2.component(
    "gan_studio_timemachine",
    html=(_FOLDER / "timemachine.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "timemachine.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "timemachine.js").read_text(encoding="utf-8"),
)


@dataclass
class _Machine:
    """What was drawn for some runs and a look, and what is being drawn."""

    stamp: Any
    work: Work
    drawn: list[tuple[Timeline, str, int]] | None = None  # with its sprite, and how many stand in a row of that


def show(chosen: Sequence[runs.Run]) -> None:
    """The pictures of the chosen runs, what to change about them, and what to take home."""
    if len(chosen) > MOST:
        st.caption(f"The first {MOST} of {len(chosen)} runs are shown.")
    chosen, above = chosen[:MOST], st.container()
    look, axis = _look(chosen)
    machine, going = _begin(chosen, look)
    working = any(run.status()["state"] in runs.WORKING for run in chosen)
    every = 0.5 if going else 4 if working else None
    with above:
        st.fragment(_show, run_every=every)(chosen, look, axis, going)
    if machine.drawn:
        time_machine_films.section(chosen, [line for line, _, _ in machine.drawn])


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
        over = {"key": "axis", "bind": "query-params", "default": "Steps", "required": True}
        help = "What the slider goes along. Over pictures or minutes, runs of different speed are compared fairly."
        axis = st.segmented_control("Along", list(AXES), help=help, **over) if len(chosen) > 1 else "Steps"
    return Look(seed, rows, tuple(classes)), axis


def _begin(chosen: Sequence[runs.Run], look: Look) -> tuple[_Machine, bool]:
    """Have drawn what is not drawn yet; whether that is going on."""
    kept = _kept()
    key = (tuple(str(run.path) for run in chosen), look)
    stamp = tuple(timeline.stamp(run) for run in chosen if run.path.is_dir())
    machine = kept.get(key)
    if machine and machine.work.result:
        machine.drawn = machine.work.result
    if machine is None or (not machine.work.going and machine.stamp != stamp and len(stamp) == len(chosen)):
        work = Work(lambda say: [_drawn(run, look, i, len(chosen), say) for i, run in enumerate(chosen)])
        kept[key] = machine = _Machine(stamp, work, machine.drawn if machine else None)
        for old in list(kept)[:-KEPT]:
            kept.pop(old, None)
    return machine, machine.work.going


def _drawn(run: runs.Run, look: Look, index: int, count: int, say: Any) -> tuple[Timeline, str, int]:
    line = timeline.draw(run, look, lambda share, text: say((index + share) / count, text))
    data, across = timeline.sprite(line.pictures)
    return line, f"data:image/png;base64,{base64.b64encode(data).decode()}", across


def _show(chosen: Sequence[runs.Run], look: Look, axis: str, was_going: bool) -> None:
    with shared.kindly():
        machine, going = _begin(chosen, look)
        if going != was_going:
            st.rerun()  # the timer is set outside the fragment
        if going and not machine.drawn:
            st.progress(machine.work.share, machine.work.said)
            st.button("Cancel", key="cancel_machine", on_click=machine.work.cancel, disabled=machine.work.cancelled)
        elif machine.work.cancelled and not machine.drawn:
            st.button("Draw the pictures", key="draw_machine", on_click=_kept().clear)
        elif machine.work.problem:
            st.error(machine.work.problem, icon=":material/info:")
        if gone := [run.id for run in chosen if not (run.path / "recipe.json").is_file()]:
            st.warning(f"{', '.join(gone)} was removed while you looked; what was drawn stays until you leave.")
        if machine.drawn:
            _mount(machine.drawn, axis)


def _mount(drawn: Sequence[tuple[Timeline, str, int]], axis: str) -> None:
    """The component, where the address says; a place that the hand rests at is put into the address."""
    marks = [_mark(line, mark, axis, len(drawn) > 1) for line, _, _ in drawn for mark in line.marks]
    data = {
        "runs": [_run(line, source, across, axis) for line, source, across in drawn],
        "marks": sorted(marks, key=lambda mark: mark["at"])[:MARKS],
        "said": AXES[axis],
        "start": _place(),
    }
    parts = [axis, *(source for _, source, _ in drawn), *(str(line.steps) for line, _, _ in drawn)]
    data["version"] = hashlib.sha256("".join(parts).encode()).hexdigest()
    at = _machine(key="machine", data=data, on_at_change=lambda: None).at
    if at is not None:
        st.query_params["at"] = f"{at:g}"
    for line, _, _ in drawn:
        if line.sheets:
            st.caption(f"{line.run}: its sheets of samples, whose latents it chose itself; it keeps no snapshots.")
        if line.left_out:
            st.caption(f"{line.run}: {len(line.left_out)} steps are left out. {line.left_out[0]}")


def _run(line: Timeline, source: str, across: int, axis: str) -> dict[str, Any]:
    _, count, height, width, _ = line.pictures.shape
    return {
        "name": line.run,
        "sprite": source,
        "across": across,
        "count": count,
        "height": height,
        "width": width,
        "columns": line.columns,
        "names": line.names,
        "steps": line.steps,
        "seconds": line.seconds,
        "each": line.pictures_a_step,
        "at": [_at(line, index, axis) for index in range(len(line.steps))],
    }


def _at(line: Timeline, index: int, axis: str) -> float:
    along = {"Minutes": line.seconds[index] / 60, "Pictures seen": line.steps[index] * line.pictures_a_step}
    return round(along.get(axis, line.steps[index]), 2)


def _mark(line: Timeline, mark: timeline.Mark, axis: str, several: bool) -> dict[str, Any]:
    title, form, _ = SCORES[mark.score]
    what = "best" if mark.kind == "best" else f"turned at a {mark.kind}"
    name = f"{line.run}: " if several else ""
    return {
        "at": _at(line, line.nearest(mark.step), axis),
        "text": f"{name}{title} {what}, {form.format(mark.value)}",
        "best": mark.kind == "best",
    }


def _place() -> float | None:
    try:
        return float(st.query_params["at"])
    except (KeyError, ValueError):
        return None


@st.cache_resource(show_spinner=False)
def _kept() -> dict[Any, _Machine]:
    return {}
