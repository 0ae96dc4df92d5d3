"""What a data set is: `Source` (its card, known beforehand), `Split` (pictures with labels), `Dataset` (both)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np

Progress = Callable[[float, str], None]  # share done (0…1), what is being done


@dataclass(frozen=True, eq=False)
class Split:
    """Pictures with their labels and attributes, in the publisher's order. All are shared and read-only."""

    images: np.ndarray  # uint8 [n, h, w, c]; a memory map where the disk allows
    labels: np.ndarray  # int64 [n], an index into the source's class_names
    attributes: Mapping[str, np.ndarray] = field(default_factory=dict)  # columns of n words (str) or numbers (float64)

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of shape, pictures and labels: the same content gives the same digest, wherever it lies."""
        digest = hashlib.sha256(repr(self.images.shape).encode())
        for array in (self.images, self.labels):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


class Reader(Protocol):
    """How a data set gets from files to arrays. Readers are frozen records too, so tests can point them elsewhere."""

    def local(self, source: Source) -> bool:
        """Whether it can be read without a download."""

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits by name.

        Raises:
            UserError: naming the file, what was found there, and what would work.
        """


@dataclass(frozen=True, eq=False)
class Source:
    """The card of a data set and the way to read it."""

    name: str
    title: str
    summary: str
    class_names: tuple[str, ...]
    shape: tuple[int, int, int]  # height, width, channels
    counts: Mapping[str, int]  # pictures in each split
    licence: str
    citation: str
    homepage: str
    reader: Reader
    attributes: tuple[str, ...] = ()  # names of the columns that each picture has beside its label
    label: str = "label"  # what the classes are of, where that has a name
    alike: tuple[tuple[str, ...], ...] = ()  # classes that cannot be told apart out of context, as 0 and O
    split: str = "the publisher's"  # how train and test were told apart, in words

    @property
    def labelled(self) -> bool:
        """Whether the classes say anything: a set without labels has one class, "all"."""
        return len(self.class_names) > 1

    @property
    def local(self) -> bool:
        """Whether `load` works without a network."""
        return self.reader.local(self)

    @property
    def download(self) -> int:
        """Bytes that would have to be downloaded; 0 where it is none, little, or not known."""
        return 0 if self.local else getattr(self.reader, "download", 0)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Read it. Prefer `gan.datasets.load`, which does so once a process.

        Raises:
            UserError: as `Reader.read`.
        """
        splits = self.reader.read(self, progress or (lambda fraction, text: None))
        return Dataset(self.holding(splits), splits)

    def holding(self, splits: Mapping[str, Split]) -> Source:
        """The card of what was found: this one, or where the files are a cut of the publisher's, one that says so."""
        counts = {name: len(split) for name, split in splits.items()}
        if counts == self.counts:
            return self
        published = ", ".join(f"{count:,} {name}" for name, count in self.counts.items())
        return replace(self, counts=counts, split=f"as in the files found; the publisher's have {published}")


@dataclass(frozen=True, eq=False)
class Dataset:
    """An opened data set. Its card counts what is there, which may be less than the publisher has."""

    source: Source
    splits: Mapping[str, Split]

    @property
    def train(self) -> Split:
        return self.splits["train"]

    @property
    def test(self) -> Split:
        return self.splits["test"]
