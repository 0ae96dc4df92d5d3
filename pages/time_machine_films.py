"""What is taken home from the time machine: a film, and rows of samples at some epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import filming
import shared
import streamlit as st

from gan import filmstrip, images
from gan.errors import UserError
from gan.timeline import Timeline
from gan.training import runs

RATE = 12  # frames a second: a step each


def section(chosen: Sequence[runs.Run], lines: Sequence[Timeline]) -> None:
    """A film of what is shown, and the rows of samples that papers print."""
    left, right = st.columns(2, gap="large")
    with left, shared.kindly():
        _film(lines)
    with right, shared.kindly():
        _rows(chosen, lines)


def _film(lines: Sequence[Timeline]) -> None:
    st.markdown("**A film of the steps**")
    stops = len({step for line in lines for step in line.steps})
    stem = "-".join(line.run for line in lines)[:80]
    seconds = round(max(1.0, stops / RATE), 1)
    filming.form("film", stem, seconds, lambda rate, length: filmstrip.frames(lines, rate, length), RATE)


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
