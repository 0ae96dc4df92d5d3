"""Work that takes a while: a bar meanwhile, and what came of it remembered."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from gan import datasets

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


@st.cache_resource(show_spinner=False)
def _memory() -> dict:
    return {}
