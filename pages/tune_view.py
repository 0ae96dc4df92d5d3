"""One study, as it is now: how far, what came of its trials, and what to do with the best."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shared
import streamlit as st
import tune_charts
import tune_trials
import way_back

from gan import UserError
from gan.search import claims, showing, storage, studies
from gan.search.spec import Spec, names

COLOURS = {"working": "green", "starting": "green", "finished": "blue", "failed": "red", "died": "red"}


def view(study: studies.Study) -> None:
    """Everything about a study; refreshed every two seconds while a process works on it here."""
    working = study.working
    shared.told("study_trouble")
    st.fragment(_live, run_every=2 if working else None)(study, working)


def _live(study: studies.Study, was_working: bool) -> None:
    working = study.working
    if working != was_working:
        st.rerun()  # the timer is set outside the fragment
    process = next(iter(study.processes()), {})
    try:
        opened = study.optuna()
        spec = studies.read(opened)
        with storage.reaching(study.url):
            rows, trials = showing.rows(opened), opened.get_trials(deepcopy=False)
    except UserError as error:
        _state(study, process, working)
        _controls(study, None, working)
        st.error(str(error), icon=":material/info:")
        _log(study)
        return
    _progress(study, spec, rows, trials, process, working)
    _controls(study, spec, working)
    if any(row.values for row in rows):
        tune_charts.draw(study, opened, spec, trials)
    elif working:
        st.caption("Charts appear with the first scores: a worker loads its libraries before its first step.")
    tune_trials.table(study, spec, rows)
    _log(study)


def _log(study: studies.Study) -> None:
    if log := study.log():
        with st.expander("What its processes said"):
            st.code(log, language=None, height=240)


def _state(study: studies.Study, process: dict[str, Any], working: bool) -> str:
    state = process.get("state", "not started")
    if not working and state in ("working", "starting"):
        state = "died"
    st.badge(state.capitalize(), color=COLOURS.get(state, "gray"))
    return state


def _progress(study: studies.Study, spec: Spec, rows, trials, process: dict[str, Any], working: bool) -> None:
    done = [row for row in rows if row.state not in ("running", "waiting")]
    best = [row for row in rows if row.best]
    with st.container(horizontal=True, vertical_alignment="center"):
        state = _state(study, process, working)
        st.markdown(f"**{len(done)}** of {spec.trials:,} trials", width="content")
        if pruned := sum(row.state == "pruned" for row in done):
            st.markdown(f"**{pruned}** pruned", width="content")
        if best:
            titles = names(spec.objectives)
            values = ", ".join(f"{t} **{v:.4g}**" for t, v in zip(titles, best[0].values, strict=True))
            words = f"best {values}" if len(spec.objectives) == 1 else f"**{len(best)}** on the Pareto front"
            st.markdown(words, width="content")
        minutes = claims.minutes(trials)
        limit = f" of {spec.minutes:g}" if spec.minutes else ""
        st.markdown(f"**{minutes:,.0f}**{limit} min of work", width="content")
    st.progress(min(1.0, len(done) / spec.trials))
    words = process.get("message", "")
    if working and process.get("run"):
        words = f"{process['run']}: step {process.get('step', 0):,} of {spec.recipe.steps:,}"
    elif state == "died":
        words = "Its process ended without a word (killed, or out of memory). Continue takes its trial up again."
    kept = "a file of its own" if study.local else storage.shown(study.url)
    st.caption(" · ".join(part for part in (spec.recipe.name, f"kept in {kept}", words) if part))


def _controls(study: studies.Study, spec: Spec | None, working: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if working:
            asked = any(said["stopping"] for said in study.processes())
            help = "The trial that runs gets a checkpoint; Continue goes on with it."
            _button("Stopping" if asked else "Stop", "stop", study.stop, help, asked)
        else:
            _button("Continue", "play_arrow", study.start, "Goes on with its trials.", primary=True)
        if spec:
            key = f"budget-{study.name}-{spec.trials}"
            wanted = st.number_input("Trials", 1, value=spec.trials, step=1, key=key, width=130)
            if wanted != spec.trials:
                about = "The new budget, for all who work on it."
                _button("Set", "check", lambda: study.set_budget(st.session_state[key]), about)
        kept = "Its runs stay; it can be brought back, until another study of this name is removed."
        help = "Stop it first." if working else kept
        _button("Remove", "delete", lambda: _remove(study), help, working)


def _button(
    label: str, icon: str, act: Callable[[], object], help: str, disabled: bool = False, primary: bool = False
) -> None:
    """Does something before the page is drawn anew; what went wrong is said above."""
    kind = "primary" if primary else "secondary"
    said = {"help": help, "disabled": disabled, "type": kind}
    said |= {"on_click": shared.tried, "args": ("study_trouble", act)}
    if st.button(label, key=f"{label.lower()}_study", icon=f":material/{icon}:", **said):
        st.rerun()  # all of the page: this is a fragment


def _remove(study: studies.Study) -> None:
    studies.remove(study)
    way_back.remember("study", study.name)
    # The choice of study stands outside of this fragment, and is bound to the address.
    st.session_state["study_chosen"] = next((other.name for other in studies.listed()), None)
