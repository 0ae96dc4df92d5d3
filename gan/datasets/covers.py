"""Painted book covers without words; they ship in ``data/covers``. Their titles lie beside them, on layers.

for cover in titles("test"):
    cleaned = clean(cover.with_title)
    error = cleaned[cover.letters] - cover.art[cover.letters]
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from PIL import Image

from gan import paths
from gan.datasets.decoded import TABLE, ZipPictures
from gan.datasets.records import Source
from gan.errors import UserError, unknown

SOURCE = Source(
    name="covers",
    title="Covers",
    summary="Book covers without words, painted by a program: castles, cities, forests and seas with their animals.",
    class_names=("castle", "city", "desert", "forest", "meadow", "sea", "snow", "space"),
    shape=(256, 256, 3),
    counts={"train": 512, "test": 128},
    licence="MIT; the titles beside them are set in fonts under OFL 1.1 and Apache 2.0",
    citation="GAN Studio: data/covers/README.md",
    homepage="",
    attributes=("time", "animal", "frame", "style"),
    split="80% of each scene at each time of day for training",
    reader=ZipPictures("covers/covers.zip", label="scene"),
)
SMALLER = tuple(
    replace(SOURCE, name=f"covers{side}", title=f"Covers, {side}x{side}", shape=(side, side, 3)) for side in (64, 128)
)

ART, LAYERS = "covers/covers.zip", "covers/titles.zip"
LAYER_TABLE = "titles.csv"


@dataclass(frozen=True, eq=False)
class Titled:
    """A cover and its title."""

    name: str  # of the file, in both archives
    title: str
    author: str  # "" where none is on it
    language: str  # "english" or "korean"
    angle: float  # of the title, in degrees against the clock
    art: np.ndarray  # uint8 [256, 256, 3]: the truth
    layer: np.ndarray  # uint8 [256, 256, 4]: the letters

    @cached_property
    def with_title(self) -> np.ndarray:
        """The layer laid over the art: uint8 ``[256, 256, 3]``."""
        alpha = self.layer[..., 3:].astype(np.float32) / 255
        return np.rint(self.art * (1 - alpha) + self.layer[..., :3] * alpha).astype(np.uint8)

    @cached_property
    def letters(self) -> np.ndarray:
        """Where letters, with outline and shadow, touch the art: bool ``[256, 256]``."""
        return self.layer[..., 3] > 0


def titles(split: str) -> Iterator[Titled]:
    """The covers of a split with their titles, in the order of their names; read one at a time.

    Args:
        split: "train" or "test".

    Raises:
        UserError: for another split, or if the files are missing or damaged.
    """
    if split not in SOURCE.counts:
        raise unknown("split", split, SOURCE.counts)
    return _titled(split)


def _titled(split: str) -> Iterator[Titled]:
    where = paths.SHIPPED_DATA / ART
    try:
        with zipfile.ZipFile(where) as art, zipfile.ZipFile(paths.SHIPPED_DATA / LAYERS) as layers:
            wanted = {row["file"] for row in _rows(art, TABLE) if row["split"] == split}
            for row in _rows(layers, LAYER_TABLE):
                if row["file"] in wanted:
                    where = paths.SHIPPED_DATA / LAYERS
                    layer = _picture(layers, row["file"], "RGBA")
                    where = paths.SHIPPED_DATA / ART
                    picture = _picture(art, row["file"], "RGB")
                    words = (row["title"], row["author"], row["language"])
                    yield Titled(row["file"], *words, float(row["angle"]), picture, layer)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        why = getattr(error, "strerror", None) or error
        raise UserError(
            f"{where}: missing or damaged ({why}). It comes with the app: put it back from there."
        ) from None


def _rows(archive: zipfile.ZipFile, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(table).decode())))


def _picture(archive: zipfile.ZipFile, name: str, mode: str) -> np.ndarray:
    with Image.open(io.BytesIO(archive.read(name))) as picture:
        pixels = np.asarray(picture.convert(mode))
    if pixels.shape[:2] != SOURCE.shape[:2]:
        raise ValueError(f"{name} has {pixels.shape[1]}x{pixels.shape[0]} pixels")
    return pixels
