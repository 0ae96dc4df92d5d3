"""Train > Runs: all runs in a table; those that are chosen compared, gone back through, and managed."""

import runs_compare
import runs_manage
import runs_table
import streamlit as st
import time_machine
from shared import empty, header, kindly

from gan.training import overview

WHAT = """
A **run** is one training of a recipe: a generator that learned to draw, beside a discriminator that learned to tell
its drawings from real pictures. Everything about it lies in one folder under `runs`.

- **Time machine.** While a run trains, its generator is set down again and again: after 1, 2, 4, 8 … steps, at regular
  steps from then on, and whenever its scores are at their best. Here all of those draw the *same* random numbers
  (latents), so what you see change is what was learned. Marks show where a score was at its best, or turned.
- **Curves.** The same measure of several runs in one plot.
- **Recipes.** What the runs were told to do differently.
- **Manage.** Go on with a run; fork it, which is a new run that begins where it stands, with other settings; make a
  model of it for the pages of Explore.

*FID* says how far drawn pictures are from real ones as a crowd: less is better. *Drawn as asked* says how often a
classifier reads the label that was asked for.
"""
VIEWS = {
    "Time machine": time_machine.show,
    "Curves": runs_compare.curves_of,
    "Recipes": runs_compare.recipes_of,
    "Manage": runs_manage.show,
}

header("Runs", "Everything that was trained here: compare it, go back in time through it, make models of it.")
runs_manage.undo()
rows = overview.rows()
if rows:
    chosen = runs_table.choose(rows)
    # A page that is left forgets its widgets, so the view is in the address.
    view = st.segmented_control(
        "View", list(VIEWS), default=next(iter(VIEWS)), required=True, key="panel", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    if chosen:
        with kindly():
            VIEWS[view](chosen)
    else:
        st.info("Choose one run or several in the table: tick the boxes on its left.", icon=":material/info:")
else:
    empty("There is no run yet", "Train a net: it takes minutes to read the first digits.", "live_training.py", "Train")
runs_manage.removed()
with st.expander("What am I looking at?"):
    st.markdown(WHAT)
