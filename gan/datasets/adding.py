"""Data sets of the user's own that grow by one picture at a time, and can lose the newest again.

Each time all of it is written anew, aside, and the card last (`gan.datasets.kept_files`): the set is always whole. That
is quick for the hundreds of pictures that somebody adds by hand. A picture keeps its place, so that it does not change
sides between training and testing when others join it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from gan import paths
from gan.datasets import kept
from gan.datasets import kept_files as files
from gan.datasets.records import Source
from gan.datasets.workspace import kindly, workspace
from gan.errors import UserError

ADDED = "added"  # the column that says when
PATIENCE = 10  # seconds that one window waits for another's picture to be written

Array = np.ndarray


def add(
    name: str,
    image: Array,
    label: int,
    class_names: Sequence[str],
    attributes: Mapping[str, str] | None = None,
    **words: str,
) -> Source:
    """Add a picture to a set, which is made if there is none of the name. A picture that it holds already is not held
    twice, perhaps under two labels: it gets this label and these words, and is the newest.

    Args:
        name: of the set.
        image: uint8 ``[h, w, c]``.
        label: an index into `class_names`.
        class_names: of the set; they must be those that it has.
        attributes: a word for each of its columns, beside the time.
        words: title, summary, licence, citation, homepage and made_from of a set that is made.

    Raises:
        UserError: for a set of other classes, columns or size, a bad or damaged one, or when the disk is full.
    """
    columns = {**(attributes or {}), ADDED: datetime.now(UTC).isoformat(timespec="microseconds")}
    with _alone(name):
        known = kept.kept().get(name)
        if known is None:
            if (paths.local_data_dir() / name).exists():
                raise UserError(f"{name}: its folder is damaged. Remove it under Data > Browse to begin anew.")
            kept.check_name(name)
            card = _new_card(name, image, class_names, tuple(columns), words)
            with workspace(paths.local_data_dir()) as aside:
                folder = aside / name
                folder.mkdir()
                one = [np.array([word]) for word in columns.values()]
                place = np.array([0.5])
                files.write_card(folder, files.write(folder, card, image[None], np.array([label]), one, place=place))
                folder.rename(paths.local_data_dir() / name)
        else:
            folder = paths.local_data_dir() / name
            card = files.read_card(folder)
            if (card.class_names, card.shape) != (tuple(class_names), image.shape) or set(card.attributes) != set(
                columns
            ):
                raise UserError(
                    f"{name}: this data set holds pictures of another kind. Rename it under Data > Browse, and a new "
                    "one is begun."
                )
            _rewrite(folder, card, *_longer(folder, card, image, label, columns))
        source = kept.kept().get(name)
    if source is None:
        raise _gone(name)
    return source


def newest(name: str) -> tuple[Array, int] | None:
    """The picture that was added last, uint8 ``[h, w, c]``, and its label; None where there is none."""
    known = kept.kept().get(name)
    if known is None or ADDED not in known.attributes:
        return None
    folder = paths.local_data_dir() / name
    card = files.read_card(folder)
    last = _newest(folder, card)
    return files.load(folder, card, "images")[last], int(files.load(folder, card, "labels")[last])


def take_back(name: str) -> None:
    """Take away the picture that was added last. A set that would be empty is removed; `kept.restore` brings it back,
    or a larger one of its name that was removed before.

    Raises:
        UserError: if there is no such set, or it did not grow picture by picture.
    """
    with _alone(name):
        if newest(name) is None:
            raise UserError(f"{name}: there is no picture that could be taken back.")
        folder = paths.local_data_dir() / name
        card = files.read_card(folder)
        labels = files.load(folder, card, "labels")
        if len(labels) == 1:
            if name not in kept.removed():
                kept.remove(name)
            else:
                with workspace(paths.local_data_dir()) as aside:
                    folder.rename(aside / name)
            return
        rest = np.arange(len(labels)) != _newest(folder, card)
        images, places = files.load(folder, card, "images")[rest], files.load(folder, card, "places")[rest]
        columns = [files.load(folder, card, f"attribute-{i}")[rest] for i in range(len(card.attributes))]
        _rewrite(folder, card, images, labels[rest], columns, places)


def _new_card(
    name: str, image: Array, class_names: Sequence[str], columns: tuple[str, ...], words: Mapping[str, str]
) -> files.Card:
    return files.Card(
        title=words.get("title") or name,
        summary=words.get("summary", ""),
        citation=words.get("citation", ""),
        homepage=words.get("homepage", ""),
        made_from=words.get("made_from", ""),
        licence=words.get("licence") or "not stated",
        class_names=tuple(class_names),
        shape=(image.shape[0], image.shape[1], image.shape[2]),
        attributes=columns,
        share=0.8,
        seed=1,
        grouped=False,
    )


def _longer(
    folder: Path, card: files.Card, image: Array, label: int, columns: Mapping[str, str]
) -> tuple[Array, Array, list[Array], Array]:
    """Pictures, labels, columns and places with one more; where the same one was, it keeps its place."""
    images, labels, places = (files.load(folder, card, part) for part in ("images", "labels", "places"))
    same = (images == image).all(axis=(1, 2, 3))
    place = places[same][0] if same.any() else np.random.default_rng((card.seed, len(labels))).random()
    words = [
        np.append(files.load(folder, card, f"attribute-{i}").astype(str)[~same], columns[column])
        for i, column in enumerate(card.attributes)
    ]
    others = np.concatenate([images[~same], image[None]])
    return others, np.append(labels[~same], label), words, np.append(places[~same], place)


def _newest(folder: Path, card: files.Card) -> int:
    times = files.load(folder, card, f"attribute-{card.attributes.index(ADDED)}")
    return int(np.argsort(times, kind="stable")[-1])


def _rewrite(
    folder: Path, card: files.Card, images: Array, labels: Array, columns: Sequence[Array], places: Array
) -> None:
    """Write new files, the card last, and drop the old ones."""
    old = {path for path in folder.glob("[!.]*") if path.name != files.CARD}
    try:
        card = replace(card, published=False)
        files.write_card(folder, files.write(folder, card, images, labels, columns, place=places))
    except BaseException:
        for path in set(folder.glob("[!.]*")) - old:
            if path.name != files.CARD:
                path.unlink(missing_ok=True)
        raise
    for path in old:  # what is mapped elsewhere stays readable
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(name: str) -> Iterator[None]:
    """Nobody else adds to this set, or splits it anew, meanwhile."""
    parent = paths.local_data_dir()
    with kindly(name), contextlib.ExitStack() as locks:
        parent.mkdir(parents=True, exist_ok=True)
        try:
            locks.enter_context(FileLock(parent / f".{name}.lock", timeout=PATIENCE))
            if (parent / name).is_dir():
                locks.enter_context(FileLock(parent / name / ".lock", timeout=PATIENCE))
        except Timeout:
            raise UserError(f"{name}: is being changed elsewhere; wait until that is done.") from None
        try:
            yield
        except FileNotFoundError:
            raise _gone(name) from None


def _gone(name: str) -> UserError:
    return UserError(f"{name}: was removed, renamed or split anew at this moment; try once more.")
