"""Decoded arrays in the cache, as ``.npy`` files: every process that opens a data set maps the same memory.

The folder's name carries the digest of the files the arrays came from, so a hit needs no further check of content.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from gan.datasets.records import Source, Split
from gan.paths import cache_dir, write_aside


def _folder(source: Source, digest: str) -> Path:
    return cache_dir() / source.name / digest[:16]


def read(source: Source, digest: str) -> dict[str, Split] | None:
    """The splits as kept; None if they are not, or not whole."""
    folder, splits = _folder(source, digest), {}
    for name, count in source.counts.items():
        try:
            images = np.load(folder / f"{name}-images.npy", mmap_mode="r")
            labels = np.load(folder / f"{name}-labels.npy")
        except (OSError, ValueError, EOFError):
            return None
        if images.shape != (count, *source.shape) or labels.shape != (count,):
            return None
        if images.dtype != np.uint8 or labels.dtype != np.int64:
            return None
        labels.setflags(write=False)
        splits[name] = Split(images, labels)
    return splits


def keep(source: Source, digest: str, splits: Mapping[str, Split]) -> None:
    """Write the splits for `read`. Where the disk is full or read-only, nothing is kept and nothing is lost."""
    folder = _folder(source, digest)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for name, split in splits.items():
            for part, values in (("images", split.images), ("labels", split.labels)):
                buffer = io.BytesIO()
                np.save(buffer, values)
                write_aside(folder / f"{name}-{part}.npy", buffer.getvalue())
