"""Work behind the event loop: pictures from the shared queue, and a few threads for what takes longer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from gan import inference

WAITING = 8_000  # pictures in the queue from which no more are taken
THREADS, LINE = 2, 16  # threads for heavy work, and how much of it may be begun or wait

Result = TypeVar("Result")
Say = Callable[..., None]


class BusyError(Exception):
    """There is too much to do already: 503, to be tried again."""


class _Gone(BaseException):
    """Nobody waits any more. No `Exception`, so that nobody takes it for a damaged file."""


def check_room() -> None:
    """Whether more pictures may be asked for.

    Raises:
        BusyError: if too many wait already.
    """
    if inference.waiting() > WAITING:
        raise BusyError("Too many pictures wait to be drawn; try again in a moment.")


async def drawn(*futures: Future[Result]) -> list[Result]:
    """What some futures give, without holding up anybody; cancelled with whoever waits here."""
    return await asyncio.gather(*map(asyncio.wrap_future, futures))


async def heavily(make: Callable[[Say], Result]) -> Result:
    """Work of a second or more, in one of a few threads.

    Args:
        make: given a function to call every so often, with anything: it ends the work when nobody waits for it.

    Raises:
        BusyError: if too much waits already.
    """
    if not _LINE.acquire(blocking=False):
        raise BusyError("Too much is being worked on; try again in a moment.")
    gone = threading.Event()

    def say(*_: object) -> None:
        if gone.is_set():
            raise _Gone

    future = _POOL.submit(make, say)
    future.add_done_callback(lambda _: _LINE.release())
    try:
        return await asyncio.wrap_future(future)
    finally:
        gone.set()


_LINE = threading.BoundedSemaphore(LINE)
_POOL = ThreadPoolExecutor(THREADS, "gan-api")
