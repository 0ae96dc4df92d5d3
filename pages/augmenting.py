"""Data > Augment: vary pictures, for training and to make a data set larger."""

import dataset_card
import plan_editor
import plan_uses
import shared
import streamlit as st
import working

from gan import augment, datasets
from gan.augment.preview import preview

WIDTH, HEIGHT = 330, 640  # pixels on the screen for a picture with its copies, and for all of them


def show(split: datasets.Split, source: datasets.Source, plan: augment.Plan, seed: int) -> None:
    """A row a picture: as it is, and changed copies."""
    height, width = (side * shared.factor(source.shape) + shared.GAP for side in source.shape[:2])
    copies, rows = max(1, min(4, WIDTH // width - 1)), max(2, min(10, HEIGHT // height))
    shown, labels = preview(split.images, split.labels, plan, seed, rows, copies)
    st.caption(f"First each picture as it is, then {'a changed copy' if copies == 1 else f'{copies} changed copies'}.")
    shared.groups([(source.class_names[label], one) for label, one in zip(labels, shown, strict=True)])


shared.header("Augment", "Vary the pictures a model learns from, while it trains or once and for all.")
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    known = [row.name for row in sorted(datasets.sources().values(), key=lambda row: not row.local)]
    # Not "dataset": a link to Browse would lose its own, for there a widget of that name is bound to the address too.
    chosen = st.selectbox("Data set", known, key="data", bind="query-params", width=200)
    name = st.selectbox(
        "Plan",
        [*augment.PRESETS, *augment.saved()],
        key="preset",
        bind="query-params",
        on_change=plan_editor.forget,
        width=200,
        help="Where to start from. Change it below as you like.",
    )
source = datasets.source(chosen)
with shared.kindly():
    if not source.local:
        dataset_card.offer(source)
        st.stop()
    split = working.load(source).train
    plan = plan_editor.current(name)
    pictures, steps = st.columns([4, 5], gap="large")
    with pictures.container(key="beside"):
        seed = shared.seed("seed")
        show(split, source, plan, seed)
    with steps:
        if plan.note:
            st.caption(plan.note)
        plan_editor.edit(plan, source.class_names)
    plan_uses.uses(plan, name, source)
