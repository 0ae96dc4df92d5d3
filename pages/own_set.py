"""The user's own data sets: renamed, split anew, taken away and brought back."""

from __future__ import annotations

import browse_filters
import browse_grid
import streamlit as st
import working

from gan import UserError, datasets
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
        st.button("Remove", key="remove", icon=":material/delete:", on_click=_remove, args=(source.name,), help=help)
    if isinstance(source.reader, kept_files.KeptFiles):
        _split(source, source.reader.card)
    if trouble := st.session_state.pop("own_trouble", ""):
        st.error(trouble, icon=":material/info:")


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
        st.session_state["dataset"] = name
        browse_filters.forget()


def undo() -> None:
    """Just after a set was removed: the way back."""
    name = st.session_state.get("just_removed", "")
    if name and name in kept.removed():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{name}** was removed.", width="content")
            st.button("Undo", key="undo", icon=":material/undo:", on_click=_restore, args=(name,))


def removed() -> None:
    """Sets that were removed, and folders that are no sets."""
    for name in kept.removed():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{name} was removed.", width="content")
            st.button("Bring back", key=f"back-{name}", icon=":material/undo:", on_click=_restore, args=(name,))
    for problem in kept.problems():
        st.warning(problem, icon=":material/info:")
        name = problem.partition(": ")[0]
        st.button(f"Remove {name}", key=f"away-{name}", icon=":material/delete:", on_click=_remove, args=(name,))


def _split(source: datasets.Source, card: kept_files.Card) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        share, seed = share_and_seed(f"resplit_{source.name}", card.share, card.seed)
        same = round(100 * share) == round(100 * card.share) and seed == card.seed
        if st.button("Split anew", key="resplit", icon=":material/call_split:", disabled=same):
            with working.Bar() as bar:
                kept.resplit(source.name, share, seed, bar)
            show(source.name)
            st.rerun()


def _rename(name: str) -> None:
    to = st.session_state["rename_to"].strip()
    try:
        kept.rename(name, to or name)
    except UserError as error:
        st.session_state["own_trouble"] = str(error)
    else:
        st.session_state.update(rename_to="", dataset=to)


def _remove(name: str) -> None:
    try:
        kept.remove(name)
    except UserError as error:
        st.session_state["own_trouble"] = str(error)
    else:
        st.session_state["just_removed"] = name
        browse_grid.turn()


def _restore(name: str) -> None:
    try:
        kept.restore(name)
    except UserError as error:
        st.session_state["own_trouble"] = str(error)
    else:
        st.session_state.pop("just_removed", None)
        st.session_state["dataset"] = name
        browse_grid.turn()
