"""The table of all runs: searched, sorted, and chosen from. What is chosen is in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import shared
import streamlit as st

from gan import datasets
from gan.training import overview, runs

MOST = 8  # runs at a time: more lines or pictures cannot be told apart
ROW = 35  # pixels
COLUMNS = {
    "Run": st.column_config.TextColumn(width="medium"),
    "FID": st.column_config.NumberColumn(format="%.2f", help="The best Fréchet distance: less is better."),
    "As asked": st.column_config.NumberColumn(format="percent", help="The best share drawn as the label asked for."),
    "Recall": st.column_config.NumberColumn(format="percent", help="The best share of real variety that is covered."),
    "PSNR": st.column_config.NumberColumn(format="%.2f dB", help="The best, of enlarged test pictures."),
    "Accuracy": st.column_config.NumberColumn(format="percent", help="The best on test pictures."),
    "Steps": st.column_config.NumberColumn(format="localized"),
    "Minutes": st.column_config.NumberColumn(format="%.1f", help="Of training, without pauses."),
    "Images/s": st.column_config.NumberColumn(format="localized", help="Over all of its training."),
    "MB": st.column_config.NumberColumn(format="%.0f", help="On disk."),
}


def choose(rows: Sequence[overview.Row]) -> list[runs.Run]:
    """The table; gives the chosen runs, in its order. The newest is chosen where nobody chose."""
    wanted, known = asked(), {row.run.id: row.run for row in rows}
    if wanted is None:
        wanted = [rows[0].run.id]
    if gone := [name for name in wanted if name not in known]:
        names = shared.plain(", ".join(gone)[:200])
        st.warning(f"There is no run {names} any more: removed, or renamed.", icon=":material/info:")
    words = st.text_input(
        "Search", key="q", bind="query-params", placeholder="Search: name, state, recipe, data, note", width=360,
        icon=":material/search:", label_visibility="collapsed",
    )  # fmt: skip
    found = [row for row in rows if row.matches(words)]
    if found:
        _table(found, [name for name in wanted if name in known])
    else:
        st.caption(f"None of {len(rows)} runs matches that.")
    chosen = [run for name, run in known.items() if name in wanted]
    hidden = len({run.id for run in chosen} - {row.run.id for row in found})
    said = f"{len(chosen)} of {len(rows)} {'run' if len(rows) == 1 else 'runs'} chosen"
    said += f", {hidden} of them hidden by the search" if hidden else ""
    st.caption(f"{said}; the first {MOST} are shown." if len(chosen) > MOST else f"{said}.")
    return chosen[:MOST]


def asked() -> list[str] | None:
    """The runs that the address names; None where it says nothing of them."""
    text = st.query_params.get("runs")
    return None if text is None else [name for name in text.split(",") if name]


def put(names: Sequence[str]) -> None:
    """Have runs chosen from the next drawing of the page on."""
    st.query_params["runs"] = ",".join(names)
    # A table keeps its ticks; a new one has ours.
    st.session_state["runs_put"] = st.session_state.get("runs_put", 0) + 1


def _table(found: Sequence[overview.Row], wanted: Sequence[str]) -> None:
    names = [row.run.id for row in found]
    key = f"runs-{st.session_state.get('runs_put', 0)}-{hash(tuple(names))}"
    titles = {name: source.title for name, source in datasets.sources().items()}
    table = pd.DataFrame([_cells(row, titles) for row in found])
    st.dataframe(
        table.dropna(axis=1, how="all"),  # what no run has needs no column
        hide_index=True,
        height=min(len(found) + 1, 9) * ROW + 2,
        row_height=ROW,
        column_config=COLUMNS,
        key=key,
        on_select=lambda: _ticked(key, names, wanted),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [i for i, name in enumerate(names) if name in wanted]}},
        placeholder="",  # where a run has no such score, or no note
        alt="All runs",
    )


def _ticked(key: str, names: Sequence[str], wanted: Sequence[str]) -> None:
    ticked = [names[i] for i in st.session_state[key]["selection"]["rows"] if i < len(names)]
    st.query_params["runs"] = ",".join([*(name for name in wanted if name not in names), *ticked])


def _cells(row: overview.Row, titles: Mapping[str, str]) -> dict[str, object]:
    scores = row.scores
    return {
        "Run": row.run.id,
        "State": row.state,
        "Recipe": row.recipe.name,
        "Data": titles.get(row.recipe.dataset, row.recipe.dataset),
        "FID": scores.get("fid"),
        "As asked": scores.get("label_accuracy"),
        "Recall": scores.get("recall"),
        "PSNR": scores.get("psnr"),
        "Accuracy": scores.get("test_accuracy", scores.get("place_accuracy")),
        "Steps": row.step,
        "Minutes": row.seconds / 60,
        "Images/s": round(row.speed),
        "MB": row.bytes / 1e6,
        "Note": row.note.partition("\n")[0] or None,
    }
