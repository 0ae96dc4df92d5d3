"""Generate's lines of text: what they say, whose hand, and how they are set."""

from collections.abc import Mapping
from dataclasses import replace

import asking
import shared
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gan import images, text
from gan.registry import Card

ANY, DRAWN = "Any model", "As drawn"
TYPED = 20_000  # characters that the fields take: what is too long is told, not swallowed
HEIGHTS = (DRAWN, 20, 24, 28, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256)
TALL = 112  # pixels on the screen that a line is enlarged to, in whole steps


def show(generators: Mapping[str, Card], ask: DeltaGenerator, settings: DeltaGenerator) -> None:
    """The text as it is typed, and its settings beside it."""
    with settings:
        about = "Writes what it can, and other models the rest. Any model: for each character one that knows it."
        names = [ANY, *(card.name for card in text.able())]
        writer = st.selectbox("Model", names, key="writer", bind="query-params", help=about)
        seed, truncation = asking.hand()
        about = "On: every character from the same latent, as one person would write. Off: each from its own."
        one_hand = st.toggle("In one hand", True, key="one_hand", bind="query-params", help=about)
        several = st.toggle("Several lines", key="several", bind="query-params", on_change=_carry_over)
        look = _look()
    with ask:
        words = _words(several)
    model = None if writer == ANY else writer
    parts = text.plan(words, model)
    hand = {"seed": seed, "model": model, "truncation": truncation, "one_hand": one_hand}
    with shared.warming():
        written = text.write(words, look=look, **hand)
    times = max(1, TALL // (look.size or 28))
    shared.picture(written, words, times, least=max(1, times // 2))
    who = (f"{generators[name].title} ({characters})" for name, characters in text.writers(parts).items())
    height, width = written.shape[:2]
    st.caption(shared.plain(f"Written by {', '.join(who)}. {width} x {height} pixels."))
    with st.container(horizontal=True):
        shared.download("Line (PNG)", lambda: images.encode_png(written), f"line-seed{seed}.png", "line")
        clear = lambda: images.encode_png(text.write(words, look=replace(look, paper=""), **hand))  # noqa: E731
        shared.download(
            "Without paper (PNG)", clear, f"line-seed{seed}-clear.png", "clear", "Ink alone, on transparent ground."
        )


def _words(several: bool) -> str:
    """What is to be written: a line that follows what is typed, or a field of several lines."""
    hint, start = "Type a line", "31415926"
    if several:
        return st.text_area("Text", start, 110, TYPED, key="lines", bind="query-params", placeholder=hint)
    return st.text_input("Text", start, TYPED, key="text", bind="query-params", live=True, placeholder=hint)


def _carry_over() -> None:
    """What was typed stays when the field becomes another."""
    here, there = ("text", "lines") if st.session_state["several"] else ("lines", "text")
    st.session_state[there] = " ".join(st.session_state.get(here, "").split("\n"))


def _look() -> text.Look:
    about = f"{DRAWN}: as the models draw, 28 or 32 pixels. Enlarged ink keeps sharp edges."
    size = st.select_slider("Height of a line (pixels)", HEIGHTS, key="height", bind="query-params", help=about)
    slant = st.slider("Slant (degrees)", *text.SLANTS, 0, key="slant", bind="query-params")
    spacing = st.slider("Spacing (pixels)", 0, 20, 4, key="spacing", bind="query-params")
    with st.container(horizontal=True):
        ink = st.color_picker("Ink", "#000000", key="ink", bind="query-params")
        paper = st.color_picker("Paper", "#ffffff", key="line_paper", bind="query-params")
    return text.Look(spacing, 0 if size == DRAWN else size, slant, ink, paper)
