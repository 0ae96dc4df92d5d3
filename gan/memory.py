"""What this process has freed, given back to the system.

glibc keeps the gaps that many threads leave behind them in its arenas: after six minutes of all kinds of work a server
held 188 MB of them beside 213 MB in use, and more with every minute (`benchmarks.mixed_load`).
"""

from __future__ import annotations

import ctypes
import threading

EVERY = 30.0  # seconds; it takes some milliseconds


def trim() -> bool:
    """Give back whole pages that nothing is in; whether there were any. Without glibc (macOS, Windows) nothing happens.

    Other threads go on meanwhile.
    """
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (AttributeError, OSError, TypeError):  # another C library; on Windows None is no library
        return False


def keep_trimmed() -> threading.Event:
    """`trim` now and then, in a thread of its own, until the event is set."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(EVERY):
            trim()

    threading.Thread(target=work, daemon=True, name="gan-memory").start()
    return over
