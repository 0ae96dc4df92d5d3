"""How a picture is prepared: a control for each step."""

from __future__ import annotations

import streamlit as st

from gan import recognise, registry

INKS = {"automatic": "Automatic", "dark": "Dark", "light": "Light"}
NOISE = {"automatic": "Automatic", "none": "None", "median": "Median", "bilateral": "Bilateral"}
THRESHOLDS = {"otsu": "Otsu", "sauvola": "Sauvola"}
DESKEWS = {"strong": "Strong slants", "always": "Always", "never": "Never"}


def adjust(card: registry.Card, several: bool) -> recognise.Settings:
    """The settings, as the page has them; only those that have an effect on what this net is given are shown."""
    start = recognise.Settings()
    st.subheader("Adjust", anchor=False)
    with st.expander("Part of the picture", key="part"):
        zoom = st.slider("Zoom", 1.0, 10.0, start.zoom, 0.1, key="zoom", bind="query-params", format="%.1f ×")
        across = st.slider("Across", 0.0, 1.0, start.across, 0.01, key="across", bind="query-params", format="percent")
        down = st.slider("Down", 0.0, 1.0, start.down, 0.01, key="down", bind="query-params", format="percent")
    fill = st.slider(
        "Size", 0.6, 1.3, start.fill, 0.05, key="fill", bind="query-params", format="percent",
        help="How large a character is made, beside those that the net was trained on.",
    )  # fmt: skip
    part = {"zoom": zoom, "across": across, "down": down, "fill": fill}
    if recognise.colour(card) and not several:
        st.caption("This net sees colour: it is given the middle square of the picture as it is.")
        return recognise.Settings(**part)
    ink = _choice("Ink is", INKS, "ink_is", "Which of the two is ink, the darker or the lighter.")
    noise = _choice("Denoise", NOISE, "denoise", "Automatic takes the median around each pixel where there is noise.")
    about = "Otsu: one threshold on how dark ink is beside its paper. Sauvola: each pixel by its surroundings."
    threshold = _choice("Threshold", THRESHOLDS, "threshold_by", about)
    level = st.slider(
        "Ink threshold", 0.4, 1.6, start.level, 0.05, key="level", bind="query-params", format="percent",
        help="Lower: fainter ink counts too. Higher: only the darkest.",
    )  # fmt: skip
    specks = st.slider(
        "Leave out specks below", 0.0, 0.5, start.specks, 0.01, key="specks", bind="query-params", format="percent",
        help="Of the largest piece of ink. Smaller pieces are dirt.",
    )  # fmt: skip
    rest = {"ink": ink, "noise": noise, "threshold": threshold, "level": level, "specks": specks}
    if recognise.colour(card) or card.kind == "reader":
        return recognise.Settings(**part, **rest)
    about = "Strong slants: only what leans more than handwriting commonly does."
    deskew = _choice("Deskew", DESKEWS, "deskew", about)
    thicken = st.toggle(
        "Thicken thin strokes", start.thicken, key="thicken", bind="query-params",
        help="A thin pen all but vanishes when the picture becomes small.",
    )  # fmt: skip
    return recognise.Settings(**part, **rest, deskew=deskew, thicken=thicken)


def _choice(label: str, known: dict[str, str], key: str, about: str) -> str:
    names = {title: name for name, title in known.items()}
    return names[st.selectbox(label, list(names), key=key, bind="query-params", help=about)]
