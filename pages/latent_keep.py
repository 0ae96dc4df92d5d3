"""What is kept of a latent space: favourites by name, and named directions."""

from __future__ import annotations

import math
from collections.abc import Callable

import latent_studio
import shared
import streamlit as st

from gan import images
from gan.latent_space import favourites, shelf
from gan.latent_space.views import View

TOLD, REMOVED = "kept_told", "kept_removed"
ROWS = 12  # entries on a page
TITLES = {"favourite": "Favourites", "direction": "Your directions"}


def section(view: View) -> None:
    """Keep the picture that is shown; what was kept before."""
    _keep(view)
    for kind in shelf.KINDS:
        _entries(kind, view)
    _orphans(view.model)


def _keep(view: View) -> None:
    with st.form("keep", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        label = "Name of the picture that is shown"
        name = st.text_input(label, key="keep_name", max_chars=shelf.LONGEST, width=320)
        pressed = st.form_submit_button("Keep it", icon=":material/bookmark_add:", key="keep_it")
    if pressed:
        with shared.kindly():
            favourites.keep(view, name)
    shared.told(TOLD)
    if removed := st.session_state.get(REMOVED):
        kind, ident, name = removed
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"“{shared.plain(name)}” was removed.", width="content")
            st.button("Undo", key="kept_undo", on_click=_restore, args=(kind, ident))


def _entries(kind: str, view: View) -> None:
    entries = shelf.entries(kind, view.model)
    if not entries:
        return
    st.markdown(f"**{TITLES[kind]}**")
    entries = _page(kind, entries[::-1])
    drawn = [entry for entry in entries if kind == "favourite" and favourites.fits(entry)]
    pictures = dict(zip([entry.id for entry in drawn], favourites.pictures(drawn), strict=True)) if drawn else {}
    for entry in entries:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"kept_{entry.id}"):
            _row(entry, view, pictures.get(entry.id))


def _page(kind: str, entries: list[shelf.Entry]) -> list[shelf.Entry]:
    """Those of one page: with a hundred rows, each letting go of a slider would wait for them."""
    pages = math.ceil(len(entries) / ROWS)
    if pages == 1:
        return entries
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page = st.number_input("Page", 1, pages, key=f"{kind}_page", label_visibility="collapsed", width=120)
        st.caption(f"of {pages:,} pages · {len(entries):,} kept, the newest first", width="content")
    page = min(page, pages)  # there may be fewer now
    return entries[ROWS * (page - 1) : ROWS * page]


def _row(entry: shelf.Entry, view: View, picture: images.Array | None) -> None:
    if picture is not None:
        st.html(shared.thumb(picture, entry.name), width="content")
    st.markdown(shared.plain(entry.name), width=200)
    if entry.kind == "favourite":
        gone = picture is None
        press: dict[str, tuple[Callable[..., None], str]] = {
            "Show": (_show, "Everything as it was when this was kept"),
            "Add to strip": (_add, "As another key picture"),
        }
        for label, (act, help) in press.items():
            key = f"{label.split()[0].lower()}_{entry.id}"
            st.button(label, key=key, on_click=act, args=(entry, view), help=help, disabled=gone)
        if gone:
            st.caption("Kept from an earlier model of this name.", width="content")
    with st.popover("Rename", key=f"rename_{entry.id}"), st.form(f"rename_form_{entry.id}", border=False):
        # The version is part of the key: who looks at an older one says so when they rename it.
        field = f"rename_to_{entry.id}_{entry.version}"
        st.text_input("Name", entry.name, key=field, max_chars=shelf.LONGEST)
        st.form_submit_button("Rename", key=f"renamed_{entry.id}", on_click=_rename, args=(entry, field))
    st.button("Remove", key=f"remove_{entry.id}", on_click=_remove, args=(entry,))


def _orphans(model: str) -> None:
    """What is kept of models that are gone: it stays, says so, and can be taken home or removed."""
    entries = shelf.entries("favourite")
    away = {name for name in {entry.model for entry in entries} - {model} if not favourites.here(name)}
    gone = [entry for entry in entries if entry.model in away]
    if not gone:
        return
    with st.expander(f"{len(gone)} kept from models that are no longer here"):
        st.caption("They can be shown again when a model with the same name and weights is back.")
        for entry in _page("gone", gone[::-1]):
            with st.container(horizontal=True, vertical_alignment="center", key=f"gone_{entry.id}"):
                st.markdown(f"{shared.plain(entry.name)} ({shared.plain(entry.model)})", width=300)
                file = f"{entry.model}-{entry.id}.json"
                shared.download("Latent (JSON)", favourites.as_json(entry), file, f"json_{entry.id}")
                st.button("Remove", key=f"remove_{entry.id}", on_click=_remove, args=(entry,))


def _show(entry: shelf.Entry, view: View) -> None:
    with shared.noted(TOLD):
        latent_studio.show(favourites.view(entry))


def _add(entry: shelf.Entry, view: View) -> None:
    with shared.noted(TOLD):
        latent_studio.show(favourites.added(view, entry))


def _rename(entry: shelf.Entry, field: str) -> None:
    with shared.noted(TOLD):
        shelf.rename(entry.kind, entry.id, st.session_state[field], entry.version)


def _remove(entry: shelf.Entry) -> None:
    with shared.noted(TOLD):
        shelf.remove(entry.kind, entry.id)
        st.session_state[REMOVED] = (entry.kind, entry.id, entry.name)


def _restore(kind: str, ident: str) -> None:
    with shared.noted(TOLD):
        st.session_state.pop(REMOVED, None)
        shelf.restore(kind, ident)
