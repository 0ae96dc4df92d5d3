"""What an augmentation plan is good for: keep it, train with it, make a data set larger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import plan_editor
import shared
import streamlit as st

from gan import UserError, augment, datasets
from gan.augment import multiply
from gan.augment.plan import Plan
from gan.datasets import kept


def uses(plan: Plan, name: str, source: datasets.Source) -> None:
    """The three things to do with a plan, side by side."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Keep it and train with it", anchor=False)
        _keep(plan, name, source)
    with right:
        st.subheader("Multiply the data set", anchor=False)
        _multiply(plan, source)


def _keep(plan: Plan, name: str, source: datasets.Source) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name", key="plan_name", placeholder="my-plan")
        st.button("Save", key="save_plan", icon=":material/save:", on_click=_save, args=(plan,))
        if name in augment.saved():
            help = f"Forget {name}. Runs that use it keep it."
            st.button("Delete", key="delete_plan", on_click=_delete, args=(name,), help=help)
    if trouble := st.session_state.pop("plan_trouble", ""):
        st.error(trouble, icon=":material/info:")
    unchanged = "plan" not in st.query_params
    st.page_link(
        "live_training.py",
        label="Train with it: pictures are changed anew each time they are learnt from",
        icon=":material/play_arrow:",
        query_params={
            "run": "New run",
            "dataset": source.name,
            "augment": name if unchanged else plan.to_json(),
        },
    )
    shared.download("Plan (JSON)", plan.to_json().encode(), f"{name}.json", "plan_json")
    st.file_uploader("Open a plan (JSON)", "json", key="plan_file", on_change=_open, max_upload_size=1)


def _save(plan: Plan) -> None:
    with _told():
        name = st.session_state["plan_name"].strip()
        augment.save(plan, name)
        plan_editor.forget()
        st.session_state["preset"] = name


def _delete(name: str) -> None:
    with _told():
        augment.remove(name)
        plan_editor.forget()
        st.session_state["preset"] = next(iter(augment.PRESETS))


def _open() -> None:
    if file := st.session_state["plan_file"]:
        with _told():
            plan_editor.put(Plan.from_json(file.getvalue().decode("utf-8", "replace")))


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong before the page is drawn is said where the buttons are."""
    try:
        yield
    except UserError as error:
        st.session_state["plan_trouble"] = str(error)


def _multiply(plan: Plan, source: datasets.Source) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        times = st.number_input("Times", 2, multiply.MOST, 13, key="times", bind="query-params", width=130)
        wish = kept.free_name(f"{source.name}-{times}x")
        name = st.text_input("Name of the new set", key="multiplied_name", placeholder=wish) or wish
    train, test = source.counts["train"], source.counts["test"]
    megabytes = (train * times + test) * source.shape[0] * source.shape[1] * source.shape[2] / 2**20
    st.caption(
        f"{train:,} training pictures become {train * times:,}: each as it is, and {times - 1} changed copies. "
        f"The {test:,} test pictures stay as they are. {megabytes:,.0f} MB."
    )
    if st.button("Multiply", key="multiply", type="primary", icon=":material/content_copy:"):
        under_way = st.empty()
        with under_way.container():
            bar = st.progress(0.0, "Starting")
            st.button("Cancel", key="cancel")  # any press reruns the page, and that ends it; nothing is left
        seed = st.session_state["seed"]
        try:
            made = multiply.multiply(
                source.name, plan, times, name, seed, progress=lambda done, what: bar.progress(min(done, 1.0), what)
            )
        except UserError:
            under_way.empty()
            raise
        under_way.empty()
        st.session_state["multiplied"] = made.name
    if (made_name := st.session_state.get("multiplied")) and made_name in kept.kept():
        st.success(f"{made_name} is kept.", icon=":material/check:")
        label, query = f"Browse {made_name}", {"dataset": made_name}
        st.page_link("browse.py", label=label, icon=":material/grid_view:", query_params=query)
