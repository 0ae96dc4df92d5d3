"""Two pictures in one place, with an edge between them that is slid from side to side."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from shared import source

from gan import images

_FOLDER = Path(__file__).with_name("components") / "compare"
_compare = st.components.v2.component(
    "gan_studio_compare",
    html=(_FOLDER / "compare.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "compare.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "compare.js").read_text(encoding="utf-8"),
)


def compare(before: images.Array, after: images.Array, left: str, right: str, key: str, most: int = 680) -> None:
    """Pictures uint8 [h, w, c] of one size: one left of the edge, one right of it, each said in words.

    Small ones are enlarged in whole steps; no side is longer than `most` pixels on the screen.
    """
    height, width = before.shape[:2]
    times = max(1, most // max(height, width)) if max(height, width) < most else most / max(height, width)
    data = {
        "before": source(before),
        "after": source(after),
        "left": left,
        "right": right,
        "width": round(width * times),
        "height": round(height * times),
        "crisp": times >= 3,
    }
    _compare(key=key, data=data)
