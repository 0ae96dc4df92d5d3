"""Home: what the models can do, live, and what is running."""

import itertools
import random
import secrets

import shared
import streamlit as st

from gan import datasets, drawing, inference, latent, registry
from gan.training import runs

WIDTH, ROWS = 620, 4  # pixels that the pictures of a model may take, and rows of them
RUNS = 5  # the newest ones
COLOURS = {"running": "primary", "failed": "red", "died": "red"}
ENTRIES = (
    ("Browse data", "Look through the pictures that models learn from.", "browse.py", "Browse"),
    ("Train a model", "Choose a recipe, start it, and watch it learn.", "live_training.py", "Live"),
    ("Explore a model", "Slide through all that it can draw.", "latent_space.py", "Latent space"),
)


def hero(card: registry.Card) -> None:
    """Some of every class, or of as many as there is room for, drawn for this visit. While the model warms up, their
    places."""
    state, key, ticks, known = st.session_state, f"hero_{card.name}", itertools.count(), len(card.class_names)
    room = max(1, WIDTH // (shared.factor(card.shape) * card.shape[1] + shared.GAP))
    columns = room // known * known if 0 < known <= room else room  # a class keeps to its columns, where they are few
    count = columns * ROWS
    waiting = not inference.ready() and not (key in state and state[key].done())

    def order() -> drawing.Order:
        classes = sorted(random.sample(range(known), min(known, count)))
        return drawing.Order(card.name, tuple(classes), count, secrets.randbelow(latent.SEEDS))

    @st.fragment(run_every=1.0 if waiting else None)
    def show() -> None:
        with shared.kindly():
            # Not on the first pass: the page should stand before TensorFlow is loaded.
            if key not in state and (inference.ready() or next(ticks)):
                state[key] = drawing.submit(order())
            if waiting and not (key in state and state[key].done()):
                shared.places(card.shape, count, columns)
            elif waiting:
                st.rerun()  # so that the page no longer asks every second
            else:
                drawn = state[key].result()
                shared.pictures(drawn.pictures, drawn.names, columns=columns)

    with st.container(key="hero"):
        show()
    with st.container(horizontal=True, vertical_alignment="center"):
        words = "The model is warming up." if waiting else f"Just drawn by “{card.title}”. No person made these."
        st.caption(words, width="content")
        if st.button("Draw again", key="again", icon=":material/refresh:", type="tertiary", disabled=waiting):
            state.pop(key, None)
            st.rerun()


def model(card: registry.Card) -> None:
    with st.container(border=True):
        st.markdown(f"**{card.title}**")
        st.caption(card.summary)
        source = datasets.sources().get(card.dataset)
        shared.facts({"Learned from": source.title if source else card.dataset, **shared.scores(card)})
        with st.container(horizontal=True, vertical_alignment="center"):
            for page, label in (("latent_space.py", "Latent space"), ("generate.py", "Generate")):
                st.page_link(page, label=label, icon=":material/arrow_forward:", query_params={"model": card.name})
            with st.popover("Card", type="tertiary", help="Where it comes from, and what it cannot do."):
                shared.facts(origin(card))
                st.caption(" ".join(filter(None, (card.limits, card.more))))


def origin(card: registry.Card) -> dict[str, str]:
    """What a model's card says of its making."""
    trained, weights = card.training, card.files[registry.WEIGHTS]
    return {
        "Recipe": str(card.recipe.get("name", card.model)),
        "Steps": f"{trained.get('step', 0):,}",
        "Minutes": f"{trained.get('minutes', 0):g}",
        "Machine": str(trained.get("device", "")).partition(";")[0] or "unknown",
        "Licence": card.licence,
        "Size": f"{weights.get('bytes', 0) / 1e6:.1f} MB",
    }


def run_row(run: runs.Run) -> None:
    status = run.status()
    step, steps, state = status.get("step", 0), run.recipe.steps, status["state"]
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.page_link("live_training.py", label=run.id, query_params={"run": run.id}, width=240)
        st.badge(state, color=COLOURS.get(state, "gray"), width=90)
        st.progress(min(1.0, step / steps), width=240)
        st.caption(f"step {step:,} of {steps:,}", width="content")


shared.header("GAN Studio", "Take pictures, train a net that draws more like them, watch it learn, then play with it.")
generators = drawing.generators()
for problem in registry.problems():
    st.warning(problem, icon=":material/info:")
if generators:
    chosen = st.pills(
        "Models",
        generators,
        default=next(iter(generators)),
        required=True,
        format_func=lambda name: generators[name].title,
        key="shown",
        bind="query-params",
        label_visibility="collapsed",
    )
    left, right = st.columns([2, 1], gap="medium")
    with left:
        hero(generators[chosen])
    with right:
        model(generators[chosen])
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
