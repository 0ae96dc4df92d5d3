"""Explore > Generate: pictures to order, lines of text, morphs between labels, labelled data sets."""

import generate_line
import generate_morph
import generate_pictures
import generate_set
import shared
import streamlit as st

from gan import drawing

VIEWS = {
    "Pictures": generate_pictures.show,
    "A line of text": generate_line.show,
    "Morph": generate_morph.show,
    "Data set": generate_set.show,
}
WHAT = """
**A generator** turns random numbers, the *latent*, into a picture. Here nothing is copied or looked up: each picture is
worked out anew from its numbers, in about a millisecond. The **seed** decides the numbers, so the same seed and the
same wishes give the same pictures, today and on another machine.

- **Label.** A conditional generator is also told *what* to draw. The latent then decides only *how*: slant, width,
  weight, or the expression of a face.
- **Truncation** draws the numbers together, towards their mean. The pictures get more typical, and more alike.
- **Classifier must agree.** A second net, trained to read, looks at every picture; those that it reads
  as something else are drawn again. How many it kept says how well the generator obeys.
- **A line of text.** Each character is drawn by a model that knows it. *In one hand* means from one latent.
- **Morph.** The latent stays, and the label goes from one to another. The pictures between were never seen in training.
- **Data set.** As many labelled pictures as you like, as files. How much they are worth is the *classification
  accuracy score* ([Ravuri and Vinyals 2019](https://arxiv.org/abs/1905.10887)): a classifier learns from drawn pictures
  only, and is then tested on real ones.
"""

shared.header("Generate", "Ask a model for a label, or have a line written. The same seed draws the same pictures.")
generators = drawing.generators()
if not generators:
    shared.empty("There is no model yet", "Train one, and it can draw for you.", "live_training.py", "Train a model")
    st.stop()

wanted = st.query_params.get("model")
if wanted and wanted not in generators:
    st.warning(f"There is no model “{shared.plain(wanted)}” here (any more).", icon=":material/link_off:")
ask = st.container(key="ask")
result, settings = st.columns([3, 1], gap="medium")
with ask:
    view = st.segmented_control(
        "What to draw",
        list(VIEWS),
        default="Pictures",
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
with result, shared.kindly():
    VIEWS[view](generators, ask, settings)
with st.expander("What am I looking at?"):
    st.markdown(WHAT)
