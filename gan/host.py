"""Which machine this is, as far as numbers of processes go: several may share a folder."""

from __future__ import annotations

import contextlib
import hashlib
import platform
from pathlib import Path


def host() -> str:
    """A short name for where the number of a process means that process: this machine, or this container on it."""
    name = platform.node()
    with contextlib.suppress(OSError):  # where there is no Linux
        name = f"{name}/{Path('/proc/self/ns/pid').stat().st_ino}"  # containers may have the name of their machine
    return hashlib.sha256(name.encode()).hexdigest()[:12]
