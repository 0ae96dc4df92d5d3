"""MNIST, from the publisher's four IDX files."""

from gan.datasets.idx import IdxFile, IdxFiles
from gan.datasets.records import Source

SOURCE = Source(
    name="mnist",
    title="MNIST",
    summary="Handwritten digits of American clerks and students, white on black, centred.",
    class_names=tuple("0123456789"),
    shape=(28, 28, 1),
    counts={"train": 60_000, "test": 10_000},
    licence="CC BY-SA 3.0",
    citation="LeCun, Cortes and Burges: The MNIST database of handwritten digits, 1998",
    homepage="http://yann.lecun.com/exdb/mnist/",
    reader=IdxFiles(
        folder="mnist",
        files={
            "train": (
                IdxFile("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
                IdxFile("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            ),
            "test": (
                IdxFile("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                IdxFile("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
            ),
        },
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist",
            "https://storage.googleapis.com/cvdf-datasets/mnist",
            "http://yann.lecun.com/exdb/mnist",
        ),
    ),
)
