"""14,310 faces of 173 anime characters, as a student project used them: the user brings the files.

A folder holds one character (``000_hatsune_miku``): its pictures, and a table with values of hair and skin. One table
for all the folders, by file name or by folder, is read as well.
"""

from gan.datasets.decoded import FolderPictures
from gan.datasets.folder import Options
from gan.datasets.records import Source

SOURCE = Source(
    name="animefaces",
    title="Anime faces",
    summary="Faces of 173 anime characters, some 80 of each, with values of hair and skin in a table.",
    class_names=tuple(f"character {number}" for number in range(1, 174)),  # the folders' names, once they are there
    shape=(64, 64, 3),
    counts={"train": 11_448, "test": 2_862},
    licence="not stated; the drawings belong to their artists, so keep them and what is made of them to yourself",
    citation="nagadomi: AnimeFace Character Dataset",
    homepage="https://www.kaggle.com/datasets/mylesoneill/tagged-anime-illustrations",
    reader=FolderPictures(
        folder="animefaces",
        options=Options(size=64),
        origin="It is the part moeimouto-faces of 'Tagged Anime Illustrations' on Kaggle "
        "(kaggle.com/datasets/mylesoneill/tagged-anime-illustrations); it takes an account there to download it.",
    ),
    split="80% of each character for training, seed 1",
)
