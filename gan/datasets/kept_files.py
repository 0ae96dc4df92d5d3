"""What lies in the folder of a kept data set: its card, and the arrays of one revision.

``card.json`` is written last and at once, and names the revision whose files count: whatever else lies there was left
by something that broke off, or is about to go. The caller (`gan.datasets.kept`) turns errors of the disk into words.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from gan import paths
from gan.datasets import shares
from gan.datasets.growing import Growing
from gan.datasets.records import Progress, Source, Split
from gan.errors import UserError

FORMAT = 1
CARD = "card.json"
PIECE = 8 << 20  # bytes written between two looks at whether to go on
LONGEST = 200  # characters of a word in a column
LOOKS = 5  # at a folder that changes while it is looked at


@dataclass(frozen=True)
class Card:
    """What ``card.json`` says; see `gan.datasets.kept.keep`."""

    title: str
    summary: str
    licence: str
    citation: str
    homepage: str
    made_from: str
    class_names: tuple[str, ...]
    shape: tuple[int, int, int]
    attributes: tuple[str, ...]
    share: float
    seed: int
    grouped: bool
    published: bool = False  # the split is the publisher's
    counts: Mapping[str, int] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)  # of each split, so that nobody has to read it for that
    revision: str = ""

    def source(self, folder: Path) -> Source:
        """The row for the table of data sets."""
        whole = " (no group is torn apart)" if self.grouped else ""
        made = f" Made from {self.made_from}." if self.made_from else ""
        return Source(
            name=folder.name,
            title=self.title,
            summary=f"{self.summary}{made}".strip(),
            class_names=self.class_names,
            shape=self.shape,
            counts=self.counts,
            licence=self.licence,
            citation=self.citation,
            homepage=self.homepage,
            reader=KeptFiles(folder, self),
            attributes=self.attributes,
            split="the publisher's" if self.published else f"{self.share:.0%} for training, seed {self.seed}{whole}",
        )


def card_of(source: Source, class_names: tuple[str, ...], attributes: tuple[str, ...], share: float, seed: int) -> Card:
    """The card of a set that a row of the table describes."""
    words = (source.title, source.summary, source.licence, source.citation, source.homepage, "")
    return Card(*words, class_names, source.shape, attributes, share, seed, False)


@dataclass(frozen=True)
class KeptFiles:
    """The reader of a kept set: everything is mapped, nothing is read beforehand."""

    folder: Path
    card: Card

    def local(self, source: Source) -> bool:
        return True

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits; see `gan.datasets.records.Reader`."""
        card, splits = self.card, {}
        images, labels = load(self.folder, card, "images"), load(self.folder, card, "labels")
        columns = {name: load(self.folder, card, f"attribute-{i}") for i, name in enumerate(card.attributes)}
        _check(self.folder.name, card, images, labels, columns)
        boundary = card.counts["train"]
        for side, part in (("train", slice(0, boundary)), ("test", slice(boundary, None))):
            split = Split(images[part], labels[part], {name: column[part] for name, column in columns.items()})
            vars(split)["digest"] = card.digests[side]  # known since it was written
            splits[side] = split
        return splits


def load(folder: Path, card: Card, part: str) -> np.ndarray:
    """One array of the card's revision, mapped: images, labels, places or attribute-N.

    Raises:
        UserError: if it is missing or damaged.
    """
    path = _path(folder, card, part)
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        why = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error})"
        raise UserError(f"{folder.name}: {path.name} {why}. Remove the data set and make it anew.") from None


def write(
    folder: Path,
    card: Card,
    images: np.ndarray,
    labels: np.ndarray,
    columns: Sequence[np.ndarray],
    groups: np.ndarray | None = None,
    test: np.ndarray | None = None,
    progress: Progress | None = None,
    place: np.ndarray | None = None,
) -> Card:
    """Write the arrays in the order of their places, as a new revision. Places are found anew unless they are given.

    Returns:
        The card that describes them; the set is there once that is written.
    """
    card = replace(card, revision=uuid.uuid4().hex[:8])
    labels = np.asarray(labels, np.int64)
    if place is None:
        place = shares.places(labels, groups, card.seed)
    if test is not None and 0 < (share := 1 - float(np.mean(test))) < 1:
        place = np.where(test, share + (1 - share) * place, share * place)
        card = replace(card, share=share, published=True)
    order = np.argsort(place, kind="stable")
    boundary = shares.cut(place[order], card.share)
    digests, rows = {}, max(1, PIECE // int(np.prod(card.shape)))
    with Growing(_path(folder, card, "images"), card.shape) as file:
        for side, part in (("train", order[:boundary]), ("test", order[boundary:])):
            digest = hashlib.sha256(repr((len(part), *card.shape)).encode())  # as `Split.digest`
            for start in range(0, len(part), rows):
                if progress:
                    progress(file.count / len(order), f"Writing {file.count:,} of {len(order):,} pictures")
                piece = np.ascontiguousarray(images[part[start : start + rows]])
                file.append(piece)
                digest.update(piece.data)
            digest.update(labels[part].data)
            digests[side] = digest.hexdigest()
    np.save(_path(folder, card, "labels"), labels[order])
    np.save(_path(folder, card, "places"), place[order])
    for index, column in enumerate(columns):
        np.save(_path(folder, card, f"attribute-{index}"), plain(column)[order])
    return replace(card, counts={"train": boundary, "test": len(order) - boundary}, digests=digests)


def cut_anew(folder: Path, card: Card) -> Card:
    """The card with the boundary where its share puts it."""
    images, labels = load(folder, card, "images"), load(folder, card, "labels")
    boundary = shares.cut(load(folder, card, "places"), card.share)
    digests = {
        "train": Split(images[:boundary], labels[:boundary]).digest,
        "test": Split(images[boundary:], labels[boundary:]).digest,
    }
    return replace(card, counts={"train": boundary, "test": len(labels) - boundary}, digests=digests)


def reorder(folder: Path, card: Card, progress: Progress | None) -> None:
    """Write the pictures in the order of the card's (new) seed, then the card, then drop the old files."""
    images, labels, places = (load(folder, card, part) for part in ("images", "labels", "places"))
    columns = [load(folder, card, f"attribute-{i}") for i in range(len(card.attributes))]
    old = set(folder.glob("[!.]*"))
    try:
        # Pictures of one group have one place, and that is all one needs to know of groups.
        write_card(
            folder, write(folder, card, images, labels, columns, places if card.grouped else None, None, progress)
        )
    except BaseException:
        for path in set(folder.glob("[!.]*")) - old:
            path.unlink(missing_ok=True)
        raise
    for path in old - {folder / CARD}:  # what is mapped elsewhere stays readable
        path.unlink(missing_ok=True)


def plain(column: np.ndarray) -> np.ndarray:
    """A column as float64, or as words of bounded length."""
    column = np.asarray(column)
    if column.dtype.kind in "biuf":
        return column.astype(np.float64)
    return np.array([str(word)[:LONGEST] for word in column], dtype=np.str_)


def write_card(folder: Path, card: Card) -> None:
    """Make it so: from now on the folder is what the card says."""
    text = json.dumps({"format": FORMAT, **asdict(card)}, indent=2, ensure_ascii=False)
    paths.write_aside(folder / CARD, (text + "\n").encode())


def read_card(folder: Path) -> Card:
    """The folder's card.

    Raises:
        UserError: if there is none, or it cannot be used.
    """
    try:
        values = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if values.pop("format", None) != FORMAT:
            raise UserError(f"{folder.name}: {CARD} is of another version; this one reads format {FORMAT}.")
        for name in ("class_names", "shape", "attributes"):
            values[name] = tuple(values[name])
        card = Card(**values)
        words = (card.title, card.summary, card.licence, card.citation, card.homepage, card.made_from)
        if (
            not all(isinstance(word, str) for word in (*words, *card.class_names, *card.attributes))
            or not card.class_names
            or len(set(card.class_names)) < len(card.class_names)
            or len(card.shape) != 3
            or not all(type(side) is int and 0 < side <= 4096 for side in card.shape)
            or not set(card.counts) == {"train", "test"} == set(card.digests)
            or not all(type(count) is int and count >= 0 for count in card.counts.values())
            or not 0 < card.share < 1
            or type(card.seed) is not int
            or not card.revision.isalnum()
        ):
            raise ValueError("a field is not what it should be")
    except FileNotFoundError:
        raise UserError(f"{folder.name}: the folder has no {CARD}, so it is no data set.") from None
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        raise UserError(f"{folder.name}: {CARD} cannot be used ({error}).") from None
    return card


def examine(folder: Path) -> tuple[Source | None, str]:
    """A folder's row, or what is wrong with it. The row is the same object until something in the folder changes."""
    row, problem = None, ""
    for _ in range(LOOKS):
        try:
            before = _files(folder)
        except FileNotFoundError:  # the folder itself, or a file of a revision that is being replaced
            row, problem = None, "it was moved or changed meanwhile."
            continue
        except OSError as error:
            return None, f"cannot be read ({error.strerror})."
        row, problem = _examine(folder, before)
        # A card read just before its set was split anew names files that are gone when they are opened.
        with contextlib.suppress(OSError):
            if row or _files(folder) == before:
                break
    return row, problem


def _files(folder: Path) -> tuple[tuple[str, int, int], ...]:
    with os.scandir(folder) as entries:
        return tuple(sorted((e.name, e.stat().st_size, e.stat().st_mtime_ns) for e in entries if e.name[0] != "."))


@functools.lru_cache(maxsize=512)
def _examine(folder: Path, files: tuple[tuple[str, int, int], ...]) -> tuple[Source | None, str]:
    try:
        source = read_card(folder).source(folder)
        source.reader.read(source, lambda share, text: None)  # maps the files, so it costs next to nothing
    except UserError as error:
        return None, str(error).removeprefix(f"{folder.name}: ")
    return source, ""


def _path(folder: Path, card: Card, part: str) -> Path:
    return folder / f"{card.revision}-{part}.npy"


def _check(name: str, card: Card, images: np.ndarray, labels: np.ndarray, columns: Mapping[str, np.ndarray]) -> None:
    count = sum(card.counts.values())
    if images.shape != (count, *card.shape) or images.dtype != np.uint8:
        raise UserError(
            f"{name}: its pictures are {images.dtype} {images.shape}, not the {count:,} that its card says."
        )
    if labels.shape != (count,) or labels.dtype != np.int64:
        raise UserError(f"{name}: its labels are {labels.dtype} {labels.shape}, not the {count:,} that its card says.")
    if count and not 0 <= labels.min() <= labels.max() < len(card.class_names):
        raise UserError(f"{name}: there are labels outside the {len(card.class_names)} classes of its card.")
    for column, values in columns.items():
        if values.shape != (count,) or values.dtype.kind not in "Uf":
            raise UserError(f"{name}: the column {column!r} does not fit the {count:,} pictures.")
