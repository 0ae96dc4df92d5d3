"""The sheet of samples of a run: always the same latents, or always the same test pictures enlarged."""

from __future__ import annotations

import contextlib
import html

import shared
import streamlit as st

from gan import UserError, images, models
from gan.datasets import source
from gan.training import runs

ALONE = 8  # columns where there are no classes
GAP = 2  # pixels between the pictures of a sheet
LARGE = 96  # pixels from which on pictures are shown smaller where there is little room
WIDE = 640  # pixels of the pictures in a row; more want all of the page's width
ROWS = "small; enlarged by bicubic interpolation; enlarged by the net; true"


def wide(run: runs.Run) -> bool:
    """Whether the sheet wants all of the page's width."""
    return _columns(run) * _side(run) > WIDE


def show(run: runs.Run) -> None:
    """The newest sheet, or an earlier one."""
    found, enlarges, names = run.samples(), _enlarges(run), _names(run)
    if enlarges:
        st.markdown("**Test pictures**, always the same ones, a column each")
    else:
        st.markdown(f"**Samples** of always the same latents{': a column a class' if names else ''}")
    if not found:
        st.caption("The first samples appear with the first step.")
        return
    steps = [step for step, _ in found]
    step = steps[-1]
    if len(steps) > 1 and not st.toggle("Newest", True, key="newest", help="Off: go back in time."):
        step = st.select_slider("Step", steps, steps[-1], key="at_step")
    sheet = images.decode(dict(found)[step].read_bytes())
    st.html(_sheet(sheet, _side(run), names, f"Samples at step {step:,}"))
    st.caption(f"{f'Rows from the top: {ROWS}. ' if enlarges else ''}Step {step:,}")


def _enlarges(run: runs.Run) -> bool:
    return models.family(run.recipe.model).game == "super_resolution"


def _names(run: runs.Run) -> tuple[str, ...]:
    """What stands over the columns, where they are classes."""
    return run.class_names if len(run.class_names) > 1 and not _enlarges(run) else ()


def _columns(run: runs.Run) -> int:
    return len(_names(run)) or ALONE


def _side(run: runs.Run) -> int:
    """How wide the pictures are: those of the data set or, where it was renamed or removed, those of the sheet."""
    with contextlib.suppress(UserError):
        return source(run.recipe.dataset).shape[1]
    if not (found := run.samples()):
        return 0
    return (images.decode(found[-1][1].read_bytes()).shape[1] + GAP) // _columns(run) - GAP


def _sheet(sheet: images.Array, side: int, names: tuple[str, ...], alt: str) -> str:
    """A sheet of pictures `side` wide that can be made out: it scrolls where there is not enough room."""
    width = sheet.shape[1]
    if names and len(names) != (width + GAP) // (side + GAP):  # of another version's run
        names = ()
    times: float = shared.factor((side, side))
    words = max(map(len, names), default=0) > 2
    least = times if words else 0.5 if side >= LARGE else 1
    crisp = "" if side >= LARGE else "image-rendering:pixelated;"
    heads = "".join(f"<span>{html.escape(name).replace(', ', ',<br>')}</span>" for name in names)
    return (
        f'<div class="gan-scroll" tabindex="0" role="group" aria-label="{alt}" '
        f'style="--w:{width * times:.0f}px;--least:{width * least:.0f}px">'
        f'<div class="gan-heads" style="--n:{max(1, len(names))}">{heads}</div>'
        f'<img src="{shared.source(sheet)}" alt="{alt}" style="{crisp}border-radius:3px;display:block;max-width:none">'
        "</div>"
    )
