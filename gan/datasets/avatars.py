"""Cartoon faces, at three sizes; they ship in ``data/avatars``, whose README says who drew the parts."""

from dataclasses import replace

from gan.datasets.decoded import ZipPictures
from gan.datasets.records import Source

SOURCE = Source(
    name="avatars",
    title="Avatars",
    summary="Cartoon faces in eight hair colours and six skins, every one different, put together from drawn parts.",
    class_names=("black", "brown", "ginger", "blonde", "grey", "pink", "blue", "green"),
    shape=(128, 128, 3),
    counts={"train": 2_496, "test": 624},
    licence="CC BY 4.0: parts by Lisa Wischofsky, composed anew",
    citation="Lisa Wischofsky: Adventurer, in DiceBear's edition; data/avatars/README.md",
    homepage="https://www.dicebear.com/styles/adventurer/",
    label="hair",
    attributes=(
        *("skin", "length", "cut", "flowers", "eyes", "brows"),
        *("mouth", "glasses", "earrings", "feature", "background"),
    ),
    split="80% of each hair colour with each skin for training",
    reader=ZipPictures("avatars/avatars.zip", label="hair"),
)
SMALLER = tuple(
    replace(SOURCE, name=f"avatars{side}", title=f"Avatars, {side}x{side}", shape=(side, side, 3)) for side in (32, 64)
)
