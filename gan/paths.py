"""Where things lie on disk, and the environment variables that move them.

- ``GAN_DATA_DIR``: folders (separated as in PATH) in which a data set is looked for first.
- ``GAN_CACHE_DIR``: where downloads and decoded arrays go (default ``data/cache``).
- ``GAN_LOCAL_DATA_DIR``: the user's own data sets (default ``data/local``).
- ``GAN_RUNS_DIR``: training runs (default ``runs``).
- ``GAN_WEIGHTS_DIR``: models (default ``weights``; the user's own are in its ``local`` folder).
- ``GAN_KEPT_DIR``: what the user keeps of latent spaces by name: favourites, directions (default ``kept``).

They are read on every call, so that a test or a server can move them while it runs.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED_DATA = ROOT / "data"


def data_dirs() -> list[Path]:
    """The folders of ``GAN_DATA_DIR`` that exist, in order."""
    named = os.environ.get("GAN_DATA_DIR", "").split(os.pathsep)
    return [path for path in (Path(name).expanduser().resolve() for name in named if name) if path.is_dir()]


def cache_dir() -> Path:
    """Where downloads and decoded arrays are kept; made when first needed."""
    return Path(os.environ.get("GAN_CACHE_DIR") or SHIPPED_DATA / "cache").expanduser().resolve()


def local_data_dir() -> Path:
    """Where each data set of the user's own has its folder."""
    return Path(os.environ.get("GAN_LOCAL_DATA_DIR") or SHIPPED_DATA / "local").expanduser().resolve()


def runs_dir() -> Path:
    """Where each training run has its folder."""
    return Path(os.environ.get("GAN_RUNS_DIR") or ROOT / "runs").expanduser().resolve()


def weights_dir() -> Path:
    """Where each model has its folder."""
    return Path(os.environ.get("GAN_WEIGHTS_DIR") or ROOT / "weights").expanduser().resolve()


def kept_dir() -> Path:
    """Where favourites and named directions are."""
    return Path(os.environ.get("GAN_KEPT_DIR") or ROOT / "kept").expanduser().resolve()


def write_aside(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or none: aside first, then renamed.

    Raises:
        OSError: if the disk is full or read-only; what stood at `path` is then untouched.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
