"""Threads that parse at once do not meet: see `gan.parsing`."""

import ast
import gc
import sys
import threading

import pytest

import gan  # which settles it

HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4, 5), }"


class Garbage:
    """Runs Python when it is collected, so that another thread may have its turn."""

    def __init__(self):
        self.circle = self

    def __del__(self):
        sum(range(50))


@pytest.fixture
def eager():
    """Threads take turns, and garbage is collected, as often as can be."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(20)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*threshold)


def failures(parses=4000):
    found = []

    def work():
        for _ in range(parses):
            Garbage()
            try:
                ast.literal_eval(HEADER)
            except SystemError as error:
                found.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_threads_that_parse_at_once_do_not_meet(eager):
    assert not failures()


def test_only_once_in_a_process():
    before = ast.parse
    gan.parsing.settle()
    assert ast.parse is before
