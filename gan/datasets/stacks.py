"""Arrays of pictures that somebody brings: ``.npz`` files and pairs of IDX files."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from gan.datasets import idx_format as idx
from gan.datasets import tables
from gan.datasets.archives import Member
from gan.datasets.folder import ALL, Found
from gan.datasets.report import Report, why
from gan.errors import UserError

LARGEST = 4 << 30  # bytes, unpacked
SIDES = (4, 1024)  # pixels
# What the keys of an .npz may be called: pictures, labels. The app's own samples come first, then Keras' mnist.npz.
PAIRS = (("images", "labels"), ("x", "y"), ("data", "target"), ("data", "labels"), ("x", "labels"), ("arr_0", "arr_1"))
HALVES = (("x_train", "y_train", "x_test", "y_test"), ("train_images", "train_labels", "test_images", "test_labels"))
NAMES = ("class_names", "classes", "names")
TEST = ("t10k", "test", "val")  # what the name of an IDX file for testing holds


def read_npz(data: bytes, name: str) -> Found:
    """Read ``images`` and ``labels`` (or what else they are called), with a split if there is one.

    Pictures may be ``[n, h, w]``, ``[n, h, w, c]``, ``[n, c, h, w]`` or flat and square, of any type; labels numbers,
    words, or one-hot rows, or absent.

    Raises:
        UserError: if it is no such file; it says which arrays are in it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise UserError(f"{name}: unpacks to more than {LARGEST >> 30} GB; it was not opened.")
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {key: _one(file, key, name) for key in file.files}
    except UserError:
        raise
    except Exception as error:  # damaged in any way; pickled objects are refused here too
        raise UserError(f"{name}: not an .npz file that can be read ({why(error)}).") from None
    lower = {key.lower(): array for key, array in arrays.items()}
    for half in HALVES:
        if all(key in lower for key in half):
            train, test = (pictures(lower[key], f"{name}, {key}") for key in half[::2])
            if train.shape[1:] != test.shape[1:]:
                raise UserError(f"{name}: {half[0]} is {train.shape[1:]}, {half[2]} {test.shape[1:]}: not one set.")
            words = [*_words(lower[half[1]], len(train), name), *_words(lower[half[3]], len(test), name)]
            aside = np.arange(len(words)) >= len(train)
            return _found(np.concatenate([train, test]), words, lower, aside)
    for images, labels in PAIRS:
        if images in lower:
            batch = pictures(lower[images], f"{name}, {images}")
            return _found(batch, _words(lower[labels], len(batch), name) if labels in lower else None, lower)
    held = ", ".join(f"{key} {array.shape}" for key, array in arrays.items()) or "nothing"
    raise UserError(f"{name}: holds {held}; it should hold images and labels, or x_train, y_train, x_test and y_test.")


def _one(file: Mapping[str, np.ndarray], key: str, name: str) -> np.ndarray:
    try:
        return np.asarray(file[key])
    except ValueError as error:
        raise UserError(f"{name}: the array {key} cannot be read ({why(error)}).") from None


def pictures(array: np.ndarray, name: str) -> np.ndarray:
    """An array of pictures in whatever form as uint8 ``[n, h, w, 1 or 3]``.

    Raises:
        UserError: for an array that holds no pictures.
    """
    form = f"{array.dtype} {array.shape}"
    if array.dtype.kind not in "buif" or not array.size:
        raise UserError(f"{name}: {form} are no pictures.")
    if array.ndim == 2 and (side := round(array.shape[1] ** 0.5)) ** 2 == array.shape[1]:
        array = array.reshape(-1, side, side)
    if array.ndim == 3:
        array = array[..., None]
    if array.ndim == 4 and array.shape[3] not in (1, 3, 4) and array.shape[1] in (1, 3, 4):
        array = array.transpose(0, 2, 3, 1)
    if array.ndim != 4 or array.shape[3] not in (1, 3, 4):
        raise UserError(f"{name}: {form} are no pictures; expected [n, h, w], [n, h, w, 1] or [n, h, w, 3].")
    if not all(SIDES[0] <= side <= SIDES[1] for side in array.shape[1:3]):
        raise UserError(f"{name}: pictures of {array.shape[2]} x {array.shape[1]}; {SIDES[0]} to {SIDES[1]} work.")
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255
    elif array.dtype != np.uint8:
        with np.errstate(over="ignore"):
            array = tables.to_bytes(array.astype(np.float32), float(array.min()), float(array.max()), name)
    if array.shape[3] == 4:  # over white
        alpha = array[..., 3:].astype(np.float32) / 255
        array = np.rint(array[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return np.ascontiguousarray(array)


def read_idx(members: Sequence[Member]) -> Found:
    """Read IDX files: pictures with their labels, one pair or two (for training and for testing).

    Raises:
        UserError: if there are no pictures, if pictures and labels do not belong together, or for a damaged file.
    """
    images, labels = {}, {}
    for member in members:
        data = member.read(LARGEST)
        head = _head(data, member.name)
        if head[2:4] == bytes([idx.UBYTE, 1]):
            labels[member.name] = idx.decode(io.BytesIO(data), member.name, 1)[0]
        else:
            images[member.name] = idx.decode(io.BytesIO(data), member.name, 3)[0]
    if not images:
        raise UserError(f"{', '.join(labels)}: labels without pictures; add the file of the pictures (…idx3-ubyte).")
    if len(images) > 2:
        raise UserError(f"{len(images)} files of pictures ({', '.join(images)}); one set has one, or two to split it.")
    parts = [(name, array, _partner(name, array, labels)) for name, array in images.items()]
    if len({array.shape[1:] for _, array, _ in parts}) > 1:
        raise UserError(f"{' and '.join(images)}: pictures of different sizes; they are no one set.")
    parts.sort(key=lambda part: _for_testing(part[0]))
    batch = pictures(np.concatenate([array for _, array, _ in parts]), parts[0][0])
    known = [column for _, _, column in parts if column is not None]
    if known and len(known) < len(parts):
        raise UserError(f"{' and '.join(images)}: only one of them has labels; add the others' or take that one alone.")
    words = [str(label) for column in known for label in column.tolist()] if known else None
    if len(parts) == 2 and _for_testing(parts[1][0]) != _for_testing(parts[0][0]):
        return _found(batch, words, {}, np.arange(len(batch)) >= len(parts[0][1]))
    return _found(batch, words, {})


def is_idx(member: Member) -> bool:
    """Whether a file is an IDX file, by its first bytes."""
    try:
        with member.open() as file:
            start = file.read(64)
        return _head(start, member.name)[:3] == bytes([0, 0, idx.UBYTE])
    except Exception:  # `read_idx` says what is wrong, where a name promises one
        return False


def _head(data: bytes, name: str) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data[:4]
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:4096], 4)
    except zlib.error as error:
        raise UserError(f"{name}: the gzip file is damaged ({error}).") from None


def _partner(name: str, array: np.ndarray, labels: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """The labels that belong to pictures: by name, else by their number."""
    if not labels:
        return None
    wanted = name.lower().replace("images", "labels").replace("idx3", "idx1")
    fits = {key: column for key, column in labels.items() if len(column) == len(array)}
    for key, column in labels.items():
        if key.lower() == wanted and key in fits:
            return column
    if len(fits) != 1:
        counts = ", ".join(f"{key} {len(column):,} labels" for key, column in labels.items())
        raise UserError(f"{name} holds {len(array):,} pictures; {counts}: not a pair.")
    return next(iter(fits.values()))


def _for_testing(name: str) -> bool:
    return any(word in name.lower() for word in TEST)


def _words(labels: np.ndarray, count: int, name: str) -> list[str]:
    if labels.ndim == 2 and labels.shape[1] > 1 and labels.dtype.kind in "buif":
        labels = labels.argmax(axis=1)  # one-hot rows
    labels = labels.reshape(-1)
    if len(labels) != count:
        raise UserError(f"{name}: {count:,} pictures, but {len(labels):,} labels.")
    if labels.dtype.kind == "S":
        labels = np.char.decode(labels, "utf-8", "replace")
    return [str(label) for label in labels.tolist()]


def _found(
    batch: np.ndarray, words: list[str] | None, arrays: Mapping[str, np.ndarray], test: np.ndarray | None = None
) -> Found:
    if words is None:
        names: tuple[str, ...] = (ALL,)
        labels = np.zeros(len(batch), np.int64)
    else:
        names, labels = tables.classes(words)
        given = next((arrays[key] for key in NAMES if key in arrays and arrays[key].dtype.kind == "U"), None)
        numbers = [int(name) for name in names if name.isdecimal()]
        if given is not None and given.ndim == 1 and len(numbers) == len(names) and max(numbers) < len(given):
            called = tuple(map(str, given[numbers]))
            names = called if len(set(called)) == len(called) else names
    return Found(batch, labels, names, test=test, report=Report(kept=len(batch)))
