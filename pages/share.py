"""Share > Export: a model for other programs or as a web page, and how to serve it."""

import share_export
import share_hosting
import shared
import streamlit as st

from gan import registry

VIEWS = {"Export": share_export.show, "API and hosting": share_hosting.show}
WHAT = """
**Keras** is a file for Python: Keras 3 loads it on TensorFlow, JAX or PyTorch. **SavedModel** is TensorFlow's folder,
for its servers and tools. **ONNX** runs without either, wherever ONNX Runtime does. The **web page** holds the ONNX net
and what runs it, and draws in the browser of whoever opens it.

All of them compute what the model here computes. Layers of our own are written as stock ones that give the same, so
nothing of GAN Studio is needed to load them; and a model that is told several columns, hair and skin, has an input for
each. **Before it is offered, what was written is loaded again**, as others will load it, and compared with the model
on random latents, classes and mixtures of them. A difference above 0.0001, of pictures between -1 and 1, is refused;
one grey level is 0.008.

**Licences travel along.** What a model learned from decides under which licence it may be passed on; its card, its
README and its page say so.
"""

shared.header("Export", "Take a model to other programs, or onto a web page of its own.")
cards = {card.name: card for card in registry.cards()}
for problem in registry.problems():
    st.warning(shared.plain(problem), icon=":material/info:")
if not cards:
    shared.empty("There is no model yet", "Train one, and it can be exported.", "live_training.py", "Train a model")
    st.stop()

wanted = st.query_params.get("model")
if wanted and wanted not in cards:
    st.warning(f"There is no model “{shared.plain(wanted)}” here (any more).", icon=":material/link_off:")
view = st.segmented_control(
    "What to do",
    list(VIEWS),
    default="Export",
    required=True,
    key="sharing",
    bind="query-params",
    label_visibility="collapsed",
)
with shared.kindly():
    VIEWS[view](cards)
with st.expander("What am I looking at?"):
    st.markdown(WHAT)
