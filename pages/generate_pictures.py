"""Generate's pictures to order: some labels, how many, a seed."""

from collections.abc import Mapping
from dataclasses import replace

import asking
import shared
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gan import drawing, enlarging
from gan.generating import agreeing, batches
from gan.registry import Card

SHOWN = 100  # pictures on the page; the downloads hold all
ROWS = 20  # labels that get a row each; more stand in turn


def show(generators: Mapping[str, Card], ask: DeltaGenerator, settings: DeltaGenerator) -> None:
    """The pictures, what is asked for above them and how beside them."""
    with settings:
        card = asking.model(generators)
        seed, truncation = asking.hand()
        agree = asking.agreed(card)
    with ask.container(horizontal=True, gap="medium"):
        labels = asking.labels(card)
        count = st.number_input("How many", 1, drawing.MOST, 100, key="count", bind="query-params", width=140)
    order = drawing.Order(card.name, labels, count, seed, truncation)
    with shared.warming():
        drawn, share = _drawn(replace(order, count=min(count, SHOWN)), agree, card)
    if 0 < len(labels) <= ROWS:
        shared.groups(drawn.by_label())
    else:
        shared.pictures(drawn.pictures, drawn.names, captions=bool(labels))
    if agree and (net := agreeing.reader(card)):
        tried = round(len(drawn.pictures) / share)
        st.caption(f"{net.name} agreed with {share:.1%} of the {tried:,} pictures drawn; the others were drawn again.")
    if count > SHOWN:
        st.caption(f"The first {SHOWN} of {count} pictures. The downloads hold them all.")
    with st.container(horizontal=True):
        file = f"{card.name}-seed{seed}"
        sheet = lambda: drawing.sheet(batches.draw(order, agree)[0])  # noqa: E731
        archive = lambda: drawing.archive(batches.draw(order, agree)[0])  # noqa: E731
        shared.download("Sheet (PNG)", sheet, f"{file}.png", "sheet")
        shared.download("Pictures with labels (ZIP)", archive, f"{file}.zip", "archive")
        if card.shape[2] == 3 and enlarging.upscalers():
            query = {"upscale_from": "Drawn by a model", "drawn_by": card.name, "drawn_seed": str(seed)}
            st.page_link("upscale.py", label="Upscale its pictures", icon=":material/zoom_out_map:", query_params=query)


def _drawn(order: drawing.Order, agree: bool, card: Card) -> tuple[drawing.Drawing, float]:
    """What is shown; rejection may take many more pictures than these, so its outcome is remembered."""
    if not agree:
        return drawing.draw(order), 1.0
    net = agreeing.reader(card)
    return _agreed(order, card.digest, net.digest if net else "")


@st.cache_resource(max_entries=8, ttl=900, show_spinner="Choosing")
def _agreed(order: drawing.Order, digest: str, judge: str) -> tuple[drawing.Drawing, float]:
    return batches.draw(order, agree=True)
