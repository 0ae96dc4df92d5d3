"""The latent page's component: it talks to the live socket by itself and tells the page when the hand has let go."""

from pathlib import Path

import streamlit as st

from gan import UserError, live
from gan.latent import View
from gan.registry import Card

_FOLDER = Path(__file__).with_name("components") / "latent"
_studio = st.components.v2.component(
    "gan_studio_latent",
    html=(_FOLDER / "latent.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "latent.css").read_text(encoding="utf-8"),
    js="\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("live.js", "latent.js")),
)


@st.fragment
def studio(card: Card) -> None:
    """Mount the component at the view that the address names; a view that is let go is put into the address."""
    form = {"model": card.name, "classes": len(card.class_names), "sliders": live.SLIDERS}
    start, trouble = View.start(**form), None
    try:
        view = View.from_text(at, **form) if (at := st.query_params.get("at")) else start
    except UserError as error:
        view, trouble = start, error
    data = {
        "base": st.get_option("server.baseUrlPath"),
        "shape": card.shape,
        "class_names": card.class_names,
        "start": start.to_json(),
        "view": view.to_json(),
    }
    kept = _studio(key=f"studio-{card.name}", data=data, on_view_change=lambda: None).view
    if kept:
        st.query_params["at"] = View.from_json(kept, form["classes"], form["sliders"]).to_text()
    elif trouble:
        st.warning(f"{trouble} This is the first view instead.", icon=":material/link_off:")
