"""Numbers of one to five digits in one wide picture, each with its text; and how a reader's outputs stand for it.

A reader (`gan.models.reader`) gives eleven values for each place of a number, from the left: how much speaks for each
digit, and for there being none. While it learns, a number is one whole number in base 11, so that it can be the label
of a picture: "42" is the digits 4, 2, none, none, none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gan.datasets import arrays, handwriting, mnist, numbers
from gan.datasets.records import Progress, Source, Split
from gan.errors import UserError

PLACES = 5
BLANK = 10  # the value that stands for no digit
VALUES = BLANK + 1
OUTPUTS = tuple(f"digit {place}: {value}" for place in range(1, PLACES + 1) for value in (*numbers.DIGITS, "none"))
PIECE = 2000  # pictures composed at a time
OVERLAPS = (0, 4, 8)  # of digits 28 wide: most stand apart, some touch
JITTER = 3
VERSION = 1  # of the way they are composed; another one makes what the cache holds anew


def encode(texts: Sequence[str] | np.ndarray, what: str = "A number") -> np.ndarray:
    """Numbers as text to labels, int64 ``[n]``.

    Raises:
        UserError: for anything but one to five digits; `what` says where it stands.
    """
    words, rows = np.unique(np.asarray(texts, dtype=np.str_), return_inverse=True)
    values = np.full((len(words), PLACES), BLANK, np.int64)
    for row, word in enumerate(words.tolist()):
        if not (word.isascii() and word.isdecimal() and len(word) <= PLACES):
            raise UserError(f"{what} is {word!r}; a reader learns numbers of 1 to {PLACES} digits.")
        values[row, : len(word)] = [int(digit) for digit in word]
    return (values @ VALUES ** np.arange(PLACES)[::-1])[rows]


def decode(labels: np.ndarray) -> np.ndarray:
    """Labels of `encode` to the value in each place, int64 ``[n, PLACES]``."""
    return labels[:, None] // VALUES ** np.arange(PLACES)[::-1] % VALUES


def read(logits: np.ndarray) -> list[str]:
    """What a reader's outputs ``[n, PLACES * VALUES]`` say: the likeliest in each place, up to one that is none."""
    values = logits.reshape(len(logits), -1, VALUES).argmax(-1)
    words = ("".join("0123456789 "[value] for value in row) for row in values.tolist())
    return [word.partition(" ")[0] for word in words]


def compose(split: Split, count: int, seed: int, class_names: Sequence[str] = numbers.DIGITS) -> Split:
    """Numbers of one to five digits, each length as often as any other, somewhere in a picture wide enough for five.

    Args:
        split: pictures ``[n, h, w, c]`` of digits, and perhaps of other classes, which are not used.
        count: how many numbers.
        seed: decides which, how far their digits overlap and lie off the line, and where they stand.
        class_names: what the labels of `split` stand for.

    Returns:
        Pictures ``[count, h, PLACES * w, c]``; labels that say nothing; the column "number", of words.

    Raises:
        UserError: if there are no pictures of a digit.
    """
    rng = np.random.default_rng(seed)
    _, height, width, channels = split.images.shape
    paper = np.median(split.images[: numbers.PIECE, (0, -1)]).astype(np.uint8)
    images = np.full((count, height, PLACES * width, channels), paper)
    words = np.empty(count, f"U{PLACES}")
    order = rng.permutation(count)
    for digits in range(1, PLACES + 1):
        rows = order[digits - 1 :: PLACES]
        if not len(rows):
            continue
        overlap = int(rng.choice(OVERLAPS)) * width // 28
        jitter = int(rng.integers(0, JITTER + 1)) * width // 28
        part_seed = int(rng.integers(2**31))
        part = numbers.compose(split, digits, len(rows), part_seed, overlap, jitter, class_names=class_names)
        wide = part.images.shape[2]
        left = rng.integers(0, PLACES * width - wide + 1, len(rows))
        images[rows[:, None], :, left[:, None] + np.arange(wide)] = part.images.transpose(0, 2, 1, 3)
        words[rows] = part.attributes["number"]
    return Split(images, np.zeros(count, np.int64), {"number": words})


@dataclass(frozen=True)
class ComposedUpTo:
    """The reader of numbers composed of another set: training numbers of its training pictures, test numbers of test.

    They are composed once, into the cache.
    """

    of: str
    seed: int = 1

    def local(self, source: Source) -> bool:
        """Whether the digits are on this machine."""
        from gan.datasets import DATASETS

        return DATASETS[self.of].local

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits by name; see `gan.datasets.records.Reader`."""
        from gan import datasets

        base = datasets.load(self.of, lambda share, text: progress(share / 2, text))
        parts = (VERSION, self, dict(source.counts), *(split.digest for split in base.splits.values()))
        key = hashlib.sha256(repr(parts).encode()).hexdigest()
        if (kept := arrays.read(source, key)) is not None:
            return kept

        def pieces(name: str) -> Iterator[Split]:
            count, stream = source.counts[name], list(source.counts).index(name)
            for start in range(0, count, PIECE):
                share = 0.5 + 0.5 * (stream + start / count) / len(source.counts)
                progress(share, f"{source.title}: writing {count:,} numbers")
                seed = int(np.random.default_rng((self.seed, stream, start)).integers(2**31))
                yield compose(base.splits[name], min(PIECE, count - start), seed, base.source.class_names)

        splits = arrays.keep(source, key, pieces)
        progress(1.0, f"{source.title} is ready")
        return splits


def _source(name: str, of: Source, train: int, test: int) -> Source:
    height, width, channels = of.shape
    return Source(
        name=name,
        title=f"{of.title}, one to five digits",
        summary=f"Numbers of one to five digits of {of.title}, each length as often as any other, for learning to read "
        "them whole; training numbers are written with its training pictures, test numbers with its test pictures.",
        class_names=("all",),
        shape=(height, PLACES * width, channels),
        counts={"train": train, "test": test},
        licence=of.licence,
        citation=of.citation,
        homepage=of.homepage,
        reader=ComposedUpTo(of.name),
        attributes=("number",),
        split=f"as {of.title}'s",
    )


SOURCES = (
    _source("numbers5", mnist.SOURCE, 30_000, 3_000),
    _source("handwriting-numbers5", handwriting.DIGITS, 10_000, 2_000),
)
