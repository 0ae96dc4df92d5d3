"""Explore > Generate: pictures to order, and lines of text in one hand or many."""

from dataclasses import replace

import asking
import shared
import streamlit as st

from gan import drawing, images, text

SHOWN = 100  # pictures on the page; the downloads hold all
ROWS = 20  # labels that get a row each; more stand in turn
ANY = "Any model"

shared.header("Generate", "Ask a model for a label, or have a line written. The same seed draws the same pictures.")
generators = drawing.generators()
if not generators:
    shared.empty("There is no model yet", "Train one, and it can draw for you.", "live_training.py", "Train a model")
    st.stop()

ask = st.container(key="ask")
result, settings = st.columns([3, 1], gap="medium")


def hand() -> tuple[int, float]:
    """The seed and the truncation."""
    seed = shared.seed("seed")
    about = "Below 1, latents are drawn towards the mean: cleaner pictures, less variety. 1 leaves them as they fall."
    return seed, st.slider("Truncation", 0.3, 1.0, 1.0, 0.05, key="truncation", bind="query-params", help=about)


def draw_pictures() -> None:
    with settings:
        model = st.selectbox("Model", generators, key="model", bind="query-params")
        seed, truncation = hand()
    with ask.container(horizontal=True, gap="medium"):
        labels = asking.labels(generators[model])
        count = st.number_input("How many", 1, drawing.MOST, 100, key="count", bind="query-params", width=140)
    order = drawing.Order(model, labels, count, seed, truncation)
    with shared.warming():
        drawn = drawing.draw(replace(order, count=min(count, SHOWN)))
    if 0 < len(labels) <= ROWS:
        shared.groups(drawn.by_label())
    else:
        shared.pictures(drawn.pictures, drawn.names, captions=bool(labels))
    if count > SHOWN:
        st.caption(f"The first {SHOWN} of {count} pictures. The downloads hold them all.")
    with st.container(horizontal=True):
        file = f"{model}-seed{seed}"
        sheet, archive = (lambda: drawing.sheet(drawing.draw(order))), (lambda: drawing.archive(drawing.draw(order)))
        shared.download("Sheet (PNG)", sheet, f"{file}.png", "sheet")
        shared.download("Pictures with labels (ZIP)", archive, f"{file}.zip", "archive")


def write_line() -> None:
    with ask:
        words = st.text_input(
            "Text", "31415926", text.LONGEST, key="text", bind="query-params", live=True, placeholder="Type a line"
        )
    with settings:
        about = "Writes what it can, and other models the rest. Any model: for each character one that knows it."
        writer = st.selectbox(
            "Model", [ANY, *(card.name for card in text.able())], key="writer", bind="query-params", help=about
        )
        seed, truncation = hand()
        about = "On: every character from the same latent, as one person would write. Off: each from its own."
        one_hand = st.toggle("In one hand", True, key="one_hand", bind="query-params", help=about)
        dark_ink = st.toggle("Dark ink on white paper", True, key="dark_ink", bind="query-params")
        spacing = st.slider("Spacing (pixels)", 0, 20, 4, key="spacing", bind="query-params")
    model = None if writer == ANY else writer
    parts = text.plan(words, model)
    with shared.warming():
        line = text.write_line(words, seed, model, truncation, one_hand, spacing, dark_ink)
    shared.picture(line, words, 4, least=2)
    who = (f"{generators[name].title} ({characters})" for name, characters in text.writers(parts).items())
    st.caption(shared.plain(f"Written by {', '.join(who)}."))
    shared.download("Line (PNG)", lambda: images.encode_png(line), f"line-seed{seed}.png", "line")


with ask:
    views = {"Pictures": draw_pictures, "A line of text": write_line}
    view = st.segmented_control(
        "What to draw",
        list(views),
        default="Pictures",
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
with result, shared.kindly():
    views[view]()
