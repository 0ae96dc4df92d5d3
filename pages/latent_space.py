"""Explore > Latent space: slide between pictures, push one along directions, mix classes."""

import latent_studio
import shared
import streamlit as st

from gan import registry

WHAT = """
A **generator** has learned to turn a list of random numbers, the *latent*, into a picture. Every picture it can draw
has its place in that space of numbers, and neighbours look alike: so one can travel in it.

- **Between A and B.** Two latents were drawn at random, and the slider walks from one to the other. The straight way
  passes nearer to the middle of the space than any latent the generator has practised on; the spherical one keeps its
  distance.
- **Class.** Beside the latent the generator is told what to draw. The latent then is only the *hand*: slant, width,
  weight. Mixed classes were never seen in training, and show what the generator makes of the idea.
- **Directions.** Those in which the pictures change most, found by comparing many pictures with their neighbours.
  Nobody named them: try what each of them does.
- **Pad.** Two further directions at once.

The address of this page holds all of it: copy it to share what you see.
"""


def forget() -> None:
    """Another model has another space: what the address says of the last one's means nothing there."""
    st.query_params.pop("at", None)


shared.header("Latent space", "Every picture a generator can draw has its place here. Slide, and watch it change.")
generators = {card.name: card for card in registry.cards("generator")}
if not generators:
    shared.empty("There is no model yet", "Train one, and walk through its space.", "live_training.py", "Train a model")
    st.stop()

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    first = [*generators].index("digits") if "digits" in generators else 0
    model = st.selectbox("Model", generators, first, key="model", bind="query-params", on_change=forget, width=240)
    st.caption(generators[model].summary)
latent_studio.studio(generators[model])
with st.expander("What am I looking at?"):
    st.markdown(WHAT)
