"""The files in a folder, a ZIP or an upload, one after another, without unpacking anything to disk.

    with opened(Path("pictures.zip")) as tree:
        for member in tree.members:
            data = member.read()

Nothing outside is reached: links are not followed, names that lead outside are left out, and no name ever becomes a
path to write to. Archives that unpack to absurd sizes are refused before anything is read. What is left out is told
in `Tree.notes`; files that file managers leave about (hidden ones, ``__MACOSX``, ``Thumbs.db``) go without a word.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import stat
import threading
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from gan.datasets.report import why
from gan.errors import UserError

COUNT = 1_000_000  # most files
LARGEST = 256 << 20  # most bytes of one file, unless the reader asks for more
TOTAL = 64 << 30  # most bytes that a ZIP may announce
RATIO, SMALL = 200, 1 << 30  # a ZIP may unpack to this many times its size, or to this many bytes
DEEPEST = 50  # folders within one another
NESTED = (".zip", ".tar", ".tar.gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst")
LITTER = ("thumbs.db", "desktop.ini", "__macosx")
ENCRYPTED, UTF8 = 0x1, 0x800  # flag bits of a ZIP's member


@dataclass(frozen=True)
class Upload:
    """A file that came through the browser: its name and its content, open for reading and seekable."""

    name: str
    file: BinaryIO


@dataclass(frozen=True)
class Member:
    """A file in a folder, an archive or an upload."""

    name: str  # relative, "/" between folders, composed Unicode (NFC)
    size: int  # bytes, as announced
    open: Callable[[], BinaryIO]

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    def read(self, largest: int = LARGEST) -> bytes:
        """The content.

        Raises:
            UserError: if it is larger than `largest`, damaged, or gone.
        """
        if self.size > largest:
            raise UserError(f"{self.name}: {_size(self.size)}; at most {_size(largest)} are read.")
        try:
            with self.open() as file:
                data = file.read(largest + 1)
        except Exception as error:  # as with pictures: archives of any make, damaged in any way
            raise UserError(f"{self.name}: cannot be read ({why(error)}).") from None
        if len(data) > largest:
            raise UserError(f"{self.name}: more than {_size(largest)}; no more is read.")
        return data


@dataclass
class Tree:
    """The members in the order of their names, and what was left out: names and reasons."""

    name: str
    members: list[Member] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


What = Path | Upload


@contextlib.contextmanager
def opened(what: What | Sequence[What]) -> Iterator[Tree]:
    """The files in folders, in ZIPs, in uploads: several make one tree, and a single file a tree of one.

    Raises:
        UserError: if something is not there, a ZIP is damaged, or it would unpack to absurd sizes.
    """
    parts = [what] if isinstance(what, Path | Upload) else list(what)
    tree = Tree(parts[0].name if len(parts) == 1 else f"{len(parts)} files")
    with contextlib.ExitStack() as stack:
        for part in parts:
            if isinstance(part, Path):
                _add_path(tree, part, stack)
            else:
                _add_upload(tree, part, stack)
        tree.members.sort(key=lambda member: member.name)
        yield tree


def _add_path(tree: Tree, path: Path, stack: contextlib.ExitStack) -> None:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            _walk(path, "", tree)
        elif not stat.S_ISREG(kind):
            raise UserError(f"{path}: neither a folder nor a file.")
        elif _zipped(path.name):
            _unzip(tree, path.name, stack.enter_context(path.open("rb")), stack)
        else:
            _append(tree, Member(_composed(path.name), path.stat().st_size, lambda: path.open("rb")))
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({why(error)}).") from None


def _walk(folder: Path, inside: str, tree: Tree) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = _composed(f"{inside}{entry.name}")
            if _litter(entry.name):
                continue
            if entry.is_symlink():
                tree.notes.append((name, "a link; links are not followed"))
            elif entry.is_dir():
                if name.count("/") > DEEPEST:
                    tree.notes.append((name, "too many folders within one another"))
                    continue
                try:
                    _walk(Path(entry.path), f"{name}/", tree)
                except OSError as error:
                    tree.notes.append((name, f"cannot be read ({why(error)})"))
            elif not entry.is_file():
                tree.notes.append((name, "no regular file"))
            else:
                opener = cast(Callable[[], BinaryIO], functools.partial(open, entry.path, "rb"))
                _append(tree, Member(name, entry.stat().st_size, opener))


def _add_upload(tree: Tree, upload: Upload, stack: contextlib.ExitStack) -> None:
    if _zipped(upload.name):
        _unzip(tree, upload.name, upload.file, stack)
        return
    lock, size = threading.Lock(), upload.file.seek(0, os.SEEK_END)

    def content() -> BinaryIO:
        with lock:  # members are read in several threads, and an upload has one position
            upload.file.seek(0)
            return io.BytesIO(upload.file.read())

    _append(tree, Member(_composed(PurePosixPath(upload.name.replace("\\", "/")).name), size, content))


def _unzip(tree: Tree, name: str, file: BinaryIO, stack: contextlib.ExitStack) -> None:
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        size = file.seek(0, os.SEEK_END)
    except Exception as error:
        raise UserError(f"{name}: not a ZIP file that can be read ({why(error)}).") from None
    total = sum(entry.file_size for entry in entries)
    if total > TOTAL or total > max(SMALL, RATIO * size):
        raise UserError(
            f"{name}: {_size(size)} that would unpack to {_size(total)}; it was not opened. "
            "A ZIP of pictures unpacks to little more than its size."
        )
    for entry, inside in zip(entries, _names(entries), strict=True):
        parts = PurePosixPath(inside).parts
        if any(_litter(part) for part in parts if part != ".."):
            continue
        if not parts or parts[0][0] == "/" or ".." in parts or parts[0].endswith(":"):
            tree.notes.append((inside, "its name leads out of the archive"))
        elif stat.S_ISLNK(entry.external_attr >> 16):
            tree.notes.append((inside, "a link; links are not followed"))
        elif entry.flag_bits & ENCRYPTED:
            tree.notes.append((inside, "encrypted; unpack it with its password first"))
        else:
            # zipfile reads no more than the announced size, checks the sum, and may be used by several threads.
            opener = cast(Callable[[], BinaryIO], functools.partial(archive.open, entry))
            _append(tree, Member(str(PurePosixPath(*parts)), entry.file_size, opener))


def _append(tree: Tree, member: Member) -> None:
    if member.name.lower().endswith(NESTED):
        tree.notes.append((member.name, "an archive within; unpack it first"))
        return
    if len(tree.members) == COUNT:
        raise UserError(f"{tree.name}: more than {COUNT:,} files; that many are not opened.")
    tree.members.append(member)


def _names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """The names in a ZIP. Without the flag for UTF-8 they should be in code page 437, but many programs that write
    ZIPs use UTF-8 without saying so, and Korean Windows its own code."""
    unsaid = [None if entry.flag_bits & UTF8 else _bytes(entry.filename) for entry in entries]
    together = b"\n".join(filter(None, unsaid))
    code = next(code for code in ("utf-8", "euc_kr", "cp437") if _decodes(together, code))
    names = [e.filename if raw is None else raw.decode(code) for e, raw in zip(entries, unsaid, strict=True)]
    return [_composed(name.replace("\\", "/")) for name in names]


def _bytes(name: str) -> bytes | None:
    """What stood in the file; None if the name came from a field of its own, in Unicode."""
    try:
        return name.encode("cp437")
    except UnicodeEncodeError:
        return None


def _decodes(data: bytes, code: str) -> bool:
    try:
        data.decode(code)
        return True
    except UnicodeDecodeError:
        return False


def _zipped(name: str) -> bool:
    return name.lower().endswith(".zip")


def _litter(part: str) -> bool:
    return part.startswith(".") or part.lower() in LITTER


def _composed(name: str) -> str:
    """One spelling for each name: a Mac writes 가 as two letters. What is no Unicode at all becomes question marks."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())


def _size(size: int) -> str:
    return f"{size / 2**30:,.1f} GB" if size >= 2**30 else f"{size / 2**20:,.1f} MB"
