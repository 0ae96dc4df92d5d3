"""A queue that one thread empties, drawing what waits together, and what is small before what is large."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

Array = np.ndarray

LARGEST = 256  # rows of one call
SMALL = 16  # requests up to this many rows go first
PATIENCE = 1.0  # seconds after a small request during which large ones are done in slices of SMALL


@dataclass(eq=False)
class _Request:
    kind: Hashable
    inputs: tuple[Array, ...]
    future: Future[Array] = field(default_factory=Future)
    done: int = 0
    outputs: Array | None = None

    @property
    def left(self) -> int:
        return len(self.inputs[0]) - self.done


class Batcher:
    """Calls `work` in one thread of its own, with the rows of as many waiting requests of one kind as fit.

    Small requests, which somebody's finger waits for, and slices of large ones take turns; so a small one waits for
    one slice at most, and a large one is never starved.

    Args:
        work: ``(kind, *inputs) -> output``, arrays of one length up to `LARGEST`. What it raises, every request of
            that call gets.
        name: the thread's.
    """

    def __init__(self, work: Callable[..., Array], name: str) -> None:
        self._work, self._name = work, name
        self._wake = threading.Condition()
        self._small: deque[_Request] = deque()
        self._large: deque[_Request] = deque()
        self._large_next = False
        self._last_small = -PATIENCE
        self._thread: threading.Thread | None = None

    def submit(self, kind: Hashable, *inputs: Array) -> Future[Array]:
        """Leave a request; cancelling its future drops what is not done yet.

        Args:
            kind: requests of one kind may share a call.
            inputs: arrays of one length, at least 1. They must not be changed afterwards.
        """
        request = _Request(kind, inputs)
        with self._wake:
            (self._small if request.left <= SMALL else self._large).append(request)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
                self._thread.start()
            self._wake.notify()
        return request.future

    @property
    def waiting(self) -> int:
        """Rows that are not drawn yet, about: those of a call in progress count while more of their request is left."""
        with self._wake:
            return sum(request.left for queue in (self._small, self._large) for request in queue)

    def _serve(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._small or self._large)
                batch = self._next()
            if batch:
                self._do(batch)
            del batch  # or the last arrays stay until the next request

    def _next(self) -> list[tuple[_Request, int]]:
        """The requests of the next call and how many rows of each."""
        now = time.monotonic()
        if self._small and not (self._large and self._large_next):
            self._large_next, self._last_small = True, now
            return self._take(self._small, LARGEST)
        self._large_next = False
        return self._take(self._large, LARGEST if now - self._last_small > PATIENCE else SMALL)

    @staticmethod
    def _take(queue: deque[_Request], room: int) -> list[tuple[_Request, int]]:
        batch: list[tuple[_Request, int]] = []
        later: list[_Request] = []
        while queue and room:
            request = queue.popleft()
            if request.future.cancelled():
                continue
            if batch and request.kind != batch[0][0].kind:
                later.append(request)
                continue
            count = min(room, request.left)
            batch.append((request, count))
            room -= count
        queue.extendleft(reversed(later))
        queue.extend(request for request, count in batch if count < request.left)  # the unfinished go to the end
        return batch

    def _do(self, batch: list[tuple[_Request, int]]) -> None:
        try:
            rows = [[values[r.done : r.done + n] for values in r.inputs] for r, n in batch]
            outputs = self._work(batch[0][0].kind, *(np.concatenate(parts) for parts in zip(*rows, strict=True)))
        except Exception as error:
            with self._wake:
                for queue in (self._small, self._large):  # those that were not finished wait there
                    for request, _ in batch:
                        if request in queue:
                            queue.remove(request)
            for request, _ in batch:
                if request.future.set_running_or_notify_cancel():
                    request.future.set_exception(error)
            return
        start = 0
        for request, count in batch:
            if request.outputs is None:
                request.outputs = np.empty((len(request.inputs[0]), *outputs.shape[1:]), outputs.dtype)
            request.outputs[request.done : request.done + count] = outputs[start : start + count]
            request.done += count
            start += count
            if not request.left and request.future.set_running_or_notify_cancel():
                request.future.set_result(request.outputs)
