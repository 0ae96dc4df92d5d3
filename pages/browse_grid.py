"""The pictures of a selection, page by page, and one of them enlarged."""

from __future__ import annotations

import math

import numpy as np
import shared
import streamlit as st

from gan import datasets, images
from gan.datasets import summary

HIGHEST = 640  # pixels on the screen; a grid that is higher scrolls
ROOM = 700  # pixels on the screen that are about as wide as the grid


def turn(page: int = 1) -> None:
    """Go to a page; its first picture is then the one that is enlarged."""
    st.session_state.page, st.session_state.picture = page, None


def pick(key: str) -> None:
    """Enlarge the picture that was chosen in a grid or a strip."""
    st.session_state.picture = st.session_state[key].picked


def browse(source: datasets.Source, split: datasets.Split, name: str, found: np.ndarray, size: int) -> None:
    """The pictures at some places of a split."""
    if not len(found):
        st.info("No picture is like this. Choose other classes or attributes above.", icon=":material/info:")
        return
    left, right = st.columns([2, 1], gap="medium")
    with left:
        number = shared.pager(math.ceil(len(found) / size), turn, f"{len(found):,} pictures")
        shown = found[(number - 1) * size : number * size]
        height, width = shared.tile(source.shape)
        rows = math.ceil(len(shown) / max(1, ROOM // (width + shared.GAP)))
        # Of one height from the start, so that nothing below moves when the pictures come; on a phone it scrolls.
        grid = st.container(height=min(HIGHEST, rows * (height + shared.GAP) + 8), border=False)
        sheet = lambda: images.encode_png(images.tile(split.images[shown]))  # noqa: E731
        shared.download("This page (PNG)", sheet, f"{name}-page{number}.png", "page_png")
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
        index = int(shown[0]) if index is None or index >= len(split) else index
    with grid:  # before the enlarged one and its chart, so that a page turns at once
        names = [f"{label(source, split, place)} (picture {place:,})" for place in shown]
        shared.pick(split.images[shown], shown, names, index, "grid", lambda: pick("grid"))
    with right:
        enlarged(source, split, index, name)


def label(source: datasets.Source, split: datasets.Split, place: int) -> str:
    """The class of a picture; its data set, where that has none."""
    return source.class_names[split.labels[place]] if source.labelled else source.title


def enlarged(source: datasets.Source, split: datasets.Split, index: int, name: str) -> None:
    """One picture, what it is, and how bright its pixels are."""
    one, said = split.images[index], label(source, split, index)
    shared.picture(one, f"Picture {index}: {said}", shared.factor(one.shape, 280))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{shared.plain(said)}** · picture {index:,}", width="stretch")
        shared.download("PNG", lambda: images.encode_png(one), f"{name}-{index}.png", "picture_png")
    if attributes := attributes_of(split, index):
        shared.facts(attributes)
    with st.expander("Pixel values", key="values", on_change="rerun") as values_of_pixels:
        if values_of_pixels.open:  # a chart would hold up every page that is turned
            values, counts = summary.pixel_histogram(one)
            about = f"How many pixels of picture {index} have a value"
            shared.bars(values, counts, "pixels", ("Pixel value", "Pixels (log scale)"), about, ("linear", "log"))


def attributes_of(split: datasets.Split, place: int) -> dict[str, str]:
    """The attributes of a picture, in words."""
    return {
        name: f"{column[place]:g}" if summary.numeric(column) else str(column[place])
        for name, column in split.attributes.items()
    }
