"""What became of a picture: two of its layers under one divider, what they measure, and the files to take home."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import shared
import streamlit as st

from gan import enlarged, images
from gan.enlarged import Box, Enlarged

VIEW = "upscale_view"
_FOLDER = Path(__file__).with_name("components") / "divide"
_divide = st.components.v2.component(
    "gan_studio_divide",
    html=(_FOLDER / "divide.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "divide.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "divide.js").read_text(encoding="utf-8"),
)


def titles(found: Enlarged) -> dict[str, str]:
    """What the layers are called."""
    known = {"original": "Original", "bicubic": "Bicubic", "net": found.model, "truth": "Truth"}
    if found.truth is not None:
        known["original"] = "Made small"
    return {name: known[name] for name in found.layers}


@st.fragment
def show(found: Enlarged, picture: str, file: str) -> None:
    """The layers that are chosen, what was measured, and the files.

    Args:
        found: the pictures.
        picture: a digest of what was enlarged and how: of the same one, the view stays where it is.
        file: what the files are called.
    """
    known = titles(found)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        left = _layer("Left", "left", known, "bicubic")
        right = _layer("Right", "right", known, "net")
    _mount(found, known, picture, left, right)
    if found.figures:
        _table(found)
    with st.container(horizontal=True):
        width, height = found.size
        about = f"{width:,} × {height:,} pixels."
        shared.download("Enlarged (PNG)", lambda: images.encode_png(found.large), f"{file}-4x.png", "large_png", about)
        sheet = lambda: enlarged.side_by_side(found, list(known.items()))  # noqa: E731
        about = f"{', '.join(known.values())}; very large ones are made smaller."
        shared.download("Side by side (PNG)", sheet, f"{file}-side-by-side.png", "sheet_png", about)


def _layer(label: str, key: str, known: dict[str, str], first: str) -> str:
    """The layer on one side of the divider."""
    names = list(known)
    start = names.index(first)
    return st.selectbox(label, names, start, format_func=known.get, key=key, bind="query-params", width=150)


def _mount(found: Enlarged, known: dict[str, str], picture: str, left: str, right: str) -> None:
    """The component. Of a large picture it asks for what is looked at closely."""
    wanted = getattr(st.session_state.get(VIEW), "window", None)
    asked = isinstance(wanted, dict) and wanted.get("id") == picture and found.reduced < 1
    box = enlarged.inside(found, wanted.get("box")) if asked else None
    data = {
        "id": picture,
        "size": found.size,
        "reduced": found.reduced,
        "most": enlarged.PART,
        "box": box,
        **{side: _side(found, known, name, picture, box) for side, name in (("left", left), ("right", right))},
    }
    parts = (picture, found.model, left, right, repr(box), *known.values())
    data["version"] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    _divide(key=VIEW, data=data, on_window_change=lambda: None)


def _side(found: Enlarged, known: dict[str, str], name: str, picture: str, box: Box | None) -> dict[str, Any]:
    exact = name == enlarged.ORIGINAL and max(found.small.shape[:2]) <= enlarged.SCREEN
    part = _address(_part(found, f"{picture}-{found.model}", name, box)) if box and not exact else None
    return {"name": known[name], "whole": _address(found.whole[name]), "part": part}


@st.cache_data(max_entries=12, ttl=900, show_spinner=False)
def _part(_found: Enlarged, of: str, name: str, box: Box) -> bytes:
    return enlarged.part_file(_found, name, box)


def _address(data: bytes) -> str:
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _table(found: Enlarged) -> None:
    """PSNR, SSIM and the like of both pictures against the truth."""
    rows = [
        {
            "Against the truth": figure.title,
            "Bicubic": _figure(figure.bicubic),
            found.model: _figure(figure.net),
            "Better is": figure.better,
        }
        for figure in found.figures
    ]
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        rows, hide_index=True, height="content", column_config={"Bicubic": right, found.model: right}, key="measures"
    )
    if any(figure.net is None for figure in found.figures):
        st.caption("SSIM looks at 7 × 7 pixels at a time, and this picture is smaller.")


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return "equal" if value == float("inf") else f"{value:.2f}" if value > 2 else f"{value:.4f}"
