"""What to do on the Recognise page where there is no picture yet, or no net."""

from __future__ import annotations

import streamlit as st

from gan import recognise

DRAW, UPLOAD, CAMERA, TEST = "Draw or paste", "Upload", "Camera", "Test picture"


def nothing_yet(given: str, choice: recognise.Choice, several: bool) -> None:
    """In the place of an answer, what to do for one."""
    todo = {
        DRAW: f"Draw {wanted(choice, several)} on the sheet, or paste a picture onto it.",
        UPLOAD: "Drop a picture on the left: a scan, a photograph, a screenshot.",
        CAMERA: "Hold the paper so that the writing fills the picture, and take a photograph.",
    }
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.markdown("**Nothing to read yet**", width="content")
        st.caption(todo.get(given, ""), width="content")
        st.button("Show me one", key="show_one", icon=":material/visibility:", on_click=_show_one)


def wanted(choice: recognise.Choice, several: bool) -> str:
    """What is to be drawn, in words."""
    return f"some {choice.plural}" if several else f"a {choice.noun}"


def no_net(choice: recognise.Choice) -> None:
    """What to do where no net reads this yet."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.markdown(f"**No net reads {choice.plural} yet**", width="content")
        st.caption(
            f"Train the recipe {choice.recipe}, some minutes on two cores, and make a model of its run: under Train > "
            f"Runs, or by `python -m gan promote RUN --name {choice.recipe}`. It is offered here at once.",
            width="content",
        )
        query = {"recipe": choice.recipe}
        label, icon = f"Train {choice.recipe}", ":material/arrow_forward:"
        st.page_link("live_training.py", label=label, icon=icon, query_params=query)


def _show_one() -> None:
    st.session_state["given"] = TEST
