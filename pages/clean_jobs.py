"""Cleaning whole data sets: starting, watching, stopping and going on."""

from __future__ import annotations

from collections.abc import Callable

import shared
import streamlit as st

from gan import datasets
from gan.cleaning import METHODS, Settings
from gan.cleaning import jobs as cleanings
from gan.datasets import kept

COLOURS = {"working": "green", "stopped": "orange", "failed": "red", "saved": "blue"}


def section(settings: Settings) -> None:
    """A form for a new job with the settings above, and all jobs."""
    st.subheader("A whole data set", anchor=False)
    local = [row for row in datasets.sources().values() if row.local]
    _form(local, settings)
    working = any(job.state == "working" for job in cleanings.jobs())
    st.fragment(_list, run_every=1.5 if working else None)(working)


def _form(local: list[datasets.Source], settings: Settings) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # Titles are on pictures that people bring: their own sets come first, then large ones and colour.
        own = kept.kept()
        names = [row.name for row in sorted(local, key=lambda row: (row.name not in own, *(-s for s in row.shape)))]
        chosen = st.selectbox("Data set", names, key="set", bind="query-params", width=220)
        wish = kept.free_name(f"{chosen}-clean")
        name = st.text_input("Name of the cleaned set", key="clean_name", placeholder=wish, width=260) or wish
        total = sum(datasets.source(chosen).counts.values())
        pressed = st.button(f"Clean {total:,} pictures", key="clean", type="primary", icon=":material/ink_eraser:")
    st.caption(
        f"With the settings above: threshold {settings.threshold:g}, growth {settings.growth}, "
        f"{METHODS[settings.method].title}, {'strokes' if settings.follow_strokes else 'whole boxes'}. The original "
        "stays; the cleaned set is saved when its last picture is done. A folder or ZIP of your own is brought in on "
        "the Browse page first."
    )
    if pressed:
        cleanings.create(chosen, name, settings).start()


def _list(was_working: bool) -> None:
    found = cleanings.jobs()
    if any(job.state == "working" for job in found) != was_working:
        st.rerun()  # the timer is set outside the fragment
    for job in found:
        with st.container(border=True), shared.kindly():
            _row(job)


def _row(job: cleanings.Job) -> None:
    order, state, done, key = job.order, job.state, job.done, job.path.name
    st.markdown(f"**{order.name}**, from {order.dataset} :{COLOURS[state]}-badge[{state}]")
    if state != "saved":
        st.progress(done / order.total, f"{done:,} of {order.total:,} pictures{_left(job)}")
    if job.problem:
        st.error(job.problem, icon=":material/info:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if state == "working":
            st.button("Stop", key=f"stop-{key}", icon=":material/pause:", on_click=_noted, args=(key, job.stop))
        elif state != "saved":
            st.button("Go on", key=f"go-{key}", icon=":material/play_arrow:", on_click=_noted, args=(key, job.start))
        elif order.name in kept.kept():
            query = {"dataset": order.name}
            st.page_link("browse.py", label="Browse it", icon=":material/grid_view:", query_params=query)
        if job.report.is_file():
            shared.download("Report (CSV)", job.report.read_bytes, f"{order.name}.csv", f"report-{key}")
        if state != "working":
            help = "Forget this report; the set stays." if state == "saved" else "Throw away what is cleaned so far."
            act = {"on_click": _noted, "args": (key, job.discard)}
            st.button("Discard", key=f"discard-{key}", icon=":material/delete:", help=help, **act)
    shared.told(f"trouble-{key}")


def _noted(key: str, act: Callable[[], None]) -> None:
    """Another window may have been faster."""
    with shared.noted(f"trouble-{key}"):
        act()


def _left(job: cleanings.Job) -> str:
    """How long it will still take, from the pictures so far."""
    each = job.seconds_each
    if job.state != "working" or not each:
        return ""
    minutes = each * (job.order.total - job.done) / 60
    return f", {f'about {minutes:.0f} minutes' if minutes >= 1.5 else 'less than two minutes'} left"
