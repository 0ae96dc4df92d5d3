"""A process of its own that works on a job, and how others see that it lives."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from gan import paths


def start(arguments: Sequence[str], log: Path) -> int:
    """Run a verb of the command line in a process that outlives this one; gives its number."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "gan", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=paths.ROOT,
            start_new_session=True,
        )
    return process.pid


def sign(path: Path, pid: int) -> None:
    """Write down who works. Numbers of processes are reused, hence the time at which it started."""
    with contextlib.suppress(psutil.Error):
        text = json.dumps({"pid": pid, "started": psutil.Process(pid).create_time()})
        paths.write_aside(path, text.encode())


def alive(path: Path) -> bool:
    """Whether the process that signed still lives."""
    try:
        who = json.loads(path.read_text(encoding="utf-8"))
        process = psutil.Process(who["pid"])
        return abs(process.create_time() - who["started"]) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return False
