"""Export's first view: which model, as what, what is in it, and what came of it."""

import re
from collections.abc import Mapping

import shared
import streamlit as st
import working

from gan import exporting
from gan.exporting import Exported, apart, describing
from gan.registry import Card

KINDS = ("generator", "upscaler", "reader", "classifier", "judge")  # in the order in which people look for them
FIRST = "digits"
HEIGHT = 720  # of a page that is shown within this one


def show(cards: Mapping[str, Card]) -> None:
    """The model and the format beside what they hold; below, the button and the files."""
    names = sorted(cards, key=lambda name: (KINDS.index(cards[name].kind), name != FIRST, cards[name].local, name))
    with st.container(horizontal=True, gap="medium"):
        card = cards[st.selectbox("Model", names, key="model", bind="query-params", width=260)]
        titles = {exporting.FORMATS[name].title: name for name in exporting.formats_of(card)}
        title = st.segmented_control(
            "Format", titles, default=next(iter(titles)), required=True, key="format", bind="query-params"
        )
    format = titles[title]
    result, facts = st.columns([3, 1], gap="medium")
    with facts:
        about(card)
    with result:
        st.markdown(f"**{shared.plain(card.title or card.name)}** as {title}")
        st.caption(f"{shared.plain(card.summary)} {exporting.FORMATS[format].about}")
        if format != "web":
            arrays(card)
        with shared.kindly():
            outcome(card, format)


def about(card: Card) -> None:
    """What the model is, and under which licence."""
    height, width, channels = card.shape
    grey = "grey" if channels == 1 else "colour"
    rows = {
        "Kind": card.kind,
        "Pictures": f"{width} x {height}, {grey}" if card.kind != "upscaler" else f"any size, {grey}, 4 times larger",
        "Learned from": card.dataset,
        "Licence": card.licence or "none stated",
    }
    shared.facts(rows)


def arrays(card: Card) -> None:
    """What goes in and comes out."""
    rows = []
    for way, entries in (("in", describing.inputs(card)), ("out", describing.outputs(card))):
        for name, entry in entries.items():
            shape, values = ", ".join(map(str, entry["shape"])), entry.get("values", [])
            named = f": {', '.join(map(shared.plain, values[:8]))}{' …' if len(values) > 8 else ''}" if values else ""
            rows.append({"": way, "Array": name, "Shape": f"({shape})", "Meaning": f"{entry['about']}{named}"})
    st.table(rows, border="horizontal")


def outcome(card: Card, format: str) -> None:
    """The button, how far it is, and the files that were made of the model as it is now."""
    kind, made = f"export-{card.name}-{format}", apart.known(card, format)
    if working.going(kind):
        working.outcome(kind)
        return
    label = "Export again" if made else "Export"
    if st.button(label, key="export", type="secondary" if made else "primary", icon=":material/file_export:"):
        working.begin(kind, lambda say: apart.export(card.name, format, say))
    working.outcome(kind)  # what went wrong, if something did
    if made:
        files(card, made)


def files(card: Card, made: Exported) -> None:
    """What is there: how near to the model it is, and the buttons that save it."""
    same = "the same pictures" if card.kind in ("generator", "upscaler") else "the same answers"
    of = "values between -1 and 1" if card.kind in ("generator", "upscaler") else "values scaled to at most 1"
    st.markdown(
        f":material/check: Loaded again, it gives {same} as here: the largest difference is {made.difference:.1e}, "
        f"of {of}."
    )
    if made.note:
        st.info(shared.plain(made.note), icon=":material/cloud:")
    size, stem = f"{made.bytes / 1e6:,.1f} MB", f"{made.model}-{made.format}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if made.format == "web":
            page = made.folder / made.file
            shared.download(f"{made.file} ({page.stat().st_size / 1e6:,.1f} MB)", page.read_bytes, made.file, "page")
        else:
            shared.download(
                f"{stem}.zip ({size} unpacked)", lambda: exporting.zipped(made.folder), f"{stem}.zip", "zip"
            )
        st.caption("With its card and a README that has an example." if made.format != "web" else
                   "One file: open it with a double click, or put it on a static host.", width="content")  # fmt: skip
    if made.format == "web" and st.toggle("Show it here", key="preview", bind="query-params"):
        st.iframe(made.folder / made.file, height=HEIGHT, alt=f"The web page of {made.model}")
    elif made.format != "web":
        with st.expander("README"):
            text = (made.folder / "README.md").read_text(encoding="utf-8")
            st.markdown(re.sub("^#", "####", text, flags=re.MULTILINE))  # headings, not the comments of its example
