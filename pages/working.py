"""Work that takes a while: a bar meanwhile, and what came of it remembered."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from gan import datasets
from gan.background import Say, Work

Result = TypeVar("Result")
REMEMBERED = 24  # results


class Bar:
    """A progress bar that is there only once it is needed, and goes when the work is done."""

    def __init__(self) -> None:
        self._place = st.empty()
        self._bar = None

    def __call__(self, share: float, text: str) -> None:
        share = min(max(share, 0.0), 1.0)
        if self._bar is None:
            self._bar = self._place.progress(share, text)
        self._bar.progress(share, text)  # a press of anything ends the work here

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *error: object) -> None:
        self._place.empty()


def load(source: datasets.Source) -> datasets.Dataset:
    """An opened data set; the first time it may have to be decoded."""
    with Bar() as bar:
        return datasets.load(source.name, bar)


def once(key: tuple[Hashable, ...], make: Callable[[Bar], Result]) -> Result:
    """What `make` gives, worked out once for each key, in any session."""
    memory = _memory()
    if key not in memory:
        with Bar() as bar:
            memory[key] = make(bar)
        for old in list(memory)[:-REMEMBERED]:
            memory.pop(old, None)
    return memory[key]


def here(kind: str) -> str:
    """A kind of this window's own: another one neither sees what is made nor has to wait for it."""
    return f"{kind}-{st.session_state.setdefault('window', secrets.token_hex(4))}"


def begin(kind: str, make: Callable[[Say], Any], wait: float = 0.0) -> None:
    """Have something made in the background, one thing of a kind at a time; the page then shows its `outcome`.

    `wait` so many seconds for it: what is done by then needs no bar.
    """
    if not going(kind):
        works = _works()
        for old in [other for other, work in list(works.items()) if not work.going][:-REMEMBERED]:
            works.pop(old, None)  # a window that was closed does not fetch what was made for it
        works[kind] = work = Work(make)
        work.wait(wait)
    st.rerun()


def cancel(kind: str) -> None:
    """End what is being made, and forget it."""
    if work := _works().pop(kind, None):
        work.cancel()


def going(kind: str) -> bool:
    """Whether something of a kind is being made, in any window."""
    work = _works().get(kind)
    return work is not None and work.going


def outcome(kind: str) -> Any:
    """What was made last; None before there is anything. How far it is, or what went wrong, is shown here."""
    work = _works().get(kind)
    if work is None:
        return None
    if work.going:
        st.fragment(_watch, run_every=0.5)(kind, work)
    elif work.problem:
        st.error(work.problem, icon=":material/info:")
        close(kind)
    return work.result


def close(kind: str) -> None:
    """A button that puts away what is said of work that is done."""
    st.button("Close", key=f"close_{kind}", on_click=forget, args=(kind,))


def forget(kind: str) -> None:
    """Put away what was made last."""
    _works().pop(kind, None)


def _watch(kind: str, work: Work) -> None:
    if not work.going:
        st.rerun()
    st.progress(work.share, work.said)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Cancel", key=f"cancel_{kind}", on_click=work.cancel, disabled=work.cancelled)
        if not work.cancelled:
            st.caption("It goes on when you leave this page.", width="content")


@st.cache_resource(show_spinner=False)
def _memory() -> dict:
    return {}


@st.cache_resource(show_spinner=False)
def _works() -> dict[str, Work]:
    return {}
