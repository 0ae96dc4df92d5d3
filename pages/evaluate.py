"""Measure > Evaluate: models and runs, measured side by side, each score beside what real pictures score."""

import evaluation_report
import shared
import streamlit as st

from gan import UserError, evaluation, registry
from gan import models as families
from gan.datasets import DATASETS
from gan.training import runs

shared.header("Evaluate", "How good is it? Every score stands beside what real pictures score.")
models = [card.name for card in registry.cards("generator")]
trained = [run.id for run in runs.list_runs() if run.checkpoints() and families.family(run.recipe.model).game == "gan"]
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = st.multiselect(
        "Models and runs", [*models, *trained], models[:1], key="subject", bind="query-params",
        help="A run is measured by its newest checkpoint.",
    )  # fmt: skip
    dataset = st.selectbox("Measured against", list(DATASETS), key="against", bind="query-params", width=180)
    count = st.selectbox("Pictures", (10_000, 5_000, 2_000), key="count", bind="query-params", width=120)
    repeats = st.selectbox("Seeds", (1, 3), key="seeds", bind="query-params", width=100, help="Three give a spread.")
if not chosen:
    st.info("Choose a model or a run above.", icon=":material/info:")
    st.stop()

if not DATASETS[dataset].local:
    title = DATASETS[dataset].title
    shared.empty(f"{title} is not on this machine yet", "Browse downloads it.", "browse.py", "Browse")
    st.stop()
for card in registry.cards("generator"):
    if card.name in chosen and card.dataset != dataset:
        st.caption(
            f"{card.name} learned from {card.dataset}; against {dataset} it is measured on pictures it never met."
        )

settings = {"dataset": dataset, "seeds": list(range(1, repeats + 1)), "count": count}
subjects, reports = {}, {}
for name in chosen:
    with shared.kindly(), shared.warming():
        subjects[name] = evaluation.model(name) if name in models else evaluation.run(name)
        reports[name] = evaluation.kept(subjects[name], **settings)
missing = [name for name in subjects if not reports.get(name)]
if missing and st.button(f"Measure {', '.join(missing)}", key="measure", type="primary"):
    st.button("Cancel", key="cancel")  # any press reruns the page, and that ends the measuring
    bar = st.progress(0.0, "Starting")
    for name in missing:
        with shared.kindly():
            reports[name] = evaluation.measure(
                subjects[name],
                **settings,
                progress=lambda share, text, name=name: bar.progress(min(1.0, max(0.0, share)), f"{name}: {text}"),
            )
    st.rerun()
if missing:
    st.caption("Takes a minute or more; longer the first time, as real pictures are measured too. Reports are kept.")
ready = {name: report for name, report in reports.items() if report}
if ready:
    evaluation_report.table(ready)
    for name, tab in zip(ready, st.tabs(list(ready)), strict=True):
        with tab:
            try:
                evaluation_report.details(subjects[name], ready[name], name)
            except UserError as error:
                st.error(str(error), icon=":material/info:")
