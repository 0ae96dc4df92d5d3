"""A sheet to draw on with mouse, finger, pen or keys, on which a picture can be pasted or dropped too."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

import streamlit as st

from gan import UserError, images
from gan.datasets import decoding

START = ("data:image/png;base64,", "data:image/jpeg;base64,")
_FOLDER = Path(__file__).with_name("components") / "draw"
_sheet = st.components.v2.component(
    "gan_studio_draw",
    html=(_FOLDER / "draw.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "draw.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "draw.js").read_text(encoding="utf-8"),
)


def sheet(key: str, hint: str, wide: bool = False) -> images.Array | None:
    """What is on the sheet, uint8 ``[h, w, c]``; None while it is empty.

    Args:
        key: the component's.
        hint: what to do, written on the empty sheet.
        wide: more than twice as wide as high, for several characters.

    Raises:
        UserError: for a picture that cannot be read, or is too large.
    """
    text = _sheet(key=key, data={"hint": hint, "wide": wide}, on_picture_change=lambda: None).picture
    if not text:
        return None
    start = next((start for start in START if isinstance(text, str) and text.startswith(start)), None)
    try:
        data = base64.b64decode(text.removeprefix(start), validate=True) if start else b"?"
    except binascii.Error:
        data = b"?"
    if data == b"?":
        raise UserError("The sheet did not send a picture; clear it, and draw once more.")
    return decoding.decode(data, "the drawing")
