"""Pictures of every page, wide and narrow, light and dark, for people to look at.

    python -m tests.screenshots OUT_DIR [--url http://localhost:8501] [--only PAGE …]

Starts the app on a free port, or takes the one at ``--url``. Chromium is found in PATH, or named in ``CHROMIUM``.
For each page, width and theme there is ``PAGE-WIDTH-THEME.png``, the first screen, and ``…-full.png``, all of the page.
"""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.driver import chromium, serve, settle

PAGES = {
    "home": "",
    "browse": "browse",
    "fonts": "fonts",
    "augment": "augment",
    "clean": "clean",
    "train": "train",
    "runs": "runs",
    "tune": "tune",
    "latent": "latent",
    "generate": "generate",
    "evaluate": "evaluate",
    "upscale": "upscale?left=Original",
    "upscale-restore": "upscale?mode=Shrink+and+restore&example=Chelsea",
    "upscale-drawn": "upscale?upscale_from=Drawn+by+a+model",
    "recognise": "recognise?given=Test+picture",
    "recognise-row": "recognise?given=Test+picture&many=Several",
    "recognise-draw": "recognise",
    "line": "generate?view=A+line+of+text",
    "lines": "generate?view=A+line+of+text&several=true&lines=3141%0A5926&height=96&slant=12&ink=%231a2b6c",
    "morph": "generate?view=Morph&loop=true",
    "export": "export?format=Web+page",
    "export-keras": "export?model=avatars32&format=Keras",
    "hosting": "export?sharing=API+and+hosting",
    "drawn-set": "generate?view=Data+set",
}
SIZES = ((1440, 900), (390, 844))
THEMES = ("light", "dark")
MAIN = '[data-testid="stMain"]'


def take(browser: Browser, address: str, stem: Path, width: int, height: int, theme: str) -> None:
    """The first screen of a page, and all of it."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    try:
        page = context.new_page()
        page.goto(address)
        settle(page)
        page.screenshot(path=f"{stem}.png")
        # The page scrolls inside the window, so the window is made as high as what it holds.
        tall = page.evaluate(f"document.querySelector('{MAIN}').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, tall)})
        settle(page)
        page.screenshot(path=f"{stem}-full.png")
    finally:
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for the pictures; made if needed")
    parser.add_argument("--url", help="an app that runs already")
    parser.add_argument("--only", nargs="+", choices=PAGES, default=list(PAGES), metavar="PAGE", help=", ".join(PAGES))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with nullcontext(options.url) if options.url else serve({}) as url, chromium() as browser:
        for name in options.only:
            for width, height in SIZES:
                for theme in THEMES:
                    stem = options.out / f"{name}-{width}-{theme}"
                    take(browser, f"{url.rstrip('/')}/{PAGES[name]}", stem, width, height, theme)
                    print(stem, flush=True)


if __name__ == "__main__":
    main()
