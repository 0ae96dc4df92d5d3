"""From what somebody brings to a data set of their own, in two steps.

    plan = examine(Path("faces.zip"))            # or Upload(name, file), or several of either
    source, report = run(plan, "faces", Options(size=64, channels=3), progress)

`examine` looks and changes nothing: what kind of thing it is, how many pictures of which sizes and classes, which
columns a table has, what is odd. `run` reads it all and keeps it (`gan.datasets.kept`): complete, or not at all; what
`progress` raises cancels. The report says what was left out and why. Both raise `UserError` where nothing can be made
of it.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from gan.datasets import archives, columns, decoding, folder, kept, shares, stacks, tables
from gan.datasets.archives import Member, Tree, Upload
from gan.datasets.folder import ALL, Found
from gan.datasets.growing import Growing
from gan.datasets.records import Progress, Source
from gan.datasets.report import Report
from gan.datasets.workspace import workspace
from gan.errors import UserError

Kind = Literal["pictures", "pixels", "arrays", "idx"]
KINDS = {
    "pictures": "picture files",
    "pixels": "a table of pixels",
    "arrays": "an .npz file of arrays",
    "idx": "IDX files",
}
SIZE = 64  # of pictures that have no size of their own
SAMPLE = 64  # pictures whose size is looked up
FONTS = (".ttf", ".otf", ".ttc", ".woff", ".woff2")


@dataclass(frozen=True)
class Options:
    """How to make a set. None takes what is there: the arrays' size, 64 for files; colour for files."""

    size: int | None = None  # pixels of a side, 16 to 256
    how: decoding.How = "crop"
    channels: int | None = None  # 1 grey, 3 colour
    label: str | None = None  # pictures: a column of the table; pixels: "first", "last", "none" or a column
    key: str | None = None  # the column of the table that names the pictures
    share: float = 0.8  # for training, where there is no split
    seed: int = 1
    title: str = ""
    summary: str = ""
    licence: str = ""
    citation: str = ""


@dataclass(frozen=True)
class Plan:
    """What was found."""

    kind: Kind
    name: str  # a name that the set can have
    count: int  # pictures
    counts: dict[str, int]  # of each class; empty where only reading tells
    sizes: list[tuple[tuple[int, int], int]]  # width, height and how often in a sample; most frequent first
    columns: tuple[str, ...]  # of the tables, each can be a label
    split: bool  # whether it is split for training and testing already
    problems: list[str]  # what is odd, a sentence each
    what: archives.What | Sequence[archives.What] = field(repr=False)

    @property
    def title(self) -> str:
        """What it is, in words."""
        classes = f" in {len(self.counts):,} classes" if len(self.counts) > 1 else ""
        return f"{self.count:,} {'picture' if self.count == 1 else 'pictures'}{classes} ({KINDS[self.kind]})"


def examine(what: archives.What | Sequence[archives.What]) -> Plan:
    """Look at files, folders, ZIPs or uploads. A table may lie beside the pictures' folder: give both.

    Raises:
        UserError: if there is nothing that a data set can be made of; it says what is there.
    """
    with archives.opened(what) as tree:
        kind = _kind(tree)
        name = kept.free_name(Path(_first(what).name).stem)
        if kind == "pictures":
            return _pictures_plan(tree, name, what)
        if kind == "pixels":
            return _pixels_plan(tree, name, what)
        found = _stack(tree, kind)
        height, width = found.images.shape[1:3]
        counts = np.bincount(found.labels, minlength=len(found.class_names))
        by_class = dict(zip(found.class_names, map(int, counts), strict=True))
        sizes, problems = [((width, height), len(found.images))], _few(counts, found.class_names)
        return Plan(kind, name, len(found.images), by_class, sizes, (), found.test is not None, problems, what)


def run(
    plan: Plan, name: str, options: Options | None = None, progress: Progress | None = None
) -> tuple[Source, Report]:
    """Make the data set.

    Args:
        plan: from `examine`.
        name: small letters, digits, "-" and "_"; not taken.
        options: see there.
        progress: called with the share done and what is being done; what it raises cancels, and nothing is left.

    Returns:
        The set's row, and what became of the files.

    Raises:
        UserError: for a name or an option that cannot be, or if fewer than two pictures are left.
    """
    options, say = options or Options(), progress or (lambda share, text: None)
    kept.check_name(name)
    shares.check(options.share)
    if options.size is not None:
        folder.check_size(options.size)
    with archives.opened(plan.what) as tree, workspace() as aside:
        found = _read(plan, tree, options, aside, lambda share, text: say(0.8 * share, text))
        found = _resized(folder.compact(found), options, aside, say)
        row = kept.keep(
            name,
            found.images,
            found.labels,
            found.class_names,
            title=options.title,
            summary=options.summary,
            licence=options.licence,
            citation=options.citation,
            made_from=f"{tree.name} ({KINDS[plan.kind]})",
            attributes=found.attributes,
            test=found.test,
            share=options.share,
            seed=options.seed,
            progress=lambda share, text: say(0.9 + 0.1 * share, text),
        )
    found.report.kept = sum(row.counts.values())
    say(1.0, f"{row.title} is ready")
    return row, found.report


def _read(plan: Plan, tree: Tree, options: Options, aside: Path, say: Progress) -> Found:
    if plan.kind == "pictures":
        made = folder.Options(options.size or SIZE, options.how, options.channels or 3, options.label, options.key)
        return folder.read(folder.survey(tree), made, aside, say)
    if plan.kind == "pixels":
        member = _table(tree)
        found = tables.read(member.read(tables.LARGEST), member.name, aside, options.label, say)
        _others(tree, found, {member.name})
        return found
    return _stack(tree, plan.kind)


def _stack(tree: Tree, kind: Kind) -> Found:
    if kind == "idx":
        members = [member for member in tree.members if _may_be_idx(member) and stacks.is_idx(member)]
        found = stacks.read_idx(members)
    else:
        members = [member for member in tree.members if member.suffix == ".npz"]
        if len(members) > 1:
            raise UserError(f"{len(members)} .npz files ({_list(members)}); give one at a time.")
        found = stacks.read_npz(members[0].read(stacks.LARGEST), members[0].name)
    _others(tree, found, {member.name for member in members})
    return found


def _others(tree: Tree, found: Found, used: set[str]) -> None:
    found.report.leave_out(tree.notes)
    found.report.leave_out((m.name, f"no part of {tree.name}'s pictures") for m in tree.members if m.name not in used)


def _resized(found: Found, options: Options, aside: Path, say: Progress) -> Found:
    """Arrays have a size and a depth of their own, unless others are asked for."""
    height, width, channels = found.images.shape[1:]
    size = options.size
    wanted = (size or height, size or width, options.channels or channels)
    if wanted == (height, width, channels):
        return found
    if not size and height != width:
        raise UserError(f"size: the pictures are {width} x {height}; give a size to make squares of them.")
    path = aside / "resized.npy"
    with Growing(path, wanted) as file:
        for place, image in enumerate(found.images):
            if place % 256 == 0:
                say(0.8 + 0.1 * place / len(found.images), f"{place:,} of {len(found.images):,} pictures resized")
            file.append(decoding.fit(image, wanted[0], options.how, wanted[2])[None])
    return replace(found, images=np.load(path, mmap_mode="r"))


def _kind(tree: Tree) -> Kind:
    suffixes = {member.suffix for member in tree.members}
    if suffixes & set(decoding.SUFFIXES):
        return "pictures"
    if ".npz" in suffixes:
        return "arrays"
    if any(stacks.is_idx(member) for member in tree.members if _may_be_idx(member)):
        return "idx"
    if suffixes & set(columns.SUFFIXES):
        return "pixels"
    if suffixes & set(FONTS):
        raise UserError(f"{tree.name}: these are fonts; Data > From fonts (or render-fonts) makes pictures of them.")
    if ".mat" in suffixes:
        raise UserError(
            f"{tree.name}: .mat files are not brought in. SVHN's are read where they lie in a folder that GAN_DATA_DIR "
            "names; save others from MATLAB as pictures, or from Python as .npz with the arrays images and labels."
        )
    if archive := next((name for name, _ in tree.notes if name.lower().endswith(archives.NESTED)), ""):
        raise UserError(f"{archive}: only ZIP archives are read, none inside another; unpack it and zip the folder.")
    held = f"it holds {_list(tree.members)}" if tree.members else "it holds no files"
    why = (
        f" {len(tree.notes):,} were left out, the first ({tree.notes[0][0]}) as {tree.notes[0][1]}."
        if tree.notes
        else ""
    )
    raise UserError(
        f"{tree.name}: nothing to make a data set of; {held}.{why} What works: pictures (PNG, JPEG, WebP …), "
        "loose, in folders or in a ZIP; a CSV of pixels; an .npz of images and labels; IDX files."
    )


def _may_be_idx(member: Member) -> bool:
    return member.suffix in ("", ".gz", ".idx") or "ubyte" in member.name


def _table(tree: Tree) -> Member:
    members = [member for member in tree.members if member.suffix in columns.SUFFIXES]
    if len(members) > 1:
        raise UserError(
            f"{len(members)} tables ({_list(members)}) and no pictures; give one table of pixels at a time."
        )
    return members[0]


def _pictures_plan(tree: Tree, name: str, what: archives.What | Sequence[archives.What]) -> Plan:
    album = folder.survey(tree)
    step = max(1, len(album.pictures) // SAMPLE)
    sizes = Counter(size for member in album.pictures[::step][:SAMPLE] if (size := _size_of(member)))
    heads: dict[str, None] = {}
    problems = [f"{note}: {why}." for note, why in album.notes[:5]]
    if len(album.notes) > 5:
        problems.append(f"{len(album.notes) - 5:,} more files are left out.")
    for member in album.tables:
        try:
            heads |= dict.fromkeys(columns.read(member.read(), member.name).columns)
        except UserError as error:
            problems.append(str(error))
    counts = np.bincount(album.labels, minlength=len(album.class_names))
    if len(album.class_names) > 1:
        problems += _few(counts, album.class_names)
    by_class, split = dict(zip(album.class_names, map(int, counts), strict=True)), album.test is not None
    count, common = len(album.pictures), sizes.most_common()
    return Plan("pictures", name, count, by_class, common, tuple(heads), split, problems, what)


def _pixels_plan(tree: Tree, name: str, what: archives.What | Sequence[archives.What]) -> Plan:
    member = _table(tree)
    data = member.read(tables.LARGEST)
    found = tables.layout(data, member.name)
    count = data.count(b"\n") + (not data.endswith(b"\n")) - found.header
    where = "none found" if found.label is None else "the first" if found.label == 0 else f"number {found.label + 1}"
    size = ((found.side, found.side), count)
    return Plan("pixels", name, count, {}, [size], (), False, [f"Column of the label: {where}."], what)


def _size_of(member: Member) -> tuple[int, int] | None:
    """Width and height, from the file's head."""
    with contextlib.suppress(Exception):  # `run` says what is wrong with it
        return Image.open(io.BytesIO(member.read()), formats=decoding.FORMATS).size
    return None


def _few(counts: np.ndarray, names: Sequence[str]) -> list[str]:
    if len(names) == 1 and names[0] != ALL:
        return ["There is one class only, so labels say nothing."]
    rare = [name for name, count in zip(names, counts, strict=True) if count == 1]
    return [f"{len(rare):,} classes have one picture each ({', '.join(rare[:3])} …)."] if rare else []


def _list(members: Sequence[Member]) -> str:
    return ", ".join(member.name for member in members[:3]) + (" …" if len(members) > 3 else "")


def _first(what: archives.What | Sequence[archives.What]) -> archives.What:
    return what if isinstance(what, Path | Upload) else next(iter(what))
