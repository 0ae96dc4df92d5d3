"""What a picture should have been read as: kept as a data set of one's own."""

from __future__ import annotations

import shared
import streamlit as st

from gan import recognise, registry


def show(card: registry.Card, answer: recognise.Answer) -> None:
    """Keep the picture with the right label, and take that back."""
    key = f"right-{card.name}-{hash(answer.picture.tobytes()):x}"
    name, kept = recognise.correction_set(card), recognise.count(card)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if card.kind == "reader":
            st.text_input("It is wrong: it is", key=key, width=160, placeholder="0 to 99999")
        else:
            order = sorted(range(len(card.class_names)), key=lambda label: -answer.logits[label])
            others = [card.class_names[label] for label in order if label != answer.label]
            st.selectbox("It is wrong: it is", [*others, answer.text], key=key, width=160)
        act = {"on_click": _keep, "args": (card, answer, key)}
        st.button("Keep it so", key="keep_correction", icon=":material/save:", **act)
        if kept:
            st.button("Undo", key="undo_correction", icon=":material/undo:", on_click=_undo, args=(card,))
            said = f"{kept} {'picture' if kept == 1 else 'pictures'} kept in {name}"
            st.page_link("browse.py", label=said, icon=":material/grid_view:", query_params={"dataset": name})
    shared.told("correction_trouble")
    if done := st.session_state.pop("correction_done", ""):
        st.caption(f":material/check: {done}")


def _keep(card: registry.Card, answer: recognise.Answer, key: str) -> None:
    right = st.session_state[key]
    with shared.noted("correction_trouble"):
        recognise.correct(card, answer, right.strip() if card.kind == "reader" else right)
        st.session_state["correction_done"] = f"Kept as {shared.plain(right)}, as the net saw it."


def _undo(card: registry.Card) -> None:
    with shared.noted("correction_trouble"):
        recognise.undo(card)
        st.session_state["correction_done"] = "The newest one was taken back."
