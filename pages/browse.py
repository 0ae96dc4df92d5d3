"""Data > Browse: what is in a data set."""

import math

import dataset_card
import shared
import streamlit as st

from gan import datasets, images
from gan.datasets import summary

ROW = shared.TILE + shared.GAP


def turn(page: int = 1) -> None:
    """Go to a page; its first picture is then the one that is enlarged."""
    st.session_state.page, st.session_state.picture = page, None


def pick() -> None:
    st.session_state.picture = st.session_state.grid.picked


def browse(source: datasets.Source, split: datasets.Split, name: str, classes: list[int], size: int) -> None:
    """The pictures of some classes, page by page, and one of them enlarged."""
    found = summary.positions(split.labels, classes)
    if not len(found):
        st.info("There are no pictures of these classes here. Choose others above.", icon=":material/info:")
        return
    left, right = st.columns([2, 1], gap="medium")
    with left:
        number = shared.pager(math.ceil(len(found) / size), turn, f"{len(found):,} pictures")
        shown = found[(number - 1) * size : number * size]
        # Of one height from the start, so that nothing below moves when the pictures come; on a phone it scrolls.
        grid = st.container(height=min(640, ROW * math.ceil(len(shown) / 10) + 8), border=False)
        sheet = images.tile(split.images[shown])
        shared.download("This page (PNG)", lambda: images.encode_png(sheet), f"{name}-page{number}.png", "page_png")
    with right:
        index = st.number_input(
            "Picture",
            0,
            len(split) - 1,
            None,
            key="picture",
            bind="query-params",
            placeholder="The first of this page",
            help="Its place in the split, from 0. Click a picture to enlarge it.",
        )
        index = int(shown[0]) if index is None else index
        enlarged(split.images[index], source.class_names[split.labels[index]], index, name)
    with grid:
        names = [f"{source.class_names[split.labels[place]]} (picture {place:,})" for place in shown]
        shared.pick(split.images[shown], shown, names, index, "grid", pick)


def enlarged(one: images.Array, label: str, index: int, name: str) -> None:
    shared.picture(one, f"Picture {index}: {label}", shared.factor(one.shape, 280))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{label}** · picture {index:,}", width="stretch")
        shared.download("PNG", lambda: images.encode_png(one), f"{name}-{index}.png", "picture_png")
    values, counts = summary.pixel_histogram(one)
    about = f"How many pixels of picture {index} have a value"
    shared.bars(values, counts, "pixels", ("Pixel value", "Pixels (log scale)"), about, ("linear", "log"))


shared.header("Browse", "Look through the pictures that models learn from, class by class.")
with st.container(horizontal=True, gap="medium"):
    # Those that are here come first, so that the page opens with pictures.
    known = [row.name for row in sorted(datasets.DATASETS.values(), key=lambda row: not row.local)]
    chosen = st.selectbox("Data set", known, key="dataset", bind="query-params", on_change=turn, width=180)
    source = datasets.source(chosen)
    split_name = st.segmented_control(
        "Split", list(source.counts), default="train", required=True, key="split", bind="query-params", on_change=turn
    )
    names = source.class_names
    wanted = st.pills("Classes", names, selection_mode="multi", key="class", bind="query-params", on_change=turn)
    size = st.selectbox(
        "Pictures a page", (50, 100, 200), 1, key="size", bind="query-params", on_change=turn, width=140
    )
with shared.kindly():
    if source.local:
        with st.spinner(f"Opening {source.title}"):
            split = datasets.load(source.name).splits[split_name]
        browse(source, split, f"{source.name}-{split_name}", [names.index(name) for name in wanted], size)
        dataset_card.classes(source, split)
        dataset_card.about(source, split)
    else:
        dataset_card.offer(source)
