"""A folder for what is not ready yet, on the disk where it will stay; it goes whatever happens."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil

from gan import paths
from gan.errors import UserError
from gan.host import host

ASIDE = ".aside-"
OLD = 86_400  # seconds after which nobody is thought to work in a folder any more
FULL = (errno.ENOSPC, errno.EDQUOT)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)


@contextlib.contextmanager
def workspace(parent: Path | None = None) -> Iterator[Path]:
    """An empty folder in `parent` (made if need be; by default where the user's own sets are), removed afterwards.

    What is ready is renamed out of it.

    Raises:
        UserError: when the disk is full or may not be written, also for what the caller writes.
    """
    parent = parent or paths.local_data_dir()
    with kindly(str(parent)), aside(parent) as folder:
        yield folder


@contextlib.contextmanager
def aside(parent: Path) -> Iterator[Path]:
    """As `workspace`, with the disk's errors as they are."""
    parent.mkdir(parents=True, exist_ok=True)
    _sweep(parent)
    folder = parent / f"{ASIDE}{host()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Clear away what a process that was killed could not. Of one on another machine, only time tells that it was."""
    own = f"{ASIDE}{host()}-"
    for path in parent.glob(f"{ASIDE}*"):
        owner = path.name.removeprefix(own).partition("-")[0]
        with contextlib.suppress(OSError):  # it may go away meanwhile
            here = path.name.startswith(own) and owner.isdecimal()
            if not psutil.pid_exists(int(owner)) if here else time.time() - path.stat().st_mtime > OLD:
                shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def kindly(what: str) -> Iterator[None]:
    """Say what the disk refused; `what` is the folder or the set."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise UserError(
                f"{what}: the disk is full. Free some room, or move data with GAN_LOCAL_DATA_DIR and GAN_CACHE_DIR."
            ) from None
        if error.errno in FORBIDDEN:
            why = error.strerror
            raise UserError(f"{what}: cannot be written ({why}). GAN_LOCAL_DATA_DIR names another folder.") from None
        raise
