"""The real app in a real browser: starting it, opening Chromium, and waiting until a page stands still."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
START_SECONDS = 60

# Settled: the script has run, nothing is a placeholder, no element is of an earlier run, all pictures are there.
SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.dataset.testScriptState !== "notRunning") return false;
  if (app.dataset.testConnectionState && app.dataset.testConnectionState !== "CONNECTED") return false;
  const busy = '[data-testid="stSkeleton"], [data-testid="stSpinner"], [data-testid="stAppSkeleton"], ' +
    '[data-stale="true"], .gan-place, [aria-busy="true"]';
  if (document.querySelector(busy)) return false;
  if (!document.querySelector('[data-testid="stHeading"]')) return false;
  return [...document.images].every((image) => image.complete);
}"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


@contextmanager
def serve(
    environment: Mapping[str, str], log: Path | None = None, script: Path = ROOT / "streamlit_app.py"
) -> Iterator[str]:
    """The app on a free port, stopped at the end; gives its address.

    Args:
        environment: variables beside those of this process.
        log: a file for what the server says.
        script: what is run.

    Raises:
        RuntimeError: if it does not answer; with what it said.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    log = log or Path(os.devnull)
    with log.open("wb") as said:
        server = subprocess.Popen(
            [*command, "--server.headless=true"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://localhost:{port}"
        _await(f"{url}/_stcore/health", server, log)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await(address: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    said = log.read_text(errors="replace")[-2000:] if log.is_file() else ""
    raise RuntimeError(f"the app did not start: {said}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, without a window.

    Raises:
        RuntimeError: if there is none.
    """
    if not CHROMIUM:
        raise RuntimeError(
            "there is no Chromium in PATH; install it (Debian: apt install chromium) or name it in CHROMIUM"
        )
    with sync_playwright() as playwright:
        # Containers give /dev/shm little room and often run as root, where Chromium's sandbox does not start.
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def settle(page: Page, seconds: float = 60) -> None:
    """Wait until the page stands still, and has stood still for a moment.

    Raises:
        playwright.sync_api.TimeoutError: if it does not come to rest.
    """
    deadline = time.monotonic() + seconds
    still = 0
    while still < 3:
        page.wait_for_function(SETTLED, timeout=max(1.0, deadline - time.monotonic()) * 1000, polling=100)
        page.wait_for_timeout(150)
        still = still + 1 if page.evaluate(SETTLED) else 0
    # These components stand in a shadow root, which the script above does not look into.
    for name in ("latent-space", "time-machine"):
        busy = page.locator(f'[data-testid="{name}"][aria-busy="true"]')
        busy.wait_for(state="hidden", timeout=seconds * 1000)


def await_result(page: Page, result: Locator, seconds: float) -> None:
    """Wait for what a long task of the page leads to, but no longer once the page says that it has failed.

    Raises:
        AssertionError: with what the page says.
        playwright.sync_api.TimeoutError: if neither comes.
    """
    failed = page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]')
    result.or_(failed).first.wait_for(timeout=seconds * 1000)
    assert not failed.count(), failed.first.inner_text()
