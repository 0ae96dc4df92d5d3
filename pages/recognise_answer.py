"""What was read: the answer, all probabilities, and where the net looked."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import recognise_correct
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
    recognise_correct.show(card, answer)
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
