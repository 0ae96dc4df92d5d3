"""Data sets drawn from fonts, as they ship: IDX files, and beside them which font each picture was drawn with.

``data/font_sets.py`` writes them. A row of ``NAME-fonts.csv`` is a font: family, style, split, source, licence and
copyright.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from gan.datasets import fetch
from gan.datasets.idx import IdxFile, IdxFiles
from gan.datasets.records import Progress, Source, Split
from gan.errors import UserError
from gan.paths import SHIPPED_DATA

COLUMNS = ("family", "style")  # of the table; the first is called "font" as an attribute


@dataclass(frozen=True)
class DrawnFiles(IdxFiles):
    """Pictures and labels as in `IdxFiles`; as attributes ``font`` (a family) and ``style`` (handwriting or print)."""

    fonts: Mapping[str, IdxFile] = field(default_factory=dict)  # by split: for each picture a row of `table`
    table: str = ""

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits by name; see `gan.datasets.records.Reader`."""
        splits = super().read(replace(source, attributes=()), progress)
        rows = self._table()
        return {name: self._with_fonts(split, self.fonts[name], rows) for name, split in splits.items()}

    def _with_fonts(self, split: Split, file: IdxFile, rows: list[dict[str, str]]) -> Split:
        path = fetch.find(self.folder, file.name)
        if path is None:
            raise self._missing(f"{file.name}.gz")
        with fetch.reader(path) as stream:
            index = np.concatenate(list(file.pieces(stream, str(path), (len(split),))))
        if index.max(initial=0) >= len(rows):
            raise UserError(f"{path}: names font {index.max()} of {len(rows)} in {self.table}. Put both back.")
        whole = replace(
            split,
            attributes={
                name: np.array([row[column] for row in rows])[index]
                for name, column in zip(("font", "style"), COLUMNS, strict=True)
            },
        )
        for column in whole.attributes.values():
            column.setflags(write=False)
        if "digest" in vars(split):  # known already, and not changed by attributes
            vars(whole)["digest"] = split.digest
        return whole

    def _table(self) -> list[dict[str, str]]:
        path = fetch.find(self.folder, self.table)
        if path is None:
            raise self._missing(self.table)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows or any(not row.get(column) for row in rows for column in COLUMNS):
            raise UserError(f"{path}: is damaged (each font needs {' and '.join(COLUMNS)}). Put it back.")
        return rows

    def _missing(self, name: str) -> UserError:
        return UserError(f"{SHIPPED_DATA / self.folder / name} is missing. It comes with the app: put it back.")


def shipped(name: str, digests: Mapping[str, tuple[str, str, str]]) -> DrawnFiles:
    """The reader of a set that `data/font_sets.py` drew.

    Args:
        name: the set's.
        digests: by split, the SHA-256 (hex) of its unpacked pictures, labels and fonts.
    """
    files = {
        split: [
            IdxFile(f"{name}-{split}-{kind}-ubyte", digest)
            for kind, digest in zip(("images-idx3", "labels-idx1", "fonts-idx1"), both, strict=True)
        ]
        for split, both in digests.items()
    }
    return DrawnFiles(
        folder=name,
        files={split: (images, labels) for split, (images, labels, _) in files.items()},
        fonts={split: fonts for split, (_, _, fonts) in files.items()},
        table=f"{name}-fonts.csv",
    )
