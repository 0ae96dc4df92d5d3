"""What a conditional net is told of a picture: its class, or one value of each of several columns, or nothing.

Several columns become classes too, a class a combination ("black, pale"), so that whatever shows, counts or asks for
classes needs to know nothing new. The net sees less: one block of inputs a column. So hair is learnt from all skins
together, and a combination that was never seen can be asked for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gan.datasets import Dataset, Source, Split, numbers5
from gan.errors import UserError, unknown

LABEL, NOTHING = "label", "none"
LARGEST = 512  # combinations
MOST = 64  # values of one column


@dataclass(frozen=True)
class Condition:
    """Columns, and the values that each may take, in order."""

    columns: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    @property
    def class_names(self) -> tuple[str, ...]:
        """A name for each combination, the last column changing fastest; none where nothing is told."""
        return names(self.values)

    @property
    def encoding(self) -> np.ndarray:
        """What the nets are given for each class, float32 ``(classes, inputs)``: a one in each column's block."""
        return encoding([len(column) for column in self.values])

    @property
    def by_column(self) -> dict[str, tuple[str, ...]]:
        """The values of each column; of none but the label's, nothing."""
        return {} if self.columns == (LABEL,) else dict(zip(self.columns, self.values, strict=True))


READING = Condition((LABEL,), (numbers5.OUTPUTS,))  # what a reader's outputs stand for


def names(values: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """A name for each combination of the values of columns."""
    rows = list(values)
    return tuple(", ".join(row) for row in itertools.product(*rows)) if rows else ()


def encoding(sizes: Sequence[int]) -> np.ndarray:
    """The rows of `Condition.encoding` for columns of these sizes; of one column it is the identity."""
    if not sizes:
        return np.zeros((1, 0), np.float32)
    places = np.indices(sizes).reshape(len(sizes), -1)
    return np.concatenate([np.eye(size, dtype=np.float32)[at] for size, at in zip(sizes, places, strict=True)], axis=1)


def views(source: Source, columns: Mapping[str, Sequence[str]]) -> dict[str, np.ndarray]:
    """Coarser ways to look at classes: each of several columns by itself, or with look-alikes taken for one.

    Args:
        source: the data set, which knows what looks alike.
        columns: the values of the columns whose combinations the classes are; none where they are the label's own.

    Returns:
        Name -> for each class the group it is in, int64 (classes,). Empty where there is but one way.
    """
    sizes = [len(values) for values in columns.values()]
    if len(sizes) > 1:
        return dict(zip(columns, np.indices(sizes).reshape(len(sizes), -1), strict=True))
    if columns or not source.alike:
        return {}
    leader = {name: group[0] for group in source.alike for name in group}
    names = [leader.get(name, name) for name in source.class_names]
    return {"look-alikes as one": np.array([names.index(name) for name in names])}


def split_columns(text: str) -> tuple[str, ...]:
    """The columns that a setting names: "hair, skin" gives ("hair", "skin"); "none" gives none."""
    columns = tuple(name.strip() for name in text.split(",") if name.strip())
    return () if columns == (NOTHING,) else columns or (LABEL,)


def columns_of(source: Source) -> tuple[str, ...]:
    """The columns that a data set has; its label is one, under that name and its own."""
    own = () if source.label == LABEL else (source.label,)
    return (LABEL, *own, *source.attributes)


def check(source: Source, text: str) -> tuple[str, ...]:
    """The columns that a setting names, if the data set has them.

    Raises:
        UserError: for a column that is not there, or named twice.
    """
    columns = split_columns(text)
    known = columns_of(source)
    for name in columns:
        if name not in known:
            raise unknown(f"column of {source.title}", name, (*known, NOTHING))
    if len({LABEL if name == source.label else name for name in columns}) < len(columns):
        raise UserError(f"condition: {text!r} names a column twice.")
    return columns


def condition(data: Dataset, text: str) -> Condition:
    """What nets are told, by the setting's text.

    Args:
        data: the opened data set.
        text: "label", "none", or names of columns with commas between them, of which "label" may be one.

    Raises:
        UserError: for a column that is not there, holds numbers or too many values, or too many combinations.
    """
    columns = check(data.source, text)
    if columns == (LABEL,) and not data.source.labelled:
        columns = ()
    values = tuple(_values(data, name) for name in columns)
    count = math.prod(len(column) for column in values)
    if count > LARGEST:
        raise UserError(f"condition: {text!r} has {count:,} combinations; {LARGEST} are the most. Name fewer columns.")
    return Condition(columns, values)


def relabelled(data: Dataset, text: str) -> tuple[Dataset, Condition]:
    """The data set with the combinations as its classes, and what nets are told of them.

    Raises:
        UserError: as `condition`.
    """
    found = condition(data, text)
    if found.columns == (LABEL,):
        return data, found
    splits = {name: _relabelled(split, data.source, found) for name, split in data.splits.items()}
    return Dataset(replace(data.source, class_names=found.class_names or ("all",)), splits), found


def spelt(data: Dataset, text: str) -> tuple[Dataset, Condition]:
    """The data set with the numbers of a column as labels (`numbers5.encode`), and as classes the outputs of a net that
    reads them.

    Raises:
        UserError: for several columns, one that is not there, or one that holds anything but numbers.
    """
    columns = check(data.source, text)
    if len(columns) != 1:
        raise UserError(f"condition: {text!r} is not one column; a reader learns the numbers of one.")
    splits = {
        name: replace(split, labels=_numbers(split, data.source, columns[0])) for name, split in data.splits.items()
    }
    return Dataset(replace(data.source, class_names=numbers5.OUTPUTS), splits), READING


def _numbers(split: Split, source: Source, name: str) -> np.ndarray:
    words = _words(split, source, name)
    return numbers5.encode(words, f"condition: {name} of {source.title}")


def _words(split: Split, source: Source, name: str) -> np.ndarray:
    return np.asarray(source.class_names)[split.labels] if name in (LABEL, source.label) else split.attributes[name]


def _values(data: Dataset, name: str) -> tuple[str, ...]:
    if name in (LABEL, data.source.label):
        return tuple(data.source.class_names)
    column = data.train.attributes[name]
    if column.dtype.kind == "f":
        raise UserError(f"condition: {name} of {data.source.title} holds numbers; choose a column of words.")
    found: set[Any] = set().union(*(np.unique(split.attributes[name]).tolist() for split in data.splits.values()))
    if len(found) > MOST:
        raise UserError(f"condition: {name} of {data.source.title} has {len(found):,} values; {MOST} are the most.")
    return tuple(sorted(str(value) for value in found))


def _relabelled(split: Split, source: Source, found: Condition) -> Split:
    labels: Any = np.zeros(len(split), np.int64)
    for name, values in zip(found.columns, found.values, strict=True):
        words = _words(split, source, name)
        places = {value: place for place, value in enumerate(values)}
        labels = labels * len(values) + np.array([places[str(word)] for word in words], np.int64)
    return replace(split, labels=labels)
