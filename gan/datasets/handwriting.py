"""Digits and letters drawn from handwriting fonts; ``data/handwriting/README.md`` says where each comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gan.datasets.drawn import shipped
from gan.datasets.records import Progress, Source, Split

SOURCE = Source(
    name="handwriting",
    title="Handwriting",
    summary="Digits and letters drawn from 59 handwriting fonts, in the form of MNIST and EMNIST.",
    class_names=tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    shape=(28, 28, 1),
    counts={"train": 21_266, "test": 3_720},
    licence="MIT, drawn from fonts under OFL 1.1 and Apache 2.0",
    citation="GAN Studio: data/handwriting/README.md lists every font with its authors",
    homepage="",
    attributes=("font", "style"),
    alike=(*((c.upper(), c) for c in "ckmpsuvwxyz"), ("0", "O", "o"), ("1", "I", "l")),
    split="by font: those of the test pictures are others",
    reader=shipped(
        "handwriting",
        {
            "train": (
                "7a149b2a75788b8b279d674ad42df4965da0b556d1a6160ff8b45a9d1a22adb7",
                "f8c68c2a62a8e8f9c1b436a2b4154585ddc33c60db808d73dac3e990bc20d743",
                "7b934062e8959ab37ea9c9808bcccedd41fa4d5b9b2d8582c0c33ddc06f4503f",
            ),
            "test": (
                "602cfccfc8f3eafba7f46fc050b2ac15c11fe80cbbdd09e8dfbfa3be908876b6",
                "741910371a55de79d5f35712fc61797fb4e84e9f34c4f724f7b3ab3c3c139a62",
                "2671b3b6ef58f32faeccb28f409d946c0f9ec5d5ebd44c35baa1f04245497c77",
            ),
        },
    ),
)


@dataclass(frozen=True)
class Digits:
    """Reads the digits of `handwriting` alone, which MNIST's classifiers read too."""

    def local(self, source: Source) -> bool:
        return SOURCE.local

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits by name; see `gan.datasets.records.Reader`."""
        return {name: _digits(split) for name, split in SOURCE.load(progress).splits.items()}


def _digits(split: Split) -> Split:
    places = np.flatnonzero(split.labels < 10)
    attributes = {name: column[places] for name, column in split.attributes.items()}
    chosen = Split(split.images[places], split.labels[places], attributes)
    for array in (chosen.images, chosen.labels, *attributes.values()):
        array.setflags(write=False)
    return chosen


DIGITS = Source(
    name="handwriting-digits",
    title="Handwriting: digits",
    summary="The digits of Handwriting alone.",
    class_names=tuple("0123456789"),
    shape=SOURCE.shape,
    counts={"train": 3_430, "test": 600},
    licence=SOURCE.licence,
    citation=SOURCE.citation,
    homepage="",
    attributes=SOURCE.attributes,
    split=SOURCE.split,
    reader=Digits(),
)
