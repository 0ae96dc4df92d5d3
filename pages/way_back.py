"""The way back for what was removed: offered just after it, and later by name."""

from __future__ import annotations

from collections.abc import Callable, Collection

import shared
import streamlit as st

Restore = Callable[[str], object]  # may raise UserError


def remember(kind: str, name: str) -> None:
    """Something of a kind ("run", "set") was removed just now."""
    st.session_state[f"{kind}_removed"] = name


def forget(kind: str) -> None:
    """There is nothing to undo any more."""
    st.session_state.pop(f"{kind}_removed", None)


def undo(kind: str, names: Collection[str], restore: Restore) -> None:
    """Just after something was removed: the way back. `names` are those that can be brought back."""
    shared.told("back_trouble")
    name = st.session_state.get(f"{kind}_removed", "")
    if name and name in names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{shared.plain(name)}** was removed.", width="content")
            st.button("Undo", key="undo", icon=":material/undo:", on_click=_back, args=(kind, name, restore))


def listed(kind: str, names: Collection[str], restore: Restore) -> None:
    """A line for each that can be brought back."""
    for name in names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{shared.plain(name)} was removed.", width="content")
            act = {"on_click": _back, "args": (kind, name, restore)}
            st.button("Bring back", key=f"back-{name}", icon=":material/undo:", **act)


def _back(kind: str, name: str, restore: Restore) -> None:
    with shared.noted("back_trouble"):
        restore(name)
        forget(kind)
