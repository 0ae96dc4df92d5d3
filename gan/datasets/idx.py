"""Data sets of IDX files, such as MNIST and EMNIST: finding the files or downloading them, checking, keeping."""

from __future__ import annotations

import contextlib
import hashlib
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

import numpy as np

from gan.datasets import arrays, fetch
from gan.datasets.idx_format import LIMIT, Reading, by, classes, decode, encode, pair
from gan.datasets.records import Progress, Source, Split
from gan.errors import UserError
from gan.paths import SHIPPED_DATA, cache_dir

__all__ = ["IdxFile", "IdxFiles", "decode", "encode", "pair"]

ROWS = 4096  # pictures read at a time
MAPPING_LIMIT = 1 << 16  # bytes of a mapping file


@dataclass(frozen=True)
class IdxFile:
    """One published file: its name without ``.gz``, and the SHA-256 (hex) of its unpacked bytes where it is known."""

    name: str
    sha256: str = ""

    def pieces(self, file: BinaryIO, where: str, shape: tuple[int, ...], rows: int = ROWS) -> Iterator[np.ndarray]:
        """The values, some at a time; that they are those of this very file is certain after the last.

        Raises:
            UserError: if it is damaged, has not this shape, or is another file.
        """
        reading = Reading(file, where, len(shape), limit=math.prod(shape))
        if reading.shape != shape:
            raise UserError(f"{where}: holds {by(reading.shape)} values; expected {by(shape)}.")
        return self._checked(reading, rows)

    def _checked(self, reading: Reading, rows: int) -> Iterator[np.ndarray]:
        yield from reading.pieces(rows)
        if self.sha256 and reading.sha256 != self.sha256:
            raise UserError(
                f"{reading.name}: not the published {self.name}; its unpacked bytes have SHA-256 "
                f"{reading.sha256[:12]}…, expected {self.sha256[:12]}…."
            )


@dataclass(frozen=True)
class Opened:
    """A file being read: what to call it, and what helps if it is damaged."""

    where: str
    file: BinaryIO
    cure: str = ""


@dataclass(frozen=True)
class IdxFiles:
    """A data set of IDX files: for each split its pictures and its labels.

    Files on this machine are used where they lie, others are downloaded into the cache. The decoded arrays are kept
    there too (`gan.datasets.arrays`), written piece by piece: no set needs more memory than its labels.
    """

    folder: str  # sub-folder of those in GAN_DATA_DIR, of what ships, and of the cache
    files: Mapping[str, tuple[IdxFile, IdxFile]]  # by split: pictures, labels
    mirrors: tuple[str, ...] = ()  # folders to download from; none for what ships
    archive: fetch.Published | None = None  # a ZIP that holds the files, where they are not served one by one
    first: int = 0  # the label of the first class
    mapping: str = ""  # a file beside the others that says which characters the labels stand for
    transposed: bool = False  # pictures are stored column by column

    def local(self, source: Source) -> bool:
        """Whether every file, or what was made of them, is on this machine."""
        return self._here() or arrays.read(source, self._key()) is not None

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits by name; see `gan.datasets.records.Reader`."""
        if (kept := arrays.read(source, self._key())) is not None:
            return kept
        begin = 0.0 if self._here() else 0.5  # the first half goes to the download, if there is one
        with contextlib.ExitStack() as stack:
            opened = self._open(source, progress, stack)  # after this, the key is known
            done, total = dict.fromkeys(source.counts, 0), sum(source.counts.values())

            def pieces(split: str) -> Iterator[Split]:
                done[split] = 0
                for piece in self._pieces(source, split, opened):
                    yield piece
                    done[split] += len(piece)
                    count = sum(done.values())
                    progress(begin + (1 - begin) * count / total, f"{source.title}: {count:,} of {total:,} pictures")

            splits = arrays.keep(source, self._key(), pieces)
        progress(1.0, f"{source.title} is ready")
        return splits

    @property
    def download(self) -> int:
        """Bytes of the archive; 0 where there is none."""
        return self.archive.size if self.archive else 0

    def _all(self) -> list[IdxFile]:
        return [file for both in self.files.values() for file in both]

    def _find(self, name: str) -> Path | None:
        """Where a file lies, by itself or in the archive."""
        path = fetch.find(self.folder, name)
        return path or (fetch.find(self.folder, self.archive.name) if self.archive else None)

    def _here(self) -> bool:
        return all(self._find(file.name) for file in self._all())

    def _key(self) -> str:
        """Stands for what the files hold: their digests, or else sizes and dates. Empty while that is not known."""
        marks = [file.sha256 or fetch.mark(self._find(file.name)) for file in self._all()]
        return hashlib.sha256("".join(marks).encode()).hexdigest() if all(marks) else ""

    def _open(self, source: Source, progress: Progress, stack: contextlib.ExitStack) -> dict[str, Opened]:
        """All files by name: those on this machine, then those in the archive, or else downloaded."""
        cure = " Replace the file" + (", or remove it to have it downloaded." if self.mirrors or self.archive else ".")
        names = [*(file.name for file in self._all()), *filter(None, [self.mapping])]
        opened = {}
        for name in names:
            if path := fetch.find(self.folder, name):
                opened[name] = Opened(str(path), stack.enter_context(fetch.reader(path)), cure)
        missing = [file for file in self._all() if file.name not in opened]
        if missing and self.archive:
            zipped, where = self._open_archive(source, self.archive, progress, stack)
            for member in zipped.infolist():
                name = PurePosixPath(member.filename).name.removesuffix(".gz")
                if name in names and name not in opened:
                    opened[name] = Opened(f"{where}: {name}", stack.enter_context(_member(zipped, member, where)), cure)
            for file in missing:
                if file.name not in opened:
                    raise UserError(f"{where}: the archive has no {file.name}.gz.{cure}")
        else:
            for number, file in enumerate(missing):
                part = fetch.part(progress, file.name, number / len(missing) / 2, 1 / len(missing) / 2)
                opened[file.name] = Opened(file.name, stack.enter_context(self._download(source, file, part)))
        return opened

    def _open_archive(
        self, source: Source, archive: fetch.Published, progress: Progress, stack: contextlib.ExitStack
    ) -> tuple[zipfile.ZipFile, str]:
        path = fetch.find(self.folder, archive.name)
        received = fetch.part(progress, archive.name, 0, 0.5)
        file = stack.enter_context(fetch.obtain(source.title, self.folder, archive, received))
        where = str(path or cache_dir() / self.folder / archive.name)
        try:
            return stack.enter_context(zipfile.ZipFile(file)), where
        except (zipfile.BadZipFile, OSError) as error:
            cure = "Replace the file, or remove it to have it downloaded."
            raise UserError(f"{where}: not a whole ZIP file ({error}). {cure}") from None

    def _download(self, source: Source, file: IdxFile, received: fetch.Received) -> BinaryIO:
        name = f"{file.name}.gz"
        if not self.mirrors:
            missing = SHIPPED_DATA / self.folder / name
            raise UserError(f"{missing} is missing. It comes with the app: put it back from there.")
        shape = self._shape(source, file)

        def check(data: BinaryIO) -> None:
            for _ in file.pieces(data, file.name, shape):
                pass

        wanted = ", ".join(f"{each.name}.gz" for each in self._all() if not fetch.find(self.folder, each.name))
        limit = math.prod(shape) + (1 << 16)  # packing may add a little
        return fetch.from_publisher(source.title, self.folder, name, wanted, self.mirrors, limit, check, received)

    def _shape(self, source: Source, file: IdxFile) -> tuple[int, ...]:
        """What a file's header says."""
        split = next(split for split, both in self.files.items() if file in both)
        height, width, _ = source.shape
        sides = (width, height) if self.transposed else (height, width)
        return (source.counts[split], *(sides if file is self.files[split][0] else ()))

    def _pieces(self, source: Source, split: str, opened: Mapping[str, Opened]) -> Iterator[Split]:
        pictures, labels = self.files[split]
        try:
            images, numbers = (
                file.pieces(opened[file.name].file, opened[file.name].where, self._shape(source, file), rows)
                for file, rows in ((pictures, ROWS), (labels, LIMIT))
            )
            known = self._known(source, opened.get(self.mapping))
            found = classes(np.concatenate([*numbers]), known, labels.name)
            start = 0
            for piece in images:
                upright = piece.transpose(0, 2, 1) if self.transposed else piece
                yield Split(upright[..., None], found[start : start + len(piece)])
                start += len(piece)
        except UserError as error:
            raise UserError(f"{error}{opened[pictures.name].cure}") from None

    def _known(self, source: Source, mapping: Opened | None) -> Sequence[int]:
        """The label of each class in the files."""
        if mapping is None:
            return range(self.first, self.first + len(source.class_names))
        mapping.file.seek(0)
        return labels_of(mapping.file.read(MAPPING_LIMIT), source.class_names, mapping.where)


def labels_of(mapping: bytes, class_names: Sequence[str], name: str) -> list[int]:
    """The label of each class by a mapping file, whose lines say ``label code …``: "1 65 97" is A and a.

    Raises:
        UserError: if it names other classes; `name` is the file's.
    """
    try:
        rows = [[int(word) for word in line.split()] for line in mapping.decode("ascii").splitlines() if line.strip()]
        labels = {chr(codes[0]): label for label, *codes in rows if 0 <= label < 256}
    except (ValueError, IndexError, OverflowError):
        raise UserError(
            f"{name}: not a mapping; its lines should be as 1 65 97, a label and codes of characters."
        ) from None
    for character in class_names:
        if character not in labels:
            raise UserError(f"{name}: no label stands for {character}; a file of another data set?")
    return [labels[character] for character in class_names]


def _member(zipped: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> BinaryIO:
    try:
        return cast(BinaryIO, zipped.open(member))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise UserError(f"{where}: {member.filename} cannot be read ({error}).") from None
