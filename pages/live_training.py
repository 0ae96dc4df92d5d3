"""Train > Live: start a run, watch it, steer it. All it shows is in the run's folder, so a reload loses nothing."""

import streamlit as st
import training_form
import training_view
from shared import header, kindly, plain

from gan.training import runs

NEW = "New run"

header("Live", "Train a GAN and watch it learn, from the first noise to the last digit.")

known = {run.id: run for run in runs.list_runs()}
states = {name: run.status()["state"] for name, run in known.items()}
busy = sorted((name for name in known if states[name] in runs.WORKING), key=lambda name: states[name] != "running")
wanted = st.query_params.get("run")
if wanted and wanted not in (*known, NEW):
    st.warning(f"There is no run {plain(wanted)} any more. Start a new one, or choose another.")
if "started" in st.session_state:
    st.session_state["run"] = st.session_state.pop("started")
elif "run" not in st.session_state and wanted is None and busy:
    st.session_state["run"] = busy[0]  # whoever comes without an address wants to see what is going on
if st.session_state.get("run") not in (None, NEW, *known):
    del st.session_state["run"]
chosen = st.selectbox("Run", [NEW, *known], key="run", bind="query-params")
with kindly():
    if chosen == NEW:
        training_form.form()
    else:
        training_view.view(known[chosen])
