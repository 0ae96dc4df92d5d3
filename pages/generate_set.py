"""Generate's labelled data sets: any number of pictures, as a file or as a data set of one's own."""

from collections.abc import Mapping

import asking
import generate_cas
import shared
import streamlit as st
import working
from streamlit.delta_generator import DeltaGenerator

from gan import datasets, drawing
from gan.datasets import exporting, kept
from gan.generating import labelled
from gan.registry import Card

ZIP, NPZ, IDX, OWN = "PNG files", "NPZ", "IDX", "Kept here"
FORMS = {ZIP: "zip", NPZ: "npz", IDX: "idx", OWN: ""}
ABOUT = {
    ZIP: "A ZIP with a folder a label, and a table; any tool that reads folders can learn from it.",
    NPZ: "images (uint8 n, h, w, c), labels and class_names, for NumPy.",
    IDX: "A ZIP with the two files that MNIST comes in.",
    OWN: "A data set under Data > Browse, to train on; a fifth of it is to test on.",
}


def show(generators: Mapping[str, Card], ask: DeltaGenerator, settings: DeltaGenerator) -> None:
    """What the set holds, the button that makes it, and what it is worth."""
    with settings:
        card = asking.model(generators)
        seed, truncation = asking.hand()
        agree = asking.agreed(card)
    with ask.container(horizontal=True, gap="medium"):
        labels = asking.labels(card)
        room = labelled.room(card)
        count = st.number_input("How many", 1, room, min(10_000, room), 1000, key="how_many", bind="query-params",
                                width=160)  # fmt: skip
    order = drawing.Order(card.name, labels, count, seed, truncation)
    forms = [form for form in FORMS if form != IDX or len(card.class_names) <= exporting.IDX_CLASSES]
    form = st.segmented_control("As", forms, default=ZIP, required=True, key="form", bind="query-params")
    each = f", {count // len(labels):,} of each of {len(labels)} labels" if len(labels) > 1 else ""
    st.caption(f"{ABOUT[form]} {count:,} pictures{each}, {card.shape[1]} x {card.shape[0]} pixels.")
    name = _name(order) if form == OWN else ""
    if st.button("Make the data set", key="make", type="primary", disabled=working.going("set")):
        _begin(order, FORMS[form], name, agree)
    _outcome()
    st.divider()
    with shared.kindly():
        generate_cas.section(card, seed, truncation, agree)


def _name(order: drawing.Order) -> str:
    return st.text_input("Name", kept.free_name(f"{order.model}-drawn"), 64, key="set_name", width=320)


def _begin(order: drawing.Order, kind: str, name: str, agree: bool) -> None:
    labelled.check(order)
    if not kind:
        kept.check_name(name)
        working.begin("set", lambda say: labelled.keep(order, name, agree, say))
    working.begin("set", lambda say: labelled.write(order, kind, labelled.place(order, kind), agree, say))


def _outcome() -> None:
    made = working.outcome("set")
    if isinstance(made, datasets.Source):
        with st.container(horizontal=True, vertical_alignment="center"):
            total = sum(made.counts.values())
            st.markdown(f"**{shared.plain(made.name)}** is kept: {total:,} pictures.", width="content")
            query = {"dataset": made.name}
            st.page_link("browse.py", label="Browse it", icon=":material/grid_view:", query_params=query)
            working.close("set")
    elif made:
        path, chosen = made.path, made.share < 1
        with st.container(horizontal=True, vertical_alignment="center"):
            if path.is_file():
                size = f"{path.stat().st_size / 1e6:,.1f} MB"
                shared.download(f"{path.name} ({size})", path.read_bytes, path.name, "set_file")
            else:
                st.caption("The file is no longer there; make it again.", width="content")
            working.close("set")
        kept_share = f" The classifier agreed with {made.share:.1%} of the pictures drawn." if chosen else ""
        st.caption(f"{made.count:,} pictures.{kept_share}")
