"""Finding a data set's files on this machine, and downloading those that are not there."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

from gan import paths
from gan.errors import UserError

TIMEOUT = 20  # seconds a mirror may stay silent
CHUNK = 1 << 16

Received = Callable[[int, int], None]  # bytes received, bytes expected (0 if the mirror does not say)


def find(folder: str, name: str) -> Path | None:
    """A data set's file on this machine, as it is or with ``.gz``; None if there is none.

    Looked for in each folder of ``GAN_DATA_DIR``, directly and in its sub-folder `folder`, then in what ships, then
    in the cache.
    """
    places = [place for named in paths.data_dirs() for place in (named / folder, named)]
    places += [paths.SHIPPED_DATA / folder, paths.cache_dir() / folder]
    candidates = (place / (name + ending) for place in places for ending in ("", ".gz"))
    return next((path for path in candidates if path.is_file()), None)


def download(
    name: str,
    mirrors: Iterable[str],
    limit: int,
    check: Callable[[bytes], object],
    received: Received,
) -> bytes:
    """The bytes of a file from the first mirror that has it whole.

    Args:
        name: the file's name at each mirror.
        mirrors: addresses of folders, tried in order.
        limit: most bytes to accept.
        check: raises `UserError` if the bytes are not what they should be; the next mirror is then tried.
        received: called as it comes.

    Raises:
        UserError: listing why each mirror failed.
    """
    failures = []
    for mirror in mirrors:
        try:
            data = _get(f"{mirror.rstrip('/')}/{name}", limit, received)
            check(data)
            return data
        except (OSError, http.client.HTTPException, UserError) as error:
            failures.append(f"{urllib.parse.urlsplit(mirror).netloc}: {_why(error)}")
    raise UserError("; ".join(failures))


def _get(url: str, limit: int, report: Received) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": "gan-studio"})
    data = bytearray()
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        length = response.headers.get("Content-Length", "")
        expected = int(length) if length.isdecimal() else 0
        while chunk := response.read(CHUNK):
            data += chunk
            if len(data) > limit:
                raise UserError(f"more than the {limit:,} bytes it can have")
            report(len(data), expected)
    if expected and len(data) != expected:  # a connection that breaks off reads like the end of the file
        raise UserError(f"broke off after {len(data):,} of {expected:,} bytes")
    return bytes(data)


def _why(error: Exception) -> str:
    cause = getattr(error, "reason", error) if type(error) is urllib.error.URLError else error
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
