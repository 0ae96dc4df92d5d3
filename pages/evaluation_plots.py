"""Evaluations side by side as plots: every score as a dot, with the mark of real pictures in its row."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import shared
import streamlit as st
from streamlit.elements.lib.streamlit_plotly_theme import CATEGORY_3, CATEGORY_4, CATEGORY_5

from gan import reports

COLOURS = (shared.ACCENT, CATEGORY_3, CATEGORY_4, CATEGORY_5)  # blue and orange are generator and discriminator
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "star")
REAL = "rgba(128,128,128,0.95)"
RATIOS = ("inception_score", "bcis", "wcis", "fid", "variety")  # above zero, so that "how many times" makes sense
BY_NAME = ("label_accuracy",)  # measured by more than one net

Reports = dict[str, dict[str, Any]]


def plots(found: Reports) -> None:
    """Shares in per cent, the other scores as multiples of real pictures' ones, and the label accuracy by class."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Shares**, beside those of real pictures and of chance")
        _shares(found)
    with right:
        st.markdown("**Other scores**, as multiples of what real pictures score")
        _ratios(found)
    by_class = {name: report for name, report in found.items() if report.get("class_accuracy")}
    if by_class:
        judge = next(iter(by_class.values()))
        st.markdown(f"**Drawn as asked, by class**, as {judge.get('judge') or judge['net']} reads it")
        _by_class(by_class)


def _shares(found: Reports) -> None:
    rows = _rows(found, reports.PERCENT)
    figure = _figure(rows, found, lambda entry: (entry.get("value"), entry.get("spread")), ".2%")
    real = [_first(found, name).get("real") for name in rows]
    figure.add_scatter(y=list(rows.values()), x=real, name="Real pictures", **_mark("line-ns-open", 16), **_says(".2%"))
    classes = len(next(iter(found.values()))["class_names"])
    asked = [label for name, label in rows.items() if _first(found, name)["measure"] == "label_accuracy"]
    if asked and classes:
        share = [1 / classes] * len(asked)
        figure.add_scatter(y=asked, x=share, name="By chance", **_mark("x-thin-open", 7), **_says(".2%"))
    figure.update_xaxes(range=[-0.02, 1.03], tickformat=".0%", dtick=0.25)
    shared.chart(figure, "plot_shares", _height(rows), "Shares of each model beside those of real pictures")


def _ratios(found: Reports) -> None:
    rows = _rows(found, RATIOS)

    def times(entry: dict[str, Any]) -> tuple[float | None, float | None]:
        value, spread, real = (entry.get(key) for key in ("value", "spread", "real"))
        if value is None or not real or value <= 0 or real <= 0:
            return None, None
        return value / real, spread / real if spread else None

    figure = _figure(rows, found, times, ".3g")
    figure.add_vline(x=1, line={"color": REAL, "width": 2})
    ratios = [times(report["scores"].get(name, {}))[0] for name in rows for report in found.values()]
    low, high = min([0.5, *filter(None, ratios)]), max([2.0, *filter(None, ratios)])
    ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if low / 1.2 <= t <= high * 1.2]
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{t:g}×" for t in ticks])
    shared.chart(figure, "plot_ratios", _height(rows), "Scores of each model as multiples of those of real pictures")


def _by_class(found: Reports) -> None:
    figure = go.Figure(layout={"xaxis": {"type": "category", "title": "asked for"}, "yaxis": {"tickformat": ".0%"}})
    for place, (name, report) in enumerate(found.items()):
        figure.add_scatter(
            x=report["class_names"], y=report["class_accuracy"], name=name, **_dot(place), hovertemplate="%{y:.2%}"
        )
    real = next((report for report in found.values() if report.get("real_class_accuracy")), None)
    if real:
        figure.add_scatter(
            x=real["class_names"], y=real["real_class_accuracy"], name="Real pictures", **_mark("line-ew-open", 18),
            hovertemplate="%{y:.2%}",
        )  # fmt: skip
    figure.update_layout(legend={"orientation": "h", "y": 1.15, "x": 0})
    shared.chart(figure, "plot_classes", 260, "How often each class is drawn as asked")


def _rows(found: Reports, measures: tuple[str, ...]) -> dict[str, str]:
    """Names of scores of some measures, and what to call them."""
    rows: dict[str, str] = {}
    for name in dict.fromkeys(name for report in found.values() for name in report["scores"]):
        entry, values = _first(found, name), [report["scores"].get(name, {}).get("value") for report in found.values()]
        if entry["measure"] in measures and any(value is not None for value in values):
            rows[name] = f"{entry['title']}, {entry['net']}" if entry["measure"] in BY_NAME else entry["title"]
    return rows


def _first(found: Reports, name: str) -> dict[str, Any]:
    return next(report["scores"][name] for report in found.values() if name in report["scores"])


def _figure(rows: dict[str, str], found: Reports, read, form: str) -> go.Figure:
    """A row a score and a dot a model; `read` takes an entry to its value and spread."""
    figure = go.Figure(layout={"yaxis": {"autorange": "reversed", "type": "category"}, "hovermode": "closest"})
    for place, (subject, report) in enumerate(found.items()):
        x, spread = zip(*(read(report["scores"].get(name, {})) for name in rows), strict=True) if rows else ((), ())
        bars = {"type": "data", "array": [s or 0 for s in spread], "visible": any(spread)}
        figure.add_scatter(x=x, y=list(rows.values()), name=subject, error_x=bars, **_dot(place), **_says(form))
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return figure


def _dot(place: int) -> dict[str, Any]:
    symbol = SYMBOLS[place // len(COLOURS) % len(SYMBOLS)]
    return {"mode": "markers", "marker": {"color": COLOURS[place % len(COLOURS)], "symbol": symbol, "size": 10}}


def _mark(symbol: str, size: int) -> dict[str, Any]:
    return {"mode": "markers", "marker": {"color": REAL, "symbol": symbol, "size": size, "line": {"width": 2}}}


def _says(form: str) -> dict[str, str]:
    return {"hovertemplate": f"%{{y}}: %{{x:{form}}}"}


def _height(rows: dict[str, str]) -> int:
    return 80 + 34 * max(1, len(rows))
