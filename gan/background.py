"""Work in a thread of this process that goes on whoever looks: how far it is, and what came of it.

For what takes seconds to minutes and leaves nothing half-written. It ends with the process; what must outlive that
has a process of its own (`gan.training.worker`, `gan.cleaning.jobs`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from gan.errors import UserError

Result = TypeVar("Result")
Say = Callable[[float, str], None]


class _Cancelled(BaseException):
    """No `Exception`, so that nobody takes it for a damaged file."""


class Work(Generic[Result]):
    """Begins at once.

    Attributes:
        share: of the work that is done, 0…1.
        said: what is being done.
        problem: why there is no result, in words; empty when it was cancelled.
        result: what was made; None before, and where nothing came of it.
        cancelled: whether it was asked to end.
    """

    def __init__(self, make: Callable[[Say], Result]) -> None:
        self.share, self.said, self.problem = 0.0, "Starting", ""
        self.result: Result | None = None
        self.cancelled = False
        self._thread = threading.Thread(target=self._run, args=(make,), daemon=True, name="work")
        self._thread.start()

    @property
    def going(self) -> bool:
        return self._thread.is_alive()

    def cancel(self) -> None:
        """End it the next time that it says how far it is."""
        self.cancelled, self.said = True, "Stopping"

    def wait(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)

    def _run(self, make: Callable[[Say], Result]) -> None:
        try:
            self.result = make(self._say)
        except _Cancelled:
            pass
        except UserError as error:
            self.problem = str(error)
        except Exception as error:
            logging.getLogger(__name__).exception("Work in the background failed")
            self.problem = f"It failed ({type(error).__name__}: {error})."

    def _say(self, share: float, text: str) -> None:
        if self.cancelled:
            raise _Cancelled
        self.share, self.said = min(max(share, 0.0), 1.0), text
