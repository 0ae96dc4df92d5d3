"""What is taken home from the time machine: a film, and rows of samples at some epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import shared
import streamlit as st
import working

from gan import films, filmstrip, images
from gan.errors import UserError
from gan.timeline import Timeline
from gan.training import runs

KINDS = {"GIF": "gif", "MP4": "mp4"}
RATE = 12


def section(chosen: Sequence[runs.Run], lines: Sequence[Timeline]) -> None:
    """A film of what is shown, and the rows of samples that papers print."""
    left, right = st.columns(2, gap="large")
    with left, shared.kindly():
        _film(lines)
    with right, shared.kindly():
        _rows(chosen, lines)


def _film(lines: Sequence[Timeline]) -> None:
    st.markdown("**Film**")
    stops = len({step for line in lines for step in line.steps})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control("Kind", list(KINDS), default="GIF", required=True, key="film_kind")
        rate = st.number_input("Frames/s", *films.RATES, RATE, key="film_rate", width=110)
        default = round(max(1.0, stops / RATE), 1)
        seconds = st.number_input("Seconds", 0.1, None, default, 0.5, "%.1f", key=f"film_seconds_{stops}", width=120)
        pressed = st.button("Make it", key="film", icon=":material/movie:", disabled=working.going("film"))
    if pressed:
        name = f"{'-'.join(line.run for line in lines)[:80]}.{KINDS[kind]}"
        working.begin(
            "film", lambda say: (name, films.film(KINDS[kind], filmstrip.frames(lines, rate, seconds), rate, say))
        )
    if made := working.outcome("film"):
        name, data = made
        with st.container(horizontal=True, vertical_alignment="center"):
            shared.download(f"{name} ({len(data) / 1e6:.1f} MB)", data, name, "film_file")
            working.close("film")


def _rows(chosen: Sequence[runs.Run], lines: Sequence[Timeline]) -> None:
    st.markdown("**Rows of samples**, one an epoch")
    line = lines[0]
    dataset = next(run for run in chosen if run.id == line.run).recipe.dataset
    offered = ", ".join(f"{epoch:g}" for epoch in filmstrip.offered(line, dataset))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        help = "An epoch is once through all training pictures. The student projects show 1, 40, 100 and 200."
        text = st.text_input("Epochs", offered, key=f"epochs_{line.run}", help=help, width=200)
        epochs = _epochs(text)
        picture = images.encode_png(filmstrip.rows(line, epochs, dataset))
        shared.download("Rows (PNG)", picture, f"{line.run}-epochs.png", "rows_file")
    if len(lines) > 1:
        st.caption(f"Of {line.run}, the first.")


def _epochs(text: str) -> list[float]:
    try:
        found = [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        found = []
    if not 1 <= len(found) <= 20 or not all(map(math.isfinite, found)):
        raise UserError(f"epochs: {text[:40]!r} cannot be read; write up to 20 numbers, such as 1, 40, 100, 200.")
    return found
