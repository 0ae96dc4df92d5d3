"""What is taken home from a latent space: a picture, a sheet, a film, the latents."""

from __future__ import annotations

import filming
import shared
import streamlit as st

from gan.latent_space import journey
from gan.latent_space.views import View

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
    if ways:
        filming.form(
            "walk", view.model, SECONDS * ways, lambda rate, seconds: list(journey.frames(view, rate, seconds))
        )
    else:
        st.caption("One picture is no way: add another to the strip.")
