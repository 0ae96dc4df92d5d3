"""The user's own data sets: made from files, fonts or other sets, and kept in a folder each.

A set's folder in `gan.paths.local_data_dir` holds ``card.json`` and NumPy arrays that are mapped into memory. The
pictures are stored in the order of their places (`gan.datasets.shares`): training pictures first, test pictures
after them. Whatever changes a set writes new files first and the card last, so that a set is always whole.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from gan import paths
from gan.datasets import kept_files as files
from gan.datasets import shares
from gan.datasets.records import Progress, Source
from gan.datasets.workspace import kindly, workspace
from gan.errors import UserError, unknown

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
REMOVED = ".removed"  # the folder of the sets that were taken away


def keep(
    name: str,
    images: np.ndarray,
    labels: np.ndarray,
    class_names: Sequence[str],
    *,
    title: str = "",
    summary: str = "",
    licence: str = "",
    citation: str = "",
    homepage: str = "",
    made_from: str = "",
    attributes: Mapping[str, np.ndarray] | None = None,
    groups: np.ndarray | None = None,
    test: np.ndarray | None = None,
    share: float = 0.8,
    seed: int = 1,
    progress: Progress | None = None,
) -> Source:
    """Store pictures as a data set of the user's own: complete, or not at all.

    Args:
        name: small letters, digits, "-" and "_"; no other data set's.
        images: uint8 ``[n, h, w, c]``, c 1 or 3. A memory map is read in pieces.
        labels: int ``[n]``, each an index into `class_names`.
        class_names: what the classes are called; one name where there are no labels ("all").
        title: what people read; by default the name.
        summary: one line on what the pictures show.
        licence, citation, homepage: whose they are.
        made_from: what the set was made from, in words.
        attributes: columns of n words or numbers, by name.
        groups: int or str ``[n]``; pictures of one group stay on one side of the split.
        test: bool ``[n]``, which pictures the publisher has put aside for testing; `share` then does not count.
        share: of the pictures, for training.
        seed: decides which.
        progress: called with the share done and what is being done; what it raises cancels, and nothing is left.

    Raises:
        UserError: for a name that is bad or taken, for fewer than two pictures, or when the disk is full.
    """
    check_name(name)
    shares.check(share)
    if len(images) < 2:
        held = "There is one picture" if len(images) else "There are no pictures"
        raise UserError(f"{held}; a data set needs two at least, one to learn from and one to test on.")
    _check(images, labels, class_names)
    card = files.Card(
        title=title or name,
        summary=summary,
        licence=licence or "not stated",
        citation=citation,
        homepage=homepage,
        made_from=made_from,
        class_names=tuple(map(str, class_names)),
        shape=(images.shape[1], images.shape[2], images.shape[3]),
        attributes=tuple(attributes or {}),
        share=share,
        seed=seed,
        grouped=groups is not None and len(np.unique(groups)) > 1,
    )
    columns = list((attributes or {}).values())
    with workspace(paths.local_data_dir()) as aside:
        folder = aside / name
        folder.mkdir()
        files.write_card(folder, files.write(folder, card, images, labels, columns, groups, test, progress))
        try:
            folder.rename(paths.local_data_dir() / name)
        except OSError:  # another process was faster
            check_name(name)
            raise
    return kept()[name]


def kept() -> dict[str, Source]:
    """The user's own data sets by name. Those that cannot be used are left out; `problems` says why."""
    return {folder.name: row for folder, row, _ in _scan() if row}


def problems() -> list[str]:
    """What is wrong with the folders that hold no usable set, a sentence each."""
    return [f"{folder.name}: {problem}" for folder, _, problem in _scan() if problem]


def check_name(name: str) -> None:
    """Whether a new set can have this name.

    Raises:
        UserError: if it cannot be a folder's name, or is taken.
    """
    from gan.datasets import DATASETS

    if not NAME.fullmatch(name):
        raise UserError(f"name: {name!r} cannot be used; take small letters, digits, '-' and '_', 64 at most.")
    if name in DATASETS or (paths.local_data_dir() / name).exists():
        raise UserError(f"name: there is a data set {name!r} already; choose another name, or remove that one first.")


def free_name(wish: str) -> str:
    """A name that can be used, as near to a wish (a file's name, say) as it goes."""
    from gan.datasets import DATASETS

    stem = re.sub(r"[^a-z0-9_-]+", "-", wish.lower()).strip("-_")[:56] or "pictures"
    names = (stem if n == 1 else f"{stem}-{n}" for n in range(1, 10_000))
    return next(name for name in names if name not in DATASETS and not (paths.local_data_dir() / name).exists())


def remove(name: str) -> None:
    """Take a set (or a damaged folder) away. `restore` brings it back, until another of this name is removed.

    Raises:
        UserError: if there is none, or it cannot be moved.
    """
    folder = _folder(name)
    bin = paths.local_data_dir() / REMOVED
    with kindly(name):
        erase(name)
        bin.mkdir(exist_ok=True)
        folder.rename(bin / name)


def removed() -> list[str]:
    """The names that `restore` can bring back."""
    bin = paths.local_data_dir() / REMOVED
    return sorted(path.name for path in bin.glob("[!.]*")) if bin.is_dir() else []


def restore(name: str) -> None:
    """Bring back what `remove` took away.

    Raises:
        UserError: if nothing of the name was removed, or the name has been taken since.
    """
    if name not in removed():
        raise unknown("removed data set", name, removed())
    check_name(name)
    with kindly(name):
        (paths.local_data_dir() / REMOVED / name).rename(paths.local_data_dir() / name)


def erase(name: str) -> None:
    """Free the disk of a removed set, for good. Nothing happens where there is none."""
    if name in removed():
        shutil.rmtree(paths.local_data_dir() / REMOVED / name)


def rename(name: str, to: str) -> None:
    """Give a set another name. Recipes and models that name the old one keep that.

    Raises:
        UserError: if there is no such set, or the new name is bad or taken.
    """
    folder = _folder(name)
    check_name(to)
    with kindly(name):
        folder.rename(folder.with_name(to))


def resplit(name: str, share: float, seed: int | None = None, progress: Progress | None = None) -> Source:
    """Choose anew which pictures are for training.

    Another share moves the boundary only; another seed (None: as it is) writes the pictures in another order.

    Raises:
        UserError: if there is no such set, it is being split already, or the share leaves one side empty.
    """
    shares.check(share)
    if name not in kept():
        raise unknown("data set of your own", name, kept())
    folder = _folder(name)
    try:
        with kindly(name), FileLock(folder / ".lock", timeout=0):  # two at once would clear away each other's files
            card = files.read_card(folder)
            if seed in (None, card.seed):
                files.write_card(folder, files.cut_anew(folder, replace(card, share=share, published=False)))
            else:
                files.reorder(folder, replace(card, share=share, seed=int(seed or 0), published=False), progress)
    except Timeout:
        raise UserError(f"{name}: is being split anew already; wait until that is done.") from None
    return kept()[name]


def _scan() -> list[tuple[Path, Source | None, str]]:
    from gan.datasets import DATASETS

    parent = paths.local_data_dir()
    found: list[tuple[Path, Source | None, str]] = []
    for folder in sorted(parent.glob("[!.]*")) if parent.is_dir() else ():
        if folder.is_dir():
            row, problem = files.examine(folder)
            if row and folder.name in DATASETS:
                row, problem = None, "a data set that comes with the app has this name now; rename the folder."
            found.append((folder, row, problem))
    return found


def _folder(name: str) -> Path:
    folders = {folder.name: folder for folder, _, _ in _scan()}
    if name not in folders:
        raise unknown("data set of your own", name, folders)
    return folders[name]


def _check(images: np.ndarray, labels: np.ndarray, class_names: Sequence[str]) -> None:
    """Mistakes of ours, not of the user's."""
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in (1, 3):
        raise TypeError(f"pictures are uint8 [n, h, w, 1 or 3], not {images.dtype} {images.shape}")
    if len(labels) != len(images) or min(labels) < 0 or max(labels) >= len(class_names):
        raise ValueError(f"{len(labels)} labels {min(labels)} to {max(labels)} for {len(images)} pictures")
    if len(set(class_names)) != len(class_names):
        raise ValueError(f"two classes have one name: {sorted(class_names)}")
