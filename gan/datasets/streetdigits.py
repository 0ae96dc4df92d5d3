"""House numbers' digits in the manner of SVHN, drawn by us: glyphs of fonts over walls and plates made by a program.

SVHN's photographs are for non-commercial use; a classifier that learns from these may be used for anything, and can
still be tested on SVHN. What ships is the glyphs (``data/streetdigits``, whose README lists the fonts); the pictures
are drawn from them once, into the cache.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from gan.datasets import arrays, street_pictures
from gan.datasets.drawn import shipped
from gan.datasets.records import Progress, Source, Split
from gan.datasets.street_pictures import Glyphs

DIGITS = tuple("0123456789")
PIECE = 500  # pictures drawn at a time
THREADS = 2  # NumPy lets another thread go on while it computes
VERSION = 1  # of the way they are drawn; another one makes what the cache holds anew

GLYPHS = Source(
    name="streetdigits-glyphs",
    title="Street digits: glyphs",
    summary="The digits of 109 fonts, from which street digits are drawn.",
    class_names=DIGITS,
    shape=(48, 48, 1),
    counts={"train": 940, "test": 150},
    licence="MIT, drawn from fonts under OFL 1.1 and Apache 2.0",
    citation="GAN Studio: data/streetdigits/README.md lists every font with its authors",
    homepage="",
    attributes=("font", "style"),
    split="by font: those of the test pictures are others",
    reader=shipped(
        "streetdigits",
        {
            "train": (
                "2437906eb39d84a7960c0959471ae4773d4cca5d905e2ae14174c8112772fe5b",
                "b947b2e8b81384924fc0e7a8aa95b1ae41287924e753da66de19b1b4bd16a654",
                "4f9b0d400af614ac06c78430145bb01933c216f0cb75f39ddfb026464f14a5ae",
            ),
            "test": (
                "c97b136c6fd871a71ac2bed77ddc0fe2517406e47a569c17f7b6057b064e12aa",
                "f47c24d95e3bf15215728ab9a30179abf38f8f415c710b74f8f235d9e30c1f88",
                "bb9973203860f38052c4c21eb20d6a27de6b3c14a635718d23bb766f4e1497ed",
            ),
        },
    ),
)


@dataclass(frozen=True)
class StreetPictures:
    """The reader of pictures drawn from `GLYPHS`: training pictures from its training fonts, test from test fonts."""

    seed: int = 1

    def local(self, source: Source) -> bool:
        """Whether the glyphs are there."""
        return GLYPHS.local

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits by name; see `gan.datasets.records.Reader`."""
        base = GLYPHS.load()
        parts = (VERSION, self, dict(source.counts), *(split.digest for split in base.splits.values()))
        key = hashlib.sha256(repr(parts).encode()).hexdigest()
        if (kept := arrays.read(source, key)) is not None:
            return kept
        done, total = dict.fromkeys(source.counts, 0), sum(source.counts.values())

        def pieces(name: str) -> Iterator[Split]:
            done[name] = 0
            for piece in self._pieces(base.splits[name], source.counts[name], list(source.counts).index(name)):
                yield piece
                done[name] += len(piece)
                count = sum(done.values())
                progress(count / total, f"{source.title}: drawing {count:,} of {total:,} pictures")

        splits = arrays.keep(source, key, pieces)
        progress(1.0, f"{source.title} is ready")
        return splits

    def _pieces(self, split: Split, count: int, stream: int) -> Iterator[Split]:
        glyphs, names = _glyphs(split)

        def piece(start: int) -> Split:
            rng = np.random.default_rng((self.seed, stream, start))
            size = min(PIECE, count - start)
            digits = rng.permutation(np.resize(np.arange(10), size))
            fonts = rng.integers(0, len(names), size)
            images = street_pictures.draw(glyphs, digits, fonts, rng)
            return Split(images, digits.astype(np.int64), {"font": names[fonts]})

        with ThreadPoolExecutor(THREADS) as pool:
            coming: deque[Future[Split]] = deque()
            for start in range(0, count, PIECE):
                coming.append(pool.submit(piece, start))
                if len(coming) > THREADS:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()


def _glyphs(split: Split) -> tuple[Glyphs, np.ndarray]:
    """A split of `GLYPHS`, and its fonts by name, as `Glyphs.places` has them."""
    names, fonts = np.unique(split.attributes["font"], return_inverse=True)
    places = np.empty((len(names), 10), np.int64)
    places[fonts, split.labels] = np.arange(len(split))
    return Glyphs(np.asarray(split.images[..., 0]), places), names


SOURCE = Source(
    name="streetdigits",
    title="Street digits",
    summary="House numbers' digits in colour, their neighbours looking in from the sides: 109 fonts drawn over walls "
    "and plates by a program, in the manner of SVHN.",
    class_names=DIGITS,
    shape=(32, 32, 3),
    counts={"train": 50_000, "test": 3_000},
    licence=GLYPHS.licence,
    citation=GLYPHS.citation,
    homepage="",
    attributes=("font",),
    split=GLYPHS.split,
    reader=StreetPictures(),
)
