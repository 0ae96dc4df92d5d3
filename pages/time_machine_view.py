"""The time machine's slider and canvases: a component that has all pictures of all steps, so that it need not ask."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shared
import streamlit as st
from training_view import SCORES

from gan import timeline
from gan.timeline import Timeline

AXES = {"Steps": "Step {}", "Pictures seen": "{} pictures", "Minutes": "{} min"}
MARKS = 10  # buttons

_FOLDER = Path(__file__).with_name("components") / "timemachine"
_machine = st.components.v2.component(
    "gan_studio_timemachine",
    html=(_FOLDER / "timemachine.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "timemachine.css").read_text(encoding="utf-8"),
    js="\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("../sliding/sliding.js", "timemachine.js")),
)


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a run drew, as the component takes it."""

    line: Timeline
    sprite: str  # an address that holds all pictures
    across: int  # how many stand in a row of them
    digest: str


def packed(line: Timeline) -> Drawn:
    """A timeline with its pictures as one."""
    data, across = timeline.sprite(line.pictures)
    source = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    return Drawn(line, source, across, hashlib.sha256(data + repr((line.steps, line.marks)).encode()).hexdigest())


def mount(drawn: Sequence[Drawn], axis: str) -> None:
    """The component, where the address says; a place that the hand rests at is put into the address."""
    marks = [_mark(one.line, mark, axis, len(drawn) > 1) for one in drawn for mark in one.line.marks]
    marks = sorted(marks, key=lambda mark: not mark["best"])[:MARKS]
    data = {
        "runs": [_run(one, axis) for one in drawn],
        "marks": sorted(marks, key=lambda mark: mark["at"]),
        "said": AXES[axis],
        "start": _place(),
        "version": " ".join([axis, *(one.digest for one in drawn)]),
    }
    at = _machine(key="machine", data=data, on_at_change=lambda: None).at
    if at is not None:
        st.query_params["at"] = f"{at:.12g}"
    for line in (one.line for one in drawn):
        name = shared.plain(line.run)
        if line.sheets:
            st.caption(f"{name}: its sheets of samples, whose latents it chose itself; it keeps no snapshots.")
        if line.left_out:
            steps = "1 step is" if len(line.left_out) == 1 else f"{len(line.left_out)} steps are"
            st.caption(f"{name}: {steps} left out. {shared.plain(line.left_out[0])}")


def _run(one: Drawn, axis: str) -> dict[str, Any]:
    line = one.line
    _, count, height, width, _ = line.pictures.shape
    return {
        "name": line.run,
        "sprite": one.sprite,
        "across": one.across,
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
        place = float(st.query_params["at"])
    except (KeyError, ValueError):
        return None
    return place if math.isfinite(place) else None
