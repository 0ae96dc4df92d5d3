"""Less of what the C library keeps of memory that has been freed.

glibc gives threads arenas of their own, up to eight for each core, and keeps the gaps that short-lived work leaves in
each of them. A server of many threads so grew by 5 MB a minute under all kinds of work (`benchmarks.mixed_load`), while
what it used stayed the same. Two arenas are enough, for Python's threads seldom run at once; what lies free in them is
given back now and then.
"""

from __future__ import annotations

import ctypes
import threading

ARENAS = 2
EVERY = 30.0  # seconds between two times of giving back, which takes some milliseconds
M_ARENA_MAX = -8  # of malloc.h


def tidy() -> threading.Event:
    """Begin with it before there are many threads; it goes on until the event is set. Without glibc nothing happens."""
    over = threading.Event()
    try:
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
    except (AttributeError, OSError, TypeError):  # another C library; on Windows None is no library
        return over

    def work() -> None:
        while not over.wait(EVERY):
            trim()

    threading.Thread(target=work, daemon=True, name="gan-memory").start()
    return over


def trim() -> bool:
    """Give back whole pages that nothing is in; whether there were any. Other threads go on meanwhile."""
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (AttributeError, OSError, TypeError):
        return False
