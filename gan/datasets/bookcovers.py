"""6,000 covers of books for children and teens, as a student project used them: the user brings the files."""

from gan.datasets.decoded import FolderPictures
from gan.datasets.folder import Options
from gan.datasets.records import Source

SOURCE = Source(
    name="bookcovers",
    title="Book covers",
    summary="Covers of books for children and teens, with their titles (Clean takes those away), cropped to squares.",
    class_names=("all",),
    shape=(64, 64, 3),
    counts={"train": 4_800, "test": 1_200},
    licence="not stated; the covers belong to their publishers, so keep them and what is made of them to yourself",
    citation="the authors of the collection, as its page on Kaggle names them",
    homepage="",
    reader=FolderPictures(
        folder="bookcovers",
        options=Options(size=64),
        origin="Collections of book covers are published on Kaggle; it takes an account there to download one.",
    ),
    split="80% for training, seed 1",
)
