"""Pictures in a folder, a ZIP or an upload: flat or one folder a class, with tables of attributes where there are any.

    with archives.opened(path) as tree, workspace() as aside:
        album = survey(tree)
        found = read(album, Options(size=64), aside)

`survey` looks at names only; `read` decodes, on all cores, and writes what it decodes to disk as it goes. What cannot
be used is left out and reported, and the rest is kept.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import numpy as np

from gan.datasets import columns, decoding
from gan.datasets.archives import Member, Tree
from gan.datasets.growing import Growing
from gan.datasets.records import Progress
from gan.datasets.report import Report
from gan.errors import UserError, unknown

SMALLEST, LARGEST = 16, 256  # pixels of a side
TRAIN, TEST = ("train", "training"), ("test", "testing", "t10k", "val", "valid", "validation")
ALL, LOOSE = "all", "(no folder)"  # the class of pictures without classes; of those beside the classes' folders
IGNORED = (".txt", ".md", ".json", ".html", ".pdf", ".ini", ".db")  # what lies beside pictures and needs no words
AHEAD = 4  # pictures a core that may be decoded before they are written


def check_size(size: int) -> None:
    """Whether pictures can have this size.

    Raises:
        UserError: if not.
    """
    if not SMALLEST <= size <= LARGEST:
        raise UserError(f"size: {size} pixels are out of range; {SMALLEST} to {LARGEST} work.")


@dataclass(frozen=True)
class Options:
    """How pictures are made alike, and what labels them.

    Raises:
        UserError: for a size that cannot be.
    """

    size: int = 64
    how: decoding.How = "crop"
    channels: int = 3
    label: str | None = None  # a column of the table; None: the folders
    key: str | None = None  # the column that names the pictures; None: find it

    def __post_init__(self) -> None:
        check_size(self.size)


@dataclass(frozen=True)
class Album:
    """The pictures of a tree with what their names say."""

    name: str
    pictures: tuple[Member, ...]
    folders: tuple[str, ...]  # of each picture: the folder that is its class, "" for none
    test: tuple[bool, ...] | None  # whether it lies in a folder for testing; None where there are no such folders
    tables: tuple[Member, ...]
    notes: tuple[tuple[str, str], ...]  # what is left out: name, why

    @property
    def class_names(self) -> tuple[str, ...]:
        names = sorted({folder or LOOSE for folder in self.folders})
        return (ALL,) if names in ([], [LOOSE]) else tuple(names)

    @property
    def labels(self) -> np.ndarray:
        """int64 ``[n]``, by folder."""
        places = {name: place for place, name in enumerate(self.class_names)}
        return np.array([places.get(folder or LOOSE, 0) for folder in self.folders], np.int64)


@dataclass
class Found:
    """What a reader has made of files, ready to be kept."""

    images: np.ndarray  # uint8 [n, h, w, c]
    labels: np.ndarray  # int64 [n]
    class_names: tuple[str, ...]
    attributes: dict[str, np.ndarray] = field(default_factory=dict)
    test: np.ndarray | None = None  # bool [n], where the publisher has said so
    report: Report = field(default_factory=Report)


def survey(tree: Tree) -> Album:
    """Sort the files of a tree: pictures, tables, others. Folders that hold all pictures say nothing and are passed.

    A folder for training beside one for testing makes the split; then, or else, the first folder is the class.
    """
    pictures, tables, notes = [], [], list(tree.notes)
    seen: set[str] = set()
    for member in tree.members:
        if member.name in seen:
            notes.append((member.name, "a second file of this name; the first is taken"))
        elif member.suffix in decoding.SUFFIXES:
            pictures.append(member)
        elif member.suffix in columns.SUFFIXES:
            tables.append(member)
        elif member.suffix not in IGNORED:
            notes.append((member.name, "neither a picture nor a table"))
        seen.add(member.name)
    parents = [PurePosixPath(member.name).parent.parts for member in pictures]
    parents = _beyond_common(parents)
    firsts = {parts[0].lower() for parts in parents if parts}
    test = None
    if firsts and firsts <= {*TRAIN, *TEST} and firsts & {*TRAIN} and firsts & {*TEST} and all(parents):
        test = tuple(parts[0].lower() in TEST for parts in parents)
        parents = [parts[1:] for parts in parents]
    folders = tuple(parts[0] if parts else "" for parts in parents)
    return Album(tree.name, tuple(pictures), folders, test, tuple(tables), tuple(notes))


def _beyond_common(parents: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    while parents and all(parents) and len({parts[0] for parts in parents}) == 1:
        parents = [parts[1:] for parts in parents]
    return parents


def read(album: Album, options: Options, aside: Path, progress: Progress | None = None) -> Found:
    """Decode an album.

    Args:
        album: see `survey`.
        options: size and so on.
        aside: a folder that the pictures are written to; `Found.images` maps them from there.
        progress: called with the share done and what is being done; what it raises cancels.

    Raises:
        UserError: if there is no picture that can be read, or the disk is full.
    """
    if not album.pictures:
        raise UserError(f"{album.name}: there are no pictures ({', '.join(decoding.SUFFIXES[:5])} …).")
    report = Report()
    report.leave_out(album.notes)
    attributes = _attributes(album, options, report)  # first: a table that does not fit is told before the wait
    before = len(report.left_out)
    images, kept = decode_all(album.pictures, options, aside, report, progress)
    report.kept = len(kept)
    if not kept:
        raise UserError(f"{album.name}: none of its pictures can be read. The first: {report.left_out[before][1]}.")
    test = None if album.test is None else np.array(album.test)[kept]
    attributes = {name: column[kept] for name, column in attributes.items()}
    found = Found(images, album.labels[kept], album.class_names, attributes, test, report)
    return _relabelled(found, options.label) if options.label else found


def compact(found: Found) -> Found:
    """Without the classes that no picture is left of; those with a single picture are remarked."""
    counts = np.bincount(found.labels, minlength=len(found.class_names))
    present = np.flatnonzero(counts)
    for place in np.flatnonzero(counts == 1) if len(present) > 1 else ():
        where = "; it is for training" if found.test is None else ""
        found.report.remark(found.class_names[place], f"a class of one picture{where}")
    for place in np.flatnonzero(counts == 0):
        found.report.left_out.append((found.class_names[place], "a class without a picture"))
    names = tuple(found.class_names[place] for place in present)
    return replace(found, labels=np.searchsorted(present, found.labels), class_names=names)


def _relabelled(found: Found, column: str) -> Found:
    """With a column of the table for the labels."""
    if column not in found.attributes:
        raise unknown("column", column, found.attributes)
    words = found.attributes.pop(column)
    if words.dtype.kind == "f":
        words = np.array([f"{word:g}" if word == word else "" for word in words])
    words = np.where(words == "", "(not stated)", words)
    names, labels = np.unique(words, return_inverse=True)
    return replace(found, labels=labels.astype(np.int64), class_names=tuple(map(str, names)))


def _attributes(album: Album, options: Options, report: Report) -> dict[str, np.ndarray]:
    names = [member.name for member in album.pictures]
    matches, failures = [], []
    for member in album.tables:
        try:
            matches.append(columns.match(columns.read(member.read(), member.name, report), names, report, options.key))
        except UserError as error:
            failures.append((member.name, str(error).removeprefix(f"{member.name}: ").rstrip(".")))
    if failures and not matches and (options.label or options.key):
        raise UserError(f"{failures[0][0]}: {failures[0][1]}.")
    report.leave_out(failures)
    if matches:
        for place in np.flatnonzero(np.max([match.rows for match in matches], axis=0) < 0):
            report.remark(names[place], "a picture without a row in the table")
    return columns.values(matches, len(names))


def decode_all(
    members: Sequence[Member], options: Options, aside: Path, report: Report, progress: Progress | None = None
) -> tuple[np.ndarray, list[int]]:
    """Decode pictures on all cores into a file, as few at a time as keeps the cores busy.

    Args:
        members: the pictures.
        options: what they become.
        aside: the folder for the file.
        report: gets those that cannot be read.
        progress: as in `read`.

    Returns:
        The pictures, uint8 ``[k, size, size, channels]``, mapped; and the place of each among the members.
    """
    kept: list[int] = []
    path = aside / "pictures.npy"
    with (
        Growing(path, (options.size, options.size, options.channels)) as file,
        contextlib.closing(_decoded(members, options)) as results,
    ):
        for place, result in enumerate(results):
            if progress and place % 16 == 0:
                text = f"{place:,} of {len(members):,} pictures read, {place - len(kept):,} left out"
                progress(place / len(members), text)
            if isinstance(result, np.ndarray):
                file.append(result[None])
                kept.append(place)
            else:
                report.leave_out([_reason(members[place].name, result)])
    return np.load(path, mmap_mode="r"), kept


def _decoded(members: Sequence[Member], options: Options) -> Generator[np.ndarray | UserError]:
    """Each picture, or why not, in order."""

    def one(member: Member) -> np.ndarray | UserError:
        try:
            return open_picture(member, options)
        except UserError as error:
            return error

    cores = os.cpu_count() or 1
    under_way: deque[Future[np.ndarray | UserError]] = deque()
    pool = ThreadPoolExecutor(cores)
    try:
        for member in members:
            under_way.append(pool.submit(one, member))
            if len(under_way) > cores * AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def open_picture(member: Member, options: Options) -> np.ndarray:
    """One picture as the options want it: uint8 ``[size, size, channels]``.

    Raises:
        UserError: if it cannot be read.
    """
    image = decoding.decode(member.read(), member.name, near=options.size)
    return decoding.fit(image, options.size, options.how, options.channels)


def _reason(name: str, error: UserError) -> tuple[str, str]:
    return name, str(error).removeprefix(f"{name}: ").rstrip(".")
