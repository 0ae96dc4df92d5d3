"""A film to take home: its kind, rate and length, made in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shared
import streamlit as st
import working

from gan import films, images

KINDS = {"GIF": "gif", "MP4": "mp4"}
RATE = 24


def form(
    key: str, stem: str, seconds: float, frames: Callable[[float, float], Sequence[images.Array]], rate: int = RATE
) -> None:
    """The form, how far it is, and the file.

    Args:
        key: of the widgets and of the work; one film of a key is made at a time in each window.
        stem: of the file's name.
        seconds: how long it lasts unless another length is typed.
        frames: of a rate and a length; pictures uint8 ``[h, w, c]``.
        rate: frames a second, unless another rate is typed.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control("Film", list(KINDS), default="GIF", required=True, key=f"{key}_kind")
        rate = st.number_input("Frames/s", *films.RATES, rate, key=f"{key}_rate", width=110)
        length = st.number_input(
            "Seconds", 0.1, None, seconds, 0.5, "%.1f", key=f"{key}_seconds_{seconds:g}", width=120
        )
        work = working.here(key)
        pressed = st.button("Make it", key=key, icon=":material/movie:", disabled=working.going(work))
    if pressed:
        name = f"{stem}.{KINDS[kind]}"
        working.begin(work, lambda say: (name, films.film(KINDS[kind], frames(rate, length), rate, say)))
    if made := working.outcome(work):
        name, data = made
        with st.container(horizontal=True, vertical_alignment="center"):
            shared.download(f"{name} ({len(data) / 1e6:.1f} MB)", data, name, f"{key}_file")
            working.close(work)
