"""Measure > Evaluate: models and runs, measured side by side, each score beside what real pictures score."""

import evaluation_plots
import evaluation_report
import shared
import streamlit as st

from gan import UserError, datasets, evaluation, registry
from gan import models as families
from gan.training import runs

shared.header("Evaluate", "How good is it? Every score stands beside what real pictures score.")
models = [card.name for card in registry.cards("generator")]
trained = [run.id for run in runs.list_runs() if run.checkpoints() and families.family(run.recipe.model).game == "gan"]
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = st.multiselect(
        "Models and runs", [*models, *trained], models[:1], key="subject", bind="query-params",
        help="A run is measured by its newest checkpoint.",
    )  # fmt: skip
    dataset = st.selectbox("Measured against", list(datasets.sources()), key="against", bind="query-params", width=180)
    count = st.selectbox("Pictures", (10_000, 5_000, 2_000), key="samples", bind="query-params", width=120)
    repeats = st.selectbox("Seeds", (1, 3), key="seeds", bind="query-params", width=100, help="Three give a spread.")
    net = st.selectbox(
        "Measured in", ("classifier", "inception"), key="features", bind="query-params", width=160,
        help="The classifier that reads this data; or Inception-v3 with Keras' weights, where they are at hand: it "
        "reads no labels, and takes an hour where the other takes a minute.",
    )  # fmt: skip
if not chosen:
    st.info("Choose a model or a run above.", icon=":material/info:")
    st.stop()

source = datasets.source(dataset)
if not source.local:
    shared.empty(f"{source.title} is not on this machine yet", "Browse downloads it.", "browse.py", "Browse")
    st.stop()
for card in registry.cards("generator"):
    if card.name in chosen and card.dataset != dataset:
        st.caption(
            f"{card.name} learned from {card.dataset}; against {dataset} it is measured on pictures it never met."
        )

seeds = list(range(1, repeats + 1))
settings = {"dataset": dataset, "seeds": seeds, "count": count, "classifier": evaluation.NETS[net]}
subjects, reports = {}, {}
for name in chosen:
    with shared.kindly(), shared.warming():
        subject = evaluation.model(name) if name in models else evaluation.run(name)
        reports[name] = evaluation.kept(subject, **settings)
        subjects[name] = subject  # whatever cannot be measured is told, and left out
missing = [name for name in subjects if not reports.get(name)]
if missing and st.button(f"Measure {', '.join(missing)}", key="measure", type="primary"):
    # Any press reruns the page, and that ends the measuring.
    said = "Cancelled. What had been measured to its end is kept."
    st.button("Cancel", key="cancel", on_click=st.toast, args=(said,))
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
    evaluation_plots.plots(ready)
    for name, tab in zip(ready, st.tabs(list(ready)), strict=True):
        with tab:
            try:
                evaluation_report.details(subjects[name], ready[name], name)
            except UserError as error:
                st.error(str(error), icon=":material/info:")
