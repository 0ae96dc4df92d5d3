"""SVHN, the street view house numbers: single digits cropped to 32x32 (here), and whole numbers (`svhn_full`).

A set is a file for each split. Who has other files of that form, a cut of the publisher's for instance, can use them
in their place: the card then counts what they hold.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from gan.datasets import arrays, fetch
from gan.datasets.records import Progress, Source, Split
from gan.datasets.report import why
from gan.errors import UserError
from gan.paths import cache_dir

ROWS = 4096  # pictures handed on at a time
LICENCE = "non-commercial use only"
CITATION = (
    "Netzer, Wang, Coates, Bissacco, Wu and Ng: Reading digits in natural images with unsupervised feature learning, "
    "2011"
)
HOMEPAGE = "http://ufldl.stanford.edu/housenumbers/"

Report = Callable[[float], None]  # share of a file that was read; what it raises cancels
Pieces = Callable[[BinaryIO, str, Report], Iterator[Split]]  # file, its name -> its pictures in order, some at a time

_found: dict[tuple[Source, str, str], Source] = {}  # the card of what is in the cache


def published(name: str, size: int, sha256: str) -> fetch.Published:
    """One of the publisher's files."""
    return fetch.Published(name, size, sha256, (HOMEPAGE,))


@dataclass(frozen=True)
class SvhnFiles:
    """Reads a set of one file a split by the function `pieces`; the decoded arrays are kept in the cache."""

    files: Mapping[str, fetch.Published]  # by split
    pieces: Pieces
    folder: str = "svhn"

    def local(self, source: Source) -> bool:
        """Whether every file is on this machine."""
        return bool(self._key())

    def refine(self, source: Source) -> Source:
        """The card with the counts of what was read from the files that are here; the publisher's until then."""
        where = (source, self._key(), str(cache_dir()))
        if where not in _found and (kept := arrays.read(source, where[1])) is not None:
            _found[where] = source.holding(kept)
        return _found.get(where, source)

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits by name; see `gan.datasets.records.Reader`."""
        if (kept := arrays.read(source, self._key())) is not None:
            return kept
        begin = 0.0 if self._key() else 0.5  # the first half goes to the download, if there is one
        step = (1 - begin) / len(self.files)
        with contextlib.ExitStack() as stack:
            opened = {}
            for number, (split, file) in enumerate(self.files.items()):
                received = fetch.part(progress, file.name, begin / len(self.files) * number, begin / len(self.files))
                path = fetch.find(self.folder, file.name)
                stream = stack.enter_context(fetch.obtain(source.title, self.folder, file, received))
                opened[split] = stream, str(path or file.name), begin + step * number

            def pieces(split: str) -> Iterator[Split]:
                stream, where, start = opened[split]
                stream.seek(0)

                def report(share: float) -> None:
                    progress(start + step * share, f"{source.title}: reading {self.files[split].name}")

                try:
                    yield from self.pieces(stream, where, report)
                except UserError as error:
                    raise UserError(f"{error} Replace the file, or remove it to have it downloaded.") from None

            splits = arrays.keep(source, self._key(), pieces)
        progress(1.0, f"{source.title} is ready")
        return splits

    @property
    def download(self) -> int:
        """Bytes of the files that are not on this machine."""
        return sum(file.size for file in self.files.values() if not fetch.find(self.folder, file.name))

    def _key(self) -> str:
        """Stands for what the files hold, by their sizes and dates; empty while they are not here."""
        marks = [fetch.mark(fetch.find(self.folder, file.name)) for file in self.files.values()]
        return hashlib.sha256("".join(marks).encode()).hexdigest() if all(marks) else ""


def cropped(file: BinaryIO, name: str, report: Report) -> Iterator[Split]:
    """The digits in a ``*_32x32.mat``: ``X`` uint8 [32, 32, 3, n], ``y`` [n, 1] with 10 for the digit 0.

    Raises:
        UserError: for a file of another kind, or a damaged one; `name` is the file's.
    """
    from scipy import io as matlab  # half a second that those who have the arrays in the cache need not wait

    report(0)
    try:
        shapes = {variable: shape for variable, shape, _ in matlab.whosmat(file)}
        file.seek(0)
        if set(shapes) >= {"X", "y"}:
            values = matlab.loadmat(file, variable_names=("X", "y"))
            images, labels = np.asarray(values["X"]), np.asarray(values["y"])  # a sparse matrix is no array
    except NotImplementedError:
        raise UserError(
            f"{name}: a MATLAB file of version 7.3, as digitStruct.mat is; expected one of version 5 with X and y."
        ) from None
    except Exception as error:  # there is no list of what damaged bytes make the reader raise
        raise UserError(f"{name}: not a whole MATLAB file of version 5 ({why(error)}).") from None
    if not set(shapes) >= {"X", "y"}:
        found = ", ".join(sorted(shapes))[:100] or "nothing"  # names in a damaged file may be anything
        raise UserError(f"{name}: holds {found}; expected the pictures X and the labels y (is it cut off?).")
    count = images.shape[-1]
    if images.dtype != np.uint8 or images.shape != (32, 32, 3, count) or not count:
        raise UserError(f"{name}: X is {images.dtype} {images.shape}; expected uint8 (32, 32, 3, n).")
    if labels.size != count or labels.dtype.kind not in "uif":
        raise UserError(f"{name}: y is {labels.dtype} {labels.shape}; expected a label for each of {count:,} pictures.")
    labels = labels.ravel()
    if outside := [label for label in np.unique(labels) if label not in range(1, 11)]:
        raise UserError(f"{name}: there is a label {outside[0]}; labels run from 1 to 10, which stands for 0.")
    digits = labels.astype(np.int64) % 10
    for start in range(0, count, ROWS):
        part = slice(start, start + ROWS)
        report(start / count)
        yield Split(np.moveaxis(images[..., part], -1, 0), digits[part])


SOURCE = Source(
    name="svhn",
    title="SVHN digits",
    summary="Digits of house numbers photographed from the street, in colour; their neighbours look in from the sides.",
    class_names=tuple("0123456789"),
    shape=(32, 32, 3),
    counts={"train": 73_257, "test": 26_032},
    licence=LICENCE,
    citation=CITATION,
    homepage=HOMEPAGE,
    reader=SvhnFiles(
        files={
            "train": published(
                "train_32x32.mat", 182_040_794, "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8"
            ),
            "test": published(
                "test_32x32.mat", 64_275_384, "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b"
            ),
        },
        pieces=cropped,
    ),
)
