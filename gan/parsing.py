"""Lets one thread at a time use `ast.parse`.

CPython 3.11 keeps one count, for all threads, of how deep it is in a syntax tree. Two that parse at once, while garbage
is collected, end with ``SystemError: AST constructor recursion depth mismatch``. That is no rare work: NumPy parses the
header of every array that it loads, and a server loads nets and data in several threads.
"""

from __future__ import annotations

import ast
import functools
import threading
from collections.abc import Callable
from typing import Any

_ONE = threading.RLock()  # garbage that is collected meanwhile may parse too


def alone(parse: Callable[..., Any]) -> Callable[..., Any]:
    """A function that runs in one thread at a time."""

    @functools.wraps(parse)
    def parsing(*arguments: Any, **options: Any) -> Any:
        with _ONE:
            return parse(*arguments, **options)

    parsing.alone = True  # type: ignore[attr-defined]
    return parsing


def settle() -> None:
    """Make it so in this process: `ast.literal_eval`, and so NumPy, use what stands there as `ast.parse`."""
    if not hasattr(ast.parse, "alone"):
        ast.parse = alone(ast.parse)
