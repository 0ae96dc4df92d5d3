"""IDX files, the form MNIST and its kin are published in, as they are or gzipped.

A file is two zero bytes, a type byte, a byte that counts dimensions, each dimension as a big-endian uint32, and then
the values. Pictures are unsigned bytes ``[n, h, w]``, labels unsigned bytes ``[n]``.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import math
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from gan.datasets import arrays, fetch
from gan.datasets.records import Progress, Source, Split
from gan.errors import UserError
from gan.paths import SHIPPED_DATA, cache_dir, write_aside

UBYTE = 8
TYPES = {8: "unsigned byte", 9: "signed byte", 11: "int16", 12: "int32", 13: "float32", 14: "float64"}
KINDS = {1: "labels", 3: "pictures"}
LIMIT = 1 << 31  # bytes; twice the largest set of this form (EMNIST ByClass: 0.6 GB) and room to spare


def encode(values: np.ndarray) -> bytes:
    """uint8 values of 1 to 255 dimensions as the bytes of an IDX file (gzip them at will)."""
    if values.dtype != np.uint8:
        raise TypeError(f"IDX files are written from uint8, not {values.dtype}")
    return struct.pack(f">HBB{values.ndim}I", 0, UBYTE, values.ndim, *values.shape) + values.tobytes()


def decode(file: BinaryIO, name: str, dimensions: int, limit: int = LIMIT) -> tuple[np.ndarray, str]:
    """Read an IDX file, gzipped or not.

    Args:
        file: open for reading, seekable.
        name: what to call it in a message.
        dimensions: 3 for pictures, 1 for labels.
        limit: most bytes of values to accept. No more is ever unpacked than the header says, and one byte.

    Returns:
        The values, uint8 (read-only), and the SHA-256 (hex) of the unpacked bytes.

    Raises:
        UserError: for anything but a whole file of that kind.
    """
    zipped = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    stream = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if zipped else file
    try:
        start = stream.read(4)
        if len(start) < 4 or start[:2] != b"\0\0":
            raise UserError(f"{name}: not an IDX file; it starts with {start.hex(' ') or 'nothing'}, not with 00 00.")
        kind, found = start[2], start[3]
        if kind != UBYTE:
            named = TYPES.get(kind, "no IDX type")
            raise UserError(f"{name}: holds type 0x{kind:02x} ({named}); expected 0x08 ({TYPES[UBYTE]}).")
        if found != dimensions:
            raise UserError(f"{name}: has {_dimensions(found)}; expected {_dimensions(dimensions)}.")
        sizes = stream.read(4 * dimensions)
        if len(sizes) < 4 * dimensions:
            raise UserError(f"{name}: breaks off in its header.")
        shape = struct.unpack(f">{dimensions}I", sizes)
        size = math.prod(shape)
        if size > limit:
            raise UserError(f"{name}: its header announces {size:,} bytes ({_by(shape)}); at most {limit:,} can be.")
        body = stream.read(size + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{name}: the gzip file is damaged or breaks off ({error}).") from None
    if len(body) != size:
        found_text = f"only {len(body):,}" if len(body) < size else "more"
        raise UserError(f"{name}: its header announces {size:,} bytes ({_by(shape)}), but there are {found_text}.")
    digest = hashlib.sha256(start + sizes)
    digest.update(body)
    return np.frombuffer(body, np.uint8).reshape(shape), digest.hexdigest()


def _dimensions(count: int) -> str:
    return f"{count} dimension{'s' * (count != 1)}" + (f" ({KINDS[count]})" if count in KINDS else "")


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(f"{size:,}" for size in shape)


def pair(images: np.ndarray, labels: np.ndarray, names: tuple[str, str], class_names: tuple[str, ...]) -> Split:
    """Pictures ``[n, h, w]`` and labels ``[n]``, as decoded, put together.

    Raises:
        UserError: for different counts, or a label that is no index into `class_names`; `names` are the files' names.
    """
    if len(images) != len(labels):
        raise UserError(f"{names[0]} holds {len(images):,} pictures, {names[1]} {len(labels):,} labels: not a pair.")
    outside = np.flatnonzero(labels >= len(class_names))
    if len(outside):
        raise UserError(
            f"{names[1]}: label {labels[outside[0]]} at position {outside[0]:,} ({len(outside):,} such); "
            f"labels run from 0 to {len(class_names) - 1}."
        )
    split = Split(images[..., None], labels.astype(np.int64))
    split.images.setflags(write=False)
    split.labels.setflags(write=False)
    return split


@dataclass(frozen=True)
class IdxFile:
    """One published file: its name without ``.gz``, and the SHA-256 (hex) of its unpacked bytes."""

    name: str
    sha256: str

    def read(self, file: BinaryIO, where: str, shape: tuple[int, ...]) -> np.ndarray:
        """The values of this very file.

        Raises:
            UserError: if it is damaged, has not this shape, or is another file.
        """
        values, digest = decode(file, where, len(shape), limit=math.prod(shape))
        if values.shape != shape:
            raise UserError(f"{where}: holds {_by(values.shape)} values; expected {_by(shape)}.")
        if digest != self.sha256:
            raise UserError(
                f"{where}: not the published {self.name}; its unpacked bytes have SHA-256 {digest[:12]}…, "
                f"expected {self.sha256[:12]}…."
            )
        return values


@dataclass(frozen=True)
class IdxFiles:
    """A data set of IDX files: for each split its pictures and its labels.

    Files on this machine are used where they lie, others are downloaded into the cache. The decoded arrays are kept
    there too (`gan.datasets.arrays`).
    """

    folder: str  # sub-folder of those in GAN_DATA_DIR, of what ships, and of the cache
    files: Mapping[str, tuple[IdxFile, IdxFile]]  # by split: pictures, labels
    mirrors: tuple[str, ...] = ()  # folders to download from; none for what ships

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over the digests of the files."""
        return hashlib.sha256("".join(file.sha256 for file in self._all()).encode()).hexdigest()

    def local(self, source: Source) -> bool:
        """Whether every file, or what was made of them, is on this machine."""
        return all(self._find(file) for file in self._all()) or arrays.read(source, self.digest) is not None

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits by name; see `gan.datasets.records.Reader`."""
        if (kept := arrays.read(source, self.digest)) is not None:
            return kept
        splits = {}
        done, total = 0, sum(source.counts.values()) * (math.prod(source.shape) + 1)
        for name, both in self.files.items():
            values = []
            for file, shape in zip(both, (source.shape[:2], ()), strict=True):
                shape = (source.counts[name], *shape)
                values.append(self._open(source, file, shape, _part(progress, file, done, math.prod(shape), total)))
                done += math.prod(shape)
            splits[name] = pair(values[0], values[1], (both[0].name, both[1].name), source.class_names)
        arrays.keep(source, self.digest, splits)
        progress(1.0, f"{source.title} is ready")
        return arrays.read(source, self.digest) or splits  # from memory where the cache cannot be written

    def _all(self) -> list[IdxFile]:
        return [file for both in self.files.values() for file in both]

    def _find(self, file: IdxFile) -> Path | None:
        return fetch.find(self.folder, file.name)

    def _open(self, source: Source, file: IdxFile, shape: tuple[int, ...], part: fetch.Received) -> np.ndarray:
        """The values of a file: the one on this machine, or else downloaded."""
        path = self._find(file)
        if path is None:
            return file.read(io.BytesIO(self._download(source, file, shape, part)), file.name, shape)
        part(0, 0)
        try:
            with path.open("rb") as stream:
                return file.read(stream, str(path), shape)
        except UserError as error:
            cure = ", or remove it to have it downloaded" if self.mirrors else ""
            raise UserError(f"{error} Replace the file{cure}.") from None
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror or error}).") from None

    def _download(self, source: Source, file: IdxFile, shape: tuple[int, ...], part: fetch.Received) -> bytes:
        if not self.mirrors:
            shipped = SHIPPED_DATA / self.folder / f"{file.name}.gz"
            raise UserError(f"{shipped} is missing. It comes with the app: put it back from there.")
        target = cache_dir() / self.folder / f"{file.name}.gz"
        try:
            data = fetch.download(
                target.name,
                self.mirrors,
                limit=math.prod(shape) + (1 << 16),  # packing may add a little
                check=lambda data: file.read(io.BytesIO(data), file.name, shape),
                received=part,
            )
        except UserError as error:
            wanted = ", ".join(f"{each.name}.gz" for each in self._all() if not self._find(each))
            raise UserError(
                f"{source.title} is not on this machine and could not be downloaded. Put {wanted} into "
                f"{target.parent} or into a folder that GAN_DATA_DIR names. The data set 'handwriting' comes with the "
                f"app and needs no network. (Tried {error})"
            ) from None
        with contextlib.suppress(OSError):  # a full or read-only disk: it serves from memory this time
            target.parent.mkdir(parents=True, exist_ok=True)
            write_aside(target, data)
        return data


def _part(progress: Progress, file: IdxFile, done: int, size: int, total: int) -> fetch.Received:
    """Report a file's bytes as a share of the whole: it makes up `size` of `total` bytes, `done` came before it."""

    def report(received: int, expected: int) -> None:
        text = f"{file.name}: {received / 1e6:.1f} of {expected / 1e6:.1f} MB" if expected else file.name
        progress((done + size * (received / expected if expected else 0)) / total, text)

    return report
