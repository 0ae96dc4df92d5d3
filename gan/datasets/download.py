"""Downloading a file to disk as it comes, from the first of several mirrors that has it whole.

If a download breaks off or is cancelled, what has come is kept where the server can go on from there (it takes ranges,
and gives the file an ETag or a date to know it again by), and the next try asks for the rest only.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import http.client
import os
import shutil
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from email.message import Message
from pathlib import Path
from typing import BinaryIO

import filelock

from gan.errors import UserError

TIMEOUT = 20  # seconds a mirror may stay silent
CHUNK = 1 << 16
PAUSE = 0.1  # seconds between two reports, and between two looks at whether another process has finished
MARGIN = 64 << 20  # bytes to leave free on the disk
CURE = "Free some room, or let GAN_CACHE_DIR name a folder that has it."

Received = Callable[[int, int], None]  # bytes received, bytes expected (0 if not known yet)


class NoRoomError(UserError):
    """The disk is full: no other mirror would help."""


def download(
    target: Path,
    mirrors: Iterable[str],
    limit: int,
    check: Callable[[BinaryIO], object],
    received: Received,
) -> BinaryIO:
    """A file from the first mirror that has it whole, kept at `target` and opened for reading.

    Where `target` cannot be written, it lies in a temporary file until it is closed. Processes that want the same
    file wait for each other.

    Args:
        target: where to put it; its name is the file's name at each mirror.
        mirrors: addresses of folders, tried in order.
        limit: most bytes to accept.
        check: raises `UserError` if the file is not what it should be; the next mirror is then tried.
        received: called as it comes, a few times a second; what it raises cancels.

    Raises:
        UserError: listing why each mirror failed, or saying that the disk has no room.
    """
    if not _writable(target.parent):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            return download(Path(folder) / target.name, mirrors, limit, check, received)
    with _alone(target, received):
        if not target.is_file():  # else another process was faster
            _from_any(target, mirrors, limit, check, received)
        return target.open("rb")


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


@contextlib.contextmanager
def _alone(target: Path, received: Received) -> Iterator[None]:
    lock = filelock.FileLock(target.with_name(f".{target.name}.lock"))
    while True:
        received(0, 0)  # whoever waits, can cancel
        with contextlib.suppress(filelock.Timeout):
            lock.acquire(timeout=PAUSE)
            break
    try:
        yield
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def _from_any(
    target: Path, mirrors: Iterable[str], limit: int, check: Callable[[BinaryIO], object], received: Received
) -> None:
    failures = []
    for mirror in mirrors:
        try:
            part = _get(f"{mirror.rstrip('/')}/{target.name}", target, limit, received)
            try:
                with part.open("rb") as file:
                    check(file)
            except UserError:
                part.unlink()
                raise
            part.replace(target)
        except NoRoomError:
            raise
        except (OSError, http.client.HTTPException, UserError) as error:
            failures.append(f"{urllib.parse.urlsplit(mirror).netloc}: {_why(error)}")
        else:
            for stale in _parts(target):
                stale.unlink(missing_ok=True)
            return
    raise UserError("; ".join(failures))


def _get(url: str, target: Path, limit: int, received: Received) -> Path:
    """What `url` gives, in a file beside `target`; begun parts of the same are completed."""
    begun = next(_parts(target, url), None)
    start = begun.stat().st_size if begun else 0
    request = urllib.request.Request(url, headers={"User-Agent": "gan-studio"})
    if start:
        request.add_header("Range", f"bytes={start}-")
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if begun is None or error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        if error.headers.get("Content-Range") == f"bytes */{start}":
            return begun  # whole already; `check` has the last word
        begun.unlink()
        return _get(url, target, limit, received)
    with response:
        goes_on = response.status == http.HTTPStatus.PARTIAL_CONTENT
        part, resumable = _part(target, url, response.headers, goes_on)
        if begun and not (goes_on and begun == part and _begins(response.headers) == start):
            begun.unlink()  # the file has changed, or the server only gives the whole
            if goes_on:
                return _get(url, target, limit, received)
            start = 0
        try:
            _write(response, part, start, limit, received)
        except BaseException:
            if not resumable:
                part.unlink(missing_ok=True)
            raise
    return part


def _write(response: http.client.HTTPResponse, part: Path, start: int, limit: int, received: Received) -> None:
    length = response.headers.get("Content-Length", "")
    expected = start + int(length) if length.isdecimal() else 0
    _check_room(part.parent, expected - start)
    have, said = start, 0.0
    with part.open("ab" if start else "wb") as file:
        while chunk := response.read(CHUNK):
            have += len(chunk)
            if have > limit:
                raise UserError(f"more than the {limit:,} bytes it can have")
            _put(file, chunk)
            if time.monotonic() - said >= PAUSE:
                received(have, expected)
                said = time.monotonic()
        _put(file, b"")
    if expected and have != expected:  # a connection that breaks off reads like the end of the file
        raise UserError(f"broke off after {have:,} of {expected:,} bytes")
    received(have, expected)


def _put(file: BinaryIO, chunk: bytes) -> None:
    try:
        file.write(chunk)
        if not chunk:
            file.flush()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoomError(f"{file.name}: the disk is full. {CURE}") from None
        raise NoRoomError(f"{file.name}: cannot be written ({error.strerror}). {CURE}") from None


def _check_room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if wanted > 0 and free < wanted + MARGIN:
        raise NoRoomError(f"{folder}: the download needs {wanted / 1e6:,.0f} MB, {free / 1e6:,.0f} MB are free. {CURE}")


def _parts(target: Path, url: str = "") -> Iterator[Path]:
    """Begun downloads of a file that the next try can go on with (from one address, if one is given)."""
    return target.parent.glob(f".{target.name}.{_short(url) if url else '*'}-*.part")


def _part(target: Path, url: str, headers: Message, goes_on: bool) -> tuple[Path, bool]:
    """Where a download goes, and whether the server can go on with it: the name says of which file it is a part."""
    known_by = headers.get("ETag") or headers.get("Last-Modified") or ""
    resumable = bool(known_by) and (goes_on or headers.get("Accept-Ranges", "").strip() == "bytes")
    name = f"{_short(url)}-{_short(known_by)}.part" if resumable else "once.part"
    return target.with_name(f".{target.name}.{name}"), resumable


def _begins(headers: Message) -> int:
    """Where the range that a server sends begins; -1 if it does not say."""
    begin = headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(begin) if begin.isdecimal() else -1


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _why(error: Exception) -> str:
    cause = getattr(error, "reason", error) if type(error) is urllib.error.URLError else error
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
