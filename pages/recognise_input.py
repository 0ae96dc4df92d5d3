"""What the Recognise page is given: a net to read with, and a picture from one of four places."""

from __future__ import annotations

import drawing_sheet
import recognise_empty
import shared
import streamlit as st
import working
from recognise_empty import CAMERA, DRAW, TEST, UPLOAD

from gan import images, recognise, registry
from gan.datasets import decoding

SHOWN = 280  # pixels on the screen that a small picture is enlarged to


def net(choice: recognise.Choice) -> registry.Card | None:
    """The net that reads; asked for where there are several, None where there is none."""
    if len(choice.cards) < 2:
        return next(iter(choice.cards), None)
    known = {card.name: card for card in choice.cards}
    name = st.selectbox("Net", known, key="net", bind="query-params", width=200)
    return known[name]


def how_many(card: registry.Card, ways: tuple[str, str]) -> str:
    """One or several; not asked where there can be only one."""
    if recognise.alone(card):
        return ways[0]
    return st.segmented_control("How many", ways, default=ways[0], required=True, key="many", bind="query-params")


def given() -> str:
    """Where the picture comes from."""
    ways = [DRAW, UPLOAD, CAMERA, TEST]
    return st.segmented_control("Picture", ways, default=DRAW, required=True, key="given", bind="query-params")


def picture(given: str, choice: recognise.Choice, card: registry.Card, several: bool) -> images.Array | None:
    """The picture uint8 ``[h, w, c]``; None while there is none. `show` has it seen.

    Raises:
        UserError: for a file that cannot be read, or a data set that is not here.
    """
    if given == DRAW:
        hint = f"Draw {recognise_empty.wanted(choice, several)} here.\nOr paste a picture (Ctrl+V), or drop one."
        return drawing_sheet.sheet("sheet", hint, several)
    if given == TEST:
        return _test_picture(card, several)
    if given == UPLOAD:
        suffixes = [suffix[1:] for suffix in decoding.SUFFIXES]
        file = st.file_uploader("Picture", suffixes, key="written", max_upload_size=50, label_visibility="collapsed")
    else:
        file = st.camera_input("Photograph", key="photograph", label_visibility="collapsed")
        st.caption("The photograph stays on the machine that runs this app.")
    if not file:
        return None
    return shared.decoded(file.file_id, file, "contrasting")


def show(
    given: str, picture: images.Array, ready: recognise.Prepared | None, reading: recognise.Reading | None, chosen: int
) -> None:
    """The picture with what was found on it; as it is, where nothing was. A sheet with one character needs no copy."""
    if reading is None or ready is None:
        if given != DRAW:
            small = recognise.small(picture)
            shared.picture(small, "As it is", max(1, SHOWN // max(small.shape[:2])), 0)
    elif given != DRAW or len(reading.answers) > 1:
        count = len(reading.answers)
        shared.picture(
            recognise.marked(ready, reading, chosen), f"{count} found" if count > 1 else "What is read", 1, 0
        )


def _test_picture(card: registry.Card, several: bool) -> images.Array:
    source = recognise.example_set(card)
    with working.Bar() as bar:
        count = recognise.example_count(card, bar)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            place = st.number_input("Number", 0, count - 1, 0, key="test_picture", bind="query-params", width=140)
            st.button("Next", key="next_test", icon=":material/arrow_forward:", on_click=_next, args=(count,))
        found, truth = recognise.example(card, place, several, bar)
    st.caption(shared.plain(f"Of {source.title}, which it did not learn from. It shows: {truth}."))
    return found


def _next(count: int) -> None:
    st.session_state["test_picture"] = (st.session_state["test_picture"] + 1) % count
