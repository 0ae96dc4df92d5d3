"""An export in a process of its own, for the server: what converters load and leave behind goes with it, and drawing
is not held up."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import psutil

from gan import paths, registry
from gan.background import Say
from gan.errors import UserError
from gan.exporting.making import Exported, check, find

FOLDER = "exports"
KEPT = 12  # exports in the cache
PAUSE = 0.1
NICENESS = 5
_PROGRESS = re.compile(r"\s*(\d+)% (.*)")
_SAID = "gan: "


def place(model: str, format: str) -> Path:
    """Where a page has a model exported to: a folder in the cache."""
    return paths.cache_dir() / FOLDER / f"{model}-{format}"


def known(card: registry.Card, format: str) -> Exported | None:
    """The export that was made of a model as it is now."""
    made = find(place(card.name, format))
    return made if made and (made.model, made.format, made.digest) == (card.name, format, card.digest) else None


def export(model: str, format: str, say: Say) -> Exported:
    """`gan.exporting.export` to `place`, in place of what was there.

    Args:
        model, format: what and how.
        say: told how far it is; what it raises ends the process.

    Raises:
        UserError: as `gan.exporting.export`.
    """
    folder = place(model, format)
    check(model, format, folder, overwrite=True)
    command = [sys.executable, "-m", "gan", "export", "--model", model, "--format", format]
    say(0.0, "Starting")
    process = subprocess.Popen(
        [*command, "--out", str(folder), "--overwrite"],
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    with contextlib.suppress(psutil.Error):
        psutil.Process(process.pid).nice(NICENESS)
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stderr or ()), daemon=True)
    reader.start()
    try:
        while process.poll() is None:
            if steps := [found for line in [*lines] if (found := _PROGRESS.match(line))]:
                say(int(steps[-1][1]) / 100, steps[-1][2])
            else:
                say(0.0, "Starting")
            reader.join(PAUSE)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        reader.join(5)
    made = find(folder)
    if process.returncode or made is None:
        said = [line.removeprefix(_SAID).strip() for line in lines if line.startswith(_SAID)]
        last = next((line.strip() for line in reversed(lines) if line.strip()), f"exit code {process.returncode}")
        raise UserError(said[-1] if said else f"{model}: the export ended without a word why ({last[:200]}).")
    _sweep(folder)
    return made


def _sweep(newest: Path) -> None:
    """Let the oldest exports go."""
    folders = [path for path in newest.parent.glob("[!.]*") if path != newest and find(path)]
    for old in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
