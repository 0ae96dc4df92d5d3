"""What an evaluation found: the table of scores, and for one model what lies behind them."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import shared
import streamlit as st

from gan import evaluation, reports

EXAMPLES = 7  # of each class: as many as stand in a row
UNTOLD = 35  # of a model that is told no class
READABLE = 20  # classes whose cells have room for a number
NEAREST = 4  # training pictures beside a sample


def table(found: dict[str, dict[str, Any]]) -> None:
    """All subjects side by side, with what real pictures score."""
    numbers = {name: st.column_config.TextColumn(alignment="right") for name in (*found, "Real pictures")}
    st.dataframe(
        reports.rows(found), hide_index=True, height="content", column_config={"Name": None, **numbers}, key="scores"
    )
    st.caption(
        "“Real pictures” are training pictures measured as if a model had drawn them, or the test pictures themselves. "
        "Where the two come from different hands, as in handwriting, real pictures too score low."
    )
    with st.container(horizontal=True):
        shared.download("Scores (CSV)", reports.as_csv(found), "scores.csv", "scores_csv")
        shared.download("Report (HTML)", reports.as_html(found), "report.html", "report_html")
    for reason in {
        entry["reason"] for report in found.values() for entry in report["scores"].values() if entry["reason"]
    }:
        st.caption(reason)


def details(subject: evaluation.Subject, report: dict[str, Any], key: str) -> None:
    """Samples by class, which classes are taken for which, the worst samples, and what they resemble."""
    data = evaluation.data_for(subject, report["dataset"])
    labels = evaluation.labels_of(subject, data, report["samples"])
    left, right = st.columns(2, gap="medium")
    with left:
        if names := subject.class_names:
            st.markdown("**Samples by class**, not chosen")
            first = [(labels == label).nonzero()[0][:EXAMPLES] for label in range(len(names))]
            shared.groups([(name, subject.draw(labels, 1, some)) for name, some in zip(names, first, strict=True)])
        else:
            st.markdown("**Samples**, not chosen")
            pictures = subject.draw(labels, 1, slice(UNTOLD))
            shared.pictures(pictures, [f"Sample {i}" for i in range(1, len(pictures) + 1)])
    with right:
        if report.get("confusion"):
            st.markdown(f"**Taken for what** by {report.get('judge') or report['net']}; a row is what was asked for")
            _confusion(report["confusion"], subject.class_names, f"confusion_{key}")
    if report.get("worst"):
        st.markdown("**The worst samples**: those least taken for what they were asked to be, which stands below each")
        worst = report["worst"]
        pictures = subject.draw(labels, report["seeds"][0], worst)
        shared.pictures(pictures, [subject.class_names[labels[i]] for i in worst], captions=True)
    if st.toggle("Nearest training pictures", key=f"nearest_{key}", help="Is it copying? Takes some seconds at first."):
        some = list(range(0, len(labels), max(1, len(labels) // EXAMPLES)))[:EXAMPLES]
        with st.spinner("Looking through the training pictures"):
            found = evaluation.neighbours(subject.draw(labels, 1, some), report["dataset"], NEAREST)
        names = [subject.class_names[labels[i]] if subject.class_names else str(i) for i in some]
        rows = [(name, pictures) for name, (_, pictures) in zip(names, found, strict=True)]
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown("**By pixels**: a sample, then the training pictures nearest to it")
            shared.groups([(name, pictures[: 1 + NEAREST]) for name, pictures in rows])
        with right:
            st.markdown("**By features** of the net that measures")
            shared.groups([(name, pictures[[0, *range(1 + NEAREST, len(pictures))]]) for name, pictures in rows])


def _confusion(counts: list[list[int]], names: tuple[str, ...], key: str) -> None:
    # Rare mistakes are what one looks for; on a plain scale the diagonal would drown them.
    shares = [[count / max(1, sum(row)) for count in row] for row in counts]
    heat = go.Heatmap(
        z=[[share**0.3 for share in row] for row in shares],
        text=[[f"{share:.1%}" if share else "" for share in row] for row in shares],
        x=names, y=names, showscale=False, xgap=1, ygap=1,
        colorscale=[[0, "rgba(20,160,145,0)"], [1, "rgba(20,160,145,0.6)"]],
        textfont={"color": "#e6ebe9" if st.context.theme.type == "dark" else "#1c2321"},
        texttemplate="%{text}" if len(names) <= READABLE else "",
        hovertemplate="asked for %{y}, taken for %{x}: %{text}<extra></extra>",
    )  # fmt: skip
    figure = go.Figure(
        heat, layout={"yaxis": {"autorange": "reversed", "type": "category"}, "xaxis": {"type": "category"}}
    )
    shared.chart(figure, key, 480, "How often each class is taken for which")
