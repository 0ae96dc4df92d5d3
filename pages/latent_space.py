"""Explore > Latent space: slide between pictures, push one along directions, mix classes."""

import latent_files
import latent_find
import latent_keep
import latent_studio
import shared
import streamlit as st

from gan import drawing

BELOW = ["Keep", "Take home", "Find my picture"]
WHAT = """
A **generator** has learned to turn a list of random numbers, the *latent*, into a picture. Every picture it can draw
has its place in that space of numbers, and neighbours look alike: so one can travel in it.

- **The strip.** Each picture on it is a latent drawn at random, and the slider walks from one to the next. The straight
  way passes nearer to the middle of the space than any latent the generator has practised on; the spherical one keeps
  its distance.
- **Class**, or **attributes.** Beside the latent the generator is told what to draw. The latent then is only the
  *hand*: slant, width, weight. Mixtures were never seen in training, and show what the generator makes of the idea.
- **Directions.** Ways in which all pictures change alike. Some are found by looking at the pictures, at the net's first
  activations ([GANSpace](https://arxiv.org/abs/2004.02546)) or at its first layer
  ([SeFa](https://arxiv.org/abs/2007.06600)), and nobody named them: try what each does. *Measured* ones make a
  measure of the picture grow, say its ink, and *yours* lead from pictures that you picked to others.
- **Find my picture.** The other way round: for a picture of yours, the latent whose picture comes nearest is searched.
- **Pad.** Three pictures span a plane; the point is a mixture of them. Past a picture there is more of it than all.

The address of this page holds all of it: copy it to share what you see.
"""


def forget() -> None:
    """Another model has another space: what the address says of the last one's means nothing there."""
    st.query_params.pop("at", None)


shared.header("Latent space", "Every picture a generator can draw has its place here. Slide, and watch it change.")
generators = drawing.generators()
if not generators:
    shared.empty("There is no model yet", "Train one, and walk through its space.", "live_training.py", "Train a model")
    st.stop()

wanted = st.query_params.get("model")
if wanted and wanted not in generators:
    forget()
    st.warning(f"There is no model “{shared.plain(wanted[:80])}” here (any more).", icon=":material/link_off:")
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    model = st.selectbox("Model", generators, key="model", bind="query-params", on_change=forget, width=240)
    st.caption(generators[model].summary)


@st.fragment
def space() -> None:
    if model not in drawing.generators():
        st.rerun()  # it was removed while it was shown: the whole page says so, and shows another one
    with shared.kindly():
        view = latent_studio.studio(generators[model])
        below = st.segmented_control(
            "Below",
            BELOW,
            default=BELOW[0],
            required=True,
            key="below",
            bind="query-params",
            label_visibility="collapsed",
        )
        {
            BELOW[0]: lambda: latent_keep.section(view),
            BELOW[1]: lambda: latent_files.section(view),
            BELOW[2]: lambda: latent_find.section(generators[model], view),
        }[below]()


space()
with st.expander("What am I looking at?"):
    st.markdown(WHAT)
