"""The steps of an augmentation plan, to be changed, added, removed and put in another order.

The address holds the plan (`plan`, as JSON) once it differs from the one that was chosen; the widgets only show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st

from gan import UserError, augment
from gan.augment import TRANSFORMS, Plan, Step

FINENESS = {"%": 0.125, "°": 0.5}  # of a range; an eighth of a percent meets every pixel of the presets
CHANGED = " (changed)"
FILLS = {"edge": "Edge", "black": "Black", "white": "White", "wrap": "Wrap"}
OUTSIDE = "What comes in from outside: the edge repeated, black, white, or what left at the other side."


def current(name: str) -> Plan:
    """The plan in the address, or else the named one.

    Raises:
        UserError: for a saved plan that is damaged.
    """
    written = st.query_params.get("plan")
    if not written and "add_step" not in st.session_state and (left := st.session_state.get("plan_left")):
        written = st.query_params["plan"] = left  # the page is opened: go on where it was left
    st.session_state["plan_left"] = written
    if written:
        try:
            return Plan.from_json(written)
        except UserError as error:
            st.warning(f"The plan in the address cannot be used, so {name} is shown. {error}")
    return augment.plan(name)


def forget() -> None:
    """Drop what was changed: another plan was chosen."""
    st.query_params.pop("plan", None)
    _redraw()


def put(plan: Plan, redraw: bool = True) -> None:
    """Make this the plan. `redraw`: the widgets stand for other steps now."""
    st.query_params["plan"] = plan.to_json()
    if redraw:
        _redraw()


def edit(plan: Plan, class_names: Sequence[str]) -> None:
    """Widgets for every step, and one to add another. The classes are those of the pictures it is for."""
    for place, step in enumerate(plan.steps):
        with st.container(border=True, gap="small"):
            _head(plan, place)
            _settings(place, step)
            if warning := augment.advice(step, class_names):
                st.warning(warning, icon=":material/warning:")
    if not plan.steps:
        st.info("No steps: the pictures stay as they are. Add one below.", icon=":material/info:")
    titles = {name: row.title for name, row in TRANSFORMS.items()}
    st.selectbox(
        "Add a step",
        titles,
        None,
        titles.__getitem__,
        key="add_step",
        on_change=_add,
        placeholder="Choose a transform",
    )


def _head(plan: Plan, place: int) -> None:
    row, last, drawn = plan.steps[place].row, len(plan.steps) - 1, _drawn()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{place + 1}. {row.title}**", width="stretch", help=row.help)
        for label, to, barred in (("Earlier", place - 1, place == 0), ("Later", place + 1, place == last)):
            key = _key(place, label.lower())
            st.button(label, key=key, type="tertiary", disabled=barred, on_click=_move, args=(drawn, place, to))
        st.button("Remove", key=_key(place, "remove"), type="tertiary", on_click=_move, args=(drawn, place, None))


def _settings(place: int, step: Step) -> None:
    row, columns, at = step.row, iter(st.columns(3, gap="medium")), (_drawn(), place)
    least, most = row.limits
    if least < most:
        next(columns).slider(
            "Range",
            float(least),
            float(most),
            step.range,
            FINENESS[row.unit],
            f"%.3g{'%%' if row.unit == '%' else row.unit}",
            _key(place, "range"),
            on_change=_change,
            args=(*at, "range"),
        )
    next(columns).slider(
        "Chance",
        0,
        100,
        round(step.probability * 100),
        5,
        "%d%%",
        _key(place, "probability"),
        on_change=_change,
        args=(*at, "probability"),
    )
    if row.fills:
        next(columns).selectbox(
            "Fill",
            row.fills,
            row.fills.index(step.fill),
            FILLS.__getitem__,
            _key(place, "fill"),
            OUTSIDE if row.geometric else "What the box is of.",
            on_change=_change,
            args=(*at, "fill"),
        )


def _change(drawn: int, place: int, what: str) -> None:
    if drawn != _drawn():
        return  # another step has this place by now
    value = st.session_state[_key(place, what)]
    changed = {
        "range": lambda: {"low": value[0], "high": value[1]},
        "probability": lambda: {"probability": value / 100},
        "fill": lambda: {"fill": value},
    }[what]()
    with _steps(redraw=False) as steps:
        steps[place] = replace(steps[place], **changed)


def _move(drawn: int, place: int, to: int | None) -> None:
    if drawn != _drawn():
        return
    with _steps() as steps:
        step = steps.pop(place)
        if to is not None:
            steps.insert(to, step)


def _add() -> None:
    chosen, st.session_state["add_step"] = st.session_state["add_step"], None
    if chosen:
        with _steps(redraw=False) as steps:
            steps.append(Step(chosen))


@contextmanager
def _steps(redraw: bool = True) -> Iterator[list[Step]]:
    """The steps to change, as they are by now: the page may have been drawn before the last change."""
    try:
        try:
            plan = Plan.from_json(st.query_params.get("plan", ""))
        except UserError:  # there is none, or it cannot be used
            plan = augment.plan(st.session_state["preset"])
        steps = list(plan.steps)
        yield steps
        # No longer what its name says, and says so.
        put(Plan(f"{plan.name.removesuffix(CHANGED)}{CHANGED}", tuple(steps)), redraw)
    except UserError as error:
        st.toast(str(error))


def _drawn() -> int:
    """Which drawing of the widgets it is: they stand for other steps once it has changed."""
    return st.session_state.get("plan_drawn", 0)


def _redraw() -> None:
    st.session_state["plan_drawn"] = _drawn() + 1


def _key(place: int, what: str) -> str:
    return f"step{place}.{what}.{_drawn()}"
