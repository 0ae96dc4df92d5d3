"""Cleaning pictures in files: one, a folder or a ZIP, to another place; the originals stay as they are."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from gan import paths
from gan.cleaning import Cleaned, Settings, clean
from gan.cleaning.log import Log, Row
from gan.datasets import archives, decoding
from gan.datasets.records import Progress
from gan.errors import UserError

REPORT, BEGUN = "cleaned.csv", ".cleaning.json"
SAVED: dict[str, dict[str, Any]] = {  # suffixes that are written as they are; pictures of other kinds become PNG
    ".png": {},
    ".jpg": {"quality": 95, "subsampling": 0},
    ".jpeg": {"quality": 95, "subsampling": 0},
    ".webp": {"quality": 95},
    ".bmp": {},
    ".tif": {},
    ".tiff": {},
}  # fmt: skip


def clean_file(source: Path, out: Path, settings: Settings) -> Cleaned:
    """Clean one picture.

    Raises:
        UserError: if it cannot be read or written.
    """
    if out.suffix.lower() not in SAVED:
        raise UserError(f"{out}: end the name with one of {', '.join(SAVED)}.")
    try:
        data = source.read_bytes()
    except OSError as error:
        raise UserError(f"{source}: cannot be read ({error.strerror}).") from None
    if out.exists() and out.samefile(source):
        raise UserError(f"{out}: would overwrite the original; choose another name.")
    cleaned = clean(decoding.decode(data, source.name), settings)
    _write(out, cleaned.image)
    return cleaned


def clean_folder(source: Path, out: Path, settings: Settings, progress: Progress | None = None) -> list[Row]:
    """Clean all pictures of a folder or ZIP into another folder, under their names; tables beside them are copied.

    What was interrupted is gone on with by calling this again: pictures that are in the report are done.

    Args:
        source: the folder or ZIP.
        out: the folder to write to; made if needed.
        settings: how to clean.
        progress: called with the share done and what is being done; what it raises cancels.

    Returns:
        A row for each picture, as in ``cleaned.csv`` in `out`; those that cannot be read say why.

    Raises:
        UserError: if there are no pictures, or `out` is in the way, begun with other settings, or cannot be written.
    """
    whole, target = source.resolve(), out.resolve()
    if target == whole or whole in target.parents or target in whole.parents:
        raise UserError(f"{out}: the originals and the cleaned pictures need folders of their own.")
    with archives.opened(source) as tree:
        members = [member for member in tree.members if member.suffix in decoding.SUFFIXES]
        if not members:
            raise UserError(f"{source}: holds no pictures ({', '.join(decoding.SUFFIXES)}).")
        log = _begin(out, settings)
        rows = {row.file: row for row in log.rows()}
        with _writing(log.path):
            log.cut(len(rows))
        for at, member in enumerate(members):
            if progress:
                progress(at / len(members), member.name)
            if member.name not in rows:
                rows[member.name] = _one(member, out, settings)
                with _writing(log.path):
                    log.append(rows[member.name])
        for member in tree.members:
            if member.suffix in (".csv", ".tsv") and member.name != REPORT:
                _put(out / member.name, member.read())
    return list(rows.values())


def _begin(out: Path, settings: Settings) -> Log:
    """The report of a folder that is new, or was begun with the same settings."""
    begun = out / BEGUN
    text = json.dumps(asdict(settings), indent=2)
    if begun.is_file():
        if begun.read_text(encoding="utf-8") != text:
            raise UserError(f"{out}: was begun with other settings; use those, or another folder.")
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out}: is not empty; choose a new folder.")
    else:
        _put(begun, text.encode())
    return Log(out / REPORT)


def _one(member: archives.Member, out: Path, settings: Settings) -> Row:
    began = time.perf_counter()
    try:
        cleaned = clean(decoding.decode(member.read(), member.name), settings)
    except UserError as error:
        return Row(member.name, problem=str(error))
    name = member.name if member.suffix in SAVED else f"{member.name}.png"
    _write(out / name, cleaned.image)
    return Row(member.name, len(cleaned.boxes), float(cleaned.mask.mean()), time.perf_counter() - began)


def _write(path: Path, image: np.ndarray) -> None:
    picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
    aside = path.with_name(f".writing-{os.getpid()}{path.suffix}")  # not longer than names may be
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            picture.save(aside, **SAVED[path.suffix.lower()])
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def _put(path: Path, data: bytes) -> None:
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        paths.write_aside(path, data)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror or error}).") from None
