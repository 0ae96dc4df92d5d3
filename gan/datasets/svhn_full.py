"""SVHN's full numbers: photographs of house numbers with a box around each digit.

A split is a ``.tar.gz`` of PNG files and ``digitStruct.mat``, an HDF5 file in which every name, box and label is a
reference to a small array. Each number is cut out with 15% more on every side and brought to 64x64, as Goodfellow et
al. do ("Multi-digit number recognition from street view imagery", 2014, section 5.1). It is stretched rather than
padded, so that the digits fill the picture whatever their number.
"""

from __future__ import annotations

import tarfile
import tempfile
import zlib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from gan.datasets import decoding
from gan.datasets.records import Source, Split
from gan.datasets.svhn import CITATION, HOMEPAGE, LICENCE, Report, SvhnFiles, published
from gan.errors import UserError

SIZE = 64
MARGIN = 0.15  # of the number's size, on each side
MOST = 6  # digits of a number
ROWS = 512  # pictures handed on at a time
STRUCT = "digitStruct.mat"
FILE_LIMIT = 1 << 28  # bytes of one file in the archive


@dataclass(frozen=True)
class Number:
    """What is written in a picture, and the box around it: left, top, right, bottom."""

    text: str
    box: tuple[float, float, float, float]


def full(file: BinaryIO, name: str, report: Report) -> Iterator[Split]:
    """The numbers in a ``train.tar.gz`` or ``test.tar.gz``, in the archive's order. `name` is the file's.

    Raises:
        UserError: for an archive of another kind, or a damaged one.
    """
    struct = next((data for _, data in _members(file, name, {STRUCT})), None)
    if struct is None:
        raise UserError(f"{name}: has no {STRUCT}, so nothing says what its pictures show.")
    numbers = _numbers(struct, name, report)
    pictures: list[np.ndarray] = []
    texts: list[str] = []
    done = 0
    for done, (member, data) in enumerate(_members(file, name, numbers), 1):
        pictures.append(cut(decoding.decode(data, f"{name}: {member}"), numbers[member].box))
        texts.append(numbers[member].text)
        if len(pictures) == ROWS:
            report((1 + done / len(numbers)) / 2)
            yield _split(pictures, texts)
            pictures, texts = [], []
    if pictures:
        yield _split(pictures, texts)
    elif not done:
        raise UserError(f"{name}: holds none of the {len(numbers):,} pictures that its {STRUCT} names.")


def cut(image: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """A box of a picture with some margin, stretched to a square.

    Args:
        image: uint8 ``[h, w, 1 or 3]``.
        box: left, top, right, bottom; what reaches beyond the picture is left out.

    Returns:
        uint8 ``[SIZE, SIZE, 3]``.
    """
    height, width = image.shape[:2]
    across, down = MARGIN * (box[2] - box[0]), MARGIN * (box[3] - box[1])
    left, right = max(0.0, box[0] - across), min(float(width), box[2] + across)
    top, bottom = max(0.0, box[1] - down), min(float(height), box[3] + down)
    if right - left < 1 or bottom - top < 1:  # a box beside the picture: better all of it than nothing
        left, top, right, bottom = 0.0, 0.0, float(width), float(height)
    picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image).convert("RGB")
    return np.asarray(picture.resize((SIZE, SIZE), Image.Resampling.BICUBIC, (left, top, right, bottom)))


def attributes(texts: Sequence[str], digits: int) -> dict[str, np.ndarray]:
    """The columns that say what is written: the number, and the digit at each place ("" where there is none)."""
    columns = {f"digit {place + 1}": np.array([text[place : place + 1] for text in texts]) for place in range(digits)}
    return {"number": np.array(texts), **columns}


def _split(pictures: list[np.ndarray], texts: list[str]) -> Split:
    lengths = np.array([len(text) for text in texts])
    columns = attributes(texts, MOST)
    return Split(np.stack(pictures), lengths - 1, {**columns, "digits": lengths.astype(np.float64)})


def _members(file: BinaryIO, name: str, wanted: Container[str]) -> Iterator[tuple[str, bytes]]:
    """The wanted files of the archive, read from its start: name without folders, bytes."""
    file.seek(0)
    try:
        with tarfile.open(fileobj=file, mode="r|gz") as archive:
            for member in archive:
                inner = PurePosixPath(member.name).name
                if inner in wanted and member.isfile():
                    if member.size > FILE_LIMIT:
                        raise UserError(f"{name}: {inner} has {member.size:,} bytes; at most {FILE_LIMIT:,} can be.")
                    content = archive.extractfile(member)
                    yield inner, content.read() if content else b""
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise UserError(f"{name}: not a whole .tar.gz archive ({error}).") from None


def _numbers(struct: bytes, name: str, report: Report) -> dict[str, Number]:
    """What ``digitStruct.mat`` says of each picture, by the name of its file."""
    import h5py

    numbers: dict[str, Number] = {}
    done, count = 0, 1
    try:
        with tempfile.NamedTemporaryFile(suffix=".mat") as file:
            file.write(struct)
            file.flush()
            while done < count:
                # Opened anew every so often: HDF5 keeps 60 kB of memory for each record until it is closed.
                with h5py.File(file.name, "r") as root:
                    names, boxes = (root["digitStruct"][part] for part in ("name", "bbox"))
                    count, part = len(names), slice(done, done + ROWS)
                    pairs = zip(np.ravel(names[part]), np.ravel(boxes[part]), strict=True)
                    numbers |= {_text(root.id, named): _number(root.id, box) for named, box in pairs}
                done += ROWS
                report(min(1.0, done / max(1, count)) / 2)
    except UserError as error:
        raise UserError(f"{name}: {STRUCT}: {error}") from None
    except Exception as error:  # there is no list of what damaged bytes make the reader raise
        why = str(error) or type(error).__name__
        raise UserError(f"{name}: its {STRUCT} is not the publisher's HDF5 file ({why}).") from None
    if not numbers:
        raise UserError(f"{name}: its {STRUCT} names no pictures.")
    return numbers


# What follows uses the functions below h5py's classes: these take four times as long, and there are 600,000 values.


def _text(file: Any, reference: Any) -> str:
    from h5py import h5r

    return "".join(chr(int(code)) for code in _values(file, h5r.dereference(reference, file)))


def _number(file: Any, reference: Any) -> Number:
    from h5py import h5d, h5r

    record = h5r.dereference(reference, file)
    labels, lefts, tops, widths, heights = (
        _values(file, h5d.open(record, part)) for part in (b"label", b"left", b"top", b"width", b"height")
    )
    if not 1 <= len(labels) <= MOST:
        raise UserError(f"there is a number of {len(labels)} digits; 1 to {MOST} can be.")
    if outside := [label for label in labels if label not in range(1, 11)]:
        raise UserError(f"there is a label {outside[0]:g}; labels run from 1 to 10, which stands for 0.")
    box = (lefts.min(), tops.min(), (lefts + widths).max(), (tops + heights).max())
    if not np.isfinite(box).all():
        raise UserError("there is a box without bounds.")
    left, top, right, bottom = map(float, box)
    return Number("".join(str(int(label) % 10) for label in labels), (left, top, right, bottom))


def _values(file: Any, field: Any) -> np.ndarray:
    """The values of a field, float64: a single one lies there itself, several are references."""
    import h5py
    from h5py import h5r, h5s, h5t

    refers = field.get_type().get_class() == h5t.REFERENCE
    found = np.empty(field.shape, h5py.ref_dtype if refers else np.float64)
    field.read(h5s.ALL, h5s.ALL, found)
    if refers:
        return np.array([_values(file, h5r.dereference(reference, file))[0] for reference in found.flat])
    return found.ravel()


SOURCE = Source(
    name="svhn-full",
    title="SVHN numbers",
    summary="Whole house numbers of one to six digits photographed from the street, in colour: each is cut out by its "
    "boxes with 15% more on every side and stretched to 64x64. The class is how many digits it has; the columns say "
    "which.",
    class_names=tuple(f"{n} digit{'s' * (n > 1)}" for n in range(1, MOST + 1)),
    shape=(SIZE, SIZE, 3),
    counts={"train": 33_402, "test": 13_068},
    licence=LICENCE,
    citation=CITATION,
    homepage=HOMEPAGE,
    reader=SvhnFiles(
        files={
            "train": published(
                "train.tar.gz", 404_141_560, "4b17bb33b6cd8f963493168f80143da956f28ec406cc12f8e5745a9f91a51898"
            ),
            "test": published(
                "test.tar.gz", 276_555_967, "57ac9ceb530e4aa85b55d991be8fc49c695b3d71c6f6a88afea86549efde7fb5"
            ),
        },
        pieces=full,
    ),
    attributes=("number", "digits", *(f"digit {place + 1}" for place in range(MOST))),
)
