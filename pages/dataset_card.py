"""What there is to know about a data set: its classes, its card, and how to get it."""

from __future__ import annotations

import numpy as np
import shared
import streamlit as st
import working

from gan import datasets
from gan.datasets import summary
from gan.datasets.decoded import FolderPictures

SOME, HIGHEST = 30, 420  # classes; pixels on the screen
NARROW = 20  # bars that are read with their names; of more words the most frequent


@st.cache_data(max_entries=16, show_spinner="Looking at the pictures once")
def moments(digest: str, _split: datasets.Split, classes: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Mean pictures and deviations of a split's classes, worked out once for the same content."""
    return summary.class_moments(_split.images, _split.labels, classes)


def overview(source: datasets.Source, split: datasets.Split) -> None:
    """How many pictures each class has, what they have in common, and what attributes there are."""
    names = source.class_names
    if source.labelled:
        st.subheader("Classes", anchor=False)
        st.caption("Pictures in each class")
        counts = summary.class_counts(split.labels, len(names))
        about = "How many pictures each class has"
        shared.bars(names, counts, "classes", ("Class", "Pictures"), about, ("category", "linear"))
    means, deviations, seen = moments(split.digest, split, len(names))
    largest = int(np.bincount(split.labels).max(initial=0))
    sample = f"; from a seeded sample of {seen:,} pictures a class at most" if seen < largest else ""
    many = {"height": HIGHEST, "border": False} if len(names) > SOME else {}  # many pictures scroll
    columns = st.columns(2, gap="medium")
    of = "each class" if source.labelled else "all pictures"
    heads = (f"The mean of {of}{sample}", f"The spread of {of}: bright where they differ most")
    for column, head, batch in zip(columns, heads, (means, _visible(deviations)), strict=True):
        with column:
            st.caption(head)
            with st.container(**many):
                shared.pictures(batch, names, captions=source.labelled)
    if split.attributes:
        _attributes(source, split)


def _visible(deviations: np.ndarray) -> np.ndarray:
    """A deviation is 127.5 at most, so that twice of it fits."""
    return np.minimum(deviations.astype(np.uint16) * 2, 255).astype(np.uint8)


def _attributes(source: datasets.Source, split: datasets.Split) -> None:
    st.subheader("Attributes", anchor=False)
    name = st.selectbox("Attribute", list(split.attributes), key="attribute", bind="query-params", width=220)
    column = split.attributes[name]
    about = f"How many pictures have each value of {name}"
    if summary.numeric(column):
        known = column[np.isfinite(column)]
        counts, edges = np.histogram(known, bins=min(30, max(1, len(np.unique(known)))))
        shared.bars(edges[:-1], counts, "attribute", (name, "Pictures"), about, ("linear", "linear"))
        missing = len(column) - len(known)
    else:
        found = _words(f"{source.name}/{split.digest}/{source.attributes}", name, split)
        shown = list(found)[:NARROW]
        values = [word or "(nothing)" for word in shown]
        shared.bars(
            values, [found[word] for word in shown], "attribute", (name, "Pictures"), about, ("category", "linear")
        )
        if len(found) > NARROW:
            st.caption(f"The {NARROW} most frequent of {len(found):,} values.")
        missing = 0
    if missing:
        st.caption(f"{missing:,} pictures have no value.")


@st.cache_data(max_entries=64, show_spinner=False)
def _words(identity: str, name: str, _split: datasets.Split) -> dict[str, int]:
    return summary.words(_split.attributes[name])


def about(source: datasets.Source, split: datasets.Split) -> None:
    """The data set's card."""
    height, width, channels = source.shape
    counts = ", ".join(f"{count:,} {name}" for name, count in source.counts.items())
    classes = ", ".join(source.class_names[:24]) + (" …" if len(source.class_names) > 24 else "")
    rows = {
        "What": f"{source.title}. {source.summary}",
        "Pictures": f"{counts}; {width} × {height} pixels, {'grey' if channels == 1 else 'colour'}",
        "Classes": f"{len(source.class_names)}: {classes}" if source.labelled else "none",
        "Attributes": ", ".join(source.attributes),
        "Split": source.split,
        "Licence": source.licence,
        "Cite as": " · ".join(filter(None, (source.citation, source.homepage))),
        "SHA-256": f"{split.digest} (of this split, unpacked)",
    }
    shared.facts({name: text for name, text in rows.items() if text})


def offer(source: datasets.Source) -> None:
    """A data set that is not here: what the person can do about it."""
    with st.container(border=True):
        st.markdown(f"**{source.title} is not on this machine yet.** {source.summary}")
        if isinstance(source.reader, FolderPictures):
            st.markdown(
                f"{source.reader.origin} Put the pictures (or the ZIP as `{source.reader.folder}.zip`) into "
                f"`{source.reader.place}`."
            )
            st.button("Look again", key="again", icon=":material/refresh:")
            return
        st.caption(f"It comes from its publisher ({source.homepage}), licence {source.licence}, and is kept here.")
        name, kind = source.name, f"download_{source.name}"
        label, busy = f"Download {source.title}", working.going(kind)
        if st.button(label, key="download", type="primary", icon=":material/download:", disabled=busy):
            working.begin(kind, lambda say: datasets.load(name, say))
        working.outcome(kind)
