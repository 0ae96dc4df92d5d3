"""Characters among the ink: pieces that hang together, put together where they are one character, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from gan.errors import UserError
from gan.recognise.preparing import SMALL, Ink, Settings

MOST = 80  # characters that are read at once
BLOBS = 400  # pieces of ink: more are a texture, no writing
TINY = 5  # pixels: a piece of ink that has fewer is dirt
ALONG = 0.15  # of the picture's shorter side: what touches its edge on a longer way is no writing
NEAR = 0.25  # of a character's size: how far a piece of it may lie from the rest
LOOSE = 0.5  # the same for characters that are built of pieces
CRACK = 0.2  # of the higher one's height: pieces above one another that are nearer are one character
TALL = 0.5  # of the usual height: what is lower is a dot, a bar or dirt
LOW = 0.3  # of the usual height and ink: what has so much of both is a character all the same
WIDE = 0.9  # width by height from which a piece may be characters that touch
CUTS = 8  # places at which such a piece may be cut apart

Array = np.ndarray


@dataclass(frozen=True)
class Part:
    """A character, or a piece of one: its box on the picture, and which pieces of ink in the box are its own."""

    top: int
    left: int
    bottom: int
    right: int
    pieces: tuple[int, ...]
    area: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    def __add__(self, other: Part) -> Part:
        return Part(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
            self.pieces + other.pieces,
            self.area + other.area,
        )


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces of ink on a picture, dirt left out. `labels` int32 ``[h, w]`` numbers them from 1; 0 is paper."""

    labels: Array
    parts: tuple[Part, ...]  # a piece each, the largest first


def pieces(ink: Ink, settings: Settings) -> Pieces:
    """Ink that hangs together, also at corners.

    Raises:
        UserError: if there is no ink, or so many pieces that it is no writing.
    """
    labels, count = ndimage.label(ink.mask, np.ones((3, 3), int))
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    boxes = ndimage.find_objects(labels)
    found = [
        Part(rows.start, columns.start, rows.stop, columns.stop, (number,), int(areas[number]))
        for number, (rows, columns) in enumerate(boxes, 1)
        if areas[number] >= TINY
    ]
    found = _inside(found, labels)
    largest = max((part.area for part in found), default=0)
    # On a photograph of nothing, dust and grain are all that stands out.
    if largest < max(TINY, 3e-5 * ink.mask.size):
        raise UserError(
            "No ink was found: the picture is all of one tone. Draw with a thicker pen, take the photograph nearer and "
            "with more light, or lower the ink threshold."
        )
    found = sorted((part for part in found if part.area >= settings.specks * largest), key=lambda part: -part.area)
    if len(found) > BLOBS:
        raise UserError(
            f"There are {len(found):,} patches of ink, which is more than writing has. Zoom in on the writing, raise "
            "the ink threshold, or leave out larger specks."
        )
    return Pieces(labels, tuple(found))


def one(found: Pieces, blocks: bool = False) -> tuple[Part, int]:
    """The largest piece with all that lies near it, and how many pieces are left over; `blocks` as for `lines`."""
    reach = LOOSE if blocks else NEAR
    whole, others = found.parts[0], list(found.parts[1:])
    while near := [part for part in others if _gap(whole, part) <= reach * max(whole.height, whole.width)]:
        for part in near:
            whole += part
        others = [part for part in others if part not in near]
    return whole, len(others)


def lines(found: Pieces, blocks: bool = False) -> list[list[Part]]:
    """Characters in reading order, line by line.

    Args:
        found: the pieces.
        blocks: whether characters are built of pieces in a square, as Korean syllables are.

    Raises:
        UserError: for more than `MOST`.
    """
    parts = _stacked(found.parts, blocks)
    heights = np.array([part.height for part in parts])
    order = np.argsort(heights)
    weight = np.cumsum(np.array([part.area for part in parts])[order])
    usual = heights[order][np.searchsorted(weight, weight[-1] / 2)]
    tall, small = _by_height(parts, usual)
    rows: list[list[Part]] = []
    for part in sorted(tall, key=lambda part: (part.top + part.bottom) / 2):
        for row in rows:
            top, bottom = np.median([p.top for p in row]), np.median([p.bottom for p in row])
            if min(bottom, part.bottom) - max(top, part.top) >= 0.4 * min(bottom - top, part.height):
                row.append(part)
                break
        else:
            rows.append([part])
    rows = _with_small(rows, small, usual)
    rows = [_joined(sorted(row, key=lambda part: part.left + part.right), blocks) for row in rows]
    rows.sort(key=lambda row: np.median([part.top for part in row]))
    count = sum(map(len, rows))
    if count > MOST:
        raise UserError(
            f"{count} characters were found; at most {MOST} are read at once. Zoom in on some of them, or leave out "
            "larger specks."
        )
    return rows


def cut_out(ink: Ink, found: Pieces, part: Part) -> Array:
    """The strength of a part's own ink in its box, float32 ``[h, w]``, with a soft pixel around it."""
    top, left = max(0, part.top - 1), max(0, part.left - 1)
    box = (slice(top, part.bottom + 1), slice(left, part.right + 1))
    labels = found.labels[box]
    own = np.isin(labels, part.pieces)
    around = ndimage.binary_dilation(own, np.ones((3, 3), bool)) & ((labels == 0) | own)
    return np.where(around, ink.strength[box], 0)


def cuts(character: Array) -> list[int]:
    """Columns at which a wide piece ``[h, w]`` may be cut apart, from the left: where there is least ink."""
    height, width = character.shape
    profile = ndimage.uniform_filter1d(character.sum(axis=0), max(1, round(0.05 * height)))
    apart, edge = max(1, round(0.08 * height)), max(2, round(0.15 * height))
    chosen: list[int] = []
    for column in edge + np.argsort(profile[edge : width - edge], kind="stable"):
        if all(abs(column - other) > apart for other in chosen):
            chosen.append(int(column))
        if len(chosen) == CUTS:
            break
    return sorted(chosen)


def between(part: Part, start: int, stop: int) -> Part:
    """The piece of a part from one column of its box to another."""
    left = part.left + start
    return replace(part, left=left, right=min(part.right, part.left + stop))


def _inside(parts: Sequence[Part], labels: Array) -> list[Part]:
    """Without what lies along the edge of the picture (a table, a shadow, the rim of the paper), if enough is left.

    A stroke that runs off the edge does not lie along it; and in a picture of a net's own size it may well touch it.
    """
    if min(labels.shape) < SMALL:
        return list(parts)
    edge = np.concatenate([labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1]])
    contact = np.bincount(edge, minlength=labels.max() + 1)
    inner = [part for part in parts if contact[part.pieces[0]] <= ALONG * min(labels.shape)]
    largest = max((part.height for part in parts), default=0)
    enough = any(part.height >= max(0.15 * largest, 0.08 * labels.shape[0]) for part in inner)
    return inner if enough else list(parts)


def _gap(one: Part, other: Part) -> float:
    """Pixels between two boxes; 0 where they touch or overlap."""
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    across = max(one.left, other.left) - min(one.right, other.right)
    return float(np.hypot(max(0, down), max(0, across)))


def _overlap(one: Part, other: Part) -> float:
    """How much of the narrower of two boxes lies above or below the other, 0…1."""
    shared = min(one.right, other.right) - max(one.left, other.left)
    return max(0, shared) / min(one.width, other.width)


def _by_height(parts: Sequence[Part], usual: float) -> tuple[list[Part], list[Part]]:
    """Parts that are characters by themselves, and those that are pieces of one, or dirt.

    Low ones that are far from all others may make a character together (a pen that skipped), or have as much ink as one
    (an 8 that lies down).
    """
    tall = [part for part in parts if part.height >= TALL * usual]
    ink = np.median([part.area for part in tall])
    small: list[Part] = []
    far: list[Part] = []
    for part in (part for part in parts if part.height < TALL * usual):
        if any(_belongs(part, other, usual) for other in tall):
            small.append(part)
            continue
        while near := next((other for other in far if _gap(part, other) <= NEAR * usual), None):
            far.remove(near)
            part = near + part
        far.append(part)
    whole = [p for p in far if p.height >= TALL * usual or (p.height >= LOW * usual and p.area >= LOW * ink)]
    return tall + whole, small


def _belongs(piece: Part, part: Part, usual: float) -> bool:
    """Whether a low piece is near enough to a character to be a part of it: above or below it that may be farther."""
    return _gap(part, piece) <= (0.6 if _overlap(part, piece) >= 0.5 else NEAR) * usual


def _with_small(rows: list[list[Part]], small: Sequence[Part], usual: float) -> list[list[Part]]:
    """Each row with the dots and bars that belong to its characters."""
    for piece in small:
        near = [(_gap(part, piece), row, index) for row in rows for index, part in enumerate(row)]
        near = [entry for entry in near if _belongs(piece, entry[1][entry[2]], usual)]
        if near:
            _, row, index = min(near, key=lambda entry: entry[0])
            row[index] += piece
    return rows


def _joined(row: list[Part], blocks: bool) -> list[Part]:
    """A row, pieces that stand above one another made one; of blocks also those that make a square together."""
    done: list[Part] = []
    height = max(part.bottom for part in row) - min(part.top for part in row)
    for part in row:
        last = done[-1] if done else None
        square = blocks and last and (last + part).width <= 1.15 * height and part.left - last.right <= 0.35 * height
        if last and (_overlap(last, part) >= 0.6 or square):
            done[-1] = last + part
        else:
            done.append(part)
    return done


def _stacked(parts: Sequence[Part], blocks: bool) -> list[Part]:
    """Parts put together that stand close above one another: halves of what the pen broke, or pieces of a block."""
    done: list[Part] = []
    for part in sorted(parts, key=lambda part: part.top):
        for index, other in enumerate(done):
            both, wide = other + part, max(part.width, other.width)
            near = 0.3 * wide if blocks else CRACK * max(part.height, other.height)
            fits = _overlap(part, other) >= 0.5 and (not blocks or both.height <= 1.6 * wide)
            if fits and part.top - other.bottom <= near:
                done[index] = both
                break
        else:
            done.append(part)
    return done
