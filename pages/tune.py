"""Train > Tune: studies that look for better settings. All they are is in their storage, so a reload loses nothing."""

import streamlit as st
import tune_form
import tune_view
import way_back
from shared import header, kindly, plain

from gan.search import studies

NEW = "New study"
WHAT = """
A **study** trains many short runs of one recipe, each with other settings, and learns where the good ones are. You say
which settings may vary and how far (the *space*), what is to become small or large (the *objective*), and how much may
be spent (the *budget*).

- Every **trial** is an ordinary run: watch it on Live, find it on Runs, make a model of it. The settings of the next
  trial are chosen where those before did well (*TPE*, a model of good and bad settings).
- Trials are scored on the way, and those that do badly at the same step are ended (*pruned*), so that the time goes to
  the others. *Hyperband* lets few trials go all the way; *median* ends what is worse than half of the others.
- **History** shows each trial's score and the best so far. **On the way** shows how scores fall while trials train.
  **Importances** say how much of the difference between good and bad trials a setting explains (PED-ANOVA). In
  **All settings together** each line is a trial, the better ones darker: where they run together, a setting matters.
- With several objectives there is no single best: on the **Pareto front** are the trials that none beats in all.

Short trials say which settings learn fast, not which end best. So take the best, train it for longer, and compare.
A study goes on when you close the page, the browser or the server.
"""

header("Tune", "Let many short runs look for better settings, then train the best for longer.")
way_back.undo("study", studies.removed(), studies.restore)
known = {study.name: study for study in studies.listed()}
wanted = st.query_params.get("study")
if wanted and wanted not in (*known, NEW) and "study_chosen" not in st.session_state:
    st.warning(f"There is no study {plain(wanted)} here any more. Start a new one, or choose another.")
if "study_chosen" in st.session_state:
    st.session_state["study"] = st.session_state.pop("study_chosen") or NEW
elif "study" not in st.session_state and wanted is None:
    busy = next((name for name in known if known[name].working), next(iter(known), NEW))
    st.session_state["study"] = busy  # whoever comes without an address wants to see what is going on
if st.session_state.get("study") not in (None, NEW, *known):
    del st.session_state["study"]
chosen = st.selectbox("Study", [NEW, *known], key="study", bind="query-params")
with kindly():
    if chosen != NEW:
        tune_view.view(known[chosen])
    else:
        if not known:
            st.info(
                "There is no study yet. Below is one that is ready to start: 20 short trials of `cgan28`. On two cores "
                "a trial of 400 steps takes about a minute.",
                icon=":material/info:",
            )
        tune_form.form()
if names := studies.removed():
    with st.expander(f"Removed studies ({len(names)})"):
        way_back.listed("study", names, studies.restore)
with st.expander("What am I looking at?"):
    st.markdown(WHAT)
