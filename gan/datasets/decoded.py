"""Readers for sets that lie as picture files: decoded once into the cache, mapped from there ever after.

`ZipPictures` is for sets that ship: one ZIP of pictures and ``attributes.csv``, whose columns are ``file``, ``split``
("train" or "test") and then the attributes. Only the pictures of its rows are part of the set.

    Source(name="avatars", shape=(128, 128, 3), class_names=("all",), attributes=("hair", …),
           reader=ZipPictures("avatars/avatars.zip"), …)

With ``label="hair"`` that column's words are the labels; `class_names` lists them all then.

`FolderPictures` is for sets that the user gets from somewhere: a folder or a ZIP of that name (`gan.datasets.folder`).
What the row says of classes and counts then gives way to what is found (`refine`).
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gan import paths
from gan.datasets import archives, columns, folder, kept_files, shares
from gan.datasets.folder import Found, Options
from gan.datasets.kept_files import Card, KeptFiles
from gan.datasets.records import Progress, Source, Split
from gan.datasets.report import Report
from gan.datasets.workspace import workspace
from gan.errors import UserError

TABLE = "attributes.csv"
SHARE, SEED = 0.8, 1  # of a set whose publisher has not split it


@dataclass(frozen=True)
class ZipPictures:
    """A ZIP that comes with the app; see the module."""

    path: str  # within ``data/``
    label: str | None = None

    def local(self, source: Source) -> bool:
        return (paths.SHIPPED_DATA / self.path).is_file()

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits; see `gan.datasets.records.Reader`."""
        path = paths.SHIPPED_DATA / self.path
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        except OSError:
            raise UserError(f"{path} is missing. It comes with the app: put it back from there.") from None
        try:
            card, splits = _kept(source, digest, functools.partial(self._decode, source, path), progress)
        except (KeyError, ValueError) as error:  # a column or a class that is not there
            raise UserError(f"{path}: not the file that comes with the app ({error}); put that one back.") from None
        found = dict(card.counts), set(card.attributes), card.published
        if found != (dict(source.counts), set(source.attributes), True):
            raise UserError(f"{path}: not the file that comes with the app; put that one back.")
        return splits

    def _decode(self, source: Source, path: Path, aside: Path, progress: Progress) -> Found:
        with archives.opened(path) as tree:
            members = {member.name: member for member in tree.members}
            if TABLE not in members:
                raise UserError(f"{path}: holds no {TABLE}. It comes with the app: put it back from there.")
            table = columns.read(members[TABLE].read(), TABLE)
            key = table.columns.index("file")
            names = [row[key] for row in table.rows]
            if missing := next((name for name in names if name not in members), None):
                raise UserError(f"{path}: {missing} is missing in it. It comes with the app: put it back from there.")
            report, options = Report(), Options(source.shape[0], channels=source.shape[2])
            images, _ = folder.decode_all([members[name] for name in names], options, aside, report, progress)
        if report.left_out:
            raise UserError(
                f"{path}: {report.left_out[0][0]}: {report.left_out[0][1]}. Put the file back from the app."
            )
        attributes = columns.values([columns.Match(table, key, np.arange(len(names)))], len(names))
        test = attributes.pop("split") == "test"
        labels = np.zeros(len(names), np.int64)
        if self.label:
            places = {name: place for place, name in enumerate(source.class_names)}
            labels = np.array([places[word] for word in attributes.pop(self.label)], np.int64)
        return Found(images, labels, source.class_names, attributes, test, report)


@dataclass(frozen=True)
class FolderPictures:
    """A folder or ZIP that the user puts in place; see the module."""

    folder: str  # its name, in a folder of GAN_DATA_DIR or in the cache
    options: Options
    origin: str  # where to get it, a sentence

    @property
    def place(self) -> Path:
        """The folder to fill."""
        return next(iter(paths.data_dirs()), paths.cache_dir()) / self.folder

    def local(self, source: Source) -> bool:
        return self._find() is not None

    def refine(self, source: Source) -> Source:
        """The row with the classes, counts and columns of what is there; the row itself while nothing is."""
        path = self._find()
        if path is None:
            return source
        try:
            return _refined(self, source, path, _stamp(path), paths.cache_dir())
        except (OSError, UserError):  # `read` says why
            return source

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits; see `gan.datasets.records.Reader`."""
        path = self._find()
        if path is None:
            raise UserError(
                f"{source.title} is not on this machine. {self.origin} Put the pictures (or the ZIP as "
                f"{self.folder}.zip) into {self.place}, or into {self.folder} in a folder that GAN_DATA_DIR names."
            )
        _, listing = _survey(path, _stamp(path))
        _, splits = _kept(source, self.key(listing), functools.partial(self._decode, path), progress)
        _refined.cache_clear()  # it is known exactly now
        return splits

    def _decode(self, path: Path, aside: Path, progress: Progress) -> Found:
        with archives.opened(path) as tree:
            return folder.read(folder.survey(tree), self.options, aside, progress)

    def key(self, listing: str) -> str:
        return hashlib.sha256(f"{listing} {self.options}".encode()).hexdigest()[:16]

    def _find(self) -> Path | None:
        for parent in (*paths.data_dirs(), paths.cache_dir()):
            path = parent / self.folder
            with contextlib.suppress(OSError):
                if path.is_dir() and any(entry.name[0] != "." for entry in path.iterdir()):
                    return path
            if path.with_suffix(".zip").is_file():
                return path.with_suffix(".zip")
        return None


def _kept(
    source: Source, key: str, make: Callable[[Path, Progress], Found], progress: Progress
) -> tuple[Card, dict[str, Split]]:
    """What was decoded before, or else is now; kept in the cache, where that can be written."""
    target = paths.cache_dir() / "decoded" / source.name / key
    with contextlib.suppress(UserError):
        card = kept_files.read_card(target)
        return card, KeptFiles(target, card).read(source, progress)
    with _aside(target.parent) as aside:
        found = make(aside, lambda share, text: progress(0.9 * share, f"{source.title}: {text}"))
        card = kept_files.card_of(source, found.class_names, tuple(found.attributes), SHARE, SEED)
        ready = aside / "ready"
        ready.mkdir()
        card = kept_files.write(
            ready, card, found.images, found.labels, list(found.attributes.values()), None, found.test,
            lambda share, text: progress(0.9 + 0.1 * share, text),
        )  # fmt: skip
        kept_files.write_card(ready, card)
        splits = KeptFiles(ready, card).read(source, progress)  # maps stay readable when files are moved or go
        with contextlib.suppress(OSError):  # another process was faster
            shutil.rmtree(target, ignore_errors=True)  # what is damaged would be in the way
            ready.rename(target)
    progress(1.0, f"{source.title} is ready")
    return card, splits


@contextlib.contextmanager
def _aside(parent: Path) -> Iterator[Path]:
    """A folder to write to: beside the target, or where the cache cannot be written, among temporary files."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(parent, os.W_OK)
    except OSError:
        writable = False
    if writable:
        with workspace(parent) as aside:
            yield aside
    else:
        with tempfile.TemporaryDirectory() as aside:
            yield Path(aside)


def _stamp(path: Path) -> tuple[int, ...]:
    """Changes with a ZIP, and with what is in a folder or in its folders."""
    found = path.stat()
    if not path.is_dir():
        return found.st_mtime_ns, found.st_size
    with os.scandir(path) as entries:
        inside = sorted((entry.name, entry.stat().st_mtime_ns) for entry in entries if entry.is_dir())
    return found.st_mtime_ns, hash(tuple(inside))


@functools.lru_cache(maxsize=8)
def _survey(path: Path, stamp: tuple[int, ...]) -> tuple[folder.Album, str]:
    """The album at a path, and a digest of its listing; `stamp` makes a changed place be looked at again."""
    with archives.opened(path) as tree:
        listing = repr([(member.name, member.size) for member in tree.members])
        return folder.survey(tree), hashlib.sha256(listing.encode()).hexdigest()


@functools.lru_cache(maxsize=32)
def _refined(reader: FolderPictures, source: Source, path: Path, stamp: tuple[int, ...], cache: Path) -> Source:
    album, listing = _survey(path, stamp)
    with contextlib.suppress(UserError):
        card = kept_files.read_card(cache / "decoded" / source.name / reader.key(listing))
        return replace(source, class_names=card.class_names, counts=card.counts, attributes=card.attributes)
    train = shares.cut(np.sort(shares.places(album.labels, seed=SEED)), SHARE) if len(album.labels) else 0
    counts = {"train": train, "test": len(album.labels) - train}
    return replace(source, class_names=album.class_names, counts=counts)
