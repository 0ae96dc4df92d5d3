"""Home: what the models can do, live, and what is running."""

import itertools
import secrets

import shared
import streamlit as st

from gan import datasets, drawing, inference, latent, registry
from gan.training import runs

ROWS = 4  # of each class that the first model draws
RUNS = 5  # the newest ones
COLOURS = {"running": "primary", "failed": "red", "died": "red"}
ENTRIES = (
    ("Browse data", "Look through the pictures that models learn from.", "browse.py", "Browse"),
    ("Train a model", "Choose a recipe, start it, and watch it learn.", "live_training.py", "Live"),
    ("Explore a model", "Slide through all that it can draw.", "latent_space.py", "Latent space"),
)


def hero(card: registry.Card) -> None:
    """Some of every class, drawn for this visit. While the model warms up, their places."""
    state, ticks = st.session_state, itertools.count()
    classes = tuple(range(len(card.class_names)))
    count, columns = ROWS * max(10, len(classes)), max(10, len(classes))
    waiting = not inference.ready() and not ("hero" in state and state.hero.done())

    @st.fragment(run_every=1.0 if waiting else None)
    def show() -> None:
        with shared.kindly():
            # Not on the first pass: the page should stand before TensorFlow is loaded.
            if "hero" not in state and (inference.ready() or next(ticks)):
                state.hero = drawing.submit(drawing.Order(card.name, classes, count, secrets.randbelow(latent.SEEDS)))
            if waiting and not ("hero" in state and state.hero.done()):
                shared.places(card.shape, count, columns)
            elif waiting:
                st.rerun()  # so that the page no longer asks every second
            else:
                drawn = state.hero.result()
                shared.pictures(drawn.pictures, drawn.names, columns=columns)

    with st.container(key="hero"):
        show()
    with st.container(horizontal=True, vertical_alignment="center"):
        words = "The model is warming up." if waiting else f"Just drawn by “{card.title}”. Nobody wrote these."
        st.caption(words, width="content")
        if st.button("Draw again", key="again", icon=":material/refresh:", type="tertiary", disabled=waiting):
            state.pop("hero", None)
            st.rerun()


def model(card: registry.Card) -> None:
    with st.container(border=True):
        st.markdown(f"**{card.title}**")
        st.caption(card.summary)
        source = datasets.sources().get(card.dataset)
        shared.facts({"Learned from": source.title if source else card.dataset, **shared.scores(card)})
        with st.container(horizontal=True):
            for page, label in (("latent_space.py", "Latent space"), ("generate.py", "Generate")):
                st.page_link(page, label=label, icon=":material/arrow_forward:", query_params={"model": card.name})


def run_row(run: runs.Run) -> None:
    status = run.status()
    step, steps, state = status.get("step", 0), run.recipe.steps, status["state"]
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.page_link("live_training.py", label=run.id, query_params={"run": run.id}, width=240)
        st.badge(state, color=COLOURS.get(state, "gray"), width=90)
        st.progress(min(1.0, step / steps), width=240)
        st.caption(f"step {step:,} of {steps:,}", width="content")


shared.header("GAN Studio", "Take pictures, train a net that draws more like them, watch it learn, then play with it.")
generators = registry.cards("generator")
for problem in registry.problems():
    st.warning(problem, icon=":material/info:")
if generators:
    left, right = st.columns([2, 1], gap="medium")
    with left:
        hero(generators[0])
    with right:
        for card in generators:
            model(card)
else:
    shared.empty("There is no model yet", "Train one, and it will draw here.", "live_training.py", "Train a model")

for column, (title, text, page, label) in zip(st.columns(3, gap="medium"), ENTRIES, strict=True):
    with column, st.container(border=True):
        st.markdown(f"**{title}**")
        st.caption(text)
        st.page_link(page, label=label, icon=":material/arrow_forward:")

st.subheader("Runs", anchor=False)
found = runs.list_runs()[:RUNS]


@st.fragment(run_every=3 if any(run.status()["state"] in runs.WORKING for run in found) else None)
def running() -> None:
    for run in found:
        with shared.kindly():
            run_row(run)


running()
if not found:
    st.caption("Nothing has been trained here yet. What you start under Train shows up here, and goes on without you.")
