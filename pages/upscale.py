"""Explore > Upscale: a picture four times larger, beside interpolation and, where it is known, the truth."""

import shared
import streamlit as st
import upscale_input
import upscale_view
import upscale_work

from gan import enlarging

ENLARGE, RESTORE = "Enlarge", "Shrink and restore"
WHAT = """
**Original** shows the picture's own pixels, each as a square. **Bicubic** is what most programs do: each new pixel is
a weighted mean of the sixteen old ones around it. It adds nothing, so edges become soft.

**The net** was shown many small pictures beside their large originals, and learnt what small ones tend to look like
when they are large. First it was to come near to the true pixels. Then it was made to play a game, as in every GAN: a
second net, the discriminator, learnt to tell its pictures from real ones, and it learnt to pass.

**What it adds is invented.** It is likely, not true: detail that is lost cannot be found again. It does best on what is
like the pictures that it learnt from, and may draw crisp strokes where there was only noise. Nothing that it makes of a
face, a number plate or small print is evidence of anything.

**Shrink and restore** is how such nets are measured. A picture is made small, each square of 4 × 4 pixels becoming
their mean, then enlarged again and compared with what it was. **PSNR** goes by the mean squared error of pixels.
**SSIM** compares means, contrasts and structures in small windows. Both prefer soft to wrongly sharp, so interpolation
can win there. The **perceptual distance** asks another trained net how different two pictures look to it.
"""


def no_upscaler() -> None:
    """What to do where there is none."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        name = enlarging.FIRST
        st.markdown("**There is no upscaler yet**", width="content")
        st.caption(
            f"Train the recipe {name}, about half an hour on two cores, and make a model of its run: under Train > "
            f"Runs, or by `python -m gan promote RUN --name {name}`. It is offered here at once.",
            width="content",
        )
        query = {"recipe": name}
        icon = ":material/arrow_forward:"
        st.page_link("live_training.py", label=f"Train {name}", icon=icon, query_params=query)


def answer(given: upscale_input.Given, model: str, restore: bool) -> None:
    """What became of the picture, under a line on what it is."""
    card = enlarging.upscalers()[model]
    key = (card.name, card.digest, given.mark, restore)
    st.caption(shared.plain(f"{given.said}.{cut(given) if restore else ''}"))
    with st.container(key="upscaled"):
        if found := upscale_work.outcome(key, model, given.picture, restore):
            upscale_view.show(found, f"{given.mark}-{restore}", f"{given.name}-{model}")


def cut(given: upscale_input.Given) -> str:
    """What is cut off, in words, so that the sides are multiples of four."""
    height, width = (side % enlarging.TIMES for side in given.picture.shape[:2])
    parts = [
        f"{n} {'pixel' if n == 1 else 'pixels'} {where}"
        for n, where in ((width, "at the right"), (height, "at the bottom"))
        if n
    ]
    parts = parts if min(given.picture.shape[:2]) >= enlarging.TIMES else []  # then it cannot be done at all
    return f" Cut off, for sides must be multiples of four: {' and '.join(parts)}." if parts else ""


shared.header("Upscale", "Make a picture four times larger, and see what a net adds to plain interpolation.")
models = enlarging.upscalers()
if models:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        way = st.segmented_control(
            "Picture", upscale_input.WAYS, default=upscale_input.EXAMPLE, required=True, key="upscale_from",
            bind="query-params",
        )  # fmt: skip
        mode = st.segmented_control(
            "What to do", [ENLARGE, RESTORE], default=ENLARGE, required=True, key="mode", bind="query-params",
            help="Restoring makes the picture four times smaller first, so that the truth is known.",
        )  # fmt: skip
        model = next(iter(models))
        if len(models) > 1:
            model = st.selectbox("Upscaler", models, key="upscaler", bind="query-params", width=200)
    source, result = st.columns([1, 3], gap="large")
    given = None
    with source, shared.kindly():
        given = upscale_input.given(way)
    with result, shared.kindly():
        if not given:
            upscale_input.nothing_yet()
        elif given := given if mode == RESTORE else upscale_input.small_enough(given):
            answer(given, model, mode == RESTORE)
else:
    no_upscaler()
with st.expander("What am I looking at?"):
    st.markdown(WHAT)
