"""The choices of the page From fonts: which fonts, which characters, how they are drawn."""

from __future__ import annotations

from pathlib import Path

import shared
import streamlit as st

from gan.datasets import fonts, lettering
from gan.datasets.glyphs import Style

PRESETS = {"0-9": "digits", "A-Z": "upper", "a-z": "lower", "All 62": "alnum", "Korean (16)": "hangul16", "Typed": ""}
LIMIT = 64  # MB a file
FIRST = 6  # fonts of this machine that are tried


@st.cache_resource(max_entries=4, ttl=3600, show_spinner="Reading the fonts")
def read(keys: tuple, _dropped: list[tuple[str, bytes]], paths: list[Path]) -> tuple[list[fonts.Font], list[str]]:
    """The fonts of files, read once for the same files."""
    return fonts.read([*_dropped, *fonts.files_in(paths)])


@st.cache_data(ttl=60, show_spinner=False)
def installed() -> dict[str, Path]:
    """The fonts of this machine by their files' names."""
    return {path.name: path for path in fonts.installed()}


def try_some() -> None:
    """Take some fonts of this machine, to see what the page does."""
    names = [name for name in installed() if not any(word in name for word in ("Bold", "Italic", "Oblique"))]
    st.session_state["installed"] = names[:FIRST]


def choose_fonts() -> tuple[list[fonts.Font], list[str]]:
    """The fonts that are given, and what is wrong with the others."""
    dropped, here = _dropped(), installed()
    options = {"key": "installed", "persist_state": "session"}
    chosen = st.multiselect("Fonts of this machine", list(here), **options) if here else []
    keys = tuple((name, len(data), hash(data)) for name, data in dropped)
    return read(keys, dropped, [here[name] for name in chosen])


def _dropped() -> list[tuple[str, bytes]]:
    """The files that were dropped, also before the page was left, which empties the uploader."""
    earlier, latest = st.session_state.get("dropped", ([], []))
    if "fonts" not in st.session_state:  # the page is opened
        earlier = [*earlier, *latest]
    files = st.file_uploader(
        "Fonts",
        [suffix[1:] for suffix in fonts.SUFFIXES],
        accept_multiple_files=True,
        key="fonts",
        max_upload_size=LIMIT,
        help="TTF, OTF, TTC, WOFF or WOFF2 files. They stay in this app's memory and go when you close the window.",
    )
    latest = [(file.name, file.getvalue()) for file in files or []]
    st.session_state["dropped"] = (earlier, latest)
    if earlier:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"From before: {shared.plain(', '.join(name for name, _ in earlier))}", width="stretch")
            st.button("Remove", key="drop_earlier", on_click=lambda: st.session_state.pop("dropped"))
    return [*earlier, *latest]


def choose_characters() -> tuple[str, ...]:
    """The characters to draw.

    Raises:
        UserError: if there are none.
    """
    chosen = st.pills(
        "Characters", list(PRESETS), default="All 62", required=True, key="chars", bind="query-params", wrap=True
    )
    preset = PRESETS[chosen]
    if not preset:
        preset = st.text_area(
            "Your characters", key="typed", bind="query-params", placeholder="Each becomes a class.", height=80
        )
    return lettering.characters(preset)


def choose_style() -> tuple[Style, int]:
    """How the characters are drawn, and how often each."""
    size = st.slider("Size (pixels)", 16, 256, 32, 4, key="pixels", bind="query-params")
    left, right = st.columns(2)
    weight = left.slider("Stroke", -8.0, 8.0, 0.0, 0.5, key="weight", bind="query-params", format="%+g %%")
    padding = right.slider("Padding", 0.0, 30.0, 8.0, 1.0, key="padding", bind="query-params", format="%g %%")
    centred = left.toggle(
        "Centre by ink",
        True,
        key="centred",
        bind="query-params",
        help="On: each character fills the room and stands in its middle. Off: characters keep their sizes and heights "
        "beside one another, so that c and C differ.",
    )
    paper = right.toggle("Dark on white", False, key="paper", bind="query-params")
    st.caption("Jitter, up to so much either way")
    left, right = st.columns(2)
    rotation = left.slider("Turned", 0, 45, 0, key="rotation", bind="query-params", format="%d°")
    shift = right.slider("Shifted", 0, 25, 0, key="shift", bind="query-params", format="%d %%")
    scale = left.slider("Smaller", 0, 50, 0, key="scale", bind="query-params", format="%d %%")
    times = right.number_input(
        "Pictures of each",
        1,
        1000,
        10,
        key="variations",
        bind="query-params",
        disabled=not (rotation or shift or scale),
        help="Of each character of each font. Without jitter all would be alike, so there is one.",
    )
    seed = shared.seed("seed")
    placing = "box" if centred else "font"
    style = Style(size, padding, weight, placing, rotation, shift, scale, white_on_black=not paper, seed=seed)
    return style, times if style.jitters else 1
