"""Seconds from choosing a model on the latent page to its first picture, for each generator that ships.

    python -m benchmarks.first_picture [--repeats 3]

Real Chromium, a new server for each repeat, so that every model is loaded and built anew when it is chosen. The server
is warm: another model was shown before. Time counts from the click on the model's name to the first frame drawn.
"""

from __future__ import annotations

import argparse
import statistics

from playwright.sync_api import Browser

from gan import registry
from tests.browser.driver import chromium, serve

WATCH = """() => { window.first_ = null; window.clicked_ = null;
  document.addEventListener("click", () => { window.clicked_ = performance.now(); }, { capture: true });
  document.addEventListener("gan-frame", () => { if (window.clicked_) window.first_ ??= performance.now(); }); }"""


def times(browser: Browser, names: list[str]) -> dict[str, float]:
    """Seconds to the first picture of each model, chosen one after the other; the last is there before the first."""
    found = {}
    with serve({}) as url:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/latent?model={names[-1]}")
        page.locator('[data-testid="latent-space"][aria-busy="false"]').wait_for(timeout=60_000)
        page.wait_for_timeout(3000)
        for name in names[:-1]:
            page.get_by_role("combobox", name="Model").click()
            option = page.get_by_role("option", name=name, exact=True)
            option.wait_for()
            page.evaluate(WATCH)
            option.click()
            page.wait_for_function("window.first_ !== null", timeout=60_000)
            found[name] = page.evaluate("(window.first_ - window.clicked_) / 1000")
            page.wait_for_timeout(3000)  # larger batches are still being compiled
        page.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    names = [card.name for card in registry.cards("generator") if not card.local]
    found: dict[str, list[float]] = {name: [] for name in names}
    with chromium() as browser:
        for turn in range(repeats):
            for order in (
                (names, names[::-1]) if turn == 0 else (names,)
            ):  # the last of the one is the first of the other
                for name, seconds in times(browser, order).items():
                    found[name].append(seconds)
    print("| model | seconds to the first picture |\n|---|---|")
    for name, seconds in found.items():
        print(f"| `{name}` | {statistics.mean(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f}) |")


if __name__ == "__main__":
    main()
