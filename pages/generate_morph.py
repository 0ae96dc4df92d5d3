"""Generate's morphs: the latent stays, and the label goes from one to another."""

from collections.abc import Mapping

import asking
import filming
import shared
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gan import images
from gan.generating import morphs
from gan.registry import Card

SECONDS = 1.5  # of a film, from label to label
LEAST = 1.5  # times as large as drawn; a strip that is longer than the page is scrolled


def show(generators: Mapping[str, Card], ask: DeltaGenerator, settings: DeltaGenerator) -> None:
    """The way as a strip, a row a latent; and the film along it."""
    with settings:
        card = asking.model(generators)
        seed, truncation = asking.hand()
        steps = st.slider("Pictures from label to label", *morphs.STEPS, 5, key="steps", bind="query-params")
        rows = st.slider("Rows", *morphs.ROWS, 3, key="hands", bind="query-params", help="A row a latent.")
        loop = st.toggle("Back to the first label", key="loop", bind="query-params")
    if not card.class_names:
        st.info(f"{card.title} is told no label, so there is nothing to go between.", icon=":material/info:")
        st.page_link("latent_space.py", label="Slide through its space", query_params={"model": card.name})
        return
    with ask:
        way = st.multiselect(
            "From label to label", card.class_names, _apart(card.class_names), key=f"way_{card.name}",
            bind="query-params", help="In the order in which you choose them.", placeholder="Choose two or more",
            select_all=False,
        )  # fmt: skip
    labels = tuple(card.class_names.index(name) for name in way)
    morph = morphs.Morph(card.name, labels, seed, rows, truncation, loop)
    with shared.warming():
        sheet = morphs.sheet(morphs.strip(morph, steps))
    said = " → ".join(card.class_names[label] for label in morph.stops)
    shared.picture(sheet, said, shared.factor(card.shape), least=LEAST)
    st.caption(shared.plain(f"{said}: {steps} pictures from each to the next, the same latent along a row."))
    stem = f"{card.name}-morph-seed{seed}"
    with st.container(horizontal=True):
        shared.download("Strip (PNG)", lambda: images.encode_png(sheet), f"{stem}.png", "strip")
    filming.form("morph", stem, SECONDS * morph.legs, lambda rate, seconds: morphs.frames(morph, rate, seconds))


def _apart(names: tuple[str, ...]) -> tuple[str, ...]:
    """Three to begin with, far apart: the next ones in a list of combinations are much alike."""
    return names[:: max(1, len(names) // 3)][:3]
