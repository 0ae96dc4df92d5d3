"""What was read: the answer, all probabilities, where the net looked, and what it should have been."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import shared
import streamlit as st

from gan import recognise, registry
from gan.images import Array

NEARLY = 0.9995  # what would be rounded to 100%


def show(
    reading: recognise.Reading,
    card: registry.Card,
    choice: recognise.Choice,
    memory: dict[Any, Any],
) -> int:
    """The answer; of several characters the one that is picked. Returns its index."""
    st.html(
        f'<div class="gan-answer" role="status" data-testid="answer">{html.escape(reading.text or "nothing")}</div>'
    )
    for note in _notes(reading, choice):
        st.caption(note)
    chosen = _pick(reading) if len(reading.answers) > 1 else 0
    answer = reading.answers[chosen]
    bars, looked = st.columns([3, 2], gap="medium")
    with bars:
        for title, names, chances in answer.groups:
            _bars(title, names, 100 * chances)
    with looked:
        _looked(card, answer, memory, chosen)
    _correct(card, answer, f"{card.name}-{hash(answer.picture.tobytes()):x}")
    return chosen


def _bars(title: str, names: Sequence[str], chances: Array) -> None:
    """The probability of every class in percent, the likeliest in the accent colour."""
    colours = [shared.ACCENT if chance == chances.max() else "#8a938f" for chance in chances]
    bar = go.Bar(
        x=list(names), y=chances.round(2), marker_color=colours, hovertemplate="%{x}: %{y:.2f}%<extra></extra>"
    )
    figure = go.Figure(bar, layout={"bargap": 0.15, "hovermode": "closest"})
    every = {"dtick": 1} if len(names) <= 26 else {}
    figure.update_xaxes(type="category", title=title.capitalize() or "Class", fixedrange=True, **every)
    figure.update_yaxes(title="Probability (%)", range=[0, 100], fixedrange=True)
    shared.chart(figure, f"chances-{title}", 220, f"Probability of each {title or 'class'}")


def steps(found: Sequence[recognise.Step], title: str) -> None:
    """Pictures of steps in their order, each with its name and a few words."""
    st.subheader(title, anchor=False)
    cells = "".join(
        f'<figure><img class="gan-pixels" src="{shared.source(step.picture)}" alt="{html.escape(step.title)}">'
        f"<figcaption><b>{html.escape(step.title)}</b><br>{html.escape(step.said)}</figcaption></figure>"
        for step in found
    )
    st.html(f'<div class="gan-steps">{cells}</div>')


def _pick(reading: recognise.Reading) -> int:
    """Which of the characters is looked into."""
    count = len(reading.answers)
    names = [f"{answer.text} · {answer.chance:.0%}" for answer in reading.answers]
    return st.pills(
        "Look into one", range(count), format_func=lambda index: names[index], default=0, required=True,
        key=f"character-{count}",
    )  # fmt: skip


def _notes(reading: recognise.Reading, choice: recognise.Choice) -> list[str]:
    several, least = len(reading.answers) > 1, min(reading.answers, key=lambda answer: answer.chance)
    sure = f"**Unsure**: the net gives {shared.plain(least.text) if several else 'it'} {_percent(least.chance)} only."
    if least.chance >= recognise.SURE:
        each = "each of them" + " at least" * (least.chance < NEARLY) if several else "it"
        sure = f"The net gives {each} {_percent(least.chance)}."
    notes = [f"{len(reading.answers)} found. {sure}" if several else sure]
    if left := reading.left_over:
        more = "taken for dirt" if several else f"left out; Several reads all {choice.plural}"
        notes.append(f"{left} more {'piece of ink was' if left == 1 else 'pieces of ink were'} {more}.")
    return notes


def _percent(chance: float) -> str:
    return f"{chance:.1%}" if chance < NEARLY else "more than 99.9%"


def _looked(card: registry.Card, answer: recognise.Answer, memory: dict[Any, Any], chosen: int) -> None:
    if card.kind == "reader":
        shared.picture(answer.picture, "What the net is given", 2)
        return
    if chosen not in memory:
        with st.spinner("Looking where it looked"):
            memory[chosen] = recognise.looked(card, answer)
    st.markdown("**Where it looked**")
    shared.picture(recognise.over(answer.picture, memory[chosen]), "Where the net looked", 7, least=3)
    if recognise.colour(card):
        st.caption("Lit up: what spoke for the answer.")
    else:
        st.caption(":green-badge[Teal] ink that spoke for it. :orange-badge[Orange] paper that had to be empty.")


def _correct(card: registry.Card, answer: recognise.Answer, key: str) -> None:
    """Keep the picture with the right label, and take that back."""
    name, kept = recognise.correction_set(card), recognise.count(card)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if card.kind == "reader":
            right = st.text_input("It is wrong: it is", key=f"right-{key}", width=160, placeholder="0 to 99999").strip()
        else:
            order = sorted(range(len(card.class_names)), key=lambda label: -answer.logits[label])
            others = [card.class_names[label] for label in order if label != answer.label]
            right = st.selectbox("It is wrong: it is", [*others, answer.text], key=f"right-{key}", width=160)
        act = {"on_click": _keep, "args": (card, answer, right)}
        st.button("Keep it so", key="keep_correction", icon=":material/save:", disabled=not right, **act)
        if kept:
            st.button("Undo", key="undo_correction", icon=":material/undo:", on_click=_undo, args=(card,))
            said = f"{kept} {'picture' if kept == 1 else 'pictures'} kept in {name}"
            st.page_link("browse.py", label=said, icon=":material/grid_view:", query_params={"dataset": name})
    shared.told("correction_trouble")
    if done := st.session_state.pop("correction_done", ""):
        st.caption(f":material/check: {done}")


def _keep(card: registry.Card, answer: recognise.Answer, right: str) -> None:
    with shared.noted("correction_trouble"):
        recognise.correct(card, answer, right)
        st.session_state["correction_done"] = f"Kept as {shared.plain(right)}, as the net saw it."


def _undo(card: registry.Card) -> None:
    with shared.noted("correction_trouble"):
        recognise.undo(card)
        st.session_state["correction_done"] = "The newest one was taken back."
