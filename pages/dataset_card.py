"""What there is to know about a data set: its classes, its card, and how to get it."""

from __future__ import annotations

import shared
import streamlit as st

from gan import UserError, datasets
from gan.datasets import summary


@st.cache_data(max_entries=16, show_spinner="Looking at every picture once")
def overview(digest: str, _split: datasets.Split, classes: int) -> tuple:
    """Counts and mean pictures of a split's classes, worked out once for the same content."""
    return summary.class_counts(_split.labels, classes), summary.class_means(_split.images, _split.labels, classes)


def classes(source: datasets.Source, split: datasets.Split) -> None:
    """How many pictures each class has, and what they have in common."""
    counts, means = overview(split.digest, split, len(source.class_names))
    st.subheader("Classes", anchor=False)
    left, right = st.columns(2, gap="medium")
    with left:
        st.caption("Pictures in each class")
        about = "How many pictures each class has"
        shared.bars(source.class_names, counts, "classes", ("Class", "Pictures"), about, ("category", "linear"))
    with right:
        st.caption("The mean picture of each class")
        shared.pictures(means, source.class_names, columns=5, captions=True)


def about(source: datasets.Source, split: datasets.Split) -> None:
    """The data set's card."""
    height, width, channels = source.shape
    counts = ", ".join(f"{count:,} {name}" for name, count in source.counts.items())
    st.subheader("About this data set", anchor=False)
    shared.facts(
        {
            "What": f"{source.title}. {source.summary}",
            "Pictures": f"{counts}; {width} × {height} pixels, {'grey' if channels == 1 else 'colour'}",
            "Licence": source.licence,
            "Cite as": " · ".join(filter(None, (source.citation, source.homepage))),
            "SHA-256": f"{split.digest} (of this split, unpacked)",
        }
    )


def offer(source: datasets.Source) -> None:
    """A data set that is not here: the person decides about the download."""
    with st.container(border=True):
        st.markdown(f"**{source.title} is not on this machine yet.** {source.summary}")
        st.caption(f"It comes from its publisher ({source.homepage}), licence {source.licence}, and is kept here.")
        if st.button(f"Download {source.title}", key="download", type="primary", icon=":material/download:"):
            under_way = st.empty()
            with under_way.container():
                bar = st.progress(0.0, f"Asking for {source.title}")
                st.button("Cancel", key="cancel")  # any press reruns the page, and that ends the download
            try:
                datasets.load(source.name, lambda done, what: bar.progress(min(max(done, 0.0), 1.0), what))
            except UserError:
                under_way.empty()
                raise
            st.rerun()
