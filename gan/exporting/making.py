"""An export from beginning to end: written aside, checked, then put where it belongs."""

from __future__ import annotations

import errno
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan import inference, registry
from gan.background import Say
from gan.datasets.workspace import aside
from gan.errors import UserError, unknown
from gan.exporting import checking, describing, formats, plain, web

CARD, README = "card.json", "README.md"


@dataclass(frozen=True)
class Format:
    """One row: a format's title, the name of its file, how it is written and how it is loaded."""

    title: str
    file: str  # {} is the model's name
    about: str
    write: Callable[[Any, Path], None]
    load: Callable[[Path], formats.Net]


FORMATS: dict[str, Format] = {
    "keras": Format(
        "Keras",
        "{}.keras",
        "For Python with Keras 3, on any of its back ends. Stock layers only: it loads without GAN Studio.",
        formats.write_keras,
        formats.load_keras,
    ),
    "saved_model": Format(
        "SavedModel",
        "saved_model",
        "A folder for TensorFlow, TensorFlow Serving and its other tools; its signature is `serve`.",
        formats.write_saved_model,
        formats.load_saved_model,
    ),
    "onnx": Format(
        "ONNX",
        "{}.onnx",
        "For ONNX Runtime, in Python, C++, C#, Java, JavaScript, on a phone.",
        formats.write_onnx,
        formats.load_onnx,
    ),
    "web": Format(
        "Web page",
        "index.html",
        "One page that draws in the browser: put it on any static host, or open it with a double click.",
        formats.write_onnx,
        formats.load_onnx,
    ),
}


@dataclass(frozen=True)
class Exported:
    """An export that is there.

    Attributes:
        folder: which holds the file (of SavedModel: a folder), the card and the README.
        digest: SHA-256 of the weights that the model had.
        difference: the largest one to the registry's net, of pictures in -1…1 (`checking.difference`).
        bytes: of all that is in the folder.
        note: what else has to be known of it, a sentence; or nothing.
    """

    model: str
    format: str
    folder: Path
    file: str
    digest: str
    difference: float
    bytes: int
    note: str = ""


def formats_of(card: registry.Card) -> list[str]:
    """The formats that a model can be exported as: a page is made of what draws."""
    return [name for name in FORMATS if name != "web" or card.kind == "generator"]


def check(model: str, format: str, folder: Path, overwrite: bool = False) -> registry.Card:
    """The card of a model that can be exported to a folder.

    Raises:
        UserError: for an unknown model or format, a model that cannot be a web page, or a folder that is not to be
            replaced, or holds more than an export.
    """
    if format not in FORMATS:
        raise unknown("format", format, FORMATS)
    card = registry.card(model)
    if format not in formats_of(card):
        raise UserError(
            f"format: a page is made of a model that draws, and {model} does not ({card.kind}). Choose "
            f"{', '.join(formats_of(card))}."
        )
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise UserError(f"{folder}: cannot be read ({error.strerror}).") from None
    there = find(folder) if taken else None
    if taken and there is None:
        raise UserError(f"{folder}: is there already, and is no export; choose another folder.")
    if taken and not overwrite:
        raise UserError(f"{folder}: there is an export already; choose another folder, or have it overwritten.")
    if there and (others := sorted({path.name for path in folder.iterdir()} - {CARD, README, there.file})):
        raise UserError(
            f"{folder}: beside the export there is {', '.join(others[:3])}{' …' if len(others) > 3 else ''}, which "
            "would be lost; choose another folder, or move it away."
        )
    return card


def export(
    model: str,
    format: str,
    folder: Path,
    overwrite: bool = False,
    runtime: str = web.AUTO,
    say: Say = lambda share, text: None,
) -> Exported:
    """Export a model: all of it, checked, or nothing.

    Args:
        model: a name in the registry.
        format: one of `FORMATS`.
        folder: what is made; its parents too where they are missing.
        overwrite: replace an export that is there. Nothing else is ever replaced.
        runtime: of a web page, one of `web.RUNTIMES`.
        say: told how far it is; may raise to end the work.

    Raises:
        UserError: as `check`; for a damaged model, a layer that has no stock form, a net that a format cannot hold,
            what was written giving other pictures than the model, or a disk that is full or may not be written.
    """
    folder = folder.expanduser().resolve()  # what a link leads to is replaced, not the link
    card = check(model, format, folder, overwrite)
    if runtime not in web.RUNTIMES:
        raise unknown("runtime", runtime, web.RUNTIMES)
    try:
        with aside(folder.parent) as place:
            _make(card, format, place / "new", runtime, say)
            if folder.is_dir():
                folder.rename(place / "old")
            (place / "new").rename(folder)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full" if full else f"cannot be written ({error.strerror or error})"
        raise UserError(f"{folder}: {why}; nothing was exported. Name another folder, or make room.") from None
    say(1.0, "Done")
    made = find(folder)
    assert made is not None
    return made


def find(folder: Path) -> Exported | None:
    """The export that a folder holds; None where it holds none."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if card["exported_by"] != describing.EXPORTER or not (folder / card["file"]).exists():
            return None
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        names = ("model", "format", "file", "weights_sha256", "difference", "note")
        model, format, file, digest, difference, note = (card[name] for name in names)
        return Exported(model, format, folder, file, digest, float(difference), size, note)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def zipped(folder: Path) -> bytes:
    """An export as a ZIP, in a folder of its name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                pack.write(path, Path(folder.name) / path.relative_to(folder))
    return buffer.getvalue()


def _make(card: registry.Card, format: str, folder: Path, runtime: str, say: Say) -> None:
    """Everything that the folder is to hold."""
    row, note = FORMATS[format], ""
    say(0.02, "Loading the model")
    inference.prepare()
    net = registry.load(card.name)
    twin = _kindly(card, row, lambda: plain.build(card, net))
    say(0.15, f"Writing {row.title}")
    folder.mkdir()
    target = folder / row.file.format(card.name)
    if format == "web":
        with tempfile.TemporaryDirectory(dir=folder.parent) as other:
            inner = Path(other) / "model.onnx"
            difference = _written(card, row, net, twin, inner, say)
            note = _page(card, inner.read_bytes(), target, runtime, say)
    else:
        difference = _written(card, row, net, twin, target, say)
    facts = describing.facts(card, format, target.name, row.about, difference, note)
    (folder / CARD).write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / README).write_text(describing.readme(card, facts), encoding="utf-8")


def _written(card: registry.Card, row: Format, net: Any, twin: Any, path: Path, say: Say) -> float:
    _kindly(card, row, lambda: row.write(twin, path))
    say(0.5, "Comparing what was written with the model")
    return checking.difference(card, net, _kindly(card, row, lambda: row.load(path)))


def _page(card: registry.Card, onnx: bytes, path: Path, runtime: str, say: Say) -> str:
    given, why = web.parts(runtime, lambda share, text: say(0.55 + 0.2 * share, text))
    say(0.75, "Finding directions")
    found = web.directions(card)
    say(0.95, "Writing the page")
    path.write_text(web.page(card, onnx, found, given), encoding="utf-8")
    if not why:
        return ""
    return f"Browsers fetch ONNX Runtime Web from a network each time the page is opened, because {why}."


def _kindly(card: registry.Card, row: Format, work: Callable[[], Any]) -> Any:
    """What `work` gives; a format that cannot hold a net says so in many ways."""
    try:
        return work()
    except (UserError, OSError, MemoryError):
        raise
    except Exception as error:
        first = str(error).strip().split("\n")[0]
        if "No space left" in str(error):  # how TensorFlow and HDF5 say it
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
        raise UserError(
            f"{card.name}: {row.title} cannot hold this net ({type(error).__name__}: {first[:200]}). "
            "Choose another format."
        ) from error
