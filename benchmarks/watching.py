"""What it costs to watch a run: the server's processor time per viewer, and the speed of the training watched.

    python -m benchmarks.watching [--viewers 3] [--seconds 10] [--pairs 5]

A worker trains, and in turn nobody and some viewers look at its Live page. Viewers are pages in headless
Chromium, whose own cost is left out: it is the server's processes that are asked. For the training's speed they
are sessions without a browser, so that only the server and the worker share the cores: they speak Streamlit's protocol,
read what is sent, and ask for the page's fragments again as often as the page says. What they cost the server is
printed too: it shows how fair a stand-in they are.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from benchmarks.workers import cpu_seconds, listening, training
from gan.training.runs import Run
from tests.browser.driver import chromium, serve


class Viewer(threading.Thread):
    """A session of the Live page without a browser: what the page's own script sends and answers."""

    def __init__(self, url: str, run: Run) -> None:
        super().__init__(daemon=True)
        self.url, self.run_name = url, run.id
        self.answers = 0
        self.leave = threading.Event()
        self._page = ""
        self._kept: set[str] = set()  # large messages are sent once; then the page names those it has

    def run(self) -> None:
        due: dict[str, tuple[float, float]] = {}  # fragment: when to ask for it next, and how often
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        with connect(address, subprotocols=["streamlit"], origin=self.url, compression=None, max_size=None) as socket:
            socket.send(self._request())
            while not self.leave.is_set():
                now = time.monotonic()
                for fragment, (when, interval) in due.items():
                    if now >= when:
                        due[fragment] = when + interval, interval
                        socket.send(self._request(fragment))
                with contextlib.suppress(TimeoutError):
                    said = ForwardMsg.FromString(socket.recv(0.5 if not due else max(0.0, min(due.values())[0] - now)))
                    self._take(said, due)

    def _request(self, fragment: str = "") -> bytes:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = f"run={self.run_name}", self._page
        state.page_name = "" if self._page else "train"
        state.fragment_id, state.is_auto_rerun = fragment, bool(fragment)
        state.cached_message_hashes.extend(self._kept)
        state.context_info.url, state.context_info.color_scheme = f"{self.url}/train", "light"
        return message.SerializeToString()

    def _take(self, said: ForwardMsg, due: dict[str, tuple[float, float]]) -> None:
        if said.metadata.cacheable:
            self._kept.add(said.hash)
        match said.WhichOneof("type"):
            case "new_session":
                self._page = said.new_session.page_script_hash
            case "auto_rerun":
                every = said.auto_rerun.interval
                due.setdefault(said.auto_rerun.fragment_id, (time.monotonic() + every, every))
            case "script_finished":
                self.answers += 1


@contextlib.contextmanager
def sessions(url: str, run: Run, count: int) -> Iterator[list[Viewer]]:
    """Viewers without a browser, once they have seen the page and its first change."""
    viewers = [Viewer(url, run) for _ in range(count)]
    for viewer in viewers:
        viewer.start()
    while any(viewer.answers < 2 for viewer in viewers):
        if not all(viewer.is_alive() for viewer in viewers):
            raise RuntimeError("a viewer has gone")
        time.sleep(0.1)
    try:
        yield viewers
    finally:
        for viewer in viewers:
            viewer.leave.set()
        for viewer in viewers:
            viewer.join(10)


@contextlib.contextmanager
def pages(browser: Browser, url: str, run: Run, count: int) -> Iterator[None]:
    """Viewers in Chromium, each in a window of its own."""
    contexts = [browser.new_context(viewport={"width": 1440, "height": 900}) for _ in range(count)]
    try:
        for context in contexts:
            page = context.new_page()
            page.goto(f"{url}/train?run={run.id}")
            page.get_by_text("images/s").first.wait_for(timeout=60_000)
        time.sleep(2)
        yield
    finally:
        for context in contexts:
            context.close()


def watch(url: str, run: Run, seconds: float) -> tuple[float, float]:
    """The share of a core that the server took, and the training's steps a second, over some seconds from now."""
    server = listening(url)
    before, step, begun = cpu_seconds(server), run.metrics()[-1]["step"], time.monotonic()
    time.sleep(seconds)
    share = (cpu_seconds(server) - before) / (time.monotonic() - begun)
    records = [record for record in run.metrics() if record["step"] >= step and "g_loss" in record]
    steps, clock = (np.diff([record[key] for record in records]) for key in ("step", "seconds"))
    plain = clock < 1.5 * np.median(clock)  # the others hold a score, a checkpoint or a sheet of samples besides
    return share, float(steps[plain].sum() / clock[plain].sum())


def pairs(viewers, url: str, run: Run, seconds: float, count: int, number: int) -> tuple[list[float], list[float]]:
    """For each pair of nobody and some viewers: share of a core a viewer, and speed with them over that without."""
    shares, speeds = [], []
    for turn in range(count):
        found = {}
        for watched in (turn % 2 == 0, turn % 2 == 1):
            with viewers(url, run, number) if watched else contextlib.nullcontext():
                found[watched] = watch(url, run, seconds)
        shares.append((found[True][0] - found[False][0]) / number)
        speeds.append(found[True][1] / found[False][1])
    return shares, speeds


def spread(values: list[float], form: str) -> str:
    """Mean (least to most)."""
    return f"{statistics.mean(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    print("| what | figure |\n|---|---|", flush=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve({"GAN_RUNS_DIR": folder}) as url,
        training(Path(folder)) as run,
    ):
        with sessions(url, run, 1):
            pass  # the page's modules are loaded now
        shares, speeds = pairs(sessions, url, run, options.seconds, options.pairs, options.viewers)
        print(f"| training speed with {options.viewers} viewers over that with none | {spread(speeds, '.3f')} |")
        print(f"| server, per viewer without a browser | {spread(shares, '.3f')} core |", flush=True)
        with chromium() as browser:
            real = functools.partial(pages, browser)
            shares, _ = pairs(real, url, run, options.seconds, max(1, options.pairs // 2), options.viewers)
        print(f"| server, per page in Chromium | {spread(shares, '.3f')} core |", flush=True)


if __name__ == "__main__":
    main()
