"""What is done with a run: go on, fork, make a model, rename, note, remove and bring back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import recipe_settings
import runs_table
import shared
import streamlit as st

from gan import datasets, registry
from gan.training import keeping, managing, overview, promote, runs

BEGINNING = "The beginning"


def show(chosen: Sequence[runs.Run]) -> None:
    """A section for each thing that can be done with one of the chosen runs."""
    names = [run.id for run in chosen]
    name = st.selectbox("Run", names, key="manage") if len(names) > 1 else names[0]
    run = next(run for run in chosen if run.id == name)
    shared.told("run_trouble")
    _state(run)
    _names(run)
    with st.expander("Make a model of it", icon=":material/deployed_code:"), shared.kindly():
        _promote(run)
    form = st.expander(
        "Fork it: a new run with other settings", key="fork_form", icon=":material/fork_right:", bind="query-params"
    )
    if form.open:  # many widgets, so only where they are wanted
        with form, shared.kindly():
            _fork(run)
    _disk(run)


def undo() -> None:
    """Just after a run was removed: the way back."""
    shared.told("back_trouble")
    name = st.session_state.get("run_removed", "")
    if name and name in managing.removed():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{shared.plain(name)}** was removed.", width="content")
            st.button("Undo", key="undo", icon=":material/undo:", on_click=_restore, args=(name,))


def removed() -> None:
    """Runs that were removed, and how to be rid of them."""
    if not (names := managing.removed()):
        return
    with st.expander(f"Removed runs ({len(names)})"):
        for name in names:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(shared.plain(name), width="content")
                st.button("Bring back", key=f"back-{name}", icon=":material/undo:", on_click=_restore, args=(name,))
        help = "They cannot be brought back after that."
        st.button("Delete them for good", key="erase", icon=":material/delete_forever:", help=help, on_click=_erase)


def _state(run: runs.Run) -> None:
    status = run.status()
    state, working = status["state"], status["state"] in runs.WORKING
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(state.capitalize())
        st.markdown(f"**{status.get('step', 0):,}** of {run.recipe.steps:,} steps", width="content")
        if working:
            _button(run, "Stop", "stop", lambda: run.request("stop"), "It stops at its next step, with a checkpoint.")
        elif state != "finished":
            help = "Goes on from the latest checkpoint, exactly as if it had never stopped."
            _button(run, "Resume", "play_arrow", lambda: runs.start_worker(run), help)
        st.page_link("live_training.py", label="Watch", icon=":material/show_chart:", query_params={"run": run.id})
        shared.download("Metrics (CSV)", lambda: overview.metrics_csv(run), f"{run.id}.csv", "metrics_csv")
        help = "Stop it first." if working else "It can be brought back."
        _button(run, "Remove", "delete", lambda: _remove(run), help, disabled=working)


def _names(run: runs.Run) -> None:
    working = run.status()["state"] in runs.WORKING
    with st.container(horizontal=True, vertical_alignment="bottom"):
        to = st.text_input("New name", key=f"rename-{run.id}", placeholder=run.id, width=280, disabled=working)
        _button(run, "Rename", "edit", lambda: _rename(run, to.strip()), disabled=not to.strip() or working)
    before = managing.note(run)
    text = st.text_area("Note", before, key=f"note-{run.id}", height=80, placeholder="What you tried, what you saw")
    if text != before:
        managing.write_note(run, text)


def _promote(run: runs.Run) -> None:
    steps = sorted({step for step, _ in (*run.checkpoints(), *run.snapshots())}, reverse=True)
    if not steps:
        st.caption("Nothing is kept of it yet that a model could be made of: that comes with its first steps.")
        return
    best = keeping.best(overview.score_records(run))
    found = best and best.step
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name", key=f"model-{run.id}", placeholder=f"my-{run.recipe.name}", width=220)
        title = st.text_input("Title", key=f"title-{run.id}", placeholder="What people read", width=220)
        start = steps.index(found) if found in steps else 0
        words = {steps[0]: "newest"} | ({found: "best score"} if found else {})
        step = st.selectbox("As of step", steps, start, lambda s: _step(s, words), key=f"step-{run.id}", width=220)
    summary = st.text_input("Summary", key=f"summary-{run.id}", placeholder="One line on what it is")
    if st.button("Make the model", key="promote", type="primary", disabled=not name.strip()):
        promote.promote(run, name.strip(), title.strip(), summary.strip(), step=step)
    for card in registry.cards():  # those that are still there
        if card.training.get("run") == run.id:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{card.name}**, as of step {card.training['step']:,}", width="content")
                if card.kind == "generator":
                    query = {"model": card.name}
                    st.page_link("latent_space.py", label="Its space", icon=":material/tune:", query_params=query)
                    st.page_link("generate.py", label="Draw with it", icon=":material/draw:", query_params=query)


def _step(step: int, words: dict[int, str]) -> str:
    return f"{step:,} ({words[step]})" if step in words else f"{step:,}"


def _fork(run: runs.Run) -> None:
    points = [step for step, _ in reversed(run.checkpoints())]
    start = st.selectbox("Begin at", [*points, BEGINNING], format_func=_point, key=f"from-{run.id}", width=260)
    if start != BEGINNING:
        fixed = ", ".join(recipe_settings.label(name).lower() for name in managing.FIXED if name != "options")
        st.caption(f"From a checkpoint, {fixed} and the options of the nets stay as they are.")
    recipe = run.recipe
    # Widgets are named after their recipe: under this name, the Live page's and other runs' are left alone.
    own = recipe.with_settings({"name": f"fork-{run.id}"})
    settings: dict[str, Any] = recipe_settings.main(own)
    source = datasets.source(recipe.dataset)
    settings |= recipe_settings.rest(own, source)
    if st.button("Fork and train", key="fork", type="primary", icon=":material/fork_right:"):
        made = managing.fork(run, settings, None if start == BEGINNING else start)
        managing.write_note(made, f"Fork of {run.id}" + ("" if start == BEGINNING else f" at step {start:,}"))
        runs.start_worker(made)
        runs_table.put([made.id, run.id])
        st.rerun()


def _point(point: int | str) -> str:
    return point if isinstance(point, str) else f"Step {point:,}"


def _disk(run: runs.Run) -> None:
    parts = {name: size for name, size in managing.disk(run).items() if size}
    said = ", ".join(f"{name} {size / 1e6:,.1f} MB" for name, size in parts.items())
    st.caption(
        f"On disk: {sum(parts.values()) / 1e6:,.1f} MB ({said}). Kept are the newest two checkpoints and the best, and "
        f"{len(run.snapshots())} snapshots: after 1, 2, 4, 8 … steps, at regular steps, and the best."
    )
    if parts.get("damaged"):
        _button(run, "Remove damaged checkpoints", "cleaning_services", lambda: managing.tidy(run))


def _button(
    run: runs.Run, label: str, icon: str, act: Callable[[], object], help: str | None = None, disabled: bool = False
) -> None:
    """Does something before the page is drawn anew; what went wrong is said above."""
    key = f"{label.split()[0].lower()}_run"
    st.button(label, key=key, icon=f":material/{icon}:", help=help, disabled=disabled, on_click=_try, args=(act,))


def _try(act: Callable[[], object]) -> None:
    with shared.noted("run_trouble"):
        act()


def _rename(run: runs.Run, to: str) -> None:
    made = managing.rename(run, to)
    runs_table.put([made.id if name == run.id else name for name in runs_table.asked() or [run.id]])


def _remove(run: runs.Run) -> None:
    managing.remove(run)
    st.session_state["run_removed"] = run.id
    left = [name for name in runs_table.asked() or [] if name != run.id]
    if left:
        runs_table.put(left)
    else:
        st.query_params.pop("runs", None)


def _restore(name: str) -> None:
    with shared.noted("back_trouble"):
        managing.restore(name)
        st.session_state.pop("run_removed", None)
        runs_table.put([name, *(other for other in runs_table.asked() or [] if other != name)])


def _erase() -> None:
    managing.erase()
    st.session_state.pop("run_removed", None)
