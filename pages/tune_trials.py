"""The trials of a study as a table, and what can be made of the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import recipe_choice
import recipe_settings
import shared
import streamlit as st

from gan.search import showing, studies
from gan.search.spec import Spec, names
from gan.training import runs

ROW = 35  # pixels


def table(study: studies.Study, spec: Spec, rows: Sequence[showing.Row]) -> None:
    """The table; the trial that is ticked, or the best, is shown below."""
    st.markdown("**Trials**")
    if not rows:
        st.caption("There is none yet.")
        return
    ordered = sorted(rows, key=lambda row: (not row.best, row.number))
    shown = pd.DataFrame([_cells(row, spec) for row in ordered])
    config: dict[str, Any] = {title: st.column_config.NumberColumn(format="%.4g") for title in names(spec.objectives)}
    numbers = [d for d in spec.space if isinstance(d.low, float)]
    config |= {recipe_settings.label(d.name): st.column_config.NumberColumn(format="%.3g") for d in numbers}
    config |= {
        "Run": st.column_config.LinkColumn(width="medium", display_text=r"run=(.*)$", help="Opens it on Train > Live."),
        "Steps": st.column_config.NumberColumn(format="localized"),
        "Minutes": st.column_config.NumberColumn(format="%.1f"),
    }
    kept = f"trial-{study.name}"  # by its number: its place in the table changes while the study works
    ticked = [i for i, row in enumerate(ordered) if row.number == st.session_state.get(kept)]
    picked = st.dataframe(
        shown.dropna(axis=1, how="all"),
        hide_index=True,
        height=min(len(ordered) + 1, 11) * ROW + 2,
        row_height=ROW,
        column_config=config,
        key=f"trials-{study.name}-{hash(tuple(row.number for row in ordered))}",
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": ticked}},
        alt="All trials",
    )
    shared.download("Trials (CSV)", lambda: showing.as_csv(rows, spec), f"{study.name}.csv", "trials_csv")
    one = next((ordered[i] for i in picked["selection"]["rows"]), None)
    st.session_state[kept] = one and one.number
    if chosen := one or next((row for row in ordered if row.best), None):
        _one(study, spec, chosen, bool(one))


def _cells(row: showing.Row, spec: Spec) -> dict[str, Any]:
    values = dict(zip(names(spec.objectives), row.values, strict=False))
    settings = {
        recipe_settings.label(d.name): _number(row.settings.get(d.name)) for d in spec.space if d.name in row.settings
    }
    return {
        "Trial": row.number,
        "State": f"{row.state}, best" if row.best else row.state,
        **{title: values.get(title) for title in names(spec.objectives)},
        **settings,
        "Steps": row.step,
        "Minutes": row.seconds / 60,
        "Run": f"train?run={row.run}" if row.here else None,
        "Why": row.reason or None,
    }


def _number(value: Any) -> Any:
    return float(f"{value:.3g}") if isinstance(value, float) else value


def _one(study: studies.Study, spec: Spec, row: showing.Row, ticked: bool) -> None:
    """A trial's settings, the ways to its run, and a longer run of the same settings."""
    best = "one of the best so far" if len(spec.objectives) > 1 else "the best so far"
    title = f"Trial {row.number}" if ticked else f"Trial {row.number}, {best}"
    with st.container(border=True):
        st.markdown(f"**{title}**")
        words = {
            recipe_settings.label(name): recipe_choice.shown(_number(value)) for name, value in row.settings.items()
        }
        shared.facts(words | ({"Why it ended": row.reason} if row.reason else {}))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if row.here:
                query = {"run": row.run}
                st.page_link("live_training.py", label="Watch", icon=":material/show_chart:", query_params=query)
                query = {"runs": row.run, "panel": "Manage"}
                st.page_link("runs.py", label="Make a model of it", icon=":material/history:", query_params=query)
            elif row.run:
                st.caption(f"Its run {row.run} is on another machine, or was removed.", width="content")
            usual = max(10 * spec.recipe.steps, 1000)
            about = "With all other settings as in the recipe. A schedule ends with these steps."
            steps = st.number_input(
                "Steps", 1, value=usual, step=1000, key=f"longer-{study.name}", help=about, width=160
            )
            label = "Train the best for longer" if row.best and len(spec.objectives) == 1 else "Train it for longer"
            if st.button(label, key="longer", type="primary", icon=":material/play_arrow:"):
                with shared.kindly():
                    made = showing.longer(study, spec, row, int(steps))
                    runs.start_worker(made)
                    st.switch_page("live_training.py", query_params={"run": made.id})
