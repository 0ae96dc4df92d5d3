"""The table of data sets, and the one way to open one.

Adding a data set is a module with a `Source` and a row here. The table can be listed without reading a file. `sources`
lists the table and the user's own sets (`gan.datasets.kept`); `source` and `load` find both.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from gan.datasets import (
    animefaces,
    avatars,
    bookcovers,
    covers,
    emnist,
    handwriting,
    hangul,
    kept,
    mnist,
    numbers,
    numbers5,
    pictures,
    streetdigits,
    svhn,
    svhn_full,
)
from gan.datasets.decoded import FolderPictures
from gan.datasets.records import Dataset, Progress, Reader, Source, Split
from gan.datasets.svhn import SvhnFiles
from gan.errors import UserError, unknown
from gan.paths import cache_dir, data_dirs

__all__ = ["DATASETS", "Dataset", "Progress", "Reader", "Source", "Split", "load", "source", "sources"]

DATASETS: Mapping[str, Source] = {
    row.name: row
    for row in (
        mnist.SOURCE,
        handwriting.SOURCE,
        handwriting.DIGITS,
        hangul.SOURCE,
        avatars.SOURCE,
        *avatars.SMALLER,
        covers.SOURCE,
        *covers.SMALLER,
        pictures.SOURCE,
        streetdigits.SOURCE,
        *emnist.SOURCES,
        svhn.SOURCE,
        svhn_full.SOURCE,
        *numbers.SOURCES,
        *numbers5.SOURCES,
        bookcovers.SOURCE,
        animefaces.SOURCE,
    )
}

_opened: dict[tuple[Source, tuple[Path, ...], Path], Dataset] = {}
_locks: dict[str, threading.Lock] = {}


def sources() -> dict[str, Source]:
    """All data sets by name: those of the table, then the user's own."""
    return {**{name: _as_found(row) for name, row in DATASETS.items()}, **kept.kept()}


def _as_found(row: Source) -> Source:
    """The row, with what can only be known once the user's files are there."""
    return row.reader.refine(row) if isinstance(row.reader, FolderPictures | SvhnFiles) else row


def source(name: str) -> Source:
    """The row of a data set.

    Raises:
        UserError: for a name that there is not, or a set of the user's own that is damaged.
    """
    known = sources()
    if name in known:
        return known[name]
    for problem in kept.problems():
        if problem.startswith(f"{name}: "):
            raise UserError(problem)
    raise unknown("data set", name, known)


def load(name: str, progress: Progress | None = None) -> Dataset:
    """Open a data set: from ``GAN_DATA_DIR``, from what ships, from the cache, or else downloaded from its publisher.

    Opened once a process; whoever asks meanwhile, waits for it.

    Args:
        name: a name of `sources`.
        progress: called with the share done (0…1) and what is being done. What it raises cancels the loading.

    Raises:
        UserError: for an unknown name, a damaged file, or one that cannot be had; it says which file to put where.
    """
    row = source(name)
    with _locks.setdefault(name, threading.Lock()):
        key = (row, tuple(data_dirs()), cache_dir())  # the environment may move while the process lives
        if key not in _opened:
            for gone in [k for k in list(_opened) if k[0].name == name and k[0] is not row]:  # a set that was changed
                _opened.pop(gone, None)
            data = row.load(progress)
            known = _as_found(DATASETS[name]) if name in DATASETS else row  # reading may tell more than looking did
            key = (known, *key[1:])
            _opened[key] = data if known is row else Dataset(known.holding(data.splits), data.splits)
        return _opened[key]
