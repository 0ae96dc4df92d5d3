"""Explore > Generate: pictures to order, and lines of text in a model's hand."""

from dataclasses import replace

import shared
import streamlit as st

from gan import drawing, images, registry, text

SHOWN = 100  # pictures on the page; the downloads hold all

shared.header("Generate", "Ask a model for a label, or have it write a line. The same seed draws the same pictures.")
generators = {card.name: card for card in registry.cards("generator")}
if not generators:
    shared.empty("There is no model yet", "Train one, and it can draw for you.", "live_training.py", "Train a model")
    st.stop()

ask = st.container(key="ask")
result, settings = st.columns([3, 1], gap="medium")
with settings:
    model = st.selectbox("Model", list(generators), key="model", bind="query-params")
    seed = shared.seed("seed")
    truncation = st.slider(
        "Truncation",
        0.3,
        1.0,
        1.0,
        0.05,
        key="truncation",
        bind="query-params",
        help="Below 1, latents are drawn towards the mean: cleaner pictures, less variety. 1 leaves them as they fall.",
    )
names = generators[model].class_names


def draw_pictures() -> None:
    with ask.container(horizontal=True, gap="medium"):
        labels = []
        if names:
            labels = st.pills("Labels", names, selection_mode="multi", default=names, key="label", bind="query-params")
        count = st.number_input("How many", 1, drawing.MOST, 100, key="count", bind="query-params", width=140)
    if names and not labels:
        st.info("Choose at least one label above.", icon=":material/info:")
        return
    order = drawing.Order(model, tuple(names.index(label) for label in labels), count, seed, truncation)
    with shared.warming():
        shared.groups(drawing.draw(replace(order, count=min(count, SHOWN))).by_label())
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
            "Text", "31415926", text.LONGEST, key="text", bind="query-params", live=True, placeholder="Type digits"
        )
    with settings:
        hand = "On: every character from the same latent, as one person would write. Off: each from its own."
        one_hand = st.toggle("In one hand", True, key="one_hand", bind="query-params", help=hand)
        dark_ink = st.toggle("Dark ink on white paper", True, key="dark_ink", bind="query-params")
        spacing = st.slider("Spacing (pixels)", 0, 20, 4, key="spacing", bind="query-params")
    with shared.warming():
        line = text.write_line(model, words, seed, truncation, one_hand, spacing, dark_ink)
    shared.picture(line, words, 4, least=2)
    shared.download("Line (PNG)", lambda: images.encode_png(line), f"{model}-line-seed{seed}.png", "line")


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
