"""Labelled data sets of any size, drawn and written piece by piece: as a file, or as a data set of the user's own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan import datasets, drawing, inference, paths, registry
from gan.background import Say
from gan.datasets import exporting, kept
from gan.datasets.growing import Growing
from gan.datasets.workspace import workspace
from gan.drawing import Order
from gan.errors import UserError, unknown
from gan.generating.batches import Batch, batches

MOST, ROOM = 200_000, 1 << 30  # pictures in a set, and bytes of their pixels
KEPT = 4  # files of the last sets, in the cache
WRITERS = {"zip": exporting.write_zip, "npz": exporting.write_npz, "idx": exporting.write_idx}
ENDINGS = {"zip": ".zip", "npz": ".npz", "idx": "-idx.zip"}


@dataclass(frozen=True)
class Written:
    """A set in a file."""

    path: Path
    kind: str
    count: int
    share: float  # of the pictures that were drawn, those that were kept


def room(card: registry.Card) -> int:
    """How many pictures a set of a model's can have."""
    return min(MOST, ROOM // math.prod(card.shape))


def write(order: Order, kind: str, path: Path, agree: bool = False, say: Say = lambda share, text: None) -> Written:
    """Draw a set and write it: all of it, or nothing.

    Args:
        order: what is drawn; labels are taken in turn, so that all have an equal share.
        kind: "zip" (PNG files in a folder a label, and a table), "npz" (arrays) or "idx" (MNIST's two files in a ZIP).
        path: where to.
        agree: only pictures that a classifier reads as their label.
        say: told how far it is; may raise to end the work.

    Raises:
        UserError: for more pictures than there is room for, what `batches` raises, or a disk that is full.
    """
    if kind not in WRITERS:
        raise unknown("kind of file", kind, WRITERS)
    card = check(order)
    names = card.class_names or ("all",)
    if kind == "idx":
        exporting.check_idx(names)
    whole = exporting.Whole(order.count, card.shape, names, len(str(order.count - 1)), tuple(card.columns))
    told = _Told(order, agree, say)
    with workspace(path.parent) as aside:
        with (aside / path.name).open("wb") as file:
            WRITERS[kind](file, _pieces(told, card), whole)
        (aside / path.name).replace(path)
    return Written(path, kind, order.count, order.count / told.drawn)


def keep(
    order: Order,
    name: str,
    agree: bool = False,
    say: Say = lambda share, text: None,
    test: datasets.Split | None = None,
    title: str = "",
) -> datasets.Source:
    """Draw a set and keep it as a data set of the user's own.

    Args:
        name: of the set.
        order, agree, say: as `write`.
        test: pictures to test on, of the model's labels; the drawn ones are then all to learn from. Without, a fifth
            of these is to test on.
        title: what people read; by default the name.

    Raises:
        UserError: as `write`, or for a name that is bad or taken.
    """
    kept.check_name(name)
    card, told = check(order), _Told(order, agree, lambda share, text: say(0.9 * share, text))
    with workspace(paths.local_data_dir()) as aside:
        with Growing(aside / "images.npy", card.shape) as file:
            for batch in told:
                file.append(batch.pictures)
            if test:
                for start in range(0, len(test), 1000):
                    file.append(test.images[start : start + 1000])
        labels = drawing.labels_in_turn(order)
        labels = np.concatenate([labels, test.labels]) if test else labels
        return kept.keep(
            name,
            np.load(aside / "images.npy", mmap_mode="r"),
            labels,
            card.class_names or ("all",),
            title=title,
            summary=f"Drawn by {card.name}.",
            licence=card.licence,
            made_from=in_words(order, agree),
            attributes=columns(card, labels),
            test=np.arange(len(labels)) >= order.count if test else None,
            seed=order.seed,
            progress=lambda share, text: say(0.9 + 0.1 * share, text),
        )


def check(order: Order) -> registry.Card:
    """The card of the model of an order, if there is room for what it asks.

    Raises:
        UserError: if there is not.
    """
    card = inference.card(order.model)
    if not 1 <= order.count <= room(card):
        raise UserError(f"count: {order.count:,} pictures; 1 to {room(card):,} of {card.name}'s make a set.")
    return card


def place(order: Order, kind: str) -> Path:
    """Where a page has a set written to; older ones that lie there make room."""
    folder = paths.cache_dir() / "generated"
    files = [path for path in folder.glob("[!.]*") if path.is_file()]
    for old in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        old.unlink(missing_ok=True)
    return folder / f"{order.model}-{order.count}-seed{order.seed}{ENDINGS[kind]}"


def columns(card: registry.Card, labels: np.ndarray) -> dict[str, np.ndarray]:
    """The values of each column that a model is told, for labels int ``[n]``; of none but the label, nothing."""
    sizes = [len(values) for values in card.columns.values()]
    rows = np.unravel_index(labels, sizes) if sizes else ()
    return {name: np.array(values)[row] for (name, values), row in zip(card.columns.items(), rows, strict=True)}


def in_words(order: Order, agree: bool) -> str:
    """What a set was made from."""
    drawn = f"{order.count:,} pictures drawn by {order.model}, seed {order.seed}"
    pulled = f", truncation {order.truncation:g}" if order.truncation < 1 else ""
    return f"{drawn}{pulled}{', those that a classifier agrees with' if agree else ''}"


class _Told:
    """The batches of an order, with word of how far they are, and a count of what was drawn for them."""

    def __init__(self, order: Order, agree: bool, say: Say) -> None:
        self.order, self.agree, self.say, self.drawn = order, agree, say, 0

    def __iter__(self) -> Iterator[Batch]:
        done, count = 0, self.order.count
        self.say(0.0, f"Drawing {count:,} pictures")
        for batch in batches(self.order, self.agree):
            self.drawn += batch.drawn
            yield batch
            done += len(batch.labels)
            self.say(done / count, f"{done:,} of {count:,} pictures")


def _pieces(told: _Told, card: registry.Card) -> Iterator[exporting.Piece]:
    start = 0
    for batch in told:
        places = np.arange(start, start + len(batch.labels))
        yield exporting.Piece(batch.pictures, batch.labels, places, columns(card, batch.labels))
        start += len(batch.labels)
