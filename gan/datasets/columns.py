"""Tables of attributes beside pictures: a CSV of any encoding and separator, matched to the pictures' names."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TextIO

import numpy as np

from gan.datasets.report import Report
from gan.errors import UserError

SUFFIXES = (".csv", ".tsv")
SEPARATORS = ",;\t|"
MISSING = ("", "na", "n/a", "nan", "null", "none", "-")
WIDEST = 1_000  # columns; what has more is no table of attributes
LOOKED_AT = 2_000  # rows that tell which column names the pictures


Form = Callable[[PurePosixPath], str]  # of a picture's path, relative to the table: what a table may call it
FOLDERS: tuple[Form, ...] = (lambda path: str(path.parent).removeprefix("."), lambda path: path.parent.name)
FORMS: tuple[Form, ...] = (
    str,
    lambda path: str(path.with_suffix("")),
    lambda path: path.name,
    lambda path: path.stem,
    *FOLDERS,
)


@dataclass(frozen=True)
class Table:
    """Rows of words under named columns."""

    name: str
    columns: tuple[str, ...]
    rows: list[list[str]]


def read(data: bytes, name: str, report: Report | None = None) -> Table:
    """A CSV file: UTF-8, UTF-16, Korean or Western encoding; comma, semicolon, tab or bar; names in the first row.

    Args:
        data: the file.
        name: what to call it in a message.
        report: gets a remark for each row that has not as many cells as there are columns; it is left out.

    Raises:
        UserError: if there is nothing in it, it is no table, or one with more columns than `WIDEST`.
    """
    encoding = encoding_of(data, name)
    separator = separator_of(lines(data, encoding))
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines(data, encoding), delimiter=separator)]
    except (csv.Error, UnicodeError) as error:
        raise UserError(f"{name}: not a table that can be read ({error}).") from None
    rows = [row for row in rows if any(row)]
    if not rows:
        raise UserError(f"{name}: the table is empty.")
    width, whole = len(rows[0]), []
    if width > WIDEST:
        raise UserError(f"{name}: has {width:,} columns; a table of attributes has {WIDEST:,} at most.")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) == width or not any(row[width:]):
            whole.append((row + [""] * width)[:width])
        elif report:
            report.remark(f"{name}, row {number}", f"the row has {len(row)} cells, the table {width} columns; not used")
    return Table(name, _unique(rows[0]), whole)


def encoding_of(data: bytes, name: str) -> str:
    """The encoding of a text: UTF-8 or UTF-16, Korean (EUC-KR, Windows 949), or else Western (Windows 1252).

    Raises:
        UserError: for what is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in data[:4096]:
        raise UserError(f"{name}: not a text file, so no table.")
    for encoding in ("ascii", "utf-8-sig", "euc_kr"):
        with contextlib.suppress(UnicodeDecodeError):
            data.decode(encoding)
            return encoding
    with contextlib.suppress(UnicodeDecodeError):
        # This one takes Western letters for rare syllables; real Korean is nearly all of the common ones.
        syllables = [letter for letter in data.decode("cp949") if "가" <= letter <= "힣"]
        if sum(map(_common, syllables)) >= 0.7 * len(syllables):
            return "cp949"
    return "cp1252"


def lines(data: bytes, encoding: str) -> TextIO:
    """The text's lines, decoded as they are read; a byte that the encoding lacks becomes a question mark."""
    return io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")


def separator_of(text: TextIO) -> str:
    """The separator that cuts the first rows into the most cells, as many in each."""
    head = [line for line in itertools.islice(text, 20) if line.strip()]

    def cells(separator: str) -> tuple[bool, int]:
        try:
            widths = {len(row) for row in csv.reader(head, delimiter=separator)}
        except (csv.Error, UnicodeError):
            return False, 0
        return len(widths) == 1 and widths != {1}, max(widths, default=0)

    return max(SEPARATORS, key=cells)


@dataclass(frozen=True)
class Match:
    """Which row of a table each picture has: `rows` int64 ``[n]``, -1 for none; `key` is the column that says so."""

    table: Table
    key: int
    rows: np.ndarray


def match(table: Table, names: Sequence[str], report: Report, key: str | None = None) -> Match:
    """Find the column that names the pictures, and each picture's row.

    A cell may be a picture's path, its file name, either without its ending, or the folder it is in. A row that names
    several pictures (a folder) is for all of them. Of two rows for one picture the first counts.

    Args:
        table: the table; its own folder is where its paths begin, or the top.
        names: of the pictures, with "/" between folders.
        report: gets rows without pictures, pictures without rows, and doubled rows.
        key: the column's name, where it is known.

    Raises:
        UserError: if no column names pictures.
    """
    if key is not None and key not in table.columns:
        raise UserError(f"{table.name}: there is no column {key!r}; its columns are {', '.join(table.columns)}.")
    inside = str(PurePosixPath(table.name).parent)
    start = "" if inside == "." else f"{inside}/"
    near = {place: name.removeprefix(start) for place, name in enumerate(names) if name.startswith(start)}
    indices = [_index(near, form) for form in FORMS]
    known = set().union(*indices)
    columns = range(len(table.columns)) if key is None else [table.columns.index(key)]

    def hits(column: int) -> int:
        cells = {_clean(row[column]) for row in table.rows[:LOOKED_AT]} | {_clean(table.columns[column])}
        return len(cells & known)

    best = max(columns, key=hits)
    if not hits(best):
        example = f" (such as {names[0]!r})" if names else ""
        raise UserError(f"{table.name}: no column names the pictures. One should hold file names{example} or folders.")
    if _clean(table.columns[best]) in known:  # what was taken for names of columns is a row already
        heads = tuple(f"column {place + 1}" for place in range(len(table.columns)))
        table = Table(table.name, heads, [list(table.columns), *table.rows])
    return _assign(table, len(names), best, indices, report)


def _assign(table: Table, count: int, column: int, indices: Sequence[Mapping[str, list[int]]], report: Report) -> Match:
    rows = np.full(count, -1, np.int64)
    for number, row in enumerate(table.rows):
        word = _clean(row[column])
        form = next((form for form, index in enumerate(indices) if word in index), None)
        places = [] if form is None else indices[form][word]
        said = row[column] or f"{table.name}, row {number + 2}"
        if form is None:
            report.remark(said, "a row of the table without a picture")
        elif len(places) > 1 and FORMS[form] not in FOLDERS:
            report.remark(said, "several pictures have this name; the table should give their folders too")
        elif rows[places[0]] >= 0:
            report.remark(said, "two rows of the table are for this; the first counts")
        else:
            rows[places] = number
    return Match(table, column, rows)


def values(matches: Sequence[Match], count: int) -> dict[str, np.ndarray]:
    """The columns of matched tables, without those that name the pictures: words, or numbers where all cells are.

    Returns:
        name -> str or float64 ``[count]``; "" or NaN for pictures without a row.
    """
    words: dict[str, np.ndarray] = {}
    for each in matches:
        has = each.rows >= 0
        for column, name in enumerate(each.table.columns):
            if column != each.key:
                cells = np.array([row[column] for row in each.table.rows], dtype=object)
                target = words.setdefault(name, np.full(count, "", dtype=object))
                target[has] = cells[each.rows[has]]
    return {name: _typed(cells) for name, cells in words.items() if any(cells)}


def _typed(cells: np.ndarray) -> np.ndarray:
    known = {cell: number(cell) for cell in set(cells)}
    stated = [value for cell, value in known.items() if cell.lower() not in MISSING]
    if stated and None not in stated:
        return np.array([np.nan if (known_as := known[cell]) is None else known_as for cell in cells], np.float64)
    return cells.astype(np.str_)


def number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _index(names: Mapping[int, str], form: Form) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, name in names.items():
        found.setdefault(_clean(form(PurePosixPath(name))), []).append(place)
    found.pop("", None)
    return found


def _clean(word: str) -> str:
    """A path as it is compared: composed letters, "/" between folders, no case."""
    return unicodedata.normalize("NFC", word).replace("\\", "/").removeprefix("./").casefold()


def _unique(heads: Sequence[str]) -> tuple[str, ...]:
    names: list[str] = []
    for place, head in enumerate(heads, start=1):
        name = head or f"column {place}"
        while name in names:
            name += "'"
        names.append(name)
    return tuple(names)


def _common(syllable: str) -> bool:
    try:
        syllable.encode("euc_kr")
        return True
    except UnicodeEncodeError:
        return False
