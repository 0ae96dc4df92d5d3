"""What an augmentation plan is good for: keep it, train with it, make a data set larger."""

from __future__ import annotations

import own_set
import plan_editor
import shared
import streamlit as st
import working

from gan import augment, datasets
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
    shared.told("plan_trouble")
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
    with shared.noted("plan_trouble"):
        name = st.session_state["plan_name"].strip()
        augment.save(plan, name)
        plan_editor.forget()
        st.session_state["preset"] = name


def _delete(name: str) -> None:
    with shared.noted("plan_trouble"):
        augment.remove(name)
        plan_editor.forget()
        st.session_state["preset"] = next(iter(augment.PRESETS))


def _open() -> None:
    if file := st.session_state["plan_file"]:
        with shared.noted("plan_trouble"):
            plan_editor.put(Plan.from_json(file.getvalue().decode("utf-8", "replace")))


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
    busy, seed = working.going("multiply"), st.session_state["seed"]
    if st.button("Multiply", key="multiply", type="primary", icon=":material/content_copy:", disabled=busy):
        kept.check_name(name)
        make = multiply.multiply
        working.begin("multiply", lambda say: make(source.name, plan, times, name, seed, progress=say).name)
    own_set.made("multiply")
