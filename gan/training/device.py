"""What trains: its name, its memory, what it is fast at; and the queue in which workers wait for it."""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import filelock
import psutil

from gan import paths
from gan.training.runs import alive


def cpu_name() -> str:
    """The processor's name and how many cores this process may use."""
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), name)
    return f"CPU, {cores()} cores ({name})"


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself; without, it is several times slower than float32."""
    with contextlib.suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return "avx512_bf16" in flags or "amx_bf16" in flags
    return False


def memory_mb() -> int:
    """Resident memory of this process in MB."""
    return psutil.Process().memory_info().rss // 2**20


def be_polite() -> None:
    """Lower this process' priority, so that pages stay smooth while it trains."""
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process().nice(19 if os.name == "posix" else psutil.BELOW_NORMAL_PRIORITY_CLASS)


class Turn:
    """The right to the device, first come, first served, across processes.

    A ticket is a file named after the moment it was drawn; a lock says who has the device, and the oldest ticket whose
    process lives is next. A killed worker's lock is freed by the system, and its ticket is ignored.
    """

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._lock = filelock.FileLock(paths.runs_dir() / ".device.lock")
        self._ticket: Path | None = None

    def take(self, waiting: Callable[[str], bool]) -> bool:
        """Wait until the device is ours. `waiting` is told four times a second which run is first; False gives up."""
        queue = paths.runs_dir() / ".queue"
        queue.mkdir(parents=True, exist_ok=True)
        me = psutil.Process()
        self._ticket = queue / f"{time.time_ns():020d}.{me.pid}.{me.create_time():.2f}.{self.run_id}"
        while True:
            self._ticket.touch()  # again and again: whoever thinks us dead may take it away
            first = _first(queue, self._ticket.name)
            if first == self._ticket.name:
                with contextlib.suppress(filelock.Timeout):
                    self._lock.acquire(timeout=0)
                    return True
            if not waiting(first.split(".", 4)[-1]):
                self.give_back()
                return False
            time.sleep(0.25)

    def give_back(self) -> None:
        """Let the next one have it. Harmless when it is not ours."""
        if self._ticket:
            self._ticket.unlink(missing_ok=True)
        self._lock.release()


def _first(queue: Path, own: str) -> str:
    """The oldest ticket whose process lives; dead ones are removed, foreign files left alone."""
    for ticket in sorted(queue.iterdir()):
        parts = ticket.name.split(".", 4)
        if len(parts) != 5 or not all(part.isdigit() for part in parts[:4]):
            continue
        if ticket.name == own or alive(int(parts[1]), float(f"{parts[2]}.{parts[3]}")):
            return ticket.name
        ticket.unlink(missing_ok=True)
    return ""
