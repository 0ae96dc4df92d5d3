"""Parts of pictures of three kinds, to learn super-resolution from: avatars, covers and photographs.

Nothing of it ships by itself. Avatars and covers do; the photographs come inside scikit-image, and only those are taken
that its documentation calls CC0 or public domain. Four others of them (`HELD_OUT`) are never learnt from: they are what
super-resolution is tested on, whole.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan import images
from gan.datasets import arrays, avatars, covers
from gan.datasets.records import Progress, Source, Split
from gan.errors import UserError

PHOTOGRAPHS = ("brick.png", "camera.png", "grass.png", "gravel.png", "hubble_deep_field.jpg", "retina.jpg")
HELD_OUT = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")

SIDE = 64
PIECE = 300  # pictures cut at a time
TRIES = (
    4  # places looked at for a part: the one with most detail is taken, for there is little to learn from a plain one
)
FACTORS = (1, 1, 2)  # a third of the parts come from pictures of half the size: there is more in them
VERSION = 1  # of the way they are cut; another one makes what the cache holds anew

Kind = tuple[list[str], Sequence[np.ndarray] | np.ndarray]  # names, and pictures uint8 [h, w, 3], both taken in turn


def photograph(name: str) -> np.ndarray:
    """A photograph that comes inside scikit-image, uint8 ``[h, w, 3]``; grey ones are repeated to three channels.

    Args:
        name: of a file in its ``data`` folder.

    Raises:
        UserError: if it is not there.
    """
    try:
        pixels = images.decode(_file(name).read_bytes())
    except OSError:
        raise UserError(f"{_file(name)} is missing. It comes inside scikit-image: install that anew.") from None
    return np.repeat(pixels, 3 // pixels.shape[-1], axis=-1)


def _file(name: str) -> Path:
    found = importlib.util.find_spec("skimage")  # does not import it
    return Path(found.origin if found and found.origin else "skimage").parent / "data" / name


@dataclass(frozen=True)
class Parts:
    """The reader: parts of training avatars and covers for training, of test ones for test; of each photograph the
    left three quarters for training and the rest for test."""

    seed: int = 1

    def local(self, source: Source) -> bool:
        """Whether all that they are cut from is there."""
        return avatars.SOURCE.local and covers.SOURCE.local and all(_file(name).is_file() for name in PHOTOGRAPHS)

    def read(self, source: Source, progress: Progress) -> dict[str, Split]:
        """The splits by name; see `gan.datasets.records.Reader`."""
        drawn = [base.load(lambda share, text: progress(0.8 * share, text)) for base in (avatars.SOURCE, covers.SOURCE)]
        photographs = {Path(name).stem: photograph(name) for name in PHOTOGRAPHS}
        known = [split.digest for base in drawn for split in base.splits.values()]
        known += [hashlib.sha256(pixels.tobytes()).hexdigest() for pixels in photographs.values()]
        key = hashlib.sha256(repr((VERSION, self, dict(source.counts), known)).encode()).hexdigest()
        if (kept := arrays.read(source, key)) is not None:
            return kept

        def pieces(name: str) -> Iterator[Split]:
            cut = {"train": lambda w: slice(0, w * 3 // 4), "test": lambda w: slice(w * 3 // 4, w)}[name]
            photos = [pixels[:, cut(pixels.shape[1])] for pixels in photographs.values()]
            kinds: list[Kind] = [([base.source.name], base.splits[name].images) for base in drawn]
            kinds.append((list(photographs), photos))
            count = source.counts[name]
            for start in range(0, count, PIECE):
                size = min(PIECE, count - start)
                rng = np.random.default_rng((self.seed, list(source.counts).index(name), start))
                yield _piece(kinds, range(start, start + size), rng)
                progress(0.8 + 0.2 * (start + size) / count, f"{source.title}: cutting {name} pictures")

        splits = arrays.keep(source, key, pieces)
        progress(1.0, f"{source.title} is ready")
        return splits


def _piece(kinds: Sequence[Kind], numbers: range, rng: np.random.Generator) -> Split:
    """As many parts of each kind, mixed, their pictures in turn."""
    labels = rng.permuted(np.tile(np.arange(len(kinds)), (len(numbers) // len(kinds), 1)), axis=1).ravel()
    parts, names = [], []
    for number, label in zip(numbers, labels, strict=True):
        origins, pictures = kinds[label]
        turn = number // len(kinds)
        parts.append(_part(pictures[turn % len(pictures)], rng))
        names.append(origins[turn % len(origins)])
    return Split(np.stack(parts), labels.astype(np.int64), {"from": np.array(names)})


def _part(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A square of a picture, the one with most detail of some."""
    picture = images.shrink(np.asarray(picture)[None], int(rng.choice(FACTORS)))[0]
    height, width, _ = picture.shape
    places = rng.integers(0, (height - SIDE + 1, width - SIDE + 1), (TRIES, 2))
    found = [picture[top : top + SIDE, left : left + SIDE] for top, left in places]
    return max(found, key=_detail)


def _detail(part: np.ndarray) -> float:
    """How much neighbours differ, down and across, in grey levels."""
    grey = part.mean(axis=-1, dtype=np.float32)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())


SOURCE = Source(
    name="pictures64",
    title="Pictures, 64x64",
    summary="Parts of avatars, covers and six free photographs, as many of each, to learn super-resolution from.",
    class_names=("avatar", "cover", "photograph"),
    shape=(SIDE, SIDE, 3),
    counts={"train": 12_000, "test": 900},
    licence="CC BY 4.0 (avatars: parts by Lisa Wischofsky), MIT (covers), CC0 and public domain (photographs)",
    citation="data/avatars/README.md and data/covers/README.md; photographs that come with scikit-image: camera (Lav "
    "Varshney), brick and gravel (CC0Textures), grass (linolafett), retina (Mikael Häggström), all CC0; Hubble eXtreme "
    "Deep Field (NASA), public domain",
    homepage="https://scikit-image.org/docs/stable/api/skimage.data.html",
    attributes=("from",),
    split="avatars and covers as in their own sets; the right quarter of each photograph for test",
    reader=Parts(),
)
