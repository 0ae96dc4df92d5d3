"""Everything at once, for a quarter of an hour: errors, and the server's memory at the beginning and at the end.

    python -m benchmarks.mixed_load [--minutes 15] [--warm-up 1] [--viewers 2] [--sockets 2] [--programs 4]

The real server, and on the same cores: a worker that trains; viewers who watch it (sessions without a browser, see
`benchmarks.watching`); a visitor who opens one page after the other, a session each; fingers that slide over `/live`;
programs that ask `/api` for all that it has, wrong things too. An answer that is not as it should be is an error, and
so is an exception on a page. The memory is the server's resident set, its mean over the first tenth of the time after
the warm-up and over the last tenth. Ends with 1 if there was an error, or more than 50 MB between the two.
"""

from __future__ import annotations

import argparse
import collections
import io
import multiprocessing
import random
import statistics
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from benchmarks import sockets
from benchmarks.watching import sessions
from benchmarks.workers import listening, training
from gan.client import Studio, StudioError
from tests.browser.driver import serve

MEGABYTES = 50  # that the server may grow by
PAGES = ("", "latent", "generate", "upscale", "recognise", "train", "runs", "evaluate", "browse", "augment")
STAY = 2.0  # seconds on a page
EVERY = 1.0  # seconds between two looks at the memory


class Load:
    """What is counted while it lasts."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.done: collections.Counter[str] = collections.Counter()
        self.errors: list[str] = []

    def keep(self, what: str, act: Callable[[], None]) -> threading.Thread:
        """Do something again and again, until it is over."""

        def work() -> None:
            while not self.over.is_set():
                try:
                    act()
                    self.done[what] += 1
                except Exception:
                    self.errors.append(f"{what}: {traceback.format_exc(limit=3)}")
                    self.over.wait(1)

        thread = threading.Thread(target=work, daemon=True, name=what)
        thread.start()
        return thread


def visit(url: str, page: str) -> None:
    """Open a page in a session of its own, stay a little, and leave.

    Raises:
        RuntimeError: if it shows an exception.
    """
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.context_info.url, message.rerun_script.context_info.color_scheme = f"{url}/{page}", "light"
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], origin=url, compression=None, max_size=None) as socket:
        socket.send(message.SerializeToString())
        until = time.monotonic() + 60
        finished = None
        while finished is None or time.monotonic() < finished + STAY:
            if time.monotonic() > until:
                raise RuntimeError(f"/{page} did not finish")
            try:
                said = ForwardMsg.FromString(socket.recv(0.5))
            except TimeoutError:
                continue
            if said.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError(f"/{page}: {said.delta.new_element.exception.message}")
            if said.WhichOneof("type") == "script_finished" and finished is None:
                finished = time.monotonic()


def kinds(studio: Studio, rng: random.Random) -> dict[str, Callable[[], object]]:
    """Everything that a program may ask for, by name."""
    labels = list("0123456789")

    def refused() -> None:
        wrong = rng.choice(
            [lambda: studio.generate("☃"), lambda: studio.sample(labels=["x"]), lambda: studio.model("x")]
        )
        try:
            wrong()
        except StudioError as error:
            if error.status in (404, 422):
                return
            raise
        raise RuntimeError("what is wrong was not refused")

    def run() -> None:
        for one in studio.runs():
            studio.metrics(one["id"], max(-1, one["step"] - 50))
            for step in studio.run(one["id"])["samples"][-1:]:
                studio.samples(one["id"], step)

    def npz() -> None:
        with np.load(io.BytesIO(studio.sample(kind="npz", n=64, seed=rng.randrange(2**32)))) as arrays:
            if arrays["images"].shape != (64, 28, 28, 1):
                raise RuntimeError(f"not what was asked for: {arrays['images'].shape}")

    def keys() -> list[dict]:
        return [{"seed": rng.randrange(2**32), "label": rng.choice(labels)} for _ in range(3)]

    return {
        "generate": lambda: studio.generate(rng.choice("0123456789ABCabc"), seed=rng.randrange(2**32)),
        "text": lambda: studio.generate("Room 101", size=rng.choice([0, 48, 96]), seed=rng.randrange(2**32)),
        "sample": lambda: studio.sample(rng.choice(["digits", "hangul", "avatars32"]), n=16, seed=rng.randrange(2**32)),
        "npz": npz,
        "interpolate": lambda: studio.interpolate(keys(), kind=rng.choice(["gif", "png", "mp4"]), frames=24),
        "upscale": lambda: studio.upscale(studio.generate("77")),
        "recognize": lambda: studio.recognize(studio.generate("2718", size=64), what="digits"),
        "evaluate": lambda: studio.evaluate("mnist_cnn", dataset="handwriting-digits"),
        "models": lambda: studio.models(),
        "runs": run,
        "refused": refused,
    }


def program(studio: Studio, load: Load, seed: int) -> Callable[[], None]:
    """A program: all kinds in any order, the heavy ones seldom."""
    rng = random.Random(seed)
    all_kinds = kinds(studio, rng)
    often = {"generate": 60, "text": 20, "sample": 10, "recognize": 4, "interpolate": 2, "upscale": 2, "evaluate": 0.2}
    names = list(all_kinds)
    weights = [often.get(name, 5) for name in names]

    def act() -> None:
        (name,) = rng.choices(names, weights)
        all_kinds[name]()
        load.done[f"/api: {name}"] += 1
        time.sleep(rng.random() * 0.05)

    return act


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--warm-up", type=float, default=1, help="minutes before the first look at the memory")
    parser.add_argument("--viewers", type=int, default=2)
    parser.add_argument("--sockets", type=int, default=2)
    parser.add_argument("--programs", type=int, default=4)
    options = parser.parse_args()
    load, memory = Load(), []
    with (
        tempfile.TemporaryDirectory() as folder,
        multiprocessing.get_context("spawn").Pool(1) as own,
        serve({"GAN_RUNS_DIR": folder, "GAN_KEPT_DIR": f"{folder}/.kept"}, Path(folder) / "server.log") as url,
        training(Path(folder), settings=("precision=float32", "xla=off")) as run,  # its speed is not measured here
        sessions(url, run, options.viewers) as viewers,
    ):
        server = listening(url)
        for kind in kinds(Studio(url), random.Random(0)).values():
            kind()  # every model that takes part is loaded
        for page in PAGES:
            visit(url, page)  # and every page's modules and data
        pages, turn = [*PAGES], iter(range(10**9))
        threads = [load.keep("pages", lambda: visit(url, pages[next(turn) % len(pages)]))]
        for seed in range(options.programs):
            threads.append(load.keep("/api", program(Studio(url), load, seed)))
        threads.append(load.keep("/live", lambda: load.done.update(frames=slide(own, url, options.sockets))))
        time.sleep(60 * options.warm_up)
        begun, step = time.monotonic(), run.status()["step"]
        while (spent := time.monotonic() - begun) < 60 * options.minutes:
            memory.append((spent / (60 * options.minutes), server.memory_info().rss / 2**20))
            if gone := [viewer for viewer in viewers if not viewer.is_alive()]:
                load.errors.append(f"watching: {len(gone)} of the viewers have gone")
                break
            time.sleep(EVERY)
        load.over.set()
        for thread in threads:
            thread.join(120)
        trained = run.status()["step"] - step
        said = (Path(folder) / "server.log").read_text(errors="replace")
    first = statistics.mean(size for share, size in memory if share < 0.1)
    last = statistics.mean(size for share, size in memory if share >= 0.9 * memory[-1][0])
    print("| what | figure |\n|---|---|")
    print(f"| time after the warm-up | {options.minutes:g} min |")
    for name, count in sorted(load.done.items()):
        print(f"| {name}, warm-up included | {count:,} |")
    print(f"| steps trained | {trained:,} |")
    print(f"| errors | {len(load.errors)} |")
    print(f"| server's memory, first tenth | {first:,.0f} MB |")
    print(f"| server's memory, last tenth | {last:,.0f} MB ({last - first:+.0f}) |", flush=True)
    for error in load.errors[:10]:
        print(error, file=sys.stderr)
    if load.errors:
        print(f"The server's log ends:\n{said[-5000:]}", file=sys.stderr)
    return int(bool(load.errors) or last - first > MEGABYTES)


def slide(own, url: str, clients: int) -> int:
    """Fingers for ten seconds; how many pictures they got."""
    _, times, _ = own.apply(sockets.run, ((url, clients, 10.0),))
    return len(times)


if __name__ == "__main__":
    sys.exit(main())
