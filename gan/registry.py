"""Models on disk: one folder a model, a card and its weights. Cards are read without Keras.

A folder holds ``card.json`` and one ``.npz`` of arrays (half precision where scores hold). A net is built anew from
our own code and filled from the arrays, so loading a model never runs code that came with it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import re
import shutil
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gan import conditions, models, paths
from gan.datasets import Source
from gan.errors import UserError, unknown

FORMAT = 1
WEIGHTS = "weights.npz"
LOCAL = "local"  # the folder of the user's own, among those that ship
# kind -> net of its family
KINDS = {
    "generator": "generator",
    "classifier": "classifier",
    "judge": "classifier",
    "upscaler": "generator",
    "reader": "reader",
}
NAME, NAME_RULE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}"), "small letters, digits, '-' and '_', 64 at most"
LARGEST = 200 * 2**20  # bytes that a weight file may unpack to


@dataclass(frozen=True)
class Card:
    """What a model is, where it came from, and what it scores. `kind`: one of `KINDS`."""

    name: str
    kind: str
    title: str
    summary: str
    model: str
    options: dict[str, Any]
    class_names: tuple[str, ...]
    shape: tuple[int, int, int]
    latent: int
    dataset: str
    licence: str
    recipe: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    folder: Path = Path()
    local: bool = False
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)  # if not the label: what is told
    limits: str = ""  # what it cannot do, in a sentence or two
    more: str = ""  # what more training or data would give

    @property
    def encoding(self) -> np.ndarray:
        """What the net is given for each class, float32 ``(classes, inputs)``."""
        if self.columns:
            return conditions.encoding([len(values) for values in self.columns.values()])
        return np.eye(len(self.class_names), dtype=np.float32)

    @property
    def condition(self) -> str:
        """What the net was told, as `gan.conditions` reads it."""
        return ", ".join(self.columns) or (conditions.LABEL if self.class_names else conditions.NOTHING)

    @property
    def digest(self) -> str:
        """SHA-256 of the weights."""
        return self.files[WEIGHTS]["sha256"]


def cards(kind: str | None = None) -> list[Card]:
    """The cards that can be read, the shipped ones first, each by name. Folders with a fault are in `problems`."""
    found = [card for card, _ in _scan() if card and kind in (None, card.kind)]
    return sorted(found, key=lambda card: (card.local, card.name))


def problems() -> list[str]:
    """What is wrong with the folders that hold no usable model, a sentence each."""
    return [problem for _, problem in _scan() if problem]


def card(name: str) -> Card:
    """The card of a model.

    Raises:
        UserError: for a model that is not there, or whose folder has a fault.
    """
    found = {card.name: card for card in cards()}
    if name in found:
        return found[name]
    for problem in problems():
        if problem.startswith(f"{name}: "):
            raise UserError(problem)
    raise unknown("model", name, found)


def load(name: str):
    """A model's net (`keras.Model`, float32), freshly built, with its weights.

    Raises:
        UserError: if it is not there, was changed, is cut off, or does not fit this version.
    """
    entry = card(name)
    data = _read(entry)
    wanted = KINDS[entry.kind]
    net = models.build(entry.model, entry.options, entry.encoding, entry.shape, only=wanted)[wanted]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST:
                raise UserError(f"{name}: {WEIGHTS} unpacks to more than {LARGEST // 2**20} MB; it was not opened.")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            weights = [arrays[key].astype(np.float32) for key in sorted(arrays.files)]
        net.set_weights(weights)
    except (ValueError, KeyError, TypeError, OSError, EOFError, MemoryError, zipfile.BadZipFile) as error:
        raise UserError(f"{name}: {WEIGHTS} does not fit {entry.model} as this version builds it ({error}).") from None
    return net


def save(net, *, name: str, folder: Path | None = None, half: bool = True, **fields: Any) -> Card:
    """Write a net as a model: complete or not at all.

    Args:
        net: the generator or classifier.
        name: small letters, digits, "-" and "_".
        folder: the folder of models; by default the user's own, ``weights/local``.
        half: store float16.
        fields: the other fields of `Card`.

    Raises:
        UserError: for a name that is taken or cannot be a folder's name, or where the folder cannot be written.
    """
    if not NAME.fullmatch(name):
        raise UserError(f"name: {name[:80]!r} cannot be used; a model's name has {NAME_RULE}.")
    if name == LOCAL:
        raise UserError(f"name: {name!r} cannot be used; the folder of your own models has it. Choose another name.")
    folder = folder or paths.weights_dir() / LOCAL
    target = folder / name
    if target.exists() or any(entry.name == name for entry in cards()):
        raise UserError(f"name: there is a model {name!r} already; choose another name.")
    buffer = io.BytesIO()
    kind = np.float16 if half else np.float32
    np.savez_compressed(buffer, **{f"{i:03d}": w.astype(kind) for i, w in enumerate(net.get_weights())})
    data = buffer.getvalue()
    entry = Card(
        name=name,
        **fields,
        files={WEIGHTS: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}},
    )
    aside = folder / f".{name}.{uuid.uuid4().hex[:8]}"
    try:
        aside.mkdir(parents=True)
        (aside / WEIGHTS).write_bytes(data)
        (aside / "card.json").write_text(_to_json(entry), encoding="utf-8")
        aside.rename(target)
    except OSError as error:
        cure = "Free some room, or let GAN_WEIGHTS_DIR name another folder."
        raise UserError(f"{target}: cannot be written ({error.strerror}). {cure}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return card(name) if folder in _folders() else entry


def add_scores(name: str, scores: Mapping[str, Any]) -> Card:
    """Add measured scores to a model's card."""
    entry = card(name)
    changed = {**asdict(entry), "scores": {**entry.scores, **scores}}
    paths.write_aside(entry.folder / "card.json", _to_json(Card(**changed)).encode())
    return card(name)


def measuring_net(source: Source, kind: str = "classifier") -> Card | None:
    """The classifier (or judge) that reads a data set's classes at its size, if there is one; else one that learned
    other classes of the same pictures, whose features tell them apart as well."""
    fits = [c for c in cards(kind) if c.shape == tuple(source.shape)]
    same = [c for c in fits if c.class_names == tuple(source.class_names)]
    return next(iter(same or [c for c in fits if c.dataset == source.name]), None)


def _to_json(entry: Card) -> str:
    values = {k: v for k, v in asdict(entry).items() if k not in ("folder", "local")}
    return json.dumps({"format": FORMAT, **values}, indent=2, ensure_ascii=False) + "\n"


def _folders() -> list[Path]:
    return [paths.weights_dir(), paths.weights_dir() / LOCAL]


def _scan() -> list[tuple[Card | None, str]]:
    results: list[tuple[Card | None, str]] = []
    names: set[str] = set()
    for parent in _folders():
        for folder in sorted(parent.glob("[!.]*")) if parent.is_dir() else ():
            if not folder.is_dir() or folder == parent / LOCAL:
                continue
            local = parent.name == LOCAL
            if local and folder.name in names:
                results.append((None, f"local/{folder.name}: a shipped model has this name; rename the folder."))
                continue
            names.add(folder.name)
            results.append(_read_card(folder, local, _stamp(folder / "card.json"), _stamp(folder / WEIGHTS)))
    return results


def _stamp(path: Path) -> tuple[int, int] | None:
    """When a file was changed, and its size in bytes; None where there is none."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size
    return None


@functools.lru_cache(maxsize=256)
def _read_card(
    folder: Path, local: bool, stamp: tuple[int, int] | None, weights: tuple[int, int] | None
) -> tuple[Card | None, str]:
    """A folder's card, or what is wrong with it; the stamps make what was changed be read again."""
    if not NAME.fullmatch(folder.name):
        return None, f"{folder.name}: rename the folder; a model's name has {NAME_RULE}."
    path = folder / "card.json"
    if not stamp:
        return None, f"{folder.name}: the folder has no card.json; a model needs its card."
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values.pop("format", None) != FORMAT:
            return None, f"{folder.name}: card.json is of another version; this one reads format {FORMAT}."
        values |= {"name": folder.name, "class_names": tuple(values["class_names"]), "shape": tuple(values["shape"])}
        values["columns"] = {name: tuple(words) for name, words in values.get("columns", {}).items()}
        entry = Card(**values, folder=folder, local=local)
        models.family(entry.model)
        models.check_options(entry.model, entry.options)
        if weights is None:
            return None, f"{folder.name}: {WEIGHTS} is missing beside its card; put it there, or delete the folder."
        if weights[1] != entry.files[WEIGHTS].get("bytes", weights[1]):
            return None, _not_the_file(entry, weights[1])
        texts = (entry.title, entry.summary, entry.licence, entry.digest, entry.limits, entry.more)
        mappings = (entry.options, entry.scores, entry.recipe, entry.training, entry.files[WEIGHTS])
        if (
            entry.kind not in KINDS
            or len(entry.shape) != 3
            or (entry.columns and conditions.names(entry.columns.values()) != entry.class_names)
            or not all(type(side) is int and 0 < side <= 1024 for side in entry.shape)
            or not all(isinstance(part, dict) for part in mappings)
            or not all(isinstance(part, str) for part in texts)
            or not all(type(count) is int for count in (entry.latent, entry.files[WEIGHTS].get("bytes", 0)))
        ):
            raise ValueError("a field is not what it should be")
    except UserError as error:
        return None, f"{folder.name}: {error}"
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        return None, f"{folder.name}: card.json cannot be used ({error})."
    return entry, ""


def _read(entry: Card) -> bytes:
    path = entry.folder / WEIGHTS
    try:
        data = path.read_bytes()
    except OSError:
        raise UserError(f"{entry.name}: {path.name} is missing beside its card.") from None
    if hashlib.sha256(data).hexdigest() != entry.digest:
        raise UserError(_not_the_file(entry, len(data)))
    return data


def _not_the_file(entry: Card, size: int) -> str:
    expected = entry.files[WEIGHTS].get("bytes", 0)
    return (
        f"{entry.name}: {WEIGHTS} is not the file its card describes ({size:,} bytes, the card says {expected:,}); "
        f"it was cut off or changed. Restore it, or delete the folder {entry.folder.name}."
    )
