"""What the time machine draws in the background, and what it remembers of that, for all windows together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
import time_machine_view
from time_machine_view import Drawn

from gan import UserError, timeline
from gan.background import Say, Work
from gan.timeline import Look
from gan.training import runs

ROOM = 2**28  # bytes of pictures that are remembered, beside those that somebody is looking at
IDLE = 20  # seconds after which nobody is


@dataclass
class Machine:
    """What was drawn for some runs and a look, what could not be, and what is being drawn."""

    stamp: Any
    work: Work[tuple[list[Drawn], list[str]]]
    drawn: list[Drawn] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    used: float = 0.0

    @property
    def size(self) -> int:
        return sum(one.line.pictures.nbytes + len(one.sprite) for one in self.drawn)


def begin(chosen: Sequence[runs.Run], look: Look) -> tuple[Machine, bool]:
    """Have drawn what is not drawn yet; whether that is going on."""
    kept, key, stamp = _kept(), _key(chosen, look), [_stamp(run) for run in chosen]
    machine = kept.get(key)
    if machine and machine.work.result:
        machine.drawn, machine.problems = machine.work.result
    # Of a run that was removed, what was drawn stays.
    if machine is None or (not machine.work.going and machine.stamp != stamp and None not in stamp):
        work = Work(lambda say: _drawn(chosen, look, say))
        before = (machine.drawn, machine.problems) if machine else ([], [])
        kept[key] = machine = Machine(stamp, work, *before)
    machine.used = time.monotonic()
    _make_room(kept)
    return machine, machine.work.going


def forget(chosen: Sequence[runs.Run], look: Look) -> None:
    """Have it drawn anew, after it was cancelled or went wrong."""
    _kept().pop(_key(chosen, look), None)


def _key(chosen: Sequence[runs.Run], look: Look) -> Any:
    return tuple(str(run.path) for run in chosen), look


def _stamp(run: runs.Run) -> Any:
    try:
        return timeline.stamp(run)
    except UserError:
        return None


def _drawn(chosen: Sequence[runs.Run], look: Look, say: Say) -> tuple[list[Drawn], list[str]]:
    """What can be drawn of some runs, and why the others cannot."""
    drawn, problems = [], []
    for index, run in enumerate(chosen):
        try:
            line = timeline.draw(run, look, lambda share, text, index=index: say((index + share) / len(chosen), text))
            drawn.append(time_machine_view.packed(line))
        except UserError as error:
            problems.append(str(error))
    if not drawn:
        raise UserError(" ".join(problems))
    return drawn, problems


def _make_room(kept: dict[Any, Machine]) -> None:
    over = sum(machine.size for machine in list(kept.values())) - ROOM
    for key, machine in sorted(list(kept.items()), key=lambda item: item[1].used):
        if over > 0 and time.monotonic() - machine.used > IDLE:
            over -= machine.size
            kept.pop(key, None)


@st.cache_resource(show_spinner=False)
def _kept() -> dict[Any, Machine]:
    return {}
