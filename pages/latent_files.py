"""What is taken home from a latent space: a picture, a sheet, a film, the latents."""

from __future__ import annotations

import shared
import streamlit as st
import working

from gan import films, journey
from gan.views import View

KINDS = {"GIF": "gif", "MP4": "mp4"}
RATE = 24
SECONDS = 2.0  # of a film, from key to key


def section(view: View) -> None:
    """Files of the view; they are made when a button is pressed."""
    _files(view)
    _film(view)


def _files(view: View) -> None:
    name = view.model
    with st.container(horizontal=True):
        shared.download("Picture (PNG)", lambda: journey.large(view), f"{name}.png", "take_png")
        shared.download("Sheet (PNG)", lambda: journey.sheet(view), f"{name}-sheet.png", "take_sheet")
        shared.download("Latents (JSON)", lambda: journey.as_json(view), f"{name}-latents.json", "take_json")
        shared.download("Latents (NPZ)", lambda: journey.as_npz(view), f"{name}-latents.npz", "take_npz")
    st.caption("A sheet has a row from each key picture to the next. Latents are those of the picture and of the keys.")


def _film(view: View) -> None:
    st.markdown("**A film along the strip**")
    ways = len(view.keys) - 1 + view.loop
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control("Kind", list(KINDS), default="GIF", required=True, key="walk_kind")
        rate = st.number_input("Frames/s", *films.RATES, RATE, key="walk_rate", width=110)
        seconds = st.number_input(
            "Seconds", 0.1, None, SECONDS * max(1, ways), 0.5, "%.1f", key=f"walk_s_{ways}", width=120
        )
        pressed = st.button("Make it", key="walk", icon=":material/movie:", disabled=not ways or working.going("walk"))
    if not ways:
        st.caption("One picture is no way: add another to the strip.")
    if pressed:
        name = f"{view.model}.{KINDS[kind]}"
        working.begin(
            "walk", lambda say: (name, films.film(KINDS[kind], list(journey.frames(view, rate, seconds)), rate, say))
        )
    if made := working.outcome("walk"):
        name, data = made
        with st.container(horizontal=True, vertical_alignment="center"):
            shared.download(f"{name} ({len(data) / 1e6:.1f} MB)", data, name, "walk_file")
            working.close("walk")
