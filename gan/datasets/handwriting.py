"""Digits drawn from handwriting fonts; they ship in ``data/handwriting``, whose README says where each comes from."""

from gan.datasets.idx import IdxFile, IdxFiles
from gan.datasets.records import Source

SOURCE = Source(
    name="handwriting",
    title="Handwriting",
    summary="Digits drawn from 57 handwriting fonts, in the form of MNIST; the fonts of the test pictures are others.",
    class_names=tuple("0123456789"),
    shape=(28, 28, 1),
    counts={"train": 10_340, "test": 2_000},
    licence="MIT, drawn from fonts under OFL 1.1 and Apache 2.0",
    citation="GAN Studio: data/handwriting/README.md lists every font with its authors",
    homepage="",
    reader=IdxFiles(
        folder="handwriting",
        files={
            "train": (
                IdxFile(
                    "handwriting-train-images-idx3-ubyte",
                    "bb0d87b2e1c733a0e442e7a32f9804e9f1796b3534eaee94c2749806a0b88863",
                ),
                IdxFile(
                    "handwriting-train-labels-idx1-ubyte",
                    "b9d2ad0c37556a12bbd117a83d30b51571610b267f68a8edbad98b20ba3e7c15",
                ),
            ),
            "test": (
                IdxFile(
                    "handwriting-test-images-idx3-ubyte",
                    "51f72ae68adca4a9a87c019c8a5dd408a819eadce9bb7f8d8717c749303e1f17",
                ),
                IdxFile(
                    "handwriting-test-labels-idx1-ubyte",
                    "07bdde4d1be47623f19da51a0e2ef6e567dec25c3c3605e27dd0bf596e66cb20",
                ),
            ),
        },
    ),
)
