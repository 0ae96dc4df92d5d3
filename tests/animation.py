"""The app in one animation, for README: the real pages in Chromium, on what ships.

    python -m tests.animation docs/studio.webp [--minutes 2.5] [--frames FOLDER]

Home, a slide through the latent space, a line of text, a run that learns, and the divider of Upscale. Nothing is
staged but time: sliding, typing and dragging are shown about as fast as a hand does them, and training as many times
faster as the frame says. The run is a small `cgan28`, on MNIST where `GAN_DATA_DIR` has it, else on digits from fonts.

The suffix decides: .webp, or .gif, whose colours all frames share.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Locator, Page

from gan import datasets
from gan.latent_space import links
from gan.latent_space.views import Key, View
from gan.training import runs
from tests.browser.driver import ROOT, chromium, serve, settle

WINDOW, SHOWN = (1152, 720), (960, 600)  # pixels of the page, and of a frame
RATE = 10  # frames a second
LINE, FIRST = "GAN Studio 2026", 5  # what is written, and how much of it at once
KEYS = ((1, 3), (5, 8), (9, 5))  # pictures that the slide passes: seed and digit
# Narrower than the recipe, in smaller batches: two cores then learn digits within minutes.
SMALL = ("batch=32", "width=16", "learning_rate=4e-4", "discriminator_learning_rate=4e-4", "average=2", "steps=100000")
LEARNING = 45  # frames of the run
POINTER = ((0, 0), (0, 16), (4, 12), (7, 18), (9, 17), (6, 11), (11, 11))
INK, PAPER = "#111111", "#ffffff"
# What is above the samples grows with the first scores.
SAMPLES_IN_SIGHT = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  const below = document.querySelector('img[alt^="Samples at step"]').getBoundingClientRect().bottom;
  main.scrollTop += below + 16 - innerHeight;
}"""


@dataclass
class Film:
    """Frames as they are taken, and where the pointer is, which a browser without a window does not show."""

    page: Page
    frames: list[Image.Image] = field(default_factory=list)
    pointer: tuple[float, float] | None = None

    def move(self, x: float, y: float) -> None:
        self.page.mouse.move(x, y)
        self.pointer = (x, y)

    def take(self, count: int = 1, said: str = "") -> None:
        """The page as it is, for so many frames."""
        shot = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB").resize(SHOWN, Image.Resampling.LANCZOS)
        pen, scale = ImageDraw.Draw(shot), SHOWN[0] / WINDOW[0]
        if self.pointer:
            x, y = (place * scale for place in self.pointer)
            pen.polygon([(x + dx, y + dy) for dx, dy in POINTER], INK, PAPER)
        if said:
            font = ImageFont.load_default(15)
            left, top, right, bottom = pen.textbbox((0, 0), said, font)
            box = (SHOWN[0] - right - 32, SHOWN[1] - bottom - 26, SHOWN[0] - 12, SHOWN[1] - 10)
            pen.rounded_rectangle(box, 6, INK)
            pen.text((box[0] + 10 - left, box[1] + 8 - top / 2), said, PAPER, font)
        self.frames += [shot] * count

    def drag(self, handle: Locator, places: list[float], pause: int = 60) -> None:
        """Drag along shares of a control's width, a frame each; the pages paint while the button is down."""
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        assert box
        y = box["y"] + box["height"] / 2
        self.move(box["x"] + box["width"] * places[0], y)
        self.page.mouse.down()
        for place in places:
            self.move(box["x"] + box["width"] * place, y)
            self.page.wait_for_timeout(pause)
            self.take()
        self.page.mouse.up()


def swing(low: float, high: float, count: int, turns: float = 1.0) -> list[float]:
    """`count` places from low to high and back, slow at the ends."""
    share = (0.5 - 0.5 * math.cos(2 * math.pi * turns * index / (count - 1)) for index in range(count))
    return [low + (high - low) * part for part in share]


def home(film: Film, url: str) -> None:
    film.page.goto(url)
    film.page.locator("img.gan-pixels").first.wait_for(timeout=120_000)
    settle(film.page, 120)
    film.take(12)


def latent(film: Film, url: str) -> None:
    keys = tuple(Key(seed, tuple(np.eye(10)[digit])) for seed, digit in KEYS)
    film.page.goto(f"{url}/latent?at={links.write(View('digits', keys, 0.0))}")
    film.page.locator('[data-testid="latent-space"][aria-busy="false"]').wait_for(timeout=120_000)
    settle(film.page, 120)
    film.take(2)
    film.drag(film.page.get_by_test_id("between"), swing(0.01, 0.99, 36))


def line(film: Film, url: str) -> None:
    film.page.goto(f"{url}/generate?view=A+line+of+text&height=48")
    settle(film.page, 120)
    entry = film.page.get_by_role("textbox").first
    box = entry.bounding_box()
    assert box
    film.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    entry.click()
    entry.press("Control+A")
    film.page.keyboard.type(LINE[:FIRST])
    for character in LINE[FIRST:]:
        film.page.keyboard.type(character)
        entry.press("Enter")  # the line is written anew with each
        settle(film.page, 120)
        film.take()
    film.take(11)


def learning(film: Film, url: str, minutes: float) -> None:
    data = "mnist" if datasets.source("mnist").local else "handwriting-digits"
    command = [sys.executable, "-m", "gan", "train", "--recipe", "cgan28", "--background", "--json"]
    started = subprocess.run(
        [*command, "--set", f"dataset={data}", *SMALL], cwd=ROOT, check=True, capture_output=True, text=True
    )
    run = json.loads(started.stdout)["run"]
    try:
        film.pointer = None
        film.page.mouse.move(0, 0)
        film.page.goto(f"{url}/train?run={run}")
        film.page.locator('img[alt^="Samples at step"]').wait_for(timeout=240_000)
        settle(film.page, 120)
        pause = 60 * minutes / LEARNING
        begun = time.monotonic()
        for index in range(LEARNING):
            film.page.evaluate(SAMPLES_IN_SIGHT)
            if index:  # no moment at which curves are drawn anew
                film.page.locator(".js-plotly-plot .scatterlayer path").first.wait_for(timeout=240_000)
            film.page.wait_for_timeout(200)
            film.take(said=f"training, {pause * RATE:.0f} times faster")
            film.page.wait_for_timeout(max(1, 1000 * (begun + (index + 1) * pause - time.monotonic())))
        film.page.evaluate(SAMPLES_IN_SIGHT)
        film.take(8, said=f"after {minutes:g} minutes")
    finally:
        end(runs.find(run))


def end(run: runs.Run) -> None:
    """Stop a run, and see that its worker is gone before its folder is."""
    worker = psutil.Process(run.status()["pid"])
    run.request("stop")
    try:
        worker.wait(60)
    except psutil.TimeoutExpired:
        worker.kill()


def divide(film: Film, url: str) -> None:
    film.page.goto(f"{url}/upscale?upscale_from=Drawn+by+a+model")
    film.page.get_by_test_id("divide").and_(film.page.locator('[aria-busy="false"]')).wait_for(timeout=120_000)
    settle(film.page, 120)
    film.drag(film.page.get_by_test_id("divide-stage"), swing(0.5, 0.85, 10) + swing(0.5, 0.15, 12))
    film.take(8)


@contextmanager
def app() -> Iterator[str]:
    """The app with folders of its own, also for the programs started beside it."""
    with tempfile.TemporaryDirectory() as folder:
        own = {f"GAN_{name}_DIR": str(Path(folder, name.lower())) for name in ("RUNS", "KEPT", "LOCAL_DATA")}
        os.environ.update(own)
        with serve(own) as url:
            yield url


SCENES = {"home": home, "latent": latent, "line": line, "learning": learning, "divide": divide}


def save(frames: list[Image.Image], path: Path) -> None:
    """Write the frames; neighbours that are alike are one that stays longer."""
    groups = [list(group) for _, group in itertools.groupby(frames, key=lambda frame: frame.tobytes())]
    shown, lengths = [group[0] for group in groups], [len(group) * 1000 // RATE for group in groups]
    how: dict[str, object] = {"save_all": True, "duration": lengths, "loop": 0}
    if path.suffix == ".webp":
        how |= {"quality": 80, "method": 4, "kmax": 30}
    else:
        some = shown[:: max(1, len(shown) // 24)]
        sheet = Image.new("RGB", (SHOWN[0], SHOWN[1] * len(some)))
        for index, frame in enumerate(some):
            sheet.paste(frame, (0, SHOWN[1] * index))
        palette = sheet.quantize(255, dither=Image.Dither.NONE)
        shown = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in shown]
        how |= {"optimize": False, "disposal": 1}
    shown[0].save(path, append_images=shown[1:], **how)
    print(f"{path}: {len(frames) / RATE:.1f} s, {len(shown)} pictures, {path.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="FILE.webp or FILE.gif")
    parser.add_argument("--minutes", type=float, default=2.5, help="of training (default: 2.5)")
    help = "keep frames there as PNG files; scenes whose frames are there are not taken again"
    parser.add_argument("--frames", type=Path, metavar="FOLDER", help=help)
    parser.add_argument("--only", nargs="+", choices=SCENES, default=list(SCENES), metavar="SCENE", help="some scenes")
    options = parser.parse_args()
    kept = {name: sorted(options.frames.glob(f"{name}-*.png")) if options.frames else [] for name in options.only}
    scenes = {name: [Image.open(path).convert("RGB") for path in paths] for name, paths in kept.items()}
    if not all(scenes.values()):
        with app() as url, chromium() as browser:
            size = {"width": WINDOW[0], "height": WINDOW[1]}
            page = browser.new_page(viewport=size, color_scheme="light", reduced_motion="reduce")
            for name in (name for name, frames in scenes.items() if not frames):
                film = Film(page, scenes[name])
                SCENES[name](film, url, *([options.minutes] if name == "learning" else []))
                keep(name, film.frames, options.frames)
    save([frame for frames in scenes.values() for frame in frames], options.out)


def keep(name: str, frames: list[Image.Image], folder: Path | None) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for index, frame in enumerate(frames):
            frame.save(folder / f"{name}-{index:03d}.png")


if __name__ == "__main__":
    main()
