"""Finding a data set's files on this machine, or else getting them from their publisher into the cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from gan import paths
from gan.datasets.download import Received, download
from gan.datasets.records import Progress
from gan.errors import UserError

__all__ = ["Published", "Received", "find", "from_publisher", "mark", "obtain", "part", "reader"]


@dataclass(frozen=True)
class Published:
    """A file as its publisher serves it."""

    name: str
    size: int  # bytes
    sha256: str  # hex
    mirrors: tuple[str, ...]  # addresses of folders that have it

    def check(self, file: BinaryIO) -> None:
        """Whether it is this very file.

        Raises:
            UserError: if it is not.
        """
        digest = hashlib.file_digest(cast(BufferedReader, file), "sha256").hexdigest()
        if digest != self.sha256:
            raise UserError(f"not the published {self.name}; SHA-256 {digest[:12]}…, expected {self.sha256[:12]}…")


def find(folder: str, name: str) -> Path | None:
    """A data set's file on this machine, as it is or with ``.gz``; None if there is none.

    Looked for in each folder of ``GAN_DATA_DIR``, directly and in its sub-folder `folder`, then in what ships, then
    in the cache.
    """
    places = [place for named in paths.data_dirs() for place in (named / folder, named)]
    places += [paths.SHIPPED_DATA / folder, paths.cache_dir() / folder]
    candidates = (place / (name + ending) for place in places for ending in ("", ".gz"))
    return next((path for path in candidates if path.is_file()), None)


def mark(path: Path | None) -> str:
    """What tells a file from one that takes its place, without reading it; nothing if there is no file."""
    if path is None:
        return ""
    status = path.stat()
    return f"{path.name} {status.st_size} {status.st_mtime_ns}"


def part(progress: Progress, name: str, begin: float, share: float) -> Received:
    """Report a download as a share of the whole work, which begins at `begin`."""

    def received(have: int, expected: int) -> None:
        text = f"{name}: {have / 1e6:.1f} of {expected / 1e6:.1f} MB" if expected else name
        progress(begin + share * (have / expected if expected else 0), text)

    return received


def reader(path: Path) -> BinaryIO:
    """A file opened for reading.

    Raises:
        UserError: if it may not be.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error}).") from None


def obtain(title: str, folder: str, file: Published, received: Received) -> BinaryIO:
    """A published file: the one on this machine, or else downloaded; see `find` and `from_publisher`.

    Raises:
        UserError: if it cannot be had, or not be read.
    """
    if path := find(folder, file.name):
        return reader(path)
    return from_publisher(title, folder, file.name, file.name, file.mirrors, file.size, file.check, received)


def from_publisher(
    title: str,
    folder: str,
    name: str,
    wanted: str,
    mirrors: Iterable[str],
    limit: int,
    check: Callable[[BinaryIO], object],
    received: Received,
) -> BinaryIO:
    """Download a file of a data set into the cache; see `download`.

    Raises:
        UserError: saying which files (`wanted`) to put where.
    """
    target = paths.cache_dir() / folder / name
    try:
        return download(target, mirrors, limit, check, received)
    except UserError as error:
        raise UserError(
            f"{title} is not on this machine and could not be downloaded. Put {wanted} into {target.parent} or into a "
            f"folder that GAN_DATA_DIR names. The data set 'handwriting' comes with the app and needs no network. "
            f"(Tried {error})"
        ) from None
