"""The latent page's component: it talks to the live socket by itself and tells the page when the hand has let go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import shared
import streamlit as st

from gan import UserError, drawing
from gan.latent_space import directions, links, shelf
from gan.latent_space.views import View
from gan.registry import Card

PARTS = (
    "../sliding/sliding.js",
    "live.js",
    "tools.js",
    "strip.js",
    "classes.js",
    "sliders.js",
    "teach.js",
    "pad.js",
    "latent.js",
)
NONE = {  # what is said of a family that is empty
    "measured": "No measure grows along any one direction here.",
    "named": "You have named none for this model yet.",
}

TAUGHT = "taught"  # what naming a direction had to say

_FOLDER = Path(__file__).with_name("components") / "latent"
_studio = st.components.v2.component(
    "gan_studio_latent",
    html=(_FOLDER / "latent.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "latent.css").read_text(encoding="utf-8"),
    js="\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in PARTS),
)


def studio(card: Card) -> View:
    """Mount the component at the view that the address names; a view that is let go is put into the address.

    Returns:
        The view that is shown.
    """
    start = View.start(card.name, len(card.class_names))
    view, trouble = _addressed(card, start)
    data = {
        "base": st.get_option("server.baseUrlPath"),
        "shape": card.shape,
        "columns": [[name, values] for name, values in drawing.choices(card).items()],
        "families": families(),
        "named": " ".join(f"{entry.id}.{entry.version}" for entry in shelf.entries("direction", card.name)),
        "start": start.to_json(),
        "view": view.to_json(),
        "push": st.session_state.get(_push(card.name)),
        "taught": st.session_state.get(_count(card.name), 0),
    }
    key = f"studio-{card.name}-{card.digest[:8]}"  # another model under the same name has another space
    said = _studio(key=key, data=data, on_view_change=lambda: None, on_teach_change=lambda: _teach(card.name, key))
    shared.told(TAUGHT)
    if said.view:
        view = View.from_json(said.view, len(card.class_names))
        st.query_params["at"] = links.write(view)
    elif trouble:
        st.warning(trouble, icon=":material/link_off:")
    return view


def _addressed(card: Card, start: View) -> tuple[View, str]:
    """The view that the address names, as far as it can be had; and what is wrong with it, if anything."""
    try:
        view = links.read(at, card.name, len(card.class_names)) if (at := st.query_params.get("at")) else start
        if at:  # a written latent may be another model's
            [key.latent(card.latent) for key in view.keys]
    except UserError as error:
        return start, f"{error} This is the first view instead."
    if gone := directions.gone(card.name, dict(view.offsets)):
        kept = tuple(offset for offset in view.offsets if offset[0] not in gone)
        return replace(view, offsets=kept), "The link pushes along a direction that was removed; it shows the rest."
    return view, ""


def show(view: View) -> None:
    """Have the component show a view; as any change, it can be undone there."""
    number = (st.session_state.get(_push(view.model)) or {"id": 0})["id"] + 1
    st.session_state[_push(view.model)] = {"id": number, "view": view.to_json()}


def _push(model: str) -> str:
    return f"push-{model}"


def _count(model: str) -> str:
    return f"taught-{model}"


def _teach(model: str, key: str) -> None:
    """Name a direction: what the component sends when pictures were picked."""
    told = st.session_state[key].teach
    if not told:
        return
    with shared.noted(TAUGHT):
        lists = [value if isinstance(value := told.get(side), list) else [] for side in ("more", "less")]
        entry = directions.name_direction(model, str(told.get("name", "")), *lists)
        st.session_state[_count(model)] = st.session_state.get(_count(model), 0) + 1
        st.toast(f"“{entry.name}” is among your directions now.")


def families() -> list[dict[str, Any]]:
    """The families of directions, as the component shows them."""
    return [
        {"name": name, "letter": letter, "title": title, "about": about, "none": NONE.get(name, "There are none here.")}
        for name, (letter, title, about) in directions.FAMILIES.items()
    ]
