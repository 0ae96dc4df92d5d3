"""What was found on each picture, a row of a CSV file at a time. The same file tells how far a cleaning got."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import astuple, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A picture: how many boxes of text it had, which share of it was painted over, how long that took."""

    file: str
    boxes: int = 0
    masked: float = 0.0
    seconds: float = 0.0
    problem: str = ""


HEAD = ",".join(field.name for field in fields(Row)) + "\n"


class Log:
    """A report that grows. Rows that were written stay, whatever happens to the process afterwards."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self) -> list[Row]:
        """The complete rows, in the order in which they were written; a broken last line is left out."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        return _read(text.split("\n")[1:-1])

    def latest(self, count: int) -> list[Row]:
        """The last complete rows, without reading all that came before."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - 200 * count))
                tail = file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return []
        return _read(tail.split("\n")[1:-1])[-count:]  # the first line is the head, or begins somewhere inside

    def cut(self, count: int) -> None:
        """Keep the first rows only, and nothing of a line that is not complete."""
        kept = self.rows()[:count]
        aside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        aside.write_text(HEAD + "".join(map(_line, kept)), encoding="utf-8")
        aside.replace(self.path)

    def append(self, row: Row) -> None:
        """Write a row, at once.

        Raises:
            OSError: when the disk is full.
        """
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(row))


def _read(lines: list[str]) -> list[Row]:
    return [Row(file, int(n), float(masked), float(s), why) for file, n, masked, s, why in csv.reader(lines)]


def _line(row: Row) -> str:
    text = io.StringIO()
    values = [round(v, 5) if isinstance(v, float) else v for v in astuple(row)]
    values = [v.replace("\n", " ").replace("\r", " ") if isinstance(v, str) else v for v in values]
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()
