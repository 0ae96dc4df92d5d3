"""Numbers written with the digits of a data set: two or more of its pictures side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gan.datasets import arrays, handwriting, kept, mnist
from gan.datasets.growing import Growing
from gan.datasets.records import Progress, Source, Split
from gan.datasets.workspace import workspace
from gan.errors import UserError

DIGITS = tuple("0123456789")
MOST_CLASSES = 1000  # above that, the number is no class but stands in the columns only
MOST_BYTES = 1 << 30  # of the pictures composed at a time
GROUPS = 20  # see `keep`
PIECE = 4096  # pictures composed at a time
VERSION = 1  # of the way they are composed; another one makes what the cache holds anew


def compose(
    split: Split,
    digits: int = 2,
    count: int = 60_000,
    seed: int = 1,
    overlap: int = 0,
    jitter: int = 0,
    leading_zeros: bool = True,
    class_names: Sequence[str] = DIGITS,
    part: slice = slice(None),
) -> Split:
    """Numbers of so many digits, each as often as any other, with each picture of a digit as often as any other.

    Args:
        split: pictures ``[n, h, w, c]`` of digits, and perhaps of other classes, which are not used.
        digits: how many stand side by side, 1 to 8.
        count: how many numbers to compose.
        seed: decides which; the same arguments give the same pictures.
        overlap: pixels by which neighbours run into each other, up to half a width.
        jitter: each digit is moved by up to so many pixels, sideways and up or down.
        leading_zeros: whether "07" is a number of two digits; else 10 is the first (and with one digit, 0).
        class_names: what the labels of `split` stand for.
        part: which of each digit's pictures are used.

    Returns:
        Pictures ``[count, h, digits * w - (digits - 1) * overlap, c]``; labels that index `names`; as columns of
        words the "number" and "digit 1", "digit 2" …

    Raises:
        UserError: for a value out of range, or if there are no pictures of a digit.
    """
    height, width, channels = _shape(split.images.shape[1:], digits, overlap, jitter)
    most = MOST_BYTES // (height * width * channels)
    if not 1 <= count <= most:
        raise UserError(f"count: {count:,} is out of range; 1 to {most:,} numbers of this size can be composed.")
    rng = np.random.default_rng(seed)
    low = _lowest(digits, leading_zeros)
    numbers = _evenly(rng, low, 10**digits, count)
    written = numbers[:, None] // 10 ** np.arange(digits)[::-1] % 10
    chosen = np.empty((count, digits), np.int64)
    for digit, places in enumerate(_places(split.labels, class_names)):
        where = written == digit
        chosen[where] = np.resize(rng.permutation(places[part]), where.sum())
    moves = rng.integers(-jitter, jitter + 1, (count, digits, 2))
    paper = int(np.median(split.images[:PIECE, (0, -1)]))
    images = np.empty((count, height, width, channels), np.uint8)
    for start in range(0, count, PIECE):
        piece = slice(start, start + PIECE)
        images[piece] = _side_by_side(split.images, chosen[piece], moves[piece], paper, overlap)
    labels = numbers - low if 10**digits <= MOST_CLASSES else np.zeros(count, np.int64)
    words = (np.array([f"{number:0{digits}d}" for number in numbers]), *written.T.astype("U1"))
    images.setflags(write=False)
    labels.setflags(write=False)
    return Split(images, labels, dict(zip(columns(digits), words, strict=True)))


def names(digits: int, leading_zeros: bool = True) -> tuple[str, ...]:
    """The classes of composed numbers: every number, or "all" where that would be more than 1,000."""
    if 10**digits > MOST_CLASSES:
        return ("all",)
    return tuple(f"{number:0{digits}d}" for number in range(_lowest(digits, leading_zeros), 10**digits))


def columns(digits: int) -> tuple[str, ...]:
    """The attributes of composed numbers."""
    return ("number", *(f"digit {place + 1}" for place in range(digits)))


def _lowest(digits: int, leading_zeros: bool) -> int:
    return 0 if leading_zeros or digits == 1 else 10 ** (digits - 1)


def _shape(one: Sequence[int], digits: int, overlap: int, jitter: int) -> tuple[int, int, int]:
    height, width, channels = one
    for name, value, low, high in (
        ("digits", digits, 1, 8),
        ("overlap", overlap, 0, width // 2),
        ("jitter", jitter, 0, min(height, width) // 4),
    ):
        if not low <= value <= high:
            raise UserError(f"{name}: {value} is out of range; {low} to {high} works.")
    return height, digits * width - (digits - 1) * overlap, channels


def _evenly(rng: np.random.Generator, low: int, high: int, count: int) -> np.ndarray:
    """`count` of the numbers from `low` to below `high`, each as often as any other (or once more), shuffled."""
    if count < high - low:
        return rng.choice(high - low, count, replace=False) + low
    return rng.permutation(np.resize(rng.permutation(np.arange(low, high)), count))


def _places(labels: np.ndarray, class_names: Sequence[str]) -> list[np.ndarray]:
    """Where the pictures of each digit stand."""
    places = []
    for digit in DIGITS:
        found = np.flatnonzero(labels == class_names.index(digit)) if digit in class_names else np.zeros(0, np.int64)
        if not len(found):
            raise UserError(f"There are no pictures of the digit {digit} to compose numbers of.")
        places.append(found)
    return places


def _side_by_side(images: np.ndarray, chosen: np.ndarray, moves: np.ndarray, paper: int, overlap: int) -> np.ndarray:
    """Numbers ``[n, h, w, c]`` of the chosen pictures ``[n, digits]``, each moved ``[n, digits, down and across]``."""
    count, digits = chosen.shape
    height, width, channels = images.shape[1:]
    over = np.minimum if paper > 127 else np.maximum  # ink stays ink where pictures meet
    pad = int(np.abs(moves).max(initial=0))
    wide = digits * width - (digits - 1) * overlap
    sheet = np.full((count, height + 2 * pad, wide + 2 * pad, channels), paper, np.uint8)
    each = np.arange(count)[:, None, None]
    for place in range(digits):
        down = (pad + moves[:, place, 0])[:, None, None] + np.arange(height)[:, None]
        across = (pad + moves[:, place, 1] + place * (width - overlap))[:, None, None] + np.arange(width)
        sheet[each, down, across] = over(sheet[each, down, across], images[chosen[:, place]])
    return sheet[:, pad : pad + height, pad : pad + wide]


@dataclass(frozen=True)
class Composed:
    """The reader of numbers composed of another set: training numbers of its training pictures, test numbers of test.

    They are composed once, into the cache.
    """

    of: str
    digits: int
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
            progress(0.5, f"{source.title}: writing {source.counts[name]:,} numbers")
            split, count = base.splits[name], source.counts[name]
            yield compose(split, self.digits, count, self.seed, class_names=base.source.class_names)

        splits = arrays.keep(source, key, pieces)
        progress(1.0, f"{source.title} is ready")
        return splits


def keep(
    name: str,
    of: str,
    digits: int = 2,
    count: int = 60_000,
    seed: int = 1,
    overlap: int = 0,
    jitter: int = 0,
    leading_zeros: bool = True,
    progress: Progress | None = None,
) -> Source:
    """Compose numbers of a data set's training digits and keep them as a data set of the user's own.

    The pictures of each digit are dealt out to groups first, and a number is composed within one group, so that no
    picture ever stands in a training number and in a test number.

    Args:
        name: of the new set.
        of: the data set that has the digits.
        progress: called with the share done and what is being done; what it raises cancels, and nothing is left.
        digits, count, seed, overlap, jitter, leading_zeros: as for `compose`.

    Raises:
        UserError: as `compose` and `gan.datasets.kept.keep`.
    """
    from gan import datasets

    progress = progress or (lambda share, text: None)
    kept.check_name(name)
    if count < 2:
        raise UserError(f"count: {count} is out of range; 2 numbers are the least that a data set can hold.")
    base = datasets.load(of, lambda share, text: progress(share / 3, text))
    class_names = base.source.class_names
    groups = min(GROUPS, count, *map(len, _places(base.train.labels, class_names)))
    group = np.sort(np.arange(count) % groups)
    splits: list[Split] = []
    with workspace() as aside:
        with Growing(aside / "images.npy", _shape(base.source.shape, digits, overlap, jitter)) as file:
            for number in range(groups):
                progress((1 + number / groups) / 3, f"Composing {count:,} numbers")
                share, part = int((group == number).sum()), slice(number, None, groups)
                split = compose(
                    base.train, digits, share, seed + number, overlap, jitter, leading_zeros, class_names, part
                )
                file.append(split.images)
                splits.append(Split(split.images[:0].copy(), split.labels, split.attributes))
        written = ", ".join(f"{word} {value}" for word, value in (("overlap", overlap), ("jitter", jitter)) if value)
        return kept.keep(
            name,
            np.load(aside / "images.npy", mmap_mode="r"),
            np.concatenate([split.labels for split in splits]),
            names(digits, leading_zeros),
            title=f"{digits}-digit numbers of {base.source.title}",
            summary=f"Numbers of {digits} digits side by side, each as often as any other.",
            licence=base.source.licence,
            citation=base.source.citation,
            homepage=base.source.homepage,
            made_from=", ".join(filter(None, [f"the training pictures of {of}", written, f"seed {seed}"])),
            attributes={c: np.concatenate([split.attributes[c] for split in splits]) for c in columns(digits)},
            groups=group,
            progress=lambda share, text: progress((2 + share) / 3, text),
        )


def _source(of: Source, train: int, test: int) -> Source:
    height, width, channels = of.shape
    return Source(
        name=f"{of.name}-2digits",
        title=f"{of.title}, two digits",
        summary=f"Two digits of {of.title} side by side, every number from 00 to 99 as often as any other; training "
        "numbers are written with its training pictures, test numbers with its test pictures.",
        class_names=names(2),
        shape=(height, 2 * width, channels),
        counts={"train": train, "test": test},
        licence=of.licence,
        citation=of.citation,
        homepage=of.homepage,
        reader=Composed(of.name, 2),
        attributes=columns(2),
        split=f"as {of.title}'s",
    )


SOURCES = (_source(mnist.SOURCE, 60_000, 10_000), _source(handwriting.SOURCE, 10_000, 2_000))
