"""A mouse that drags a control to and fro in Chromium, and the page that says how long each frame took."""

from __future__ import annotations

import math
import statistics
import time

import numpy as np
from playwright.sync_api import Locator, Page

Drag = tuple[float, list[float]]  # frames painted a second, milliseconds of each

# The pages' components send this event when a canvas is drawn, with the time since the pointer's event.
WATCH = """() => { window.frames_ = [];
  document.addEventListener("gan-frame", (event) => window.frames_.push(event.detail.latency_ms)); }"""
HEAD = "| {} | frames/s | median | 95th percentile |\n|---|---|---|---|"


def drag(page: Page, handle: Locator, seconds: float) -> Drag:
    """What is painted while a handle is dragged over the middle nine tenths of its width, after `WATCH`."""
    box = handle.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.evaluate("window.frames_.length = 0")
    begun = time.monotonic()
    while (gone := time.monotonic() - begun) < seconds:
        page.mouse.move(box["x"] + box["width"] * (0.5 + 0.45 * math.sin(2 * gone)), y)
    frames = page.evaluate("window.frames_")
    page.mouse.up()
    page.wait_for_timeout(500)
    return len(frames) / gone, [latency for latency in frames if latency is not None]


def row(name: str, drags: list[Drag]) -> None:
    """Print a row of the table: mean (least to most) over the repeats."""
    rates = [rate for rate, _ in drags]
    middle = [float(np.median(latencies)) for _, latencies in drags]
    high = [float(np.percentile(latencies, 95)) for _, latencies in drags]
    print(
        f"| {name} | {statistics.mean(rates):.1f} ({min(rates):.1f} to {max(rates):.1f}) | "
        f"{statistics.mean(middle):.1f} ms | {statistics.mean(high):.1f} ms ({min(high):.1f} to {max(high):.1f}) |",
        flush=True,
    )
