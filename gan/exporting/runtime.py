"""ONNX Runtime Web, which a page draws with: fetched with npm, or named so that the browser fetches it.

The version is pinned, and so is what has to come: the archive by npm's integrity hash, its files by SHA-256. Two of its
five hundred files are wanted; only those are taken out, and kept in the cache.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from gan import paths
from gan.background import Say
from gan.errors import UserError

PACKAGE, VERSION = "onnxruntime-web", "1.30.0"
INTEGRITY = "sha512-q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="
CDN = f"https://cdn.jsdelivr.net/npm/{PACKAGE}@{VERSION}/dist/"


@dataclass(frozen=True)
class File:
    """A file of the package; `sha256` is of its bytes."""

    name: str
    sha256: str
    bytes: int

    @property
    def integrity(self) -> str:
        """The hash as browsers want it."""
        return f"sha256-{base64.b64encode(bytes.fromhex(self.sha256)).decode()}"


CODE = File("ort.wasm.bundle.min.mjs", "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90", 73_054)
WASM = File(
    "ort-wasm-simd-threaded.wasm", "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2", 14_239_897
)
LARGEST = 64 << 20  # bytes of the archive
SECONDS = 180  # that npm may take
PAUSE = 0.1


def fetch(say: Say) -> dict[File, bytes]:
    """The two files, from the cache or with npm.

    Args:
        say: told how far it is; what it raises ends the work.

    Raises:
        UserError: where npm is missing or cannot fetch them, or what came is not what is pinned.
    """
    folder = paths.cache_dir() / PACKAGE / VERSION
    kept = {file: _kept(folder / file.name, file) for file in (CODE, WASM)}
    if None in kept.values():
        with tempfile.TemporaryDirectory() as aside:
            kept = _unpack(_pack(Path(aside), say))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file, data in kept.items():
                paths.write_aside(folder / file.name, data or b"")
        except OSError:
            pass  # a cache that cannot be written is done without
    return {file: data for file, data in kept.items() if data is not None}


def _kept(path: Path, file: File) -> bytes | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == file.sha256 else None


def _pack(folder: Path, say: Say) -> Path:
    """The package's archive as npm fetches it."""
    npm = shutil.which("npm")
    if npm is None:
        raise UserError("npm is not installed (Debian: apt install npm)")
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--silent", "--fetch-retries=1"]
    command += [
        "--fetch-timeout=30000",
        "--no-update-notifier",
        f"--pack-destination={folder}",
        f"--cache={folder}/npm",
    ]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        begun = time.monotonic()
        try:
            while process.poll() is None and time.monotonic() - begun < SECONDS:
                say(min(0.9, (time.monotonic() - begun) / 20), "Fetching ONNX Runtime Web with npm")
                time.sleep(PAUSE)
        finally:
            process.kill()
            process.wait()
    archive = next(folder.glob("*.tgz"), None)
    if process.returncode or archive is None:
        lines = (folder / "said").read_text(encoding="utf-8", errors="replace").split("\n")
        why = next((line for line in reversed(lines) if line.strip()), f"it took more than {SECONDS} s")
        raise UserError(f"npm could not fetch {PACKAGE} {VERSION} ({why.strip()[:200]})")
    return archive


def _unpack(archive: Path) -> dict[File, bytes | None]:
    """The wanted files of the archive. Nothing of it is written anywhere by a name that it chose."""
    if archive.stat().st_size > LARGEST:
        raise UserError(f"{archive.name} is larger than it can be; it was not opened")
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if f"sha512-{base64.b64encode(digest).decode()}" != INTEGRITY:
        raise UserError(
            f"{archive.name} is not the file that is pinned (its integrity hash differs); it was not opened"
        )
    found: dict[File, bytes | None] = {}
    try:
        with tarfile.open(archive, "r:gz") as pack:
            for file in (CODE, WASM):
                member = pack.getmember(f"package/dist/{file.name}")
                stream = pack.extractfile(member) if member.isfile() and member.size == file.bytes else None
                data = stream.read() if stream else b""
                if hashlib.sha256(data).hexdigest() != file.sha256:
                    raise UserError(f"{archive.name}: {file.name} is not the file that is pinned")
                found[file] = data
    except (tarfile.TarError, KeyError, OSError, EOFError) as error:
        raise UserError(f"{archive.name} cannot be read ({error})") from None
    return found
