"""Fetching ONNX Runtime Web: what npm gives is what is pinned, or it is not used. No network is needed here."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import stat
import tarfile
import time

import pytest

from gan.errors import UserError
from gan.exporting import runtime, web

QUIET = lambda share, text: None  # noqa: E731


def archive(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as pack:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            pack.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


@pytest.fixture
def npm(tmp_path, monkeypatch, cache):
    """An npm that runs a shell program; a package of two small files is pinned."""
    files = [runtime.File("a.mjs", hashlib.sha256(b"code").hexdigest(), 4)]
    files += [runtime.File("b.wasm", hashlib.sha256(b"machine").hexdigest(), 7)]
    monkeypatch.setattr(runtime, "CODE", files[0])
    monkeypatch.setattr(runtime, "WASM", files[1])

    def npm(program, members=None, pinned=None):
        good = {"package/dist/a.mjs": b"code", "package/dist/b.wasm": b"machine", "../../evil": b"x"}
        data = archive(members or good)
        (tmp_path / "given.tgz").write_bytes(data)
        digest = base64.b64encode(hashlib.sha512(pinned or data).digest()).decode()
        monkeypatch.setattr(runtime, "INTEGRITY", f"sha512-{digest}")
        script = tmp_path / "npm"
        script.write_text(f"#!/bin/sh\n{program.format(given=tmp_path / 'given.tgz')}\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(shutil, "which", lambda name: str(script))

    return npm


def test_the_two_files_are_taken_and_kept(npm, cache, tmp_path):
    npm("cp {given} package.tgz")
    found = runtime.fetch(QUIET)
    assert {file.name: data for file, data in found.items()} == {"a.mjs": b"code", "b.wasm": b"machine"}
    npm("exit 1")
    assert runtime.fetch(QUIET) == found  # from the cache
    assert not (tmp_path / "evil").exists() and not (cache.parent / "evil").exists()

    next(cache.rglob("b.wasm")).write_bytes(b"tamper!")  # what was changed there is fetched anew
    with pytest.raises(UserError, match="npm could not fetch"):
        runtime.fetch(QUIET)
    npm("cp {given} package.tgz")
    assert runtime.fetch(QUIET) == found


@pytest.mark.parametrize(
    "program, members, pinned, said",
    [
        ("echo 'npm error code ENOTFOUND' >&2; exit 1", None, None, "npm could not fetch .* ENOTFOUND"),
        ("exit 0", None, None, "npm could not fetch"),
        ("cp {given} package.tgz", None, b"another", "its integrity hash differs"),
        ("cp {given} package.tgz", {"package/dist/a.mjs": b"code"}, None, "cannot be read"),
        ("cp {given} package.tgz", {"package/dist/a.mjs": b"CODE"}, None, "a.mjs is not the file that is pinned"),
        ("cp {given} package.tgz", {"package/dist/a.mjs": b"code" * 999}, None, "a.mjs is not the file that is pinned"),
    ],
)
def test_what_is_not_what_is_pinned_is_not_used(npm, cache, program, members, pinned, said):
    npm(program, members, pinned)
    with pytest.raises(UserError, match=said):
        runtime.fetch(QUIET)
    assert not list(cache.rglob("*.wasm"))
    given, why = web.parts(web.AUTO, QUIET)
    assert given["wasm"].startswith(runtime.CDN) and " sha256-" in given["wasm"] and why
    with pytest.raises(UserError, match="With --runtime cdn, browsers fetch it"):
        web.parts(web.INLINE, QUIET)


def test_npm_that_hangs_is_ended(npm, monkeypatch, tmp_path):
    npm(f"echo $$ > {tmp_path}/pid; exec sleep 60")
    monkeypatch.setattr(runtime, "SECONDS", 0.5)
    begun = time.monotonic()
    with pytest.raises(UserError, match=r"it took more than 0.5 s"):
        runtime.fetch(QUIET)
    assert time.monotonic() - begun < 30

    class Cancelled(BaseException):
        pass

    def cancel(share, text):
        if (tmp_path / "pid").exists():
            raise Cancelled

    (tmp_path / "pid").unlink(missing_ok=True)
    monkeypatch.setattr(runtime, "SECONDS", 60)
    with pytest.raises(Cancelled):
        runtime.fetch(cancel)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
