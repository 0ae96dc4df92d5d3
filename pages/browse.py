"""Data > Browse: what is in a data set, and the way to bring one's own."""

from __future__ import annotations

import bring
import browse_filters
import browse_grid
import dataset_card
import explore_set
import export_set
import own_set
import shared
import streamlit as st
import working

from gan import datasets

TABS = ["Overview", "Map", "Alike", "Apart", "Export", "About"]


def tabs(source: datasets.Source, name: str, split: datasets.Split, found: browse_filters.Found) -> None:
    """What there is beside the pictures themselves; worked out only where a tab is open."""
    opened = st.tabs(TABS, key="tab", bind="query-params")
    show = (
        lambda: dataset_card.overview(source, split),
        lambda: explore_set.projection(source, split),
        lambda: explore_set.alike(source, split),
        lambda: explore_set.apart(source, split),
        lambda: export_set.export(source, name, split, found),
        lambda: dataset_card.about(source, split),
    )
    for tab, draw in zip(opened, show, strict=True):
        if tab.open:
            with tab, shared.kindly():
                draw()
                if draw is show[-1]:
                    own_set.manage(source)


shared.header("Browse", "Look through the pictures that models learn from, and bring your own.")
own_set.shown()
with shared.kindly():
    bring.bring()
with st.container(horizontal=True, gap="medium"):
    # Those that are here come first, so that the page opens with pictures.
    known = [row.name for row in sorted(datasets.sources().values(), key=lambda row: not row.local)]
    forget = browse_filters.forget
    chosen = st.selectbox("Data set", known, key="dataset", bind="query-params", on_change=forget, width=220)
    source = datasets.source(chosen)
    controls = st.container(horizontal=True, gap="medium", width="content") if source.local else None
with shared.kindly():
    if controls is None:
        dataset_card.offer(source)
        st.stop()
    dataset = working.load(source)
    source = dataset.source
    with controls:
        split_name = st.segmented_control(
            "Split", list(source.counts), default="train", required=True, key="split", bind="query-params",
            on_change=browse_grid.turn,
        )  # fmt: skip
        size = st.selectbox(
            "Pictures a page", (50, 100, 200), 1, key="size", bind="query-params", on_change=browse_grid.turn, width=140
        )
    split = dataset.splits[split_name]
    found = browse_filters.choose(source, split)
    st.fragment(browse_grid.browse)(source, split, f"{source.name}-{split_name}", found.places, size)
    tabs(source, f"{source.name}-{split_name}", split, found)
