"""Pictures to order: some labels, how many, a seed. And the archive they are taken home in."""

from __future__ import annotations

import csv
import io
import itertools
import math
import zipfile
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np

from gan import conditions, images, inference, latent, registry
from gan.errors import UserError

MOST = 10_000  # pictures an order may ask for
NAMED = 20  # labels that a message lists
FIRST = "digits"  # of the models that draw: the one that is warm before anybody asks


@dataclass(frozen=True)
class Order:
    """What is asked of a generator. Picture i depends on neither `count` nor the pictures before it."""

    model: str
    labels: tuple[int, ...]  # taken in turn: picture i shows labels[i % len(labels)]
    count: int  # pictures in all
    seed: int
    truncation: float = 1.0  # 0…1: how far from the mean latent; 1 leaves latents as they fall


@dataclass(frozen=True, eq=False)
class Drawing:
    """The pictures of an order, each at its index."""

    order: Order
    pictures: np.ndarray  # uint8 [n, h, w, c]
    names: tuple[str, ...]  # the class of each picture; "" where the model has no classes

    def by_label(self) -> list[tuple[str, np.ndarray]]:
        """(class, pictures of it uint8 ``[m, h, w, c]``), classes in the order asked for."""
        names = np.array(self.names)
        return [(name, self.pictures[names == name]) for name in dict.fromkeys(self.names)]


def generators() -> dict[str, registry.Card]:
    """The models that draw, by name: the one that is warm first, then as `registry.cards` has them."""
    found = sorted(registry.cards("generator"), key=lambda card: card.name != FIRST)
    return {card.name: card for card in found}


def choices(card: registry.Card) -> dict[str, tuple[str, ...]]:
    """What a model can be asked for: the values of each column it is told, or its classes as one column "label"."""
    return card.columns or ({conditions.LABEL: card.class_names} if card.class_names else {})


def labels_of(card: registry.Card, wanted: Mapping[str, Collection[str]]) -> tuple[int, ...]:
    """The labels that show what is wanted of each column; of one that is left out, or has no values, anything."""
    asked = choices(card)
    rows = itertools.product(*asked.values()) if asked else ()
    return tuple(
        label
        for label, row in enumerate(rows)
        if all(not wanted.get(name) or value in wanted[name] for name, value in zip(asked, row, strict=True))
    )


def draw(order: Order) -> Drawing:
    """Draw what is ordered.

    Raises:
        UserError: for an unknown or damaged model, a label it does not know, or a count, seed or truncation that is
            out of range.
    """
    return submit(order).result()


def submit(order: Order) -> Future[Drawing]:
    """As `draw`, at once and without waiting."""
    check(order)
    card, labels, names = inference.card(order.model), labels_in_turn(order), names_of(order)
    latents = latents_for(card, order.seed, order.count, order.truncation)
    drawing: Future[Drawing] = Future()

    def settle(pictures: Future[np.ndarray]) -> None:
        if error := pictures.exception():
            drawing.set_exception(error)
        else:
            drawing.set_result(Drawing(order, pictures.result(), names))

    inference.submit(card.name, latents, one_hot(card, labels)).add_done_callback(settle)
    return drawing


def check(order: Order) -> None:
    """Whether an order can be drawn at once.

    Raises:
        UserError: for too many pictures, or none.
    """
    if not 1 <= order.count <= MOST:
        raise UserError(f"count: {order.count} pictures; 1 to {MOST:,} can be drawn at a time.")


def latents_for(card: registry.Card, seed: int, count: int, truncation: float) -> np.ndarray:
    """The model's latents of a seed: float32 ``[count, latent]``, drawn towards the mean by `truncation`."""
    return latent.truncate(latent.normal(seed, count, card.latent), truncation)


def one_hot(card: registry.Card, labels: np.ndarray) -> np.ndarray:
    """Class weights that ask for each label alone: float32 ``[n, classes]``; no columns where there are no classes."""
    classes = len(card.class_names)
    return np.eye(classes, dtype=np.float32)[labels] if classes else np.zeros((len(labels), 0), np.float32)


def sheet(drawing: Drawing) -> bytes:
    """All pictures on one sheet, about square, as a PNG; a column shows one label, unless there are too many."""
    labels, count = len(drawing.order.labels) or 1, len(drawing.pictures)
    side = math.sqrt(count)
    columns = min(count, labels * max(1, round(side / labels)) if labels <= 2 * side else math.ceil(side))
    return images.encode_png(images.tile(drawing.pictures, columns))


def archive(drawing: Drawing) -> bytes:
    """A ZIP of one PNG a picture and ``labels.csv``, which says of each file how it was drawn."""
    order, buffer, table = drawing.order, io.BytesIO(), io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["file", "label", "seed", "index", "truncation", "model"])
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as pack:  # a PNG does not get any smaller
        for index, (name, picture) in enumerate(zip(drawing.names, drawing.pictures, strict=True)):
            file = f"{order.model}_{index:04d}.png"
            pack.writestr(file, images.encode_png(picture))
            rows.writerow([file, name, order.seed, index, order.truncation, order.model])
        pack.writestr("labels.csv", table.getvalue())
    return buffer.getvalue()


def labels_in_turn(order: Order) -> np.ndarray:
    """The label of each picture, int64 ``[count]``.

    Raises:
        UserError: for an unknown or damaged model, or a label it does not know.
    """
    card = inference.card(order.model)
    known = len(card.class_names)
    wrong = [label for label in order.labels if not 0 <= label < known]
    if wrong or (known and not order.labels):
        problem = f"there is no label {wrong[0]}" if wrong else "no label is chosen"
        more = f" and {known - NAMED} more" if known > NAMED else ""
        raise UserError(f"labels: {problem}; {card.name} knows {', '.join(card.class_names[:NAMED]) or 'none'}{more}.")
    return np.resize(np.asarray(order.labels or (0,), np.int64), order.count)


def names_of(order: Order) -> tuple[str, ...]:
    """The class of each picture; "" where the model has no classes.

    Raises:
        UserError: as `labels_in_turn`.
    """
    names = inference.card(order.model).class_names
    return tuple(names[label] for label in labels_in_turn(order)) if names else ("",) * order.count


def arrays(drawing: Drawing) -> bytes:
    """An .npz file with ``images`` uint8 ``[n, h, w, c]`` and ``labels`` int64 ``[n]``."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, images=drawing.pictures, labels=labels_in_turn(drawing.order))
    return buffer.getvalue()
