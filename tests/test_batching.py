import threading
from concurrent.futures import CancelledError

import numpy as np
import pytest

from gan.batching import LARGEST, SMALL, Batcher


class Recorder:
    """Work that can be held up, and remembers its calls: double the rows."""

    def __init__(self):
        self.calls: list[tuple[str, int]] = []
        self.gate, self.started = threading.Event(), threading.Semaphore(0)
        self.batcher = Batcher(self.work, "test")

    def work(self, kind, rows):
        self.started.release()
        assert self.gate.wait(10)
        self.calls.append((kind, len(rows)))
        if kind == "broken":
            raise ValueError("broken")
        return 2 * rows

    def hold(self):
        """Occupy the thread, so that what is submitted now waits together."""
        first = self.batcher.submit("first", np.zeros((1, 1)))
        self.started.acquire()
        return first


def rows(n, start=0):
    return np.arange(start, start + n, dtype=np.float64)[:, None]


def test_what_waits_is_done_together_and_each_gets_its_own():
    recorder = Recorder()
    recorder.hold()
    futures = [recorder.batcher.submit("a", rows(3, start)) for start in (0, 10, 20)]
    recorder.gate.set()
    for start, future in zip((0, 10, 20), futures, strict=True):
        np.testing.assert_array_equal(future.result(10), 2 * rows(3, start))
    assert recorder.calls == [("first", 1), ("a", 9)]


def test_what_fails_is_answered_once_however_many_wait():
    recorder = Recorder()
    recorder.hold()
    sizes = [3, *[SMALL] * (LARGEST // SMALL)]  # of the last one, the call takes a part
    broken = [recorder.batcher.submit("broken", rows(size)) for size in sizes]
    recorder.gate.set()
    for future in broken:
        with pytest.raises(ValueError, match="broken"):
            future.result(10)
    np.testing.assert_array_equal(recorder.batcher.submit("a", rows(2)).result(10), 2 * rows(2))


def test_kinds_do_not_mix_and_nobody_is_overtaken_within_a_kind():
    recorder = Recorder()
    recorder.hold()
    futures = [recorder.batcher.submit(kind, rows(2)) for kind in "abab"]
    recorder.gate.set()
    for future in futures:
        np.testing.assert_array_equal(future.result(10), 2 * rows(2))
    assert recorder.calls[1:] == [("a", 4), ("b", 4)]


def test_a_large_request_is_done_in_slices_between_which_small_ones_are_served():
    recorder = Recorder()
    first = recorder.hold()
    large = recorder.batcher.submit("a", rows(5 * SMALL + 1))
    small = [recorder.batcher.submit(kind, rows(1)) for kind in "bc"]
    recorder.gate.set()
    np.testing.assert_array_equal(large.result(10), 2 * rows(5 * SMALL + 1))
    assert all(future.done() for future in [first, *small])
    assert recorder.calls[1:6] == [("a", SMALL), ("b", 1), ("a", SMALL), ("c", 1), ("a", SMALL)]
    assert recorder.calls[-1] == ("a", 1)


def test_with_nobody_waiting_slices_are_as_large_as_they_can_be():
    recorder = Recorder()
    recorder.gate.set()
    result = recorder.batcher.submit("a", rows(2 * LARGEST + 7)).result(10)
    np.testing.assert_array_equal(result, 2 * rows(2 * LARGEST + 7))
    assert recorder.calls == [("a", LARGEST), ("a", LARGEST), ("a", 7)]


def test_two_large_requests_share_the_calls():
    recorder = Recorder()
    recorder.gate.set()
    futures = [recorder.batcher.submit("a", rows(n)) for n in (LARGEST + 40, 100)]
    for n, future in zip((LARGEST + 40, 100), futures, strict=True):
        np.testing.assert_array_equal(future.result(10), 2 * rows(n))
    assert sum(count for _, count in recorder.calls) == LARGEST + 140


def test_an_error_reaches_those_of_its_call_and_the_thread_lives_on():
    recorder = Recorder()
    recorder.hold()
    broken = [recorder.batcher.submit("broken", rows(n)) for n in (1, 2, 3 * SMALL)]
    fine = recorder.batcher.submit("a", rows(1))
    recorder.gate.set()
    for future in broken:
        with pytest.raises(ValueError, match="broken"):
            future.result(10)
    np.testing.assert_array_equal(fine.result(10), rows(1))
    assert recorder.calls.count(("broken", SMALL)) == 1


def test_what_is_cancelled_is_not_done():
    recorder = Recorder()
    recorder.hold()
    gone = [recorder.batcher.submit("gone", rows(n)) for n in (1, 100)]
    kept = recorder.batcher.submit("a", rows(1))
    assert all(future.cancel() for future in gone)
    recorder.gate.set()
    kept.result(10)
    assert "gone" not in [kind for kind, _ in recorder.calls]
    with pytest.raises(CancelledError):
        gone[0].result(0)
