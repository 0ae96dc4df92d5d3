"""Giving memory back: what is freed among what is kept leaves the process, and threads share few arenas."""

import ctypes
import subprocess
import sys
import threading
import time

import numpy as np
import psutil
import pytest

from gan import memory

MEGABYTE = 2**20
glibc = pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="the C library is not glibc")
# Sixteen threads that allocate at once, and how many arenas there are then.
COUNTED = """
import ctypes, sys, threading
from gan import memory
if sys.argv[1] == "tidy":
    memory.tidy()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
barrier = threading.Barrier(16)
def work():
    barrier.wait()
    libc.malloc(5000)
    barrier.wait()
threads = [threading.Thread(target=work) for _ in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.fopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes, libc.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
"""


def resident():
    return psutil.Process().memory_info().rss / MEGABYTE


@glibc
def test_gaps_are_given_back():
    # Small enough to lie in the heap, where one kept at the end holds all that is before it.
    gaps = [np.ones(4096, np.uint64) for _ in range(4000)]
    kept = gaps[1::2]
    before = resident()
    gaps.clear()
    assert memory.trim()
    assert resident() < before - 40  # of 62 MB
    assert sum(int(array.sum()) for array in kept) == 2000 * 4096


@glibc
def test_threads_share_few_arenas(tmp_path):
    found = {}
    for how in ("tidy", "as it is"):
        subprocess.run([sys.executable, "-c", COUNTED, how, str(tmp_path / how)], check=True, timeout=60)
        found[how] = (tmp_path / how).read_text().count("<heap nr=")
    assert found["tidy"] == memory.ARENAS < found["as it is"]


def test_without_such_a_library_nothing_happens(monkeypatch):
    def without(name):
        raise OSError(f"{name}: no such library")

    threads = threading.active_count()
    for library in (without, lambda name: sys):
        monkeypatch.setattr(ctypes, "CDLL", library)
        assert not memory.trim() and not memory.tidy().is_set()
    assert threading.active_count() == threads


def test_it_goes_on_until_it_is_told_to_end(monkeypatch):
    trimmed, names = threading.Semaphore(0), lambda: {thread.name for thread in threading.enumerate()}
    monkeypatch.setattr(memory, "EVERY", 0.01)
    monkeypatch.setattr(memory, "trim", trimmed.release)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: type("Library", (), {"mallopt": lambda *values: 1}))
    over = memory.tidy()
    assert all(trimmed.acquire(timeout=30) for _ in range(3)) and "gan-memory" in names()
    over.set()
    until = time.monotonic() + 30
    while "gan-memory" in names():
        assert time.monotonic() < until
        time.sleep(0.01)
