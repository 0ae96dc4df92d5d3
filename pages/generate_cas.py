"""What a generator's pictures are worth to learn from: the classification accuracy score."""

import shared
import streamlit as st
import working

from gan import datasets, drawing
from gan.generating import cas, labelled
from gan.registry import Card
from gan.training import runs

LEAST = 128  # pictures to learn from
SCORE, REAL = "Read rightly (CAS)", "Trained on real ones"


def section(card: Card, seed: int, truncation: float, agree: bool) -> None:
    """The button that trains a classifier on drawn pictures only, and what came of that."""
    st.markdown("**What are they worth to learn from?**")
    st.caption(
        "The classification accuracy score (CAS): a classifier learns from drawn pictures of all labels, and from "
        "nothing else; then it reads real test pictures. What the generator never draws, it cannot learn."
    )
    if not card.class_names:
        st.info("This model is told no label, so there is nothing to learn to read.", icon=":material/info:")
        return
    if not (source := datasets.sources().get(card.dataset)):
        st.info(f"{card.dataset}, which it learned from, is not here to test on.", icon=":material/info:")
        return
    whole = cas.order(card.name).count
    with st.container(horizontal=True, vertical_alignment="bottom"):
        about = f"To begin with, as many as {source.title} has to learn from."
        count = st.number_input("Pictures to learn from", LEAST, labelled.room(card), max(LEAST, whole), 1000,
                                key=f"cas_count_{card.name}", help=about, width=200)  # fmt: skip
        pressed = st.button("Train a classifier on them", key="cas", icon=":material/school:",
                            disabled=working.going("cas"))  # fmt: skip
    if agree:
        st.caption("The classifier that agrees learned from real pictures: such a score is not the generator's alone.")
    if pressed:
        order = cas.order(card.name, count=count, seed=seed, truncation=truncation)
        working.begin("cas", lambda say: _train(order, agree, say))
    if begun := working.outcome("cas"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("The pictures are drawn, and a classifier learns from them.", width="content")
            st.page_link("live_training.py", label="Watch", icon=":material/show_chart:", query_params={"run": begun})
            working.close("cas")
    going = any(runs.find(found.run).status()["state"] in runs.WORKING for found in cas.scores(card.name))
    st.fragment(_watch, run_every=2 if going else None)(card.name, going)


def _train(order: drawing.Order, agree: bool, say) -> str:
    run = cas.prepare(order, agree=agree, say=say)
    runs.start_worker(run)
    return run.id


def _watch(model: str, was_going: bool) -> None:
    with shared.kindly():  # a run may be removed while one looks
        _table(model, was_going)


def _table(model: str, was_going: bool) -> None:
    found = cas.scores(model)
    states = {score.run: runs.find(score.run).status() for score in found}
    if was_going and not any(status["state"] in runs.WORKING for status in states.values()):
        st.rerun()  # the timer is set outside
    if not found:
        return
    st.dataframe(
        [
            {
                "Run": score.run,
                SCORE: None if score.value is None else 100 * score.value,
                REAL: None if score.real is None else 100 * score.real,
                "State": _state(states[score.run]),
                "Learned from": score.count,
                "Seed": score.seed,
                "Truncation": score.truncation,
                "Chosen": "agreed with" if score.agree else "all",
                "Tested on": score.dataset,
            }
            for score in found
        ],
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="%.2f%%") for name in (SCORE, REAL)},
    )


def _state(status: dict) -> str:
    step, steps = status.get("step", 0), status.get("steps", 0)
    return f"{status['state']}, {step:,} of {steps:,}" if status["state"] == "running" else status["state"]
