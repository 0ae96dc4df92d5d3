"""An exported web page in Chromium, opened from its file with no server running: frames a second, and how near it is.

    python -m benchmarks.web_page [--model digits avatars32 covers64] [--seconds 10] [--repeats 3]

The page is exported first (with npm, once). A mouse drags its slider between two pictures and its first direction to
and fro; the page reports, for every frame, the time from the pointer's event to the end of the canvas' drawing. The
mouse waits for an answer to each of its moves, which takes longer on a busy machine; so the first slider is also moved
by a script in the page, once in each frame that the browser paints: what the page itself can hold. The
largest difference is that of the page's float numbers, between -1 and 1, to the model's in Keras, over 100 latents,
with classes pure and mixed.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

from benchmarks import dragging
from gan import exporting, registry
from gan.exporting import plain
from tests.browser.driver import chromium

CONTROLS = ("between", "direction-1")
PICTURES = 100  # that are compared
READY = '#page[aria-busy="false"]'
RUN = """async (rows) => { const { net } = window.ganPage, found = [];
  for (const given of rows) {
    for (const [name, numbers] of Object.entries(given)) net.rows[name].set(numbers);
    found.push([...await net.run()]);
  }
  return found; }"""
SCRIPTED = """async (seconds) => { const slider = document.getElementById("between"), begun = performance.now();
  window.frames_.length = 0;
  await new Promise((done) => { const step = (now) => {
    const gone = (now - begun) / 1000;
    slider.value = 0.5 + 0.45 * Math.sin(2 * gone);
    slider.dispatchEvent(new Event("input"));
    if (gone < seconds) requestAnimationFrame(step); else done();
  }; requestAnimationFrame(step); });
  return window.frames_; }"""
ALONE = """async (times) => { for (let i = 0; i < times; i++) await window.ganPage.net.run(); }"""
TIMES = 100


def difference(page: Page, model: str) -> float:
    """The largest one between the page's numbers and Keras'."""
    card = registry.card(model)
    given = plain.arrays(card, PICTURES, seed=2026)
    rows = [{name: values[i].tolist() for name, values in given.items()} for i in range(PICTURES)]
    expected = plain.reference(card, registry.load(model), given)[plain.PICTURES]
    return float(np.abs(np.reshape(page.evaluate(RUN, rows), expected.shape) - expected).max())


def scripted(page: Page, seconds: float) -> dragging.Drag:
    """As `dragging.drag`, the slider moved by a script in every frame."""
    frames = page.evaluate(SCRIPTED, seconds)
    return len(frames) / seconds, frames


def alone(page: Page) -> float:
    """Milliseconds of the processor for a picture, drawing apart; whatever else runs on the machine."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        found = tools.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in found if metric["name"] == "ThreadTime")

    before = spent()
    page.evaluate(ALONE, TIMES)
    return (spent() - before) * 1000 / TIMES


def measure(browser: Browser, model: str, folder: Path, seconds: float, repeats: int) -> None:
    made = exporting.export(model, "web", folder / model, runtime="inline")
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.context.set_offline(True)
    page.goto((made.folder / made.file).as_uri())
    page.locator(READY).wait_for(timeout=120_000)
    page.evaluate(dragging.WATCH)
    for control in CONTROLS:
        handle = page.get_by_test_id(control)
        dragging.drag(page, handle, 1.0)
        dragging.row(f"`{model}`, {control}", [dragging.drag(page, handle, seconds) for _ in range(repeats)])
    scripted(page, 1.0)
    dragging.row(f"`{model}`, between, by script", [scripted(page, seconds) for _ in range(repeats)])
    size, took, found = made.bytes / 1e6, alone(page), difference(page, model)
    print(f"`{model}`: {size:.1f} MB; {took:.1f} ms a picture; largest difference to Keras {found:.1e}", flush=True)
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", nargs="+", default=["digits", "avatars32", "covers64"])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(dragging.HEAD.format("model, control"), flush=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for model in options.model:
            measure(browser, model, Path(folder), options.seconds, options.repeats)


if __name__ == "__main__":
    main()
