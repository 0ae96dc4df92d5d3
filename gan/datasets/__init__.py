"""The table of data sets, and the one way to open one.

Adding a data set is a module with a `Source` and a row here. The table can be listed without reading a file.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from gan.datasets import handwriting, mnist
from gan.datasets.records import Dataset, Progress, Reader, Source, Split
from gan.errors import unknown
from gan.paths import cache_dir, data_dirs

__all__ = ["DATASETS", "Dataset", "Progress", "Reader", "Source", "Split", "load", "source"]

DATASETS: Mapping[str, Source] = {row.name: row for row in (mnist.SOURCE, handwriting.SOURCE)}

_opened: dict[tuple[Source, tuple[Path, ...], Path], Dataset] = {}
_locks: dict[str, threading.Lock] = {}


def source(name: str) -> Source:
    """The row of a data set.

    Raises:
        UserError: for a name that is not in the table.
    """
    if name not in DATASETS:
        raise unknown("data set", name, DATASETS)
    return DATASETS[name]


def load(name: str, progress: Progress | None = None) -> Dataset:
    """Open a data set: from ``GAN_DATA_DIR``, from what ships, from the cache, or else downloaded from its publisher.

    Opened once a process; whoever asks meanwhile, waits for it.

    Args:
        name: a name of `DATASETS`.
        progress: called with the share done (0…1) and what is being done. What it raises cancels the loading.

    Raises:
        UserError: for an unknown name, a damaged file, or one that cannot be had; it says which file to put where.
    """
    row = source(name)
    with _locks.setdefault(name, threading.Lock()):
        key = (row, tuple(data_dirs()), cache_dir())  # the environment may move while the process lives
        if key not in _opened:
            _opened[key] = row.load(progress)
        return _opened[key]
