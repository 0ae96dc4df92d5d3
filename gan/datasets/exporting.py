"""Pictures with their labels as files that other programs read, written piece by piece."""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, NamedTuple

import numpy as np
from numpy.lib import format as npy

from gan import images as pictures
from gan.datasets import idx_format
from gan.datasets.records import Split
from gan.errors import UserError

LARGEST, MOST = 256 << 20, 20_000  # bytes of pixels and pictures in one export that is made in memory
PIECE = 8 << 20  # bytes of pixels that are on their way at once
IDX_CLASSES = 256  # that labels of one byte can tell apart
TABLE = "attributes.csv"
DATED = (2000, 1, 1, 0, 0, 0)  # of members in a ZIP, so that the same pictures make the same file


class Piece(NamedTuple):
    """Some of the pictures on their way into a file."""

    images: np.ndarray  # uint8 [k, h, w, c]
    labels: np.ndarray  # int [k]
    places: np.ndarray  # int [k], which files are named after
    attributes: Mapping[str, np.ndarray]  # columns of k words or numbers, the same ones in every piece


@dataclass(frozen=True)
class Whole:
    """What is known of all pictures before the first one is there."""

    count: int
    shape: tuple[int, int, int]
    class_names: Sequence[str]  # of a set without labels, one
    digits: int  # of the numbers that files are named after
    columns: Sequence[str] = field(default=())  # names of the attributes


def room(split: Split) -> int:
    """How many pictures of a split fit into one export."""
    return min(MOST, LARGEST // math.prod(split.images.shape[1:]))


def as_zip(split: Split, places: np.ndarray, class_names: Sequence[str]) -> bytes:
    """`write_zip` of the pictures of a split at some places (int ``[m]``)."""
    return _made(write_zip, split, places, class_names)


def as_npz(split: Split, places: np.ndarray, class_names: Sequence[str]) -> bytes:
    """`write_npz` of the pictures of a split at some places (int ``[m]``)."""
    return _made(write_npz, split, places, class_names)


def as_idx(split: Split, places: np.ndarray, class_names: Sequence[str]) -> bytes:
    """`write_idx` of the pictures of a split at some places (int ``[m]``).

    Raises:
        UserError: as `write_idx`.
    """
    return _made(write_idx, split, places, class_names)


def write_zip(file: IO[bytes], pieces: Iterable[Piece], whole: Whole) -> None:
    """A ZIP of PNG files, a folder a class, named by their places; and a table of file, class and attributes.

    A set without labels (one class) makes no folders.
    """
    folders = _folders(whole.class_names)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["file", "class", *whole.columns])
    with zipfile.ZipFile(file, "w") as archive:
        for images, labels, places, attributes in pieces:
            for index, (image, label, place) in enumerate(zip(images, labels, places, strict=True)):
                folder = f"{folders[label]}/" if len(folders) > 1 else ""
                name = f"{folder}{place:0{whole.digits}d}.png"
                archive.writestr(zipfile.ZipInfo(name, DATED), pictures.encode_png(image))
                values = (_plain(attributes[column][index]) for column in whole.columns)
                writer.writerow([name, whole.class_names[label], *values])
        content = table.getvalue().encode("utf-8-sig")  # so that Excel reads names in any script
        archive.writestr(zipfile.ZipInfo(TABLE, DATED), content, zipfile.ZIP_DEFLATED)


def write_npz(file: IO[bytes], pieces: Iterable[Piece], whole: Whole) -> None:
    """``images`` (uint8 n,h,w,c), ``labels`` (int64 n), ``class_names``, ``places`` and a column for each attribute."""
    rest: list[Piece] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with _member(archive, "images.npy") as member:
            head = {"descr": "|u1", "fortran_order": False, "shape": (whole.count, *whole.shape)}
            npy.write_array_header_1_0(member, head)
            for piece in pieces:
                member.write(np.ascontiguousarray(piece.images).data)
                rest.append(piece._replace(images=piece.images[:0]))
        arrays = {
            "labels": _joined([piece.labels for piece in rest]),
            "places": _joined([piece.places for piece in rest]),
            "class_names": np.array(whole.class_names),
            **{f"attribute: {c}": _joined([piece.attributes[c] for piece in rest]) for c in whole.columns},
        }
        for name, values in arrays.items():
            with _member(archive, f"{name}.npy") as member:
                npy.write_array(member, np.asarray(values), allow_pickle=False)


def write_idx(file: IO[bytes], pieces: Iterable[Piece], whole: Whole) -> None:
    """A ZIP of MNIST's two files (images, labels) and the class names, a line each. Colour makes four dimensions.

    Raises:
        UserError: for more than 256 classes, which IDX labels of one byte cannot tell apart.
    """
    check_idx(whole.class_names)
    grey = whole.shape[2] == 1
    sizes, labels = (whole.count, *whole.shape[: 2 if grey else 3]), []
    with zipfile.ZipFile(file, "w") as archive:
        with _member(archive, f"images-idx{len(sizes)}-ubyte.gz") as member, _gzip(member) as packed:
            packed.write(idx_format.head(sizes))
            for piece in pieces:
                packed.write(np.ascontiguousarray(piece.images).data)
                labels.append(np.asarray(piece.labels).astype(np.uint8))
        with _member(archive, "labels-idx1-ubyte.gz") as member, _gzip(member) as packed:
            packed.write(idx_format.encode(_joined(labels)))
        names = "".join(f"{name}\n" for name in whole.class_names).encode()
        archive.writestr(zipfile.ZipInfo("classes.txt", DATED), names)


def check_idx(class_names: Sequence[str]) -> None:
    """Whether IDX files can hold labels of these classes.

    Raises:
        UserError: if they cannot.
    """
    if len(class_names) > IDX_CLASSES:
        raise UserError(
            f"IDX files tell {IDX_CLASSES} classes apart, and there are {len(class_names)}; take NPZ or ZIP."
        )


def _made(
    write: Callable[[IO[bytes], Iterable[Piece], Whole], None],
    split: Split,
    places: np.ndarray,
    class_names: Sequence[str],
) -> bytes:
    height, width, channels = split.images.shape[1:]
    digits, columns = len(str(len(split))), tuple(split.attributes)
    buffer = io.BytesIO()
    write(buffer, _pieces(split, places), Whole(len(places), (height, width, channels), class_names, digits, columns))
    return buffer.getvalue()


def _pieces(split: Split, places: np.ndarray) -> Iterator[Piece]:
    rows = max(1, PIECE // math.prod(split.images.shape[1:]))
    for start in range(0, len(places), rows):
        part = places[start : start + rows]
        columns = {name: np.asarray(column[part]) for name, column in split.attributes.items()}
        yield Piece(split.images[part], split.labels[part], part, columns)


def _member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A file in a ZIP, open for writing, however long it will be."""
    info = zipfile.ZipInfo(name, DATED)
    info.compress_type = archive.compression
    return archive.open(info, "w", force_zip64=True)


def _gzip(file: IO[bytes]) -> gzip.GzipFile:
    return gzip.GzipFile("", "wb", 6, file, mtime=0)


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, np.uint8)


def _folders(class_names: Sequence[str]) -> list[str]:
    """A folder's name for each class, also where a disk takes "a" for "A" or a name holds a slash."""
    plain = [re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(". ") or "_" for name in class_names]
    alike = Counter(name.casefold() for name in plain)
    return [name if alike[name.casefold()] == 1 else f"{name} ({k})" for k, name in enumerate(plain)]


def _plain(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else str(value)
