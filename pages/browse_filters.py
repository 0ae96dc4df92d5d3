"""Which pictures of a split are shown: by class and by attribute."""

from __future__ import annotations

from dataclasses import dataclass

import browse_grid
import numpy as np
import shared
import streamlit as st

from gan import datasets
from gan.datasets import summary
from gan.datasets.summary import Wanted

PILLS = 12  # classes that stand side by side; more are a list to search
LISTED = 500  # words of a column that are a list to choose from; where there are more, one types a part


@dataclass(frozen=True)
class Found:
    """The pictures that are asked for."""

    places: np.ndarray  # int64 [m]
    filtered: bool  # whether anything was left out


def choose(source: datasets.Source, split: datasets.Split) -> Found:
    """The widgets, and what they leave."""
    classes, wanted = [], {}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        if source.labelled:
            classes = _classes(source.class_names)
        if split.attributes:
            with st.popover("Attributes", icon=":material/filter_list:", width="content"):
                wanted = {name: want for name in split.attributes if (want := _attribute(source, split, name))}
        if wanted:
            st.caption(" · ".join(_said(name, want) for name, want in wanted.items()), width="content")
        if classes or wanted:
            st.button("All pictures", key="all", icon=":material/filter_list_off:", on_click=forget)
    filtered = bool(classes or wanted)
    if not filtered:
        return Found(np.arange(len(split)), False)
    key = tuple((name, want) for name, want in wanted.items())
    return Found(_matching(_identity(source, split), tuple(classes), key, split), True)


def forget() -> None:
    """Filter no more: of another data set, too, other things can be asked."""
    empty = {list: [], str: ""}
    for key, value in list(st.session_state.items()):
        if key in ("class", "classes") or str(key).startswith("by."):
            if type(value) in empty:
                st.session_state[key] = empty[type(value)]
            else:
                del st.session_state[key]
    browse_grid.turn()


def _classes(names: tuple[str, ...]) -> list[int]:
    options = {"bind": "query-params", "on_change": browse_grid.turn}
    if len(names) <= PILLS:
        chosen = st.pills("Classes", names, selection_mode="multi", key="class", wrap=True, **options)
    else:
        every = f"All {len(names)}"
        chosen = st.multiselect("Classes", names, placeholder=every, width=420, key="classes", **options)
    return [names.index(name) for name in chosen]


def _attribute(source: datasets.Source, split: datasets.Split, name: str) -> Wanted | None:
    """What a column should be; None for anything."""
    options = {"key": _key(name), "bind": "query-params", "on_change": browse_grid.turn}
    values = _values(_identity(source, split), name, split)
    if isinstance(values, tuple):
        low, high, whole = values
        if low == high:
            return None
        chosen = st.slider(name, low, high, (low, high), 1.0 if whole else (high - low) / 100, format="%g", **options)
        return None if chosen == (low, high) else chosen
    if len(values) < 2:
        return None
    if len(values) > LISTED:
        return st.text_input(name, placeholder="Holds …", **options).strip() or None
    label = lambda word: word or "(nothing)"  # noqa: E731
    return tuple(st.multiselect(name, list(values), format_func=label, placeholder="Any", **options)) or None


@st.cache_data(max_entries=256, show_spinner=False)
def _values(identity: str, name: str, _split: datasets.Split) -> dict[str, int] | tuple[float, float, bool]:
    """The words of a column and how often each occurs; or the ends of its numbers, and whether all are whole."""
    column = _split.attributes[name]
    if not summary.numeric(column):
        return summary.words(column)
    known = column[np.isfinite(column)]
    if not len(known):
        return 0.0, 0.0, True
    return float(known.min()), float(known.max()), bool((known == np.rint(known)).all())


@st.cache_resource(max_entries=32, show_spinner=False)
def _matching(
    identity: str, classes: tuple[int, ...], wanted: tuple[tuple[str, Wanted], ...], _split: datasets.Split
) -> np.ndarray:
    found = summary.matching(_split, classes, dict(wanted))
    found.setflags(write=False)
    return found


def _identity(source: datasets.Source, split: datasets.Split) -> str:
    """What tells a split from others: its digest knows pictures and labels, but not the attributes."""
    return f"{source.name}/{split.digest}/{source.attributes}"


def _key(name: str) -> str:
    return f"by.{name}"


def _said(name: str, want: Wanted) -> str:
    if isinstance(want, str):
        return f"{name} holds {shared.plain(want)}"
    if isinstance(want[0], str):
        return f"{name}: {shared.plain(', '.join(map(str, want)))}"
    return f"{name}: {want[0]:g} to {want[1]:g}"
