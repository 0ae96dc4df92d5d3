"""Some pictures of a set as files that other programs read."""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from gan import images as pictures
from gan.datasets import idx_format
from gan.datasets.records import Split
from gan.errors import UserError

LARGEST, MOST = 256 << 20, 20_000  # bytes of pixels and pictures in one export
IDX_CLASSES = 256  # that labels of one byte can tell apart
TABLE = "attributes.csv"
DATED = (2000, 1, 1, 0, 0, 0)  # of members in a ZIP, so that the same pictures make the same file


def room(split: Split) -> int:
    """How many pictures of a split fit into one export."""
    return min(MOST, LARGEST // math.prod(split.images.shape[1:]))


def as_zip(split: Split, places: np.ndarray, class_names: Sequence[str]) -> bytes:
    """PNG files, a folder a class, named by their place in the split; and a table of file, class and attributes.

    Args:
        split: where the pictures are.
        places: int ``[m]``, which of them.
        class_names: of the source. A set without labels (one class) makes no folders.
    """
    folders = _folders(class_names)
    digits = len(str(len(split)))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["file", "class", *split.attributes])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for place in places:
            label = int(split.labels[place])
            folder = f"{folders[label]}/" if len(class_names) > 1 else ""
            name = f"{folder}{place:0{digits}d}.png"
            archive.writestr(zipfile.ZipInfo(name, DATED), pictures.encode_png(split.images[place]))
            values = (_plain(column[place]) for column in split.attributes.values())
            writer.writerow([name, class_names[label], *values])
        content = table.getvalue().encode("utf-8-sig")  # so that Excel reads names in any script
        archive.writestr(zipfile.ZipInfo(TABLE, DATED), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def as_npz(split: Split, places: np.ndarray, class_names: Sequence[str]) -> bytes:
    """``images`` (uint8 n,h,w,c), ``labels`` (int64 n), ``class_names``, ``places`` and a column for each attribute."""
    columns: Mapping[str, np.ndarray] = {
        f"attribute: {name}": np.asarray(column[places]) for name, column in split.attributes.items()
    }
    buffer = io.BytesIO()
    arrays = {"images": split.images[places], "labels": split.labels[places], "places": places, **columns}
    np.savez_compressed(buffer, class_names=np.array(class_names), **arrays)
    return buffer.getvalue()


def as_idx(split: Split, places: np.ndarray, class_names: Sequence[str]) -> bytes:
    """A ZIP of MNIST's two files (images, labels) and the class names, a line each. Colour makes four dimensions.

    Raises:
        UserError: for more than 256 classes, which IDX labels of one byte cannot tell apart.
    """
    if len(class_names) > IDX_CLASSES:
        raise UserError(
            f"IDX files tell {IDX_CLASSES} classes apart, and there are {len(class_names)}; take NPZ or ZIP."
        )
    images = split.images[places]
    grey = images.shape[3] == 1
    files = {
        f"images-idx{3 if grey else 4}-ubyte.gz": _packed(images[..., 0] if grey else images),
        "labels-idx1-ubyte.gz": _packed(split.labels[places].astype(np.uint8)),
        "classes.txt": "".join(f"{name}\n" for name in class_names).encode(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, DATED), data)
    return buffer.getvalue()


def _packed(values: np.ndarray) -> bytes:
    return gzip.compress(idx_format.encode(np.ascontiguousarray(values)), 6, mtime=0)


def _folders(class_names: Sequence[str]) -> list[str]:
    """A folder's name for each class, also where a disk takes "a" for "A" or a name holds a slash."""
    plain = [re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(". ") or "_" for name in class_names]
    alike = Counter(name.casefold() for name in plain)
    return [name if alike[name.casefold()] == 1 else f"{name} ({k})" for k, name in enumerate(plain)]


def _plain(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else str(value)
