"""What is done with a run: go on, fork, make a model, rename, note, remove and bring back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import runs_make
import runs_table
import shared
import streamlit as st
import way_back

from gan.training import managing, overview, runs


def show(chosen: Sequence[runs.Run]) -> None:
    """A section for each thing that can be done with one of the chosen runs."""
    names = [run.id for run in chosen]
    name = st.selectbox("Run", names, key="manage") if len(names) > 1 else names[0]
    run = next(run for run in chosen if run.id == name)
    shared.told("run_trouble")
    _state(run)
    _names(run)
    with st.expander("Make a model of it", icon=":material/deployed_code:"), shared.kindly():
        runs_make.model(run)
    form = st.expander(
        "Fork it: a new run with other settings", key="fork_form", icon=":material/fork_right:", bind="query-params"
    )
    if form.open:  # many widgets, so only where they are wanted
        with form, shared.kindly():
            runs_make.fork(run)
    _disk(run)


def undo() -> None:
    """Just after a run was removed: the way back."""
    way_back.undo("run", managing.removed(), _restore)


def removed() -> None:
    """Runs that were removed, and how to be rid of them."""
    if names := managing.removed():
        with st.expander(f"Removed runs ({len(names)})"):
            way_back.listed("run", names, _restore)
            act = {"on_click": managing.erase, "args": (names,), "icon": ":material/delete_forever:"}
            st.button("Delete them for good", key="erase", help="They cannot be brought back after that.", **act)


def _state(run: runs.Run) -> None:
    status = run.status()
    state, working = status["state"], status["state"] in runs.WORKING
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(state.capitalize())
        st.markdown(f"**{status.get('step', 0):,}** of {run.recipe.steps:,} steps", width="content")
        if working:
            _button("Stop", "stop", lambda: run.request("stop"), "It stops at its next step, with a checkpoint.")
        elif state != "finished":
            help = "Goes on from the latest checkpoint, exactly as if it had never stopped."
            _button("Resume", "play_arrow", lambda: runs.start_worker(run), help)
        st.page_link("live_training.py", label="Watch", icon=":material/show_chart:", query_params={"run": run.id})
        shared.download("Metrics (CSV)", lambda: overview.metrics_csv(run), f"{run.id}.csv", "metrics_csv")
        _button("Remove", "delete", lambda: _remove(run), "Stop it first." if working else None, disabled=working)


def _names(run: runs.Run) -> None:
    working = run.status()["state"] in runs.WORKING
    with st.container(horizontal=True, vertical_alignment="bottom"):
        to = f"rename-{run.id}"
        st.text_input("New name", key=to, placeholder=run.id, width=280, disabled=working)
        _button("Rename", "edit", lambda: _rename(run, st.session_state[to].strip()), disabled=working)
    key, seen = f"note-{run.id}", f"note-seen-{run.id}"
    if st.session_state.get(seen) != (now := managing.note(run)) or key not in st.session_state:
        st.session_state[key] = st.session_state[seen] = now  # perhaps written in another window
    act = {"on_change": shared.tried, "args": ("run_trouble", lambda: _note(run, key, seen))}
    st.text_area("Note", key=key, height=80, placeholder="What you tried, what you saw", **act)


def _disk(run: runs.Run) -> None:
    parts = {name: size for name, size in managing.disk(run).items() if size}
    said = ", ".join(f"{name} {size / 1e6:,.1f} MB" for name, size in parts.items())
    count = len(run.snapshots())
    kept = f"{count} snapshots: after 1, 2, 4, 8 … steps, at regular steps, and the best" if count else "no snapshots"
    st.caption(
        f"On disk: {sum(parts.values()) / 1e6:,.1f} MB ({said}). Kept are the newest two checkpoints and the best, and "
        f"{kept}."
    )
    if parts.get("damaged"):
        _button("Remove damaged checkpoints", "cleaning_services", lambda: managing.tidy(run))


def _button(label: str, icon: str, act: Callable[[], object], help: str | None = None, disabled: bool = False) -> None:
    """Does something before the page is drawn anew; what went wrong is said above."""
    key = f"{label.lower().replace(' ', '_')}_run"
    do = {"on_click": shared.tried, "args": ("run_trouble", act)}
    st.button(label, key=key, icon=f":material/{icon}:", help=help, disabled=disabled, **do)


def _note(run: runs.Run, key: str, seen: str) -> None:
    """What another window wrote since it was seen here stays above."""
    now = managing.note(run)
    if now != st.session_state[seen]:
        st.session_state[key], st.session_state[seen] = f"{now}\n\n{st.session_state[key]}", now
    managing.write_note(run, st.session_state[key])


def _rename(run: runs.Run, to: str) -> None:
    made = managing.rename(run, to)
    runs_table.put([made.id if name == run.id else name for name in runs_table.asked() or [run.id]])


def _remove(run: runs.Run) -> None:
    managing.remove(run)
    way_back.remember("run", run.id)
    left = [name for name in runs_table.asked() or [] if name != run.id]
    if left:
        runs_table.put(left)
    else:
        st.query_params.pop("runs", None)


def _restore(name: str) -> None:
    managing.restore(name)
    runs_table.put([name, *(other for other in runs_table.asked() or [] if other != name)])
