"""What a person keeps by name: favourites, directions. A small file each, in the user's own folder.

An entry says of which model it is and outlives that model. Two windows may change one entry at the same time: whoever
changes it has to say which version they saw, and the second one is told what the first one did.
"""

from __future__ import annotations

import functools
import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from gan import paths
from gan.errors import UserError, unknown

KINDS = ("favourite", "direction")
LONGEST = 60  # characters of a name
REMOVED = ".removed"
_ID = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True)
class Entry:
    """One thing kept. `data` is plain JSON."""

    id: str
    kind: str
    model: str
    name: str
    data: dict[str, Any] = field(default_factory=dict)
    version: int = 1
    made: str = ""  # when, ISO 8601


def entries(kind: str, model: str | None = None) -> list[Entry]:
    """What is kept of a kind, for one model or all, the oldest first. Files that cannot be read are left out."""
    found = [_read(path) for path in _folder(kind).glob("[!.]*.json")]
    kept = [entry for entry in found if entry and model in (None, entry.model)]
    return sorted(kept, key=lambda entry: (entry.made, entry.id))


def keep(kind: str, model: str, name: str, data: dict[str, Any]) -> Entry:
    """Keep something under a name.

    Raises:
        UserError: for a name that is empty, too long, or taken by another entry of the model.
    """
    with _alone(kind):
        made = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = Entry(uuid.uuid4().hex[:8], kind, model, _named(kind, model, name), data, made=made)
        _write(entry)
    return entry


def rename(kind: str, ident: str, name: str, version: int) -> Entry:
    """Give an entry another name.

    Args:
        version: of the entry that the person saw.

    Raises:
        UserError: for a bad or taken name, an entry that is gone, or one that was changed meanwhile.
    """
    with _alone(kind):
        entry = _found(kind, ident)
        if entry.version != version:
            raise UserError(
                f"name: this {kind} was renamed to {entry.name!r} in another window meanwhile. "
                f"Nothing was changed; look, and rename it to {name.strip()!r} again if you still want that."
            )
        entry = replace(entry, name=_named(kind, entry.model, name, ident), version=entry.version + 1)
        _write(entry)
    return entry


def remove(kind: str, ident: str) -> Entry:
    """Take an entry away; `restore` brings it back.

    Raises:
        UserError: if it is gone already.
    """
    with _alone(kind):
        entry = _found(kind, ident)
        removed = _folder(kind) / REMOVED
        removed.mkdir(exist_ok=True)
        _path(kind, ident).replace(removed / f"{ident}.json")
    return entry


def restore(kind: str, ident: str) -> Entry:
    """Bring back what was removed, under another name where its own is taken by now.

    Raises:
        UserError: if there is nothing to bring back.
    """
    with _alone(kind):
        away = _folder(kind) / REMOVED / f"{ident}.json"
        entry = _read(away) if _ID.fullmatch(ident) else None
        if entry is None:
            raise UserError(f"There is no removed {kind} {ident!r} to bring back.")
        taken = {other.name for other in entries(kind, entry.model)}
        name, times = entry.name, 2
        while name in taken:
            name, times = f"{entry.name[: LONGEST - 6]} ({times})", times + 1
        entry = replace(entry, name=name, version=entry.version + 1)
        _write(entry)
        away.unlink()
    return entry


@contextmanager
def _alone(kind: str) -> Iterator[None]:
    folder = _folder(kind)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=10):
            yield
    except OSError as error:
        raise UserError(f"{folder} cannot be written ({error}). GAN_KEPT_DIR names another folder.") from None


def _folder(kind: str) -> Path:
    if kind not in KINDS:
        raise unknown("kind of entry", kind, KINDS)
    return paths.kept_dir() / f"{kind}s"


def _path(kind: str, ident: str) -> Path:
    return _folder(kind) / f"{ident}.json"


def _found(kind: str, ident: str) -> Entry:
    entry = _read(_path(kind, ident)) if _ID.fullmatch(ident) else None
    if entry is None:
        raise UserError(f"This {kind} is not there any more; it was removed in another window.")
    return entry


def _read(path: Path) -> Entry | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return _parsed(path, (stat.st_mtime_ns, stat.st_size, stat.st_ino))


@functools.lru_cache(maxsize=1000)
def _parsed(path: Path, stamp: tuple[int, ...]) -> Entry | None:
    """Named directions are asked for with every frame of a slide; the file is read again when its stamp changes."""
    try:
        entry = Entry(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    words = all(isinstance(value, str) for value in (entry.kind, entry.model, entry.name, entry.made))
    whole = words and isinstance(entry.data, dict) and isinstance(entry.version, int) and entry.id == path.stem
    return entry if whole else None


def _write(entry: Entry) -> None:
    text = json.dumps(asdict(entry), ensure_ascii=False, indent=1)
    paths.write_aside(_path(entry.kind, entry.id), text.encode())


def _named(kind: str, model: str, name: str, own: str = "") -> str:
    # A browser that cuts a text short may halve an emoji, and no file takes one half.
    name = " ".join(name.encode(errors="replace").decode().split())
    if not 0 < len(name) <= LONGEST:
        raise UserError(f"name: 1 to {LONGEST} characters, you gave {len(name)}.")
    if any(entry.name == name and entry.id != own for entry in entries(kind, model)):
        raise UserError(f"name: there is a {kind} {name!r} of this model already; choose another name.")
    return name
