"""IDX files, the form MNIST and its kin are published in, as they are or gzipped.

A file is two zero bytes, a type byte, a byte that counts dimensions, each dimension as a big-endian uint32, and then
the values. Pictures are unsigned bytes ``[n, h, w]``, labels unsigned bytes ``[n]``.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

import numpy as np

from gan.datasets.records import Split
from gan.errors import UserError

UBYTE = 8
TYPES = {8: "unsigned byte", 9: "signed byte", 11: "int16", 12: "int32", 13: "float32", 14: "float64"}
KINDS = {1: "labels", 3: "pictures"}
LIMIT = 1 << 31  # bytes; twice the largest set of this form (EMNIST ByClass: 0.6 GB) and room to spare


def encode(values: np.ndarray) -> bytes:
    """uint8 values of 1 to 255 dimensions as the bytes of an IDX file (gzip them at will)."""
    if values.dtype != np.uint8:
        raise TypeError(f"IDX files are written from uint8, not {values.dtype}")
    return head(values.shape) + values.tobytes()


def head(shape: Sequence[int]) -> bytes:
    """What stands before the values, unsigned bytes of a shape."""
    return struct.pack(f">HBB{len(shape)}I", 0, UBYTE, len(shape), *shape)


class Reading:
    """An IDX file being read, gzipped or not: its shape is known at once, its values come in pieces.

    Args:
        file: open for reading, seekable; read from its start.
        name: what to call it in a message.
        dimensions: 3 for pictures, 1 for labels.
        limit: most bytes of values to accept. No more is ever unpacked than the header says, and one byte.

    Raises:
        UserError: for anything but such a file; here by its header, in `pieces` by what follows.
    """

    def __init__(self, file: BinaryIO, name: str, dimensions: int, limit: int = LIMIT) -> None:
        self.name, self._digest = name, hashlib.sha256()
        with self._guarded():
            file.seek(0)
            zipped = file.read(2) == b"\x1f\x8b"
            file.seek(0)
        self._stream = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if zipped else file
        start = self._read(4)
        if len(start) < 4 or start[:2] != b"\0\0":
            raise UserError(f"{name}: not an IDX file; it starts with {start.hex(' ') or 'nothing'}, not with 00 00.")
        kind, found = start[2], start[3]
        if kind != UBYTE:
            named = TYPES.get(kind, "no IDX type")
            raise UserError(f"{name}: holds type 0x{kind:02x} ({named}); expected 0x08 ({TYPES[UBYTE]}).")
        if found != dimensions:
            raise UserError(f"{name}: has {_dimensions(found)}; expected {_dimensions(dimensions)}.")
        sizes = self._read(4 * dimensions)
        if len(sizes) < 4 * dimensions:
            raise UserError(f"{name}: breaks off in its header.")
        self.shape: tuple[int, ...] = struct.unpack(f">{dimensions}I", sizes)
        self._size = math.prod(self.shape)
        if self._size > limit:
            raise UserError(f"{name}: its header announces {self._announced()}; at most {limit:,} can be.")

    def pieces(self, rows: int) -> Iterator[np.ndarray]:
        """The values, uint8 (read-only), at most `rows` of the first dimension at a time.

        Raises:
            UserError: if there are fewer values than announced, or more.
        """
        row, have = math.prod(self.shape[1:]), 0
        for start in range(0, self.shape[0], rows):
            count = min(rows, self.shape[0] - start)
            body = self._read(count * row)
            have += len(body)
            if len(body) < count * row:
                raise UserError(f"{self.name}: its header announces {self._announced()}, but there are only {have:,}.")
            yield np.frombuffer(body, np.uint8).reshape(count, *self.shape[1:])
        if self._read(1):
            raise UserError(f"{self.name}: its header announces {self._announced()}, but there are more.")

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the unpacked bytes read so far: of the file, after the last piece."""
        return self._digest.hexdigest()

    def _read(self, size: int) -> bytes:
        with self._guarded():
            data = self._stream.read(size)
        self._digest.update(data)
        return data

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            packed = "ZIP" if isinstance(error, zipfile.BadZipFile) else "gzip"
            raise UserError(f"{self.name}: the {packed} file is damaged or breaks off ({error}).") from None
        except OSError as error:
            raise UserError(f"{self.name}: cannot be read ({error.strerror or error}).") from None

    def _announced(self) -> str:
        return f"{self._size:,} bytes ({by(self.shape)})"


def decode(file: BinaryIO, name: str, dimensions: int, limit: int = LIMIT) -> tuple[np.ndarray, str]:
    """Read a whole IDX file, gzipped or not; arguments and errors as for `Reading`.

    Returns:
        The values, uint8 (read-only), and the SHA-256 (hex) of the unpacked bytes.
    """
    reading = Reading(file, name, dimensions, limit)
    values = list(reading.pieces(max(1, reading.shape[0])))
    return (values[0] if values else np.zeros(reading.shape, np.uint8)), reading.sha256


def _dimensions(count: int) -> str:
    return f"{count} dimension{'s' * (count != 1)}" + (f" ({KINDS[count]})" if count in KINDS else "")


def by(shape: tuple[int, ...]) -> str:
    """A shape in words."""
    return " x ".join(f"{size:,}" for size in shape)


def pair(images: np.ndarray, labels: np.ndarray, names: tuple[str, str], class_names: tuple[str, ...]) -> Split:
    """Pictures ``[n, h, w]`` and labels ``[n]``, as decoded, put together.

    Raises:
        UserError: for different counts, or a label that is no index into `class_names`; `names` are the files' names.
    """
    if len(images) != len(labels):
        raise UserError(f"{names[0]} holds {len(images):,} pictures, {names[1]} {len(labels):,} labels: not a pair.")
    split = Split(images[..., None], classes(labels, range(len(class_names)), names[1]))
    split.images.setflags(write=False)
    split.labels.setflags(write=False)
    return split


def classes(labels: np.ndarray, known: Sequence[int], name: str) -> np.ndarray:
    """Where each label of a file stands in the list of those known: int64 ``[n]``.

    Raises:
        UserError: for one that is not there; `name` is the file's.
    """
    table = np.full(256, -1)
    table[list(known)] = np.arange(len(known))
    found = table[labels]
    outside = np.flatnonzero(found < 0)
    if len(outside):
        raise UserError(
            f"{name}: label {labels[outside[0]]} at position {outside[0]:,} ({len(outside):,} such); "
            f"labels run from {min(known)} to {max(known)}."
        )
    return found
