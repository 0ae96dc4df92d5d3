"""A selection of pictures as a file."""

from __future__ import annotations

import browse_filters
import shared
import streamlit as st

from gan import datasets
from gan.datasets import exporting


def export(source: datasets.Source, name: str, split: datasets.Split, found: browse_filters.Found) -> None:
    """Buttons that make the files when they are pressed."""
    if not len(found.places):
        st.info("No picture is like this. Choose other classes or attributes above.", icon=":material/info:")
        return
    room = exporting.room(split)
    places = found.places[:room]
    what = "The selection above" if found.filtered else "This split"
    bound = f": the first {room:,} of its {len(found.places):,} pictures; classes and attributes choose others"
    st.caption(
        f"{what}{bound if len(found.places) > room else f', {len(places):,} pictures'}. "
        "A file is made when its button is pressed, which can take some seconds."
    )
    stem = f"{name}-selection" if found.filtered else name
    names = source.class_names
    with st.container(horizontal=True):
        shared.download(
            "Pictures (ZIP)", lambda: exporting.as_zip(split, places, names), f"{stem}.zip", "export_zip",
            "PNG files, one folder a class, and attributes.csv",
        )  # fmt: skip
        shared.download(
            "Arrays (NPZ)", lambda: exporting.as_npz(split, places, names), f"{stem}.npz", "export_npz",
            "images, labels, class_names and the attributes, for NumPy",
        )  # fmt: skip
        if len(names) <= exporting.IDX_CLASSES:
            shared.download(
                "IDX (ZIP)", lambda: exporting.as_idx(split, places, names), f"{stem}-idx.zip", "export_idx",
                "The two files that MNIST comes in",
            )  # fmt: skip
    st.caption("Whatever is exported here can be brought back under Bring your own.")
