"""Find my picture: one is drawn or uploaded, and the latent that comes nearest is searched in sight."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import drawing_sheet
import latent_studio
import numpy as np
import shared
import streamlit as st
import working

from gan import images, latent, registry
from gan.background import Say
from gan.datasets import decoding
from gan.latent_space import favourites, nearest
from gan.latent_space.nearest import Found
from gan.latent_space.views import Key, View

DRAW, UPLOAD = "Draw or paste", "Upload"
TOLD = "find_told"
LARGE = 168  # pixels on the screen that both pictures are enlarged to
WAYS = [DRAW, UPLOAD]


def section(card: registry.Card, view: View) -> None:
    """A picture, what the generator is to be asked for, and the search."""
    kind = working.here(f"find-{card.digest[:8]}")
    left, right = st.columns(2, gap="large")
    with left, shared.kindly():
        _ask(card, kind)
    with right, shared.kindly():
        found = working.outcome(kind)
        if not found and not working.going(kind):  # closed, or cancelled
            st.session_state.pop(f"seen_{kind}", None)
        _pictures(card, kind)
        if found:
            with st.container(horizontal=True):
                st.button("Add to strip", key="find_add", type="primary", on_click=_add, args=(view, found))
                working.close(kind)
        shared.told(TOLD)


def _ask(card: registry.Card, kind: str) -> None:
    given = _given()
    if given is None:
        st.caption("Draw something that this model could have drawn, or upload a picture of it.")
        return
    mark, read_picture = given
    target, read = working.once(("find", card.digest, mark), lambda bar: _prepared(card, read_picture()))
    classes = _classes(card, target, read)
    if st.button("Find it", key="find", type="primary", icon=":material/search:", disabled=working.going(kind)):
        st.session_state[f"seen_{kind}"] = seen = [target]
        working.begin(kind, lambda say: _search(card, target, classes, seen, say))


def _prepared(card: registry.Card, picture: images.Array) -> tuple[images.Array, np.ndarray | None]:
    """The picture as the model would draw it, and what a classifier reads on it."""
    target = nearest.prepared(card, picture)
    return target, nearest.classes_of(card, target)


def _given() -> tuple[str, Callable[[], images.Array]] | None:
    """What tells the picture from others, and how to have it: a large file is not opened again with each press."""
    way = st.segmented_control("Picture", WAYS, default=DRAW, required=True, key="find_given", bind="query-params")
    if way == DRAW:
        picture = drawing_sheet.sheet("find_sheet", "Draw here.\nOr paste a picture (Ctrl+V), or drop one.")
        if picture is None:
            return None
        return hashlib.sha256(f"{picture.shape}".encode() + picture.tobytes()).hexdigest(), lambda: picture
    suffixes = [suffix[1:] for suffix in decoding.SUFFIXES]
    file = st.file_uploader("Picture", suffixes, key="find_file", max_upload_size=50, label_visibility="collapsed")
    return (file.file_id, lambda: decoding.decode(file.getvalue(), file.name)) if file else None


def _classes(card: registry.Card, target: images.Array, read: np.ndarray | None) -> np.ndarray:
    """What the generator is asked for: what a classifier reads, unless the person knows better."""
    names = list(card.class_names)
    if not names:
        return np.zeros(0, np.float32)
    key = f"find_class_{card.name}_{hash(target.tobytes())}"  # another picture is read anew
    about = "As a classifier reads it, where there is one."
    first = int(read.argmax()) if read is not None else 0
    chosen = st.selectbox("It shows", names, first, key=key, width=240, help=about)
    return np.eye(len(names), dtype=np.float32)[names.index(chosen)]


def _search(card: registry.Card, target: images.Array, classes: np.ndarray, seen: list, say: Say) -> Found | None:
    last = None
    for last in nearest.search(card.name, target, classes):
        seen[1:] = [last]
        say(last.share, f"Mean squared error {last.error:.4f}")
    return last


def _pictures(card: registry.Card, kind: str) -> None:
    """The picture that is searched for beside the nearest so far, while the search goes on and after it."""
    seen = st.session_state.get(f"seen_{kind}")
    if not seen:
        return

    @st.fragment(run_every=0.25 if working.going(kind) else None)
    def show() -> None:
        shown = {"Looked for": seen[0]} | {f"Nearest, error {found.error:.4f}": found.picture for found in seen[1:]}
        for place, (name, picture) in zip(st.columns(2), shown.items(), strict=False):
            with place:
                shared.picture(picture, name, shared.factor(card.shape, LARGE))
                st.caption(name)

    show()


def _add(view: View, found: Found) -> None:
    with shared.noted(TOLD):
        new = Key(latent.coded(found.latent), tuple(found.classes.tolist()))
        latent_studio.show(favourites.with_key(view, new))
