"""The whole path from a picture to what is written on it.

    prepared = prepare(picture, settings)
    result = read(prepared, card, settings, several=True)
    result.text, result.answers[0].steps

In two parts, so that what was prepared can be shown also when nothing can be read.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gan import registry
from gan.datasets import decoding, numbers5
from gan.errors import UserError
from gan.recognise import finding, nets, placing, preparing
from gan.recognise.finding import Part, Pieces
from gan.recognise.looking import Looked, look
from gan.recognise.preparing import Ink, Settings

LIKELY = 0.8  # parts of a very wide piece that are read with this are believed before the whole
DOUBT = 0.6  # a wide piece that is read with less is tried in parts
BROAD = 1.25  # width by height from which a piece is tried in parts unless it is read surely
SPACE = 1.5  # of the height of a line: a gap that is wider stands for a space
LEAST = 8  # pixels of the shorter side
SURE = 0.9  # an answer with less is called unsure

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Prepared:
    """A picture, the part of it that is looked at, and the ink found there."""

    whole: Array  # uint8 [h, w, c], reduced to a size to work on
    picture: Array  # uint8 [h, w, c], cut from that
    ink: Ink


@dataclass(frozen=True, eq=False)
class Answer:
    """What one character (or number, or face) was read as."""

    picture: Array  # uint8 [h, w, c], what the net was given
    logits: Array  # float64 [k]
    label: int  # the likeliest class; for a reader 0
    text: str
    groups: list[tuple[str, tuple[str, ...], Array]]  # as `nets.groups`
    box: tuple[int, int, int, int]  # top, left, bottom and right on `Prepared.picture`
    placed: placing.Placed | None  # how it got there; None for nets that see colour

    @property
    def chance(self) -> float:
        """The probability of the answer: for several things told apart, of all of them."""
        return float(np.prod([chances.max() for _, _, chances in self.groups]))


@dataclass(frozen=True, eq=False)
class Reading:
    """All that was read, line by line."""

    answers: tuple[Answer, ...]
    text: str  # lines apart by "\n"
    left_over: int = 0  # pieces of ink that belong to none of the answers

    @property
    def sure(self) -> bool:
        return all(answer.chance >= SURE for answer in self.answers)


def prepare(picture: Array, settings: Settings) -> Prepared:
    """The first steps, which are the same for every net.

    Args:
        picture: uint8 ``[h, w, c]`` of any size, c 1 or 3.
        settings: how.

    Raises:
        UserError: if there are hardly any pixels to look at.
    """
    part = preparing.reduced(preparing.cut(picture, settings))
    _check(part, settings.zoom)
    return Prepared(preparing.reduced(picture), part, preparing.ink(part, settings))


def read(prepared: Prepared, card: registry.Card, settings: Settings, several: bool = False) -> Reading:
    """What a net reads on a picture.

    Args:
        prepared: from `prepare`, with the same settings.
        card: a classifier or reader of the registry.
        settings: how.
        several: find characters and read each, in lines from the left; else there is one.

    Raises:
        UserError: if there is no ink, more of it than writing has, or the net's files are damaged.
    """
    several = several and not nets.alone(card)
    if nets.colour(card) and not several:
        height, width = prepared.picture.shape[:2]
        square = _square(prepared.picture, card.shape[0], settings.fill)
        return _single(card, square, (0, 0, height, width), None)
    found = finding.pieces(prepared.ink, settings)
    if card.kind == "reader":
        row = sum(found.parts[1:], found.parts[0])
        picture = placing.line(finding.cut_out(prepared.ink, found, row), card.shape, settings)
        return _single(card, picture, _box(row), None)
    reader = _Characters(prepared, found, card, settings)
    if not several:
        part, others = finding.one(found, nets.blocks(card))
        answer = reader.answers([part])[0]
        return Reading((answer,), answer.text, others)
    rows = [reader.row(row) for row in finding.lines(found, nets.blocks(card))]
    read_pieces = {piece for row in rows for part, _ in row for piece in part.pieces}
    left = sum(part.pieces[0] not in read_pieces for part in found.parts)
    text = "\n".join(_line(row) for row in rows)
    return Reading(tuple(answer for row in rows for _, answer in row), text, left)


def looked(card: registry.Card, answer: Answer) -> Looked | None:
    """Where a net looked for an answer; None for readers, which look everywhere at once."""
    if card.kind == "reader":
        return None
    return look(lambda pictures: nets.logits(card, pictures), answer.picture, answer.label)


class _Characters:
    """Reads the parts of one picture with one net."""

    def __init__(self, prepared: Prepared, found: Pieces, card: registry.Card, settings: Settings) -> None:
        self.prepared, self.found, self.card, self.settings = prepared, found, card, settings
        self.form = placing.layout(card.dataset, card.shape[0])

    def answers(self, parts: Sequence[Part]) -> list[Answer]:
        placed = [self._placed(part) for part in parts]
        pictures = [p.picture if p else self._coloured(part) for p, part in zip(placed, parts, strict=True)]
        outputs = nets.logits(self.card, np.stack(pictures))
        rows = zip(pictures, outputs, parts, placed, strict=True)
        return [_answer(self.card, picture, row, _box(part), how) for picture, row, part, how in rows]

    def row(self, parts: list[Part]) -> list[tuple[Part, Answer]]:
        """A line's parts, those that are several characters cut apart, and what each was read as."""
        height = float(np.median([part.height for part in parts]))
        done: list[tuple[Part, Answer]] = []
        for part, answer in self._together(list(zip(parts, self.answers(parts), strict=True)), height):
            wide = part.width / height
            touching = wide >= finding.WIDE and answer.chance < (DOUBT if wide < BROAD else SURE if wide < 1.5 else 2)
            touching = touching and not nets.blocks(self.card)
            done += (self._apart(part, answer, height) if touching else None) or [(part, answer)]
        return done

    def _together(self, row: list[tuple[Part, Answer]], height: float) -> list[tuple[Part, Answer]]:
        """A line with neighbours put together whose boxes overlap, as the strokes of a 4, where the net is as sure."""
        pairs = [
            index
            for index, ((one, _), (other, _)) in enumerate(itertools.pairwise(row))
            if other.left < one.right and (one + other).width <= height
        ]
        if not pairs:
            return row
        wholes = [row[index][0] + row[index + 1][0] for index in pairs]
        for index, whole, answer in reversed(list(zip(pairs, wholes, self.answers(wholes), strict=True))):
            apart = np.sqrt(row[index][1].chance * row[index + 1][1].chance)
            if answer.chance >= max(SURE, apart - 0.02):
                row[index : index + 2] = [(whole, answer)]
        return row

    def _apart(self, part: Part, whole: Answer, height: float) -> list[tuple[Part, Answer]] | None:
        """A wide part cut where the net is surest of all the characters that it then sees (LeCun et al. 1998, on
        heuristic over-segmentation); None where it is surer of the whole."""
        edges = [0, *finding.cuts(finding.cut_out(self.prepared.ink, self.found, part)), part.width]
        spans = [
            (start, stop)
            for start, stop in itertools.combinations(range(len(edges)), 2)
            if 0.15 * height <= edges[stop] - edges[start] <= 1.15 * height
        ]
        pieces = [finding.between(part, edges[start], edges[stop]) for start, stop in spans]
        kept = [index for index, piece in enumerate(pieces) if self._ink(piece).max(initial=0) > 0.5]
        if not kept:
            return None
        answers = dict(zip(kept, self.answers([pieces[index] for index in kept]), strict=True))
        chances = {spans[index]: np.log(max(answer.chance, 1e-9)) for index, answer in answers.items()}
        likely = max(2, round(part.width / (0.75 * height)))
        counts = {likely - 1, likely, likely + 1} if part.width >= BROAD * height else {2}
        ways = [way for count in counts if (way := _best(chances, len(edges) - 1, count))]
        if not ways:
            return None
        score, path = max(ways, key=lambda way: way[0] / len(way[1]))
        sure_enough = part.width >= 1.5 * height and score / len(path) > np.log(LIKELY)
        if score / len(path) <= np.log(max(whole.chance, 1e-9)) and not sure_enough:
            return None
        return [(pieces[spans.index(span)], answers[spans.index(span)]) for span in path]

    def _ink(self, part: Part) -> Array:
        return finding.cut_out(self.prepared.ink, self.found, part)

    def _placed(self, part: Part) -> placing.Placed | None:
        if nets.colour(self.card):
            return None
        return placing.place(self._ink(part), self.form, self.card.shape[0], self.settings)

    def _coloured(self, part: Part) -> Array:
        """The square around a part, as SVHN cuts its digits: as high as the digit, its neighbours looking in."""
        side = round(max(part.height, part.width) / self.settings.fill)
        top, left = (part.top + part.bottom - side) // 2, (part.left + part.right - side) // 2
        height, width = self.prepared.picture.shape[:2]
        rows = np.clip(np.arange(top, top + side), 0, height - 1)
        columns = np.clip(np.arange(left, left + side), 0, width - 1)
        return decoding.fit(self.prepared.picture[rows[:, None], columns], self.card.shape[0], "crop", 3)


def _best(chances: dict[tuple[int, int], float], last: int, count: int) -> tuple[float, list[tuple[int, int]]] | None:
    """The likeliest way from edge 0 to the last in `count` spans: its log-probability and the spans."""
    ways: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for _ in range(count):
        longer: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for (start, stop), chance in chances.items():
            if start in ways:
                score = ways[start][0] + chance
                if stop not in longer or score > longer[stop][0]:
                    longer[stop] = (score, [*ways[start][1], (start, stop)])
        ways = longer
    return ways.get(last)


def _single(card: registry.Card, picture: Array, box: tuple[int, int, int, int], placed: None) -> Reading:
    answer = _answer(card, picture, nets.logits(card, picture[None])[0], box, placed)
    return Reading((answer,), answer.text)


def _answer(card, picture: Array, outputs: Array, box: tuple[int, int, int, int], placed) -> Answer:
    groups = nets.groups(card, outputs)
    if card.kind == "reader":
        text = numbers5.read(outputs[None])[0]
        return Answer(picture, outputs, 0, text, groups[: len(text) + 1], box, placed)
    label = int(outputs.argmax())
    return Answer(picture, outputs, label, card.class_names[label], groups, box, placed)


def _square(picture: Array, size: int, fill: float) -> Array:
    """The middle square of a picture, or less of it for what is to be seen larger, as a net takes it."""
    if fill > 1:
        height, width = (max(1, round(side / fill)) for side in picture.shape[:2])
        top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
        picture = picture[top : top + height, left : left + width]
    return decoding.fit(picture, size, "crop", 3)


def _line(row: list[tuple[Part, Answer]]) -> str:
    height = np.median([part.height for part, _ in row])
    text = row[0][1].text
    for (before, _), (part, answer) in itertools.pairwise(row):
        text += (" " if part.left - before.right > SPACE * height else "") + answer.text
    return text


def _box(part: Part) -> tuple[int, int, int, int]:
    return part.top, part.left, part.bottom, part.right


def _check(picture: Array, zoom: float) -> None:
    height, width = picture.shape[:2]
    if min(height, width) < LEAST:
        near = f" Seen {zoom:g} times larger, nothing more is left of the picture: zoom out." if zoom > 1 else ""
        raise UserError(f"There are {width} x {height} pixels, too few to read anything; 28 x 28 are enough.{near}")
