"""EMNIST, from its publisher's IDX files, or from the ZIP in which the publisher serves them all.

The files hold the pictures column by column (as MATLAB does), which is put right here.
"""

from __future__ import annotations

import string
from collections.abc import Mapping

from gan.datasets.fetch import Published
from gan.datasets.idx import IdxFile, IdxFiles
from gan.datasets.records import Source

ARCHIVE = Published(
    name="gzip.zip",
    size=561_753_746,
    sha256="fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
    mirrors=("https://biometrics.nist.gov/cs_links/EMNIST",),
)
ALIKE = "abdefghnqrt"  # the small letters that differ from their capitals; the others are merged with them
MERGED = (*string.digits, *string.ascii_uppercase, *ALIKE)
BY_HAND = "Files that were put in place by hand are checked by count, size and labels: their digests are not published."


def _source(
    name: str,
    summary: str,
    class_names: tuple[str, ...],
    counts: Mapping[str, int],
    first: int = 0,
    digests: Mapping[str, str] | None = None,
) -> Source:
    stem = f"emnist-{name.lower()}"

    def file(split: str, kind: str) -> IdxFile:
        return IdxFile(f"{stem}-{split}-{kind}-ubyte", (digests or {}).get(f"{split}-{kind}", ""))

    return Source(
        name=stem,
        title=f"EMNIST {name}",
        summary=summary if digests else f"{summary} {BY_HAND}",
        class_names=class_names,
        shape=(28, 28, 1),
        counts=counts,
        licence="none stated; made by NIST, an agency of the United States, from its Special Database 19",
        citation="Cohen, Afshar, Tapson and van Schaik: EMNIST: an extension of MNIST to handwritten letters, 2017",
        homepage="https://www.nist.gov/itl/products-and-services/emnist-dataset",
        reader=IdxFiles(
            folder="emnist",
            files={split: (file(split, "images-idx3"), file(split, "labels-idx1")) for split in counts},
            archive=ARCHIVE,
            first=first,
            mapping=f"{stem}-mapping.txt",
            transposed=True,
        ),
    )


SOURCES = (
    _source(
        "ByClass",
        "All handwritten digits, capitals and small letters there are, as often as they were written.",
        (*string.digits, *string.ascii_uppercase, *string.ascii_lowercase),
        {"train": 697_932, "test": 116_323},
    ),
    _source(
        "ByMerge",
        f"The pictures of ByClass; letters whose small form looks like the capital are one class (all but {ALIKE}).",
        MERGED,
        {"train": 697_932, "test": 116_323},
    ),
    _source(
        "Balanced",
        "The classes of ByMerge, as many pictures of each.",
        MERGED,
        {"train": 112_800, "test": 18_800},
    ),
    _source(
        "Letters",
        "Handwritten letters, as many of each; capital and small form are one class, named by the capital.",
        tuple(string.ascii_uppercase),
        {"train": 124_800, "test": 20_800},
        first=1,
        digests={
            "train-images-idx3": "7a786db773b2096a7b9a3f3275388a27711f4451548c3ca8be96f09ae94371ae",
            "train-labels-idx1": "e8e94c3f4353d5532fd9604b939cb4c76e7847945b9b0d9ff7884d881dead6bc",
            "test-images-idx3": "d5895e82d14765b22a84342337bc5c25f1affd61cc97d3821d4e65504bbf8dbc",
            "test-labels-idx1": "22dbcde0a929a7f166bdac863b9195b2994d840a1e082f8f6daaeac5606376a6",
        },
    ),
    _source(
        "Digits",
        "Handwritten digits, as many of each: four times MNIST, from the same forms.",
        tuple(string.digits),
        {"train": 240_000, "test": 40_000},
    ),
)
