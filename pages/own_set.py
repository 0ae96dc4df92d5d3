"""The user's own data sets: renamed, split anew, taken away and brought back."""

from __future__ import annotations

import browse_filters
import shared
import streamlit as st
import way_back
import working

from gan import datasets
from gan.datasets import kept, kept_files


def manage(source: datasets.Source) -> None:
    """What can be done with a set of one's own; nothing for those that come with the app."""
    if source.name not in kept.kept():
        return
    st.subheader("Change it", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.text_input("New name", key="rename_to", placeholder=source.name, width=220)
        st.button("Rename", key="rename", icon=":material/edit:", on_click=_rename, args=(source.name,))
        help = "It can be brought back, until another set of this name is removed."
        act = {"on_click": _remove, "args": (source.name, "own_trouble")}
        st.button("Remove", key="remove", icon=":material/delete:", help=help, **act)
    if isinstance(source.reader, kept_files.KeptFiles):
        _split(source, source.reader.card)
    shared.told("own_trouble")


def share_and_seed(key: str, share: float = 0.8, seed: int = 1) -> tuple[float, int]:
    """Which pictures are for training: how many, and the seed that says which."""
    percent = st.slider("For training", 5, 95, round(100 * share), 5, format="%d %%", key=f"{key}_share", width=160)
    chosen = st.number_input("Split seed", 0, 2**31 - 1, seed, key=f"{key}_seed", width=120)
    return percent / 100, int(chosen)


def show(name: str) -> None:
    """Have a set on the page from the next run on."""
    st.session_state["show_set"] = name


def shown() -> None:
    """Called before there are widgets: what is to be shown is chosen, all of it, from its first page."""
    if name := st.session_state.pop("show_set", ""):
        st.session_state.update(dataset=name, bring=False)
        browse_filters.forget()


def made(kind: str) -> None:
    """How far the making of a set is; then the way to it."""
    name = working.outcome(kind)
    if name and name in kept.kept():
        st.success(f"{name} is kept.", icon=":material/check:")
        with st.container(horizontal=True, vertical_alignment="center"):
            query = {"dataset": name}
            st.page_link("browse.py", label=f"Browse {name}", icon=":material/grid_view:", query_params=query)
            working.close(kind)


def undo() -> None:
    """Just after a set was removed: the way back."""
    way_back.undo("set", kept.removed(), _restore)


def removed() -> None:
    """Sets that were removed, and folders that are no sets."""
    way_back.listed("set", kept.removed(), _restore)
    for problem in kept.problems():
        st.warning(problem, icon=":material/info:")
        name = problem.partition(": ")[0]
        act = {"on_click": _remove, "args": (name, "back_trouble")}
        st.button(f"Remove {name}", key=f"away-{name}", icon=":material/delete:", **act)


def _split(source: datasets.Source, card: kept_files.Card) -> None:
    kind = f"resplit-{source.name}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        share, seed = share_and_seed(f"resplit_{source.name}", card.share, card.seed)
        same = round(100 * share) == round(100 * card.share) and seed == card.seed
        barred = same or working.going(kind)
        pressed = st.button("Split anew", key="resplit", icon=":material/call_split:", disabled=barred)
    if pressed:
        working.begin(kind, lambda say: kept.resplit(source.name, share, seed, say).name)
    if done := working.outcome(kind):
        working.forget(kind)
        show(done)
        st.rerun()


def _rename(name: str) -> None:
    to = st.session_state["rename_to"].strip()
    with shared.noted("own_trouble"):
        kept.rename(name, to or name)
        st.session_state.update(rename_to="", dataset=to)


def _remove(name: str, trouble: str) -> None:
    with shared.noted(trouble):
        kept.remove(name)
        way_back.remember("set", name)
        browse_filters.forget()


def _restore(name: str) -> None:
    kept.restore(name)
    st.session_state["dataset"] = name
    browse_filters.forget()
