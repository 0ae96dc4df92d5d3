"""Single characters over HTTP: pictures a second of many clients at once, and how long one takes.

    python -m benchmarks.api [--clients 32] [--seconds 20] [--repeats 3] [--characters 0123456789]

The real server, on this machine's cores, which the clients share with it. Each client keeps its connection, and asks
for a character written from a seed that nobody has asked for before as soon as it has the one before whole
(``GET /api/generate/7?seed=…``, a PNG). All clients are one process, which does as little as it can: what it cost is
printed. Every answer is checked to be a PNG. Time counts from the first byte sent to the last one read.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import selectors
import socket
import statistics
import time
from urllib.parse import quote, urlsplit

import numpy as np

from benchmarks.sockets import spread
from benchmarks.workers import cpu_seconds, listening
from tests.browser.driver import serve

CHARACTERS = "0123456789"
WARM = 3.0  # seconds before what counts


class Client:
    """A connection with one request in flight."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun = 0.0
        self.rest = b""

    def ask(self, character: str, seed: int) -> None:
        head = f"GET /api/generate/{character}?seed={seed} HTTP/1.1\r\nHost: localhost\r\nAccept: image/png\r\n\r\n"
        self.begun, self.rest = time.perf_counter(), b""
        self.socket.send(head.encode())

    def read(self) -> bool:
        """Take what has come; whether the answer is whole.

        Raises:
            RuntimeError: if it is no picture.
        """
        self.rest += self.socket.recv(65536)
        head, gap, body = self.rest.partition(b"\r\n\r\n")
        if not gap:
            if not self.rest:
                raise RuntimeError("the server closed a connection")
            return False
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return False
        if not head.startswith(b"HTTP/1.1 200") or not body.startswith(b"\x89PNG"):
            raise RuntimeError(f"no picture: {self.rest[:300]!r}")
        return True


def ask(job: tuple[str, int, float, str, int]) -> tuple[float, list[float], float]:
    """(pictures a second, milliseconds of each, share of a core that the clients took).

    Args:
        job: address, clients, seconds, characters that take turns, and the first seed.
    """
    url, count, seconds, characters, first = job
    parts = urlsplit(url)
    turns, seeds = itertools.cycle(map(quote, characters)), itertools.count(first)
    ready = selectors.DefaultSelector()
    for _ in range(count):
        client = Client((parts.hostname or "", parts.port or 80))
        ready.register(client.socket, selectors.EVENT_READ, client)
        client.ask(next(turns), next(seeds))
    times: list[float] = []
    begun, cpu = time.perf_counter(), sum(os.times()[:2])
    while (now := time.perf_counter()) < begun + seconds:
        for key, _ in ready.select(1):
            if key.data.read():
                times.append((time.perf_counter() - key.data.begun) * 1000)
                key.data.ask(next(turns), next(seeds))
    took = now - begun
    for key in list(ready.get_map().values()):
        key.data.socket.close()
    return len(times) / took, times, (sum(os.times()[:2]) - cpu) / took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--characters", default=CHARACTERS, help="which take turns (default: %(default)s)")
    options = parser.parse_args()
    with multiprocessing.get_context("spawn").Pool(1) as own, serve({}) as url:
        first = itertools.count(0, 10**6)
        own.apply(ask, ((url, 1, WARM, options.characters, next(first)),))  # TensorFlow and the models are loaded
        time.sleep(5)  # the larger batch sizes are still being compiled
        own.apply(ask, ((url, options.clients, WARM, options.characters, next(first)),))
        found = []
        for _ in range(options.repeats):
            server, cpu, begun = listening(url), cpu_seconds(listening(url)), time.perf_counter()
            result = own.apply(ask, ((url, options.clients, options.seconds, options.characters, next(first)),))
            found.append((*result, (cpu_seconds(server) - cpu) / (time.perf_counter() - begun)))
    rates, times, clients, servers = zip(*found, strict=True)
    print("| clients | characters | pictures/s | p50 | p99 | slowest | server | clients' own cost |")
    print("|---|---|---|---|---|---|---|---|")
    cells = (
        options.clients,
        options.characters if len(options.characters) <= 10 else f"{len(options.characters)}",
        spread(list(rates), ".0f"),
        *(f"{spread([float(np.percentile(some, share)) for some in times], '.0f')} ms" for share in (50, 99)),
        f"{max(map(max, times)):.0f} ms",
        f"{statistics.mean(servers):.2f} core",
        f"{statistics.mean(clients):.2f} core",
    )
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
