"""Frames a second and milliseconds from finger to pixels: the real latent page in Chromium, beside a plain slider.

    python -m benchmarks.sliding [--seconds 10] [--repeats 3] [--model digits | --recipe covers64]
    python -m benchmarks.sliding --training

A mouse drags each control of the page to and fro: along a strip of five pictures of different classes, in a loop, with
easing; a direction of each family; the plane through three pictures; a class weight. Then the strip is played. The page
itself reports, for every frame, the time from the pointer's event (in playing: from the frame in which the place was
chosen) to the end of the canvas' drawing. The plain page draws the same picture with `st.slider` and `st.image`, which
answer when the slider is let go; it is driven with the keyboard, one step at a time, until its picture changes.
With `--training` only the real page, while a worker trains beside it and, in turn, while it stands still. `--recipe`
takes the nets of a recipe as they begin: how fast they draw does not depend on what they have learned.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
from playwright.sync_api import Browser, Page

from benchmarks.dragging import HEAD, WATCH, Drag, drag, row
from benchmarks.workers import go_on, hold, training
from gan import conditions, datasets, models, recipes, registry
from tests.browser.driver import chromium, serve

FAMILIES = ("seen", "components", "factors", "measured")
# what is dragged -> the family that is open
CONTROLS = {
    "between": "seen",
    **{f"direction-1 ({name})": name for name in FAMILIES},
    "pad": "seen",
    "weight-1": "seen",
}
STRIP = "1~2~3~4~5_0.5~smooth~loop__0~1~2~3~4"
FIRST, PLAYED = "between", "play"
PLAIN = """
import numpy as np
import streamlit as st
from gan import images, inference, latent
t = st.slider("Between", 0.0, 1.0, 0.5, 0.01)
ends = latent.normal(1, 2, inference.card("digits").latent)
classes = np.eye(10, dtype=np.float32)[[3]]
picture = inference.sample("digits", latent.slerp(ends[:1], ends[1:], t), classes)[0]
st.image(images.enlarge(picture, 14)[..., 0])
st.html(f'<i id="now" data-t="{t}"></i>')
"""


def slide(page: Page, control: str, seconds: float) -> Drag:
    """What is painted while a control of the page is dragged, or the strip played."""
    if control == PLAYED:
        return play(page, seconds)
    page.get_by_test_id(f"family-{CONTROLS[control]}").click()
    handle = page.get_by_test_id(control.partition(" ")[0])
    handle.wait_for(timeout=60_000)  # directions are found when they are first asked for
    handle.scroll_into_view_if_needed()
    return drag(page, handle, seconds)


def play(page: Page, seconds: float) -> Drag:
    """As `slide`, the strip being played; time is counted from the frame in which a place was chosen."""
    page.get_by_test_id("play").click()
    page.wait_for_timeout(300)
    page.evaluate("window.frames_.length = 0")
    page.wait_for_timeout(seconds * 1000)
    frames = page.evaluate("window.frames_")
    page.get_by_test_id("play").click()
    page.wait_for_timeout(500)
    return len(frames) / seconds, [latency for latency in frames if latency is not None]


def studio(browser: Browser, url: str, model: str = "digits") -> Page:
    """The latent page with five pictures on its strip, warm, its frames being counted."""
    page = browser.new_page(viewport={"width": 1440, "height": 1200})
    page.goto(f"{url}/latent?model={model}&at={STRIP if model_classes(model) else STRIP.rpartition('_')[0] + '_'}")
    page.locator('[data-testid="latent-space"][aria-busy="false"]').wait_for(timeout=300_000)
    page.get_by_test_id("direction-1").wait_for(timeout=300_000)  # thousands of pictures are drawn to find them
    page.wait_for_timeout(5000)  # the larger batch sizes are still being compiled
    page.evaluate(WATCH)
    return page


def model_classes(model: str) -> int:
    return len(registry.card(model).class_names)


@contextmanager
def untrained(name: str) -> Iterator[str]:
    """A folder of models, for this process and the server's, that holds a recipe's generator as it begins; its name."""
    recipe = recipes.recipe(name)
    told = recipe.condition if models.family(recipe.model).conditional else conditions.NOTHING
    data, condition = conditions.relabelled(datasets.load(recipe.dataset), told)
    nets = models.build(recipe.model, recipe.options, condition.encoding, data.source.shape, only="generator")
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"GAN_WEIGHTS_DIR": folder}):
        registry.save(
            nets["generator"],
            name=name,
            folder=Path(folder),
            kind="generator",
            title=name,
            summary="As it begins.",
            model=recipe.model,
            options=dict(recipe.options),
            class_names=condition.class_names,
            columns=condition.by_column,
            shape=tuple(data.source.shape),
            latent=int(nets["generator"].inputs[0].shape[-1]),
            dataset=recipe.dataset,
            licence=data.source.licence,
        )
        yield name


def real(browser: Browser, model: str, seconds: float, repeats: int, left_out: set[str] = frozenset()) -> None:
    with serve({}) as url:
        page = studio(browser, url, model)
        left_out = left_out if model_classes(model) else {*left_out, "weight-1"}
        for control in (*(control for control in CONTROLS if control not in left_out), PLAYED):
            slide(page, control, 1.0)
            row(control, [slide(page, control, seconds) for _ in range(repeats)])
        page.close()


def beside_training(browser: Browser, seconds: float, repeats: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        serve({"GAN_RUNS_DIR": folder}) as url,
        training(Path(folder)) as run,
    ):
        page = studio(browser, url)
        found: dict[str, list] = {"the worker stands still": [], "the worker trains": []}
        for _ in range(repeats):
            for state, runs in found.items():
                hold(run) if state.endswith("still") else go_on(run)
                slide(page, FIRST, 1.0)
                runs.append(slide(page, FIRST, seconds))
        for state, runs in found.items():
            row(f"{FIRST}, {state}", runs)
        page.close()


def plain(browser: Browser, repeats: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "plain.py"
        script.write_text(PLAIN, encoding="utf-8")
        with serve({}, script=script) as url:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(url)
            page.locator("#now").wait_for(state="attached", timeout=60_000)
            slider = page.get_by_role("slider")
            slider.focus()
            times = []
            for turn in range(20 * repeats):
                before = page.locator("#now").get_attribute("data-t")
                begun = time.monotonic()
                slider.press("ArrowLeft" if turn % 2 else "ArrowRight")
                page.wait_for_function(
                    "(before) => (document.querySelector('#now')?.dataset.t ?? before) !== before", arg=before
                )
                times.append((time.monotonic() - begun) * 1000)
            print(f"| `st.slider` | - | {np.median(times):.0f} ms | {np.percentile(times, 95):.0f} ms |")
            page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--repeats", type=int, default=3)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--model", default="digits")
    which.add_argument("--recipe", help="its untrained nets")
    parser.add_argument("--training", action="store_true", help="beside a worker that trains")
    options = parser.parse_args()
    print(HEAD.format("control"), flush=True)
    with chromium() as browser:
        if options.training:
            beside_training(browser, options.seconds, options.repeats)
            return
        if options.recipe:
            with untrained(options.recipe) as model:  # no measure grows along any direction of flat grey pictures
                real(browser, model, options.seconds, options.repeats, {"direction-1 (measured)"})
            return
        real(browser, options.model, options.seconds, options.repeats)
        if options.model == "digits":
            plain(browser, options.repeats)


if __name__ == "__main__":
    main()
