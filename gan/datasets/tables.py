"""Pictures written as rows of numbers: a CSV with a column a pixel, and labels before or behind them.

Tables of this kind differ in everything: with or without names in the first row, with or without a numbered first
column, the label first or last, values 0…255, 0…1 or -1…1. `layout` finds out from the first rows; each guess can be
overruled.
"""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan.datasets import columns
from gan.datasets.folder import ALL, Found
from gan.datasets.growing import Growing
from gan.datasets.records import Progress
from gan.datasets.report import Report
from gan.errors import UserError, unknown

LARGEST = 2 << 30  # bytes of a table
SIDES = range(8, 257)  # pixels
LABELS = ("label", "labels", "class", "target", "y", "character", "char", "letter", "digit", "category", "글자", "라벨")
LOOKED_AT = 500  # rows that tell how the table is laid out
PIECE = 512  # rows between two looks at whether to go on


@dataclass(frozen=True)
class Layout:
    """How a row becomes a picture."""

    separator: str
    header: bool
    width: int  # cells
    label: int | None  # the cell that holds the label
    pixels: slice  # the cells that hold the picture
    side: int
    channels: int


def layout(data: bytes, name: str, label: str | None = None) -> Layout:
    """Find out how a table of pixels is laid out.

    Args:
        data: the file.
        name: what to call it in a message.
        label: "first", "last", "none", or a column's name, where the guess would be wrong.

    Raises:
        UserError: if no number of columns makes square pictures; it says how many there are.
    """
    encoding = columns.encoding_of(data, name)
    separator = columns.separator_of(columns.lines(data, encoding))
    reader = csv.reader(columns.lines(data, encoding), delimiter=separator)
    try:
        rows = [row for row in itertools.islice(reader, LOOKED_AT) if any(row)]
    except (csv.Error, UnicodeError) as error:
        raise UserError(f"{name}: not a table that can be read ({error}).") from None
    if not rows:
        raise UserError(f"{name}: the table is empty.")
    header, width = _is_header(rows[0]), len(rows[0])
    body = rows[1:] if header else rows
    values = [row for row in body if len(row) == width]
    if not values:
        raise UserError(f"{name}: the table has no rows that are as long as its first.")
    sides = {side * side * channels: (side, channels) for channels in (3, 1) for side in SIDES}
    extra = next((n for n in range(3) if width - n in sides), 3)
    if extra > 1 and not (extra == 2 and _counts(values, 0)):
        raise UserError(
            f"{name}: its {width:,} columns do not make square pictures; with a label it should have 785 for 28 x 28, "
            f"1,025 for 32 x 32, 3,073 for 32 x 32 in colour."
        )
    first = int(extra > 0 and _counts(values, 0) and (extra == 2 or label == "none"))  # a numbered first column
    place = _label(rows[0] if header else [], values, first, extra - first, name, label)
    start = first + int(place == first and extra > first)
    side, channels = sides[width - extra]
    return Layout(separator, header, width, place, slice(start, start + width - extra), side, channels)


def read(data: bytes, name: str, aside: Path, label: str | None = None, progress: Progress | None = None) -> Found:
    """Read a table of pixels.

    Args:
        data: the file.
        name: what to call it in a message.
        aside: a folder for what is read; `Found.images` maps it from there.
        label: as for `layout`.
        progress: called with the share done and what is being done; what it raises cancels.

    Raises:
        UserError: if it is no such table, or no row of it can be used.
    """
    found = layout(data, name, label)
    report, words = Report(), []
    low, high = math.inf, -math.inf
    with Growing(aside / "values.npy", (found.pixels.stop - found.pixels.start,), np.float32) as file:
        rows = _rows(data, name, found, report, progress)
        while piece := list(itertools.islice(rows, PIECE)):
            values = np.array([pixels for _, pixels in piece], np.float32)
            low, high = min(low, float(values.min())), max(high, float(values.max()))
            file.append(values)
            words += [word for word, _ in piece]
    if not words:
        why = f" ({report.left_out[0][0]}: {report.left_out[0][1]})" if report.left_out else ""
        raise UserError(f"{name}: none of its rows is a picture{why}.")
    raw = np.load(aside / "values.npy", mmap_mode="r")
    with Growing(aside / "pictures.npy", (found.side, found.side, found.channels)) as file:
        for start in range(0, len(raw), PIECE):
            piece_of_bytes = to_bytes(np.asarray(raw[start : start + PIECE]), low, high, name)
            file.append(piece_of_bytes.reshape(-1, found.side, found.side, found.channels))
    (aside / "values.npy").unlink()
    names, labels = classes(words) if found.label is not None else ((ALL,), np.zeros(len(words), np.int64))
    report.kept = len(words)
    return Found(np.load(aside / "pictures.npy", mmap_mode="r"), labels, names, report=report)


def to_bytes(values: np.ndarray, low: float, high: float, name: str) -> np.ndarray:
    """Values as uint8 of the same shape: of 0…255 as they are, of 0…1 and -1…1 spread, of 16 bits squeezed.

    Args:
        values: numbers of any type.
        low, high: the least and largest of all the set's values, which tell the range.
        name: what to call them in a message.

    Raises:
        UserError: for values of no such range.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        raise UserError(f"{name}: there are values that are no numbers.")
    if low >= 0 and high <= 1:
        scaled = values * 255.0
    elif low >= 0 and high <= 255:
        scaled = values
    elif low >= -1 and high <= 1:
        scaled = (values + 1) * 127.5
    elif low >= 0 and high <= 65535:
        scaled = values / 257.0
    else:
        raise UserError(f"{name}: its values run from {low:g} to {high:g}; pictures have 0 to 255, 0 to 1 or -1 to 1.")
    return np.rint(scaled).astype(np.uint8)


def classes(words: list[str]) -> tuple[tuple[str, ...], np.ndarray]:
    """Class names and int64 labels of a column of words; numbers are in the order of numbers."""
    numbers = {word: columns.number(word) for word in set(words)}
    spelled = {word: f"{value:g}" if value is not None else word for word, value in numbers.items()}
    distinct = set(spelled.values())
    names = sorted(distinct) if None in numbers.values() else sorted(distinct, key=float)
    places = {name: place for place, name in enumerate(names)}
    return tuple(names), np.array([places[spelled[word]] for word in words], np.int64)


def _rows(
    data: bytes, name: str, found: Layout, report: Report, progress: Progress | None
) -> Iterator[tuple[str, list[float]]]:
    """Label and pixels of each row that can be used."""
    text = columns.lines(data, columns.encoding_of(data, name))
    reader = csv.reader(text, delimiter=found.separator)
    for number in itertools.count(1):
        try:
            row = next(reader, None)
        except csv.Error as error:
            report.leave_out([(f"{name}, row {number}", f"cannot be read ({error})")])
            continue
        if row is None:
            return
        if progress and number % PIECE == 0:
            progress(min(1.0, number * len(",".join(row)) / len(data)), f"{number:,} rows of {name} read")
        if not row or (number == 1 and found.header):
            continue
        if len(row) != found.width:
            why = f"{len(row):,} cells, not {found.width:,}"
        else:
            word = row[found.label].strip() if found.label is not None else ""
            try:
                pixels = [float(cell) for cell in row[found.pixels]]
            except ValueError:
                why = "a cell that is no number"
            else:
                if not all(map(math.isfinite, pixels)):
                    why = "a cell that is no number"
                elif found.label is not None and not word:
                    why = "no label"
                else:
                    yield word, pixels
                    continue
        report.leave_out([(f"{name}, row {number}", why)])


def _is_header(row: list[str]) -> bool:
    """Names, or the numbers that pandas writes for want of names: 0, 1, 2, …"""
    numbers = [columns.number(cell) for cell in row]
    known = [number for number in numbers if number is not None]
    if len(known) < len(row) / 2:
        return True
    steps = np.diff(known)
    return len(known) > 10 and bool((steps == 1).all())


def _counts(rows: list[list[str]], column: int) -> bool:
    """Whether a column numbers the rows."""
    numbers = [columns.number(row[column]) for row in rows]
    return len(rows) > 1 and None not in numbers and bool((np.diff(np.array(numbers, float)) == 1).all())


def _label(heads: list[str], rows: list[list[str]], first: int, extra: int, name: str, label: str | None) -> int | None:
    """The cell that holds the label, given that `extra` cells from `first` on, or behind the pixels, are no pixels."""
    last = len(rows[0]) - 1
    names = [head.strip() for head in heads]
    if label in ("first", "last"):
        if extra < 1:
            raise UserError(f"{name}: all its columns are pixels; there is none for a label.")
        return first if label == "first" else last
    if label == "none" or (label is None and extra < 1):
        return None
    if label is not None:
        if label not in names or names.index(label) not in (first, last):
            known = [names[place] for place in (first, last) if names]
            raise unknown(f"column for labels in {name}", label, [*known, "first", "last", "none"])
        return names.index(label)
    for place in (first, last):
        if names and names[place].lower() in LABELS:
            return place
    for place in (first, last):
        if any(columns.number(row[place]) is None for row in rows):
            return place
    return max((first, last), key=lambda place: _like_labels([float(row[place]) for row in rows]))


def _like_labels(values: list[float]) -> float:
    """How much numbers look like labels rather than like the pixel of a corner: whole, several, and without gaps."""
    distinct = len(set(values))
    if distinct < 2 or any(value != int(value) for value in values if math.isfinite(value)):
        return 0.0
    return distinct / (max(values) - min(values) + 1)
