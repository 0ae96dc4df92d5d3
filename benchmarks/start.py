"""Seconds to a usable Home, and the server's memory over many visits.

    python -m benchmarks.start [--starts 5] [--visits 500] [--pictures 5000]

A start counts from launching `streamlit run` to the moment all of Home can be clicked in an open Chromium; whether
TensorFlow is loaded by then is read from the server's memory map. For the memory, one browser visits the pages in turn
and draws on Generate, after a warm-up; compared are the means of the first and the last tenth.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil
from playwright.sync_api import Error

from tests.browser.driver import ROOT, chromium, free_port, serve, settle

PAGES = ("", "browse", "train", "latent", "generate")
EACH = 50  # pictures on a visit of Generate


def start(browser) -> tuple[float, float, bool]:
    """(seconds to Home, seconds to the first picture drawn, TensorFlow loaded when Home was there) of one start."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
    page = browser.new_page()
    begun = time.monotonic()
    server = subprocess.Popen([*command, "--server.headless=true"], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                page.goto(f"http://localhost:{port}/", wait_until="commit")
                break
            except Error:
                time.sleep(0.05)
        page.get_by_role("link", name="Latent space").last.wait_for()
        page.get_by_text("Runs", exact=True).last.wait_for()
        home = time.monotonic() - begun
        loaded = "libtensorflow" in Path(f"/proc/{server.pid}/maps").read_text()
        page.locator("img.gan-pixels").first.wait_for(timeout=60_000)
        return home, time.monotonic() - begun, loaded
    finally:
        page.close()
        server.terminate()
        server.wait()


def memory(browser, visits: int, pictures: int) -> list[float]:
    """The server's resident MB after each visit, warm-up left out."""
    with serve({}) as url:
        port = int(url.rsplit(":", 1)[1])
        server = next(
            p for p in psutil.process_iter(["cmdline"]) if f"--server.port={port}" in (p.info["cmdline"] or [])
        )
        page = browser.new_page()
        measured = []
        drawn = 0
        for visit in range(-20, visits):
            name = PAGES[visit % len(PAGES)]
            if name == "generate" and drawn < pictures + EACH * 4:
                name, drawn = f"generate?count={EACH}&seed={drawn}", drawn + EACH
            page.goto(f"{url}/{name}")
            settle(page)
            if visit >= 0:
                measured.append(server.memory_info().rss / 2**20)
        print(f"{drawn - EACH * 4:,} pictures drawn in {visits} visits")
        return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--visits", type=int, default=500)
    parser.add_argument("--pictures", type=int, default=5000)
    options = parser.parse_args()
    with chromium() as browser:
        if options.starts:
            start(browser)  # warms the disk
            home, first, loaded = zip(*(start(browser) for _ in range(options.starts)), strict=True)
            for what, seconds in (("usable Home", home), ("first picture drawn", first)):
                print(f"{what}: {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")
            print(f"TensorFlow loaded when Home was usable: {sum(loaded)} of {len(loaded)}")
        if options.visits:
            measured = memory(browser, options.visits, options.pictures)
            tenth = max(1, len(measured) // 10)
            first_mb, last_mb = statistics.mean(measured[:tenth]), statistics.mean(measured[-tenth:])
            print(f"server memory: {first_mb:.0f} MB first tenth, {last_mb:.0f} MB last, {last_mb - first_mb:+.0f} MB")


if __name__ == "__main__":
    main()
