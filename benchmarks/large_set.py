"""Opening and browsing a set of the size of EMNIST ByClass: 814,255 pictures of 62 classes.

    python -m benchmarks.large_set [--flips 40] [--opens 5] [--folder DIR] [--no-browser]

Writes the set in its publisher's files (drawn pictures of `handwriting`, moved by up to two pixels), lets the app
read them once into an empty cache, and then measures: opening it in a new process, finding the pictures of a class,
cutting out pages; then, in the real app with Chromium, the first visit of Browse, turning pages at random places (from
the press of a button until all pictures of the new page are there), and the anonymous memory of the server.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import os
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from gan import datasets
from gan.datasets import idx
from tests.browser.driver import ROOT, chromium, serve, settle

NAME = "emnist-byclass"
PIECE = 8192
SIZE = 100  # pictures a page

INDEX = f"from gan import datasets; datasets.load({NAME!r})"
OPEN = f"""
import time
from gan import datasets
begun = time.perf_counter()
split = datasets.load({NAME!r}).train
split.digest, split.images[0], split.labels[-1]
print(time.perf_counter() - begun)
"""
QUERY = f"""
import random, time
from gan import datasets
from gan.datasets import summary
split = datasets.load({NAME!r}).train
for turn in range(20):
    begun = time.perf_counter()
    found = summary.matching(split, [turn])
    between = time.perf_counter()
    start = random.Random(turn).randrange(len(found) - {SIZE})
    split.images[found[start : start + {SIZE}]]
    print(between - begun, time.perf_counter() - between)
"""

# Presses a button and waits until the last picture of the page is another one, and all are there: milliseconds.
FLIP = """async (name) => {
  const deep = function* (root) {
    for (const node of root.querySelectorAll("*")) {
      yield node;
      if (node.shadowRoot) yield* deep(node.shadowRoot);
    }
  };
  const all = [...deep(document)];
  const grid = all.find((node) => node.getAttribute("aria-label") === "Pictures");
  const button = all.find((node) => node.tagName === "BUTTON" && node.innerText.trim() === name);
  const last = () => [...grid.querySelectorAll("img")].at(-1)?.src;
  const before = last();
  const begun = performance.now();
  button.click();
  while (last() === before || ![...grid.querySelectorAll("img")].every((image) => image.complete)) {
    if (performance.now() - begun > 20000) return null;
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - begun;
}"""


def write(folder: Path) -> None:
    """The publisher's files, filled with drawn pictures."""
    row = datasets.DATASETS[NAME]
    drawn = datasets.load("handwriting").train
    known = [drawn.images[drawn.labels == label, ..., 0] for label in range(len(row.class_names))]
    rng = np.random.default_rng(1)
    for split, count in row.counts.items():
        labels = rng.integers(0, len(known), count).astype(np.uint8)
        pictures, words = (folder / f"{file.name}.gz" for file in row.reader.files[split])
        words.write_bytes(gzip.compress(idx.encode(labels), 1))
        with gzip.open(pictures, "wb", 1) as file:
            file.write(struct.pack(">HBB3I", 0, 8, 3, count, 28, 28))
            for start in range(0, count, PIECE):
                part = labels[start : start + PIECE]
                moves = rng.integers(-2, 3, (len(part), 2))
                pieces = (
                    np.roll(known[label][rng.integers(len(known[label]))], move, (0, 1)).T
                    for label, move in zip(part, moves, strict=True)
                )
                file.write(b"".join(piece.tobytes() for piece in pieces))


def anonymous(pid: int) -> float:
    """Anonymous resident memory of a process and its children, in MB."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
    return total / 1024


class Watch(threading.Thread):
    """The most anonymous memory a process has had."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.done = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.02):
            self.most = max(self.most, anonymous(self.pid))


@contextlib.contextmanager
def watched(pid: int) -> Iterator[Watch]:
    watch = Watch(pid)
    watch.start()
    try:
        yield watch
    finally:
        watch.done.set()
        watch.join()


def run(program: str, environment: dict[str, str]) -> tuple[list[list[float]], float, float]:
    """The numbers a program printed, its seconds, and the most anonymous memory it had in MB."""
    begun = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        with watched(process.pid) as watch:
            said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"it failed: {program}")
    return [[float(word) for word in line.split()] for line in said.splitlines()], time.monotonic() - begun, watch.most


def browse(variables: dict[str, str], flips: int) -> None:
    """The real app, used as a person would."""
    with serve(variables) as url, chromium() as browser:
        port = url.rsplit(":", 1)[1]
        server = next(
            p for p in psutil.process_iter(["cmdline"]) if f"--server.port={port}" in (p.info["cmdline"] or [])
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        with watched(server.pid) as watch:
            begun = time.monotonic()
            page.goto(f"{url}/browse?dataset={NAME}")
            page.get_by_role("group", name="Pictures").get_by_role("img").last.wait_for(timeout=120_000)
            row("first visit of Browse until its pictures are there", f"{time.monotonic() - begun:.2f} s")
            settle(page, 120)
            row("first visit of Browse until all of the page stands still", f"{time.monotonic() - begun:.2f} s")
            turns, rng = [], random.Random(1)
            pages = datasets.DATASETS[NAME].counts["train"] // SIZE
            for turn in range(flips):
                if turn % 10 == 0:  # somewhere else, so that the pictures are not those that were read just now
                    page.goto(f"{url}/browse?dataset={NAME}&page={rng.randrange(2, pages - 20)}")
                    settle(page, 120)
                taken = page.evaluate(FLIP, "Next")
                if taken is None:
                    raise RuntimeError("the page did not turn")
                turns.append(taken)
                settle(page)
            high = sorted(turns)[int(0.95 * len(turns))]
            row("page turned, until its pictures are there", f"{statistics.median(turns):.0f} ms (95%: {high:.0f} ms)")
            page.goto(f"{url}/browse?dataset={NAME}&split=test&class=Q")
            settle(page, 120)
            row("anonymous memory of the server, afterwards", f"{anonymous(server.pid):.0f} MB")
        row("anonymous memory of the server, most", f"{watch.most:.0f} MB")


def row(what: str, figure: str) -> None:
    print(f"| {what} | {figure} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=40)
    parser.add_argument("--opens", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="keep files and cache there, and use those of an earlier time")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        variables = {"GAN_DATA_DIR": str(folder / "data"), "GAN_CACHE_DIR": str(folder / "cache")}
        environment = os.environ | variables
        print("| what | figure |\n|---|---|")
        if not (folder / "data").is_dir():
            (folder / "data" / "emnist").mkdir(parents=True)
            write(folder / "data" / "emnist")
        if not (folder / "cache" / NAME).is_dir():
            _, seconds, most = run(INDEX, environment)
            row("814,255 pictures read once into the cache", f"{seconds:.1f} s, {most:.0f} MB of memory at most")
        opened = [run(OPEN, environment)[0][0][0] for _ in range(options.opens)]
        row("opened in a new process", f"{statistics.median(opened) * 1e3:.0f} ms (most {max(opened) * 1e3:.0f} ms)")
        found, cut = zip(*run(QUERY, environment)[0], strict=True)
        row("positions of a class among 697,932", f"{statistics.median(found) * 1e3:.1f} ms")
        row(f"{SIZE} of these pictures cut out", f"{statistics.median(cut) * 1e3:.1f} ms")
        if not options.no_browser:
            browse(variables, options.flips)


if __name__ == "__main__":
    main()
