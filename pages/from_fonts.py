"""Data > From fonts: make a data set of the characters of fonts."""

import math
from dataclasses import replace

import font_settings
import own_set
import shared
import streamlit as st
import working

from gan import images
from gan.datasets import fonts, kept, lettering
from gan.datasets.glyphs import Style

TILE = 40  # pixels on the screen
COLUMNS = 18  # characters in a line
SHOWN = 200  # characters of each font


@st.cache_data(max_entries=500, show_spinner=False)
def strip(digest: str, name: str, _font: fonts.Font, wanted: tuple[str, ...], style: Style) -> images.Array:
    return lettering.strip(_font, wanted, style, COLUMNS)


@st.cache_data(max_entries=2000, show_spinner=False)
def lacks(digest: str, _font: fonts.Font, wanted: tuple[str, ...]) -> list[str]:
    return _font.lacks(wanted)


def show(found: list[fonts.Font], wanted: tuple[str, ...], style: Style) -> list[fonts.Font]:
    """A row a font; those that are ticked."""
    complete = st.toggle("Only fonts that have every character", key="complete", bind="query-params")
    shown, used = wanted[:SHOWN], []
    small = replace(style, size=min(style.size, 48))  # lengths are relative, so this looks the same
    times = max(1, math.floor(TILE / small.size + 0.5))
    for font in found:
        missing = lacks(font.digest, font, wanted)
        nothing = len(missing) == len(wanted)
        out = nothing or (complete and bool(missing))
        note = f" · lacks {'all' if nothing else lettering.listed(missing)}" if missing else ""
        with st.container(gap="xsmall"):
            ticked = st.checkbox(
                font.name + note, True, key=f"use.{font.digest[:16]}", disabled=out, persist_state="session"
            )
            if ticked and not out:
                used.append(font)
            if not nothing:
                alt = f"{font.name}: {' '.join(shown)}" + (f"; it lacks {' '.join(missing)}" if missing else "")
                shared.picture(strip(font.digest, font.name, font, shown, small), alt, times, least=1)
    if len(wanted) > SHOWN:
        st.caption(f"The first {SHOWN} of {len(wanted):,} characters.")
    return used


def save(letters: lettering.Lettering) -> None:
    """Keep the data set, or download it."""
    most, classes = letters.most, len(letters.characters)
    st.caption(
        f"Up to {most:,} pictures of {classes:,} classes from {len(letters.fonts)} fonts, "
        f"{max(0.1, most * letters.style.size**2 / 2**20):,.1f} MB. Test pictures come from fonts of their own."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wish = kept.free_name("from-fonts")
        name = st.text_input("Name", key="set_name", placeholder=wish, width=220) or wish
        share = st.slider("For training", 50, 95, 80, 5, key="share", bind="query-params", format="%d %%", width=180)
        busy = working.going("fonts")
        pressed = st.button("Keep as a data set", key="keep", type="primary", icon=":material/save:", disabled=busy)
    if pressed:
        kept.check_name(name)
        working.begin("fonts", lambda say: lettering.keep(name, letters, share=share / 100, progress=say).name)
    with st.container(horizontal=True):
        shared.download("Pictures (NPZ)", letters.npz, f"{name}.npz", "npz")
        shared.download("Sheet (PNG)", letters.sheet, f"{name}.png", "sheet")


def empty() -> None:
    """No font yet: what the page does, and fonts to try it with."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.markdown("**Give some fonts to begin**", width="content")
        st.caption(
            "TTF, OTF, TTC and WOFF2 files work. The characters of every font are then shown here, those it lacks "
            "crossed out; leave fonts out, set how they are drawn, and keep the pictures as a data set.",
            width="content",
        )
        if font_settings.installed():
            st.button("Try it with fonts of this machine", key="try", on_click=font_settings.try_some)
        else:
            st.caption("No fonts were found in the usual folders of this machine.", width="content")


shared.header("From fonts", "Turn fonts and a list of characters into pictures to learn from.")
left, right = st.columns([1, 2], gap="large")
with shared.kindly():
    with left:
        found, problems = font_settings.choose_fonts()
        wanted = font_settings.choose_characters()
        style, times = font_settings.choose_style()
    with right, shared.kindly():
        for problem in problems:
            st.warning(problem, icon=":material/info:")
        if found:
            if used := show(found, wanted, style):
                st.subheader("Keep the pictures", anchor=False)
                save(lettering.Lettering(used, wanted, style, times))
            else:
                said = "No font is left to draw with. Tick one, or choose characters that the fonts have."
                st.info(said, icon=":material/info:")
        else:
            empty()
with right:
    own_set.made("fonts")
