"""Frames a second and milliseconds from finger to pixels in the time machine: the real page in Chromium.

    python -m benchmarks.scrubbing [--seconds 10] [--repeats 3]

Runs of 100 steps are made for it, without training: ten classes in four rows at 28x28, grey, and eight columns in four
rows at 32x32, colour; one run, and two beside each other. A mouse drags the slider to and fro; the page itself says,
for every frame, the time from the pointer's event to the end of the canvas' drawing. Drawing the pictures, once, is
timed too: from the opening of the page to the first of them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.dragging import HEAD, WATCH, drag, row
from gan.training import keeping, managing
from tests.browser.driver import chromium, serve
from tests.small_runs import make_run

GREY = {"dataset": "mnist", "steps": 20_000, "precision": "float32", "xla": "off"}
COLOUR = {"dataset": "avatars32", "steps": 20_000, "precision": "float32", "xla": "off", "condition": "none"}
KINDS = {
    "28x28, one run": ("cgan28", GREY, 1),
    "28x28, two runs": ("cgan28", GREY, 2),
    "32x32 colour, one run": ("avatars32", COLOUR, 1),
    "32x32 colour, two runs": ("avatars32", COLOUR, 2),
}


def steps(last: int = 20_000) -> list[int]:
    """The steps that a run of so many keeps."""
    taken, newest = [0], 0
    for step in range(1, last + 1):
        if keeping.due(step, newest):
            taken.append(step)
            newest = step
    gone = set(keeping.surplus(taken, keeping.MOST))
    return [step for step in taken if step not in gone]


def measure(browser: Browser, url: str, name: str, runs: list[str], seconds: float, repeats: int) -> float:
    """Prints the row of some runs; gives the seconds until there was a picture."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    begun = time.monotonic()
    page.goto(f"{url}/runs?runs={','.join(runs)}")
    page.locator('[data-testid="time-machine"][aria-busy="false"]').wait_for(timeout=120_000)
    waited = time.monotonic() - begun
    page.wait_for_timeout(2000)
    page.evaluate(WATCH)
    slider = page.get_by_test_id("machine-slider")
    drag(page, slider, 1.0)
    row(name, [drag(page, slider, seconds) for _ in range(repeats)])
    page.close()
    return waited


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_RUNS_DIR", folder)
        for kind, settings, count in KINDS.values():
            for index in range(count):
                if not (Path(folder) / f"{kind}-{index}").exists():
                    managing.rename(make_run(kind, settings, steps(), (0,)), f"{kind}-{index}")
        waits = {}
        with serve({"GAN_RUNS_DIR": folder}) as url, chromium() as browser:
            print(HEAD.format("time machine"), flush=True)
            for name, (kind, _, count) in KINDS.items():
                runs = [f"{kind}-{index}" for index in range(count)]
                waits[name] = measure(browser, url, name, runs, options.seconds, options.repeats)
    for name, waited in waits.items():
        print(f"{name}: {waited:.1f} s from opening the page to the pictures of all {len(steps())} steps")


if __name__ == "__main__":
    main()
