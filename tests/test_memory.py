"""Giving memory back: what is freed among what is kept leaves the process."""

import ctypes
import sys
import threading
import time

import numpy as np
import psutil
import pytest

from gan import memory

MEGABYTE = 2**20


def resident():
    return psutil.Process().memory_info().rss / MEGABYTE


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="the C library is not glibc")
def test_gaps_are_given_back():
    # Small enough to lie in the heap, where one kept at the end holds all that is before it.
    gaps = [np.ones(4096, np.uint64) for _ in range(4000)]
    kept = gaps[1::2]
    before = resident()
    gaps.clear()
    assert memory.trim()
    assert resident() < before - 40  # of 62 MB
    assert sum(int(array.sum()) for array in kept) == 2000 * 4096


def test_without_such_a_library_nothing_happens(monkeypatch):
    def without(name):
        raise OSError(f"{name}: no such library")

    monkeypatch.setattr(ctypes, "CDLL", without)
    assert not memory.trim()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: sys)
    assert not memory.trim()


def test_it_goes_on_until_it_is_told_to_end(monkeypatch):
    trimmed, names = threading.Semaphore(0), lambda: {thread.name for thread in threading.enumerate()}
    monkeypatch.setattr(memory, "EVERY", 0.01)
    monkeypatch.setattr(memory, "trim", trimmed.release)
    over = memory.keep_trimmed()
    assert all(trimmed.acquire(timeout=30) for _ in range(3)) and "gan-memory" in names()
    over.set()
    until = time.monotonic() + 30
    while "gan-memory" in names():
        assert time.monotonic() < until
        time.sleep(0.01)
