"""Decoded arrays in the cache, as ``.npy`` files: every process that opens a data set maps the same memory.

The folder's name carries a key that stands for the files the arrays came from, so a hit needs no further check of
content. The digest of each split is worked out once, when it is written.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from gan.datasets.growing import Growing
from gan.datasets.records import Source, Split
from gan.datasets.workspace import aside
from gan.errors import UserError
from gan.paths import cache_dir

DIGESTS = "digests.json"  # written last: a folder that has it is whole
IN_MEMORY = 512 << 20  # most bytes of pictures to hold in memory where the cache cannot be written

Pieces = Callable[[str], Iterator[Split]]  # name of a split -> its pictures, in order, a few thousand at a time


def read(source: Source, key: str) -> dict[str, Split] | None:
    """The splits as kept; None if they are not, or not whole. An empty key stands for files that are not here."""
    if not key:
        return None
    folder = _folder(source, key)
    try:
        digests = json.loads((folder / DIGESTS).read_bytes())
        return {name: _mapped(folder, source, name, str(digests[name])) for name in source.counts}
    except (OSError, ValueError, EOFError, KeyError, TypeError):
        return None


def keep(source: Source, key: str, pieces: Pieces) -> dict[str, Split]:
    """Write the splits for `read`, piece by piece, and open them.

    Where the cache cannot be written, a small set is held in memory.

    Args:
        source: the card; its counts need not be those of the pieces.
        key: stands for what the pieces were made from.
        pieces: called once for each split of the card (twice where writing fails). What it raises, or is raised into
            it, leaves nothing behind.

    Raises:
        UserError: as `pieces`; or for a large set, if the cache cannot be written.
    """
    folder = _folder(source, key)
    try:
        with aside(folder.parent) as ready:
            digests = {name: _write(ready, source, name, pieces(name)) for name in source.counts}
            (ready / DIGESTS).write_text(json.dumps(digests))
            folder.mkdir(exist_ok=True)
            for path in sorted(ready.iterdir(), key=lambda path: path.name == DIGESTS):
                path.replace(folder / path.name)
        if (kept := read(source, key)) is not None:
            return kept
    except OSError as error:
        size = sum(source.counts.values()) * math.prod(source.shape)
        if size > IN_MEMORY:
            raise UserError(
                f"{source.title} takes {size / 1e6:,.0f} MB in {cache_dir()}, and that cannot be written "
                f"({error.strerror or error}). Free some room, or let GAN_CACHE_DIR name another folder."
            ) from None
    return {name: _gathered(list(pieces(name))) for name in source.counts}


def _folder(source: Source, key: str) -> Path:
    return cache_dir() / source.name / key[:16]


def _write(folder: Path, source: Source, name: str, pieces: Iterator[Split]) -> str:
    """Write one split; its digest."""
    rest, nothing = [], np.zeros((0, *source.shape), np.uint8)
    with Growing(folder / f"{name}-images.npy", source.shape) as file:
        for piece in pieces:
            file.append(piece.images)
            rest.append(Split(nothing, piece.labels, piece.attributes))
    others = _gathered(rest)
    np.save(folder / f"{name}-labels.npy", others.labels)
    for index, column in enumerate(source.attributes):
        np.save(folder / f"{name}-attribute-{index}.npy", others.attributes[column])
    return Split(np.load(folder / f"{name}-images.npy", mmap_mode="r"), others.labels).digest


def _gathered(pieces: Sequence[Split]) -> Split:
    """Pieces put together, read-only."""
    columns = {name: np.concatenate([piece.attributes[name] for piece in pieces]) for name in pieces[0].attributes}
    images = np.concatenate([piece.images for piece in pieces])
    labels = np.concatenate([piece.labels for piece in pieces])
    for array in (images, labels, *columns.values()):
        array.setflags(write=False)
    return Split(images, labels, columns)


def _mapped(folder: Path, source: Source, name: str, digest: str) -> Split:
    images = np.load(folder / f"{name}-images.npy", mmap_mode="r")
    labels = np.load(folder / f"{name}-labels.npy")
    columns = {
        column: np.load(folder / f"{name}-attribute-{index}.npy", mmap_mode="r")
        for index, column in enumerate(source.attributes)
    }
    if images.shape != (len(labels), *source.shape) or images.dtype != np.uint8 or labels.dtype != np.int64:
        raise ValueError("not the pictures and labels of this data set")
    if any(len(column) != len(labels) or column.dtype.kind not in "Uf" for column in columns.values()):
        raise ValueError("not the attributes of this data set")
    labels.setflags(write=False)
    split = Split(images, labels, columns)
    vars(split)["digest"] = digest
    return split
