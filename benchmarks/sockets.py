"""Many hands on the live socket at once: frames a second of each, idle and while a worker trains.

    python -m benchmarks.sockets [--clients 1 5 20] [--seconds 6] [--repeats 3]

The real server, on this machine's cores. A client does what the latent page does, without drawing: a finger moves 60
times a second, one request is in flight, and the next one asks for the newest position. Time counts from the moment the
finger got there to the last byte of the picture. All clients are one process of their own, whose cost is printed. Each
repeat measures every number of clients while the worker trains and while it stands still.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import multiprocessing
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.workers import go_on, hold, training
from gan import live
from gan.latent_space.views import View
from tests.browser.driver import serve

HERTZ = 60  # positions of a finger, and pictures of a screen, a second
VIEW = View.start("digits", 10).to_json()


async def slide(socket: ClientConnection, phase: float, until: float) -> list[float]:
    """Slide to and fro; milliseconds from finger to bytes of every picture."""
    times: list[float] = []
    tick = 0
    begun = time.perf_counter() + phase / HERTZ
    while (now := time.perf_counter()) < until:
        if now < (due := begun + tick / HERTZ):
            await asyncio.sleep(due - now)
            continue
        tick = int((now - begun) * HERTZ)  # the newest position; those it overtook are never asked for
        moved = begun + tick / HERTZ
        keys = [{**VIEW["keys"][0], "at": 1 + int(phase * 1000)}, *VIEW["keys"][1:]]
        view = {**VIEW, "t": 0.5 + 0.45 * math.sin(2 * (moved - begun)), "keys": keys}
        await socket.send(json.dumps({"id": tick, "want": "frame", "view": view}))
        answer = await socket.recv()
        if not isinstance(answer, bytes) or live.HEADER.unpack_from(answer)[0] != tick:
            raise RuntimeError(f"not the picture that was asked for: {answer[:200]!r}")
        times.append((time.perf_counter() - moved) * 1000)
        tick += 1
    return times


async def crowd(url: str, clients: int, seconds: float) -> tuple[list[float], list[float]]:
    """(frames a second of each client, milliseconds of every picture)."""
    address = url.replace("http", "ws", 1) + "/live"
    sockets = await asyncio.gather(*(connect(address, compression=None) for _ in range(clients)))
    warm = time.perf_counter() + 1
    await asyncio.gather(*(slide(socket, i / clients, warm) for i, socket in enumerate(sockets)))
    begun = time.perf_counter()
    times = await asyncio.gather(*(slide(socket, i / clients, begun + seconds) for i, socket in enumerate(sockets)))
    took = time.perf_counter() - begun
    await asyncio.gather(*(socket.close() for socket in sockets))
    return [len(some) / took for some in times], [one for some in times for one in some]


def run(job: tuple[str, int, float]) -> tuple[list[float], list[float], float]:
    """`crowd` in a process of its own; also the share of a core that the clients themselves took."""
    started, cpu = time.perf_counter(), sum(os.times()[:2])
    rates, times = asyncio.run(crowd(*job))
    return rates, times, (sum(os.times()[:2]) - cpu) / (time.perf_counter() - started)


def spread(values: list[float], form: str = ".1f") -> str:
    """Mean (least to most) over the repeats."""
    return f"{statistics.mean(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 5, 20])
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    found: dict[tuple[int, str], list] = {(n, state): [] for n in options.clients for state in ("idle", "training")}
    with (
        tempfile.TemporaryDirectory() as folder,
        multiprocessing.get_context("spawn").Pool(1) as own,
        serve({"GAN_RUNS_DIR": folder}) as url,
        training(Path(folder)) as trained,
    ):
        own.apply(run, ((url, 1, 3.0),))
        time.sleep(5)  # the larger batch sizes are still being compiled
        for repeat in range(options.repeats):
            for state in ("training", "idle"):
                if state == "idle":
                    hold(trained)
                elif repeat:
                    go_on(trained)
                for n in options.clients:
                    found[n, state].append(own.apply(run, ((url, n, options.seconds),)))
    print("| clients | the worker | frames/s each | slowest client | fastest | 95th percentile | clients' own cost |")
    print("|---|---|---|---|---|---|---|")
    for (n, state), results in found.items():
        rates, times, costs = zip(*results, strict=True)
        cells = (
            n,
            {"idle": "stands still", "training": "trains"}[state],
            spread([statistics.mean(some) for some in rates]),
            f"{min(map(min, rates)):.1f}",
            f"{max(map(max, rates)):.1f}",
            f"{spread([float(np.percentile(some, 95)) for some in times])} ms",
            f"{statistics.mean(costs):.2f} core",
        )
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
