"""Explore > Recognise: a picture prepared step by step, read by a net, and the answer looked into."""

import hashlib
from dataclasses import asdict

import recognise_answer
import recognise_empty
import recognise_input
import recognise_settings
import shared
import streamlit as st

from gan import images, recognise, registry

ONE, SEVERAL = "One", "Several"
WHAT = """
**The net** is a classifier: it was shown tens of thousands of small pictures, each with its label, until it named them
rightly. It sees nothing but such a small picture, light ink on black, of one size. So yours is first brought into that
form. The steps of that are plain arithmetic, nothing in them was learnt, and each can be changed.

**The probabilities** of all its classes add up to 100%. It has no way to say “none of these”: it will call a cat a
digit, too, and may be sure of it. Look at the last step before you believe an answer: if you cannot read that picture,
the net is guessing.

**Where it looked** is found by hiding a small part of the picture at a time, and seeing how much less sure the net
gets. Teal is ink that spoke for the answer. Orange is paper that had to be empty: without its gap, a 3 would be an
eight. On colour pictures, what mattered stays lit.

**Several** characters are found as pieces of ink that hang together, put together where they are close, cut apart where
they touch, and read one by one, line by line.
"""


@st.cache_resource(max_entries=8, ttl=900, show_spinner=False)
def prepared(_picture: images.Array, key: str, settings: dict) -> recognise.Prepared:
    return recognise.prepare(_picture, recognise.Settings(**settings))


@st.cache_resource(max_entries=16, ttl=900, show_spinner="Reading")
def read(_prepared: recognise.Prepared, _card: registry.Card, net: str, key: str, settings: dict, several: bool):
    """The reading, and a memory for what is worked out of it on demand."""
    return recognise.read(_prepared, _card, recognise.Settings(**settings), several), {}


shared.header("Recognise", "Show a net something written, and see what it makes of it, step by step.")
choices = recognise.choices()
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    name = st.selectbox(
        "What to read", list(choices), format_func=lambda name: choices[name].title, key="read", bind="query-params",
        width=210,
    )  # fmt: skip
    choice = choices[name]
    card = recognise_input.net(choice)
    several = recognise_input.how_many(card, (ONE, SEVERAL)) == SEVERAL if card else False
    given = recognise_input.given() if card else ""


def answer(picture: images.Array, settings: recognise.Settings) -> None:
    """Everything that is made of a picture; what was done before something goes wrong stays in sight."""
    key, seen = f"{picture.shape} {hashlib.sha256(picture.tobytes()).hexdigest()}", (None, None, 0)
    with right, shared.kindly():
        ready = prepared(picture, key, asdict(settings))
        with steps:
            if recognise.colour(card) and not several:
                recognise_answer.steps(recognise.steps_in_colour(ready), "From the picture to its part")
            else:
                recognise_answer.steps(recognise.steps(ready, settings), "From the picture to its ink")
        seen = (ready, None, 0)
        reading, memory = read(ready, card, card.digest, key, asdict(settings), several)
        chosen = recognise_answer.show(reading, card, choice, memory)
        with steps:
            found = recognise.steps_of(reading.answers[chosen], card, settings)
            recognise_answer.steps(found, "To what the net sees")
        seen = (ready, reading, chosen)
    with left:
        recognise_input.show(given, picture, *seen)


if card:
    left, right = st.columns(2, gap="large")
    steps, controls = st.columns([3, 1], gap="large")
    with controls:
        settings = recognise_settings.adjust(card, several)
    picture = None
    with left, shared.kindly():
        picture = recognise_input.picture(given, choice, card, several)
    if picture is not None:
        answer(picture, settings)
    else:
        with right:
            recognise_empty.nothing_yet(given, choice, several)
else:
    recognise_empty.no_net(choice)
with st.expander("What am I looking at?"):
    st.markdown(WHAT)
