"""The work of the Upscale page: begun by itself, cancelled when something else is wanted, remembered."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st
import working

from gan import enlarged, images
from gan.background import Say
from gan.enlarged import Enlarged

MEMORY = 600_000_000  # bytes of pictures that are remembered, of all windows
WAIT = 1.0  # seconds before it is shown how far it is

Key = tuple[Hashable, ...]


def outcome(key: Key, model: str, picture: images.Array, restore: bool) -> Enlarged | None:
    """The enlarged picture. While it is made: how far that is, with Cancel, and None.

    Args:
        key: of the model, the picture and the rest.
        model: an upscaler.
        picture: uint8 ``[h, w, c]``.
        restore: make it small first.
    """
    state, memory = st.session_state, _memory()
    kind = working.here(f"upscale-{hash(key):x}")

    def make(say: Say) -> None:  # in a thread, which cannot ask for the memory itself
        _keep(memory, key, enlarged.enlarge(model, picture, restore, say))

    if (before := state.get("upscale_kind")) != kind:  # what was wanted before is not wanted any more
        working.cancel(before or "")
        state["upscale_kind"] = kind
        if key not in memory:
            working.begin(kind, make, WAIT)
    if found := memory.get(key):
        working.forget(kind)
        return found
    working.outcome(kind)
    if not working.going(kind):  # cancelled, or something was wrong
        st.button("Enlarge it", key="enlarge", icon=":material/zoom_out_map:", on_click=_again)
    return None


def _again() -> None:
    st.session_state.pop("upscale_kind", None)


def _keep(memory: dict[Key, Enlarged], key: Key, found: Enlarged) -> None:
    """Remember what was made; the oldest go where there is too much."""
    memory[key] = found
    while len(memory) > 1 and sum(some.bytes for some in list(memory.values())) > MEMORY:
        memory.pop(next(iter(memory)), None)


@st.cache_resource(show_spinner=False)
def _memory() -> dict[Key, Enlarged]:
    return {}
