"""A study's charts: Optuna's own figures, in the app's colours."""

from __future__ import annotations

import functools
import textwrap
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
import recipe_settings
import shared
import streamlit as st
import working
from streamlit.elements.lib.streamlit_plotly_theme import CATEGORY_3

from gan.search import studies
from gan.search.objectives import OBJECTIVES
from gan.search.spec import Spec, names

if TYPE_CHECKING:
    import optuna

HEIGHT = 280
BEST = "Best so far"
GREY, BETTER = "rgba(128,128,128,0.8)", 0.34  # of the trials, the better third in the accent colour
LEAST = 4  # complete trials before importances say anything


def draw(study: studies.Study, opened: optuna.Study, spec: Spec, trials: list[Any]) -> None:
    """All charts that there is something for."""
    marks = tuple((t.number, t.state.name, tuple(t.values or ()), len(t.intermediate_values)) for t in trials)
    key = (study.url, study.name, marks)
    several = len(spec.objectives) > 1
    left, right = st.columns(2, gap="medium")
    with left:
        _history(key, opened, spec)
    with right:
        if several:
            _pareto(key, opened, spec)
        else:
            _on_the_way(key, opened)
    narrow, wide = st.columns([2, 3], gap="medium")
    complete = [t for t in trials if t.state.name == "COMPLETE"]
    with narrow:
        _importances(key, opened, spec, len(complete))
    with wide:
        _together(key, opened, spec, len(complete))


def _history(key: tuple, opened: optuna.Study, spec: Spec) -> None:
    st.markdown("**History**")
    import optuna

    for place, title in enumerate(names(spec.objectives)):
        target = _target(spec, place)
        figure = _made(
            ("history", place, *key),
            functools.partial(optuna.visualization.plot_optimization_history, opened, target=target, target_name=title),
        )
        if figure is None:
            st.caption("Appears with the first trial that is done.")
            return
        figure.update_traces(marker={"color": shared.ACCENT, "size": 7}, selector={"mode": "markers"})
        figure.update_traces(line={"color": CATEGORY_3, "width": 1.5}, selector={"mode": "lines"})
        figure.for_each_trace(lambda trace: trace.update(name=BEST if trace.name == "Best Value" else trace.name))
        figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}, yaxis_title=None)
        _scaled(figure, OBJECTIVES[spec.objectives[place]].direction == "minimize")
        if several := len(spec.objectives) > 1:
            figure.update_layout(yaxis_title=title, showlegend=False)
        _chart(figure, f"history-{place}", f"{title} of each trial", 200 if several else HEIGHT)


def _on_the_way(key: tuple, opened: optuna.Study) -> None:
    st.markdown("**On the way**")
    import optuna

    figure = _made(("way", *key), lambda: optuna.visualization.plot_intermediate_values(opened))
    if figure is None or not figure.data:
        st.caption("Appears with the first scores.")
        return
    figure.update_traces(line={"width": 1, "color": GREY}, marker={"size": 4, "color": GREY}, opacity=0.6)
    top = {f"Trial{trial.number}" for trial in studies.best(opened)}
    strong = {"line": {"width": 2.5, "color": shared.ACCENT}, "marker": {"size": 5, "color": shared.ACCENT}}
    figure.for_each_trace(lambda trace: trace.update(**strong, opacity=1) if trace.name in top else None)
    figure.update_layout(showlegend=False, hovermode="closest", xaxis_title="step", yaxis_title=None)
    _scaled(figure, True)
    _chart(figure, "on-the-way", "Scores of the trials while they train")


def _pareto(key: tuple, opened: optuna.Study, spec: Spec) -> None:
    st.markdown("**Pareto front**")
    import optuna

    figure = _made(
        ("pareto", *key),
        lambda: optuna.visualization.plot_pareto_front(opened, target_names=names(spec.objectives)),
    )
    if figure is None:
        st.caption("Appears with the first trials that are done.")
        return
    figure.update_layout(showlegend=False, hovermode="closest")
    for trace in figure.data:
        front = "Best Trial" in trace.hovertemplate
        marks = {"color": shared.ACCENT, "size": 9} if front else {"color": GREY, "size": 6}
        trace.update(marker={**marks, "showscale": False})
    _chart(figure, "pareto", "The trials by their objectives", 200 * len(spec.objectives))


def _importances(key: tuple, opened: optuna.Study, spec: Spec, complete: int) -> None:
    st.markdown("**Importances**")
    import optuna

    if complete < LEAST or len(spec.space) < 2:
        st.caption(f"Appear with {LEAST} complete trials, of two settings or more.")
        return
    target = _target(spec, 0)
    figure = _made(
        ("importances", *key),
        lambda: optuna.visualization.plot_param_importances(
            opened, evaluator=optuna.importance.PedAnovaImportanceEvaluator(), target=target, target_name=""
        ),
    )
    if figure is None:
        st.caption("There is no difference between the trials that settings could explain yet.")
        return
    bars = figure.data[0]
    figure = go.Figure(go.Bar(
        x=bars.x, y=[recipe_settings.label(name) for name in bars.y], orientation="h", marker_color=shared.ACCENT,
        texttemplate="%{x:.0%}", textposition="auto", hovertemplate="%{y}: %{x:.1%}<extra></extra>",
    ))  # fmt: skip
    figure.update_layout(xaxis={"tickformat": ".0%", "rangemode": "tozero"}, hovermode="closest", bargap=0.3)
    _chart(figure, "importances", "How much each setting explains", HEIGHT)


def _together(key: tuple, opened: optuna.Study, spec: Spec, complete: int) -> None:
    st.markdown("**All settings together**")
    import optuna

    if not complete:
        st.caption("Appears with the first complete trial.")
        return
    target = _target(spec, 0)
    figure = _made(
        ("together", *key),
        lambda: optuna.visualization.plot_parallel_coordinate(
            opened, target=target, target_name=names(spec.objectives)[0]
        ),
    )
    if figure is None or not figure.data:
        st.caption("Appears with the first complete trial.")
        return
    less = OBJECTIVES[spec.objectives[0]].direction == "minimize"
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    ranks = np.argsort(np.argsort([line.y[0] if less else -line.y[0] for line in lines]))
    for line, rank in zip(lines, ranks, strict=True):
        share = rank / max(1, len(lines) - 1)
        strong = {"color": shared.ACCENT, "width": 2.5 - 1.5 * share}
        line.update(line=strong if share <= BETTER else {"color": GREY, "width": 1}, opacity=1 - 0.6 * share)
    # Without the bar of colours, which says what the first axis does.
    figure = go.Figure(sorted(lines, key=lambda line: line.opacity), figure.layout)
    # Optuna's own are cut short; its axes stand in the order of the settings' names.
    settings = sorted(dimension.name for dimension in spec.space)
    titles = [names(spec.objectives)[0], *(recipe_settings.label(name) for name in settings)]
    figure.update_layout(xaxis={"ticktext": [_wrapped(title) for title in titles]}, plot_bgcolor="rgba(0,0,0,0)")
    figure.update_annotations(font={"size": 10, "color": None}, bgcolor=None, bordercolor=None)
    _chart(figure, "together", "Each trial as a line through its settings")


def _wrapped(name: str) -> str:
    """A name in lines, for axes that stand close to each other."""
    return "<br>".join(textwrap.wrap(name, 12, break_long_words=False))


def _target(spec: Spec, place: int) -> Callable[[Any], float] | None:
    """One of several objectives; of one, Optuna knows what to take."""
    return (lambda trial: trial.values[place]) if len(spec.objectives) > 1 else None


def _scaled(figure: go.Figure, positive: bool) -> None:
    """A logarithmic axis where scores fall over several orders of magnitude."""
    values = [float(v) for trace in figure.data for v in (trace.y if trace.y is not None else ()) if v is not None]
    if positive and values and min(values) > 0 and max(values) > 20 * min(values):
        figure.update_yaxes(type="log", dtick=1)


def _made(key: tuple, make: Callable[[], go.Figure]) -> go.Figure | None:
    """A figure, made once for what it shows; None where there is nothing to show yet."""

    def quietly(_: Any) -> go.Figure | None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return make()
            except (ValueError, RuntimeError, IndexError):  # Optuna's way to say so
                return None

    figure = working.once(key, quietly)
    return None if figure is None else go.Figure(figure)


def _chart(figure: go.Figure, key: str, alt: str, height: int = HEIGHT) -> None:
    figure.update_layout(title=None, template=None, uirevision=key)
    shared.chart(figure, f"tune-{key}", height, alt)
