"""The verbs of the command line that have to do with data sets."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any


def add(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the verbs; `verb` makes one from its name, function and help."""
    verb("datasets", _datasets, "List the data sets.", json_output=True)


def show(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print rows for a program to read, or one a line for a person."""
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        print("  ".join(str(value) for value in row.values()))


def _datasets(options) -> None:
    from gan.datasets import DATASETS

    rows = [
        {
            "name": s.name,
            "title": s.title,
            "counts": dict(s.counts),
            "classes": len(s.class_names),
            "licence": s.licence,
        }
        for s in DATASETS.values()
    ]
    show(rows, options.json)
