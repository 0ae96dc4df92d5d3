"""What the Upscale page is given: a picture from one of three places."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import asking
import numpy as np
import shared
import streamlit as st

from gan import UserError, datasets, drawing, enlarged, enlarging, images
from gan.datasets import decoding, pictures

EXAMPLE, UPLOAD, DRAWN = "Example", "Upload", "Drawn by a model"
WAYS = [EXAMPLE, UPLOAD, DRAWN]
FACES, FACE_SET = 8, "avatars"  # test pictures among the examples, and whose
CANDIDATES = 12  # pictures that a model draws to choose from
THUMB = 64  # pixels
KEPT = "upscale_file"  # in the session, for Streamlit forgets an upload when its page is left


@dataclass(frozen=True, eq=False)
class Given:
    """A picture: uint8 ``[h, w, c]``, what its files are called, where it is from, and what tells it from others."""

    picture: images.Array
    name: str
    said: str
    mark: str


def given(way: str) -> Given | None:
    """The picture; None while there is none.

    Raises:
        UserError: for a file that cannot be read, or data that is not here.
    """
    if way == UPLOAD:
        return _upload()
    return _example() if way == EXAMPLE else _drawn()


def _upload() -> Given | None:
    suffixes = [suffix[1:] for suffix in decoding.SUFFIXES]
    about = "Of an animation the first picture is taken; what is transparent is laid over white."
    file = st.file_uploader(
        "Picture", suffixes, key="upscale_upload", max_upload_size=50, help=about, on_change=_forget
    )
    file = file or st.session_state.get(KEPT)
    if not file:
        return None
    st.session_state[KEPT] = file
    picture = shared.decoded(file.file_id, file)
    height, width = picture.shape[:2]
    stem = file.name.rpartition(".")[0] or file.name
    return Given(picture, stem, f"{file.name}, {width:,} × {height:,} pixels", file.file_id)


def small_enough(given: Given) -> Given | None:
    """The picture; a large photograph made small enough to be enlarged, if that is wanted, else None."""
    height, width = given.picture.shape[:2]
    if height * width <= enlarging.LARGEST:
        return given
    picture = _fitted(given.mark, given.picture, enlarging.LARGEST)
    size = f"{picture.shape[1]:,} × {picture.shape[0]:,}"
    st.warning(
        f"This picture has {width:,} × {height:,} pixels. Up to {enlarging.LARGEST:,} pixels can be enlarged, for what "
        "comes out has sixteen times as many.",
        icon=":material/photo_size_select_large:",
    )
    about = "Or choose Shrink and restore, which begins by making it smaller."
    if not st.toggle(f"Make it {size} first", key="fit_first", help=about):
        return None
    return Given(picture, given.name, f"{given.said}, made {size} first", f"{given.mark}-fitted")


def _example() -> Given:
    names, thumbs = _examples()
    known = list(names)
    name = st.selectbox("Example", known, key="example", bind="query-params")
    picked = known.index(name)
    shared.pick(thumbs, range(len(known)), known, picked, "examples", lambda: _pick("examples", "example", known))
    if photograph := names[name]:
        picture, said = (
            pictures.photograph(photograph),
            "a photograph that comes with scikit-image (CC0, public domain)",
        )
    else:
        picture, said = _face(picked), "a test picture of Avatars: none of them was learnt from"
    return Given(picture, name.lower().replace(" ", "-"), f"{name}: {said}", _digest(picture))


def _drawn() -> Given:
    known = drawing.generators()
    known = dict(sorted(known.items(), key=lambda item: item[1].shape[2] != 3))  # colour is what upscalers learn from
    if not known:
        raise UserError("There is no model that draws yet. Train one, or choose another picture.")
    model = st.selectbox("Model", known, key="drawn_by", bind="query-params")
    labels = _spread(asking.labels(known[model]))
    seed = shared.seed("drawn_seed")
    with shared.warming():
        drawn = drawing.draw(drawing.Order(model, labels, CANDIDATES, seed))
    place = st.number_input("Which", 1, CANDIDATES, 1, key="drawn_place", bind="query-params", width=120) - 1
    titles = [name or f"Picture {index + 1}" for index, name in enumerate(drawn.names)]
    numbers = list(range(1, CANDIDATES + 1))
    act = lambda: _pick("drawn", "drawn_place", numbers)  # noqa: E731
    shared.pick(drawn.pictures, range(CANDIDATES), titles, place, "drawn", act)
    picture, name = drawn.pictures[place], drawn.names[place]
    said = f"Drawn by {known[model].title}{f', asked for {name}' if name else ''}"
    return Given(picture, f"{model}-seed{seed}-{place + 1}", said, _digest(picture))


def _spread(labels: tuple[int, ...]) -> tuple[int, ...]:
    """As many labels as there are candidates, from all that may be drawn: the first ones would have much in common."""
    step = max(1, len(labels) / CANDIDATES)
    return tuple(labels[int(index * step)] for index in range(min(CANDIDATES, len(labels))))


def nothing_yet() -> None:
    """In the place of the answer, what to do for one."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.markdown("**Nothing to enlarge yet**", width="content")
        st.caption("Drop a picture on the left: a photograph, a drawing, a thumbnail.", width="content")


def _pick(key: str, widget: str, values: list) -> None:
    """What is pressed in the pictures of `key` is chosen in a widget."""
    st.session_state[widget] = values[st.session_state[key].picked]


def _forget() -> None:
    st.session_state.pop(KEPT, None)


@st.cache_resource(max_entries=1, ttl=900, show_spinner="Making it smaller")
def _fitted(mark: str, _picture: images.Array, most: int) -> images.Array:
    return enlarged.fitted(_picture, most)


@st.cache_resource(show_spinner="Reading the examples")
def _examples() -> tuple[dict[str, str], images.Array]:
    """By name the file of a photograph, or nothing for a drawn face; and a small square of each."""
    faces = FACES if datasets.source(FACE_SET).local else 0
    names = {f"Face {index + 1}": "" for index in range(faces)}
    names |= {file.partition(".")[0].capitalize(): file for file in pictures.HELD_OUT}
    shown = [_face(index) for index in range(faces)] + [pictures.photograph(file) for file in pictures.HELD_OUT]
    return names, np.stack([decoding.fit(picture, THUMB) for picture in shown])


def _face(index: int) -> images.Array:
    """One of the test faces, spread over all of them, for they are in the order of their hair."""
    split = datasets.load(FACE_SET).test
    return np.asarray(split.images[index * len(split) // FACES])


def _digest(picture: images.Array) -> str:
    return hashlib.sha256(repr(picture.shape).encode() + picture.tobytes()).hexdigest()
