"""What is taken home from a time machine: the frames of a film, and rows of samples at some epochs."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import overload

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gan import datasets, films, images
from gan.errors import UserError
from gan.timeline import Timeline

EPOCHS = (1, 40, 100, 200)  # of which the student projects show samples
MARGIN, GAP, TEXT = 8, 2, 15  # pixels; the height of letters
PAPER, INK = 255, 40

Array = np.ndarray


class _Frames(Sequence[Array]):
    """Frames that are drawn when they are asked for: all of them together would take gigabytes."""

    def __init__(self, timelines: Sequence[Timeline], stops: Sequence[int]) -> None:
        self.timelines, self.stops = timelines, stops
        self._last: tuple[int, Array] | None = None

    def __len__(self) -> int:
        return len(self.stops)

    @overload
    def __getitem__(self, index: int) -> Array: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Array]: ...

    def __getitem__(self, index):
        if isinstance(index, slice):
            return _Frames(self.timelines, self.stops[index])
        stop = self.stops[index]
        if self._last is None or self._last[0] != stop:
            self._last = stop, _frame(self.timelines, stop)
        return self._last[1]


def frames(timelines: Sequence[Timeline], rate: float, seconds: float) -> Sequence[Array]:
    """The frames of a film of one run or several beside each other, uint8 ``[h, w, c]``, its step written below each.

    One is drawn when it is asked for. Repeated ones are the same object.

    Args:
        timelines: what was drawn; the film goes through all their steps, each showing the newest that it has.
        rate: frames a second.
        seconds: how long it lasts: steps are repeated, or left out evenly.

    Raises:
        UserError: for a film of too many frames.
    """
    stops = sorted({step for line in timelines for step in line.steps})
    count = max(1, round(min(rate * seconds, 1e9)))
    shape = _beside([_sheet(line, 0) for line in timelines]).shape
    films.check("gif", count, shape, rate)
    return _Frames(timelines, [stops[index * len(stops) // count] for index in range(count)])


def rows(timeline: Timeline, epochs: Sequence[float], dataset: str) -> Array:
    """A picture uint8 ``[h, w, c]``: a row of samples for each epoch, written beside it.

    Args:
        timeline: what was drawn.
        epochs: which; each is shown by the nearest step that is kept.
        dataset: the run's.

    Raises:
        UserError: for an epoch that the run has not reached.
    """
    each = pictures_of(dataset) / timeline.pictures_a_step
    reached = timeline.steps[-1] / each
    for epoch in epochs:
        if not 0 <= epoch <= math.ceil(reached):
            raise UserError(
                f"epoch {epoch:g}: {timeline.run} has reached epoch {reached:.1f}; ask for 0 to {math.ceil(reached)}."
            )
    found = [timeline.nearest(epoch * each) for epoch in epochs]
    first, n = timeline.row * timeline.columns, timeline.columns
    strips = [_enlarged(images.tile(timeline.pictures[i][first : first + n], n, GAP)) for i in found]
    texts = [f"Epoch {epoch:g}\nstep {timeline.steps[i]:,}" for epoch, i in zip(epochs, found, strict=True)]
    width = max(_width(line) for text in texts for line in text.split("\n")) + 2 * MARGIN
    height, channels = strips[0].shape[0], strips[0].shape[2]
    whole = np.full((len(strips) * (height + GAP) - GAP, width + strips[0].shape[1], channels), PAPER, np.uint8)
    for index, (strip, text) in enumerate(zip(strips, texts, strict=True)):
        top = index * (height + GAP)
        whole[top : top + height, width:] = strip
        whole[top : top + height, :width] = _written(text, (height, width), channels)
    return whole


def offered(timeline: Timeline, dataset: str) -> list[float]:
    """The epochs to offer: 1, 40, 100 and 200, or about the same shares of a shorter run."""
    reached = timeline.steps[-1] * timeline.pictures_a_step / pictures_of(dataset)
    if reached >= EPOCHS[-1]:
        return list(EPOCHS)
    shares = [epoch * reached / EPOCHS[-1] for epoch in EPOCHS]
    if reached >= 4:
        return sorted({max(1, int(share)) for share in shares})
    return sorted({math.floor(100 * share) / 100 for share in shares})


def pictures_of(dataset: str) -> int:
    """How many pictures an epoch has."""
    return max(1, datasets.source(dataset).counts.get("train", 1))


def _sheet(line: Timeline, index: int) -> Array:
    return _enlarged(images.tile(line.pictures[index], line.columns, GAP))


def _enlarged(sheet: Array) -> Array:
    """Crisp, and large enough for words below it."""
    return images.enlarge(sheet, max(1, films.SIDE // max(sheet.shape[:2])))


def _frame(timelines: Sequence[Timeline], stop: int) -> Array:
    parts = []
    for line in timelines:
        index = max((i for i, step in enumerate(line.steps) if step <= stop), default=0)
        sheet = _sheet(line, index)
        name = f"{line.run}: " if len(timelines) > 1 else ""
        words = _written(f"{name}step {line.steps[index]:,}", (2 * TEXT, sheet.shape[1]), sheet.shape[2])
        parts.append(np.concatenate([sheet, words]))
    return _beside(parts)


def _beside(parts: Sequence[Array]) -> Array:
    """Pictures of any size and colour in one, their tops in line."""
    height, channels = max(part.shape[0] for part in parts), max(part.shape[2] for part in parts)
    padded = []
    for part in parts:
        coloured = part if part.shape[2] == channels else part.repeat(channels, axis=2)
        padded.append(np.pad(coloured, ((0, height - len(part)), (0, MARGIN), (0, 0)), constant_values=PAPER))
    return np.concatenate(padded, axis=1)[:, :-MARGIN]


def _written(text: str, size: tuple[int, int], channels: int) -> Array:
    """Words on paper, ``[h, w, c]``; what does not fit is cut off."""
    picture = Image.new("L", (size[1], size[0]), PAPER)
    place = (MARGIN, size[0] / 2)
    ImageDraw.Draw(picture).text(place, text, INK, _font(), anchor="lm")
    return np.asarray(picture)[..., None].repeat(channels, axis=2)


def _width(text: str) -> int:
    return round(_font().getlength(text))


@functools.lru_cache(maxsize=1)
def _font():
    return ImageFont.load_default(TEXT)
