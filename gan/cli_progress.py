"""How far a long task of the command line is: one line that changes on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys

LINES = 10  # of a log, beside the first


class Progress:
    """Called with the share done (0…1) and what is being done; `done` ends the line that it is on."""

    def __init__(self) -> None:
        self._part, self._open = -1, False

    def __call__(self, share: float, words: str) -> None:
        text, part = f"{share:4.0%} {words}", int(LINES * share + 1e-6)
        if sys.stderr.isatty():
            print(f"\r{text:75.75}", end="", file=sys.stderr, flush=True)
            self._open = True
        elif part != self._part:  # less than before: something else began
            print(text, file=sys.stderr, flush=True)
        self._part = part

    def done(self) -> None:
        """The task is at its end: what is printed next begins a line."""
        if self._open:
            print(file=sys.stderr)
        self._part, self._open = -1, False


progress = Progress()
