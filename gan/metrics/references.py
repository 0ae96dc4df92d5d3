"""Pictures together with what a net sees in them, and the real ones of a data set, kept on disk."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gan.datasets import Split
from gan.metrics import distances, neighbours
from gan.metrics.features import FeatureFunction, Tick
from gan.paths import cache_dir, write_aside

Array = np.ndarray

KEPT = 3  # sets held in memory, pictures and all; 10,000 of MNIST are 13 MB

_kept: OrderedDict[str, Measured] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class Measured:
    """Some pictures, and what a net sees in them."""

    images: Array  # uint8 [n, h, w, c]
    labels: Array | None  # int64 (n,); None if nothing was asked for
    features: Array  # float32 (n, d)
    probabilities: Array  # float32 (n, k)
    groups: Array | None = None  # words (n,): which font, say, each is of, where pictures are held out by it

    def __len__(self) -> int:
        return len(self.images)

    @cached_property
    def moments(self) -> tuple[Array, Array]:
        return distances.moments(self.features)

    @cached_property
    def radii(self) -> Array:
        return neighbours.radii(self.features)

    def first(self, count: int) -> Measured:
        """The first so many of them."""
        if count >= len(self):
            return self
        return self._of(slice(count))

    def outside(self, groups: Array | None) -> Measured:
        """Those of other groups; all of them if they have none."""
        if groups is None or self.groups is None:
            return self
        return self._of(~np.isin(self.groups, groups))

    def _of(self, rows: slice | Array) -> Measured:
        labels, groups = (None if part is None else part[rows] for part in (self.labels, self.groups))
        return Measured(self.images[rows], labels, self.features[rows], self.probabilities[rows], groups)


def measure(images: Array, labels: Array | None, net: FeatureFunction, tick: Tick | None = None) -> Measured:
    """Pictures as a net sees them.

    Raises:
        UserError: for pictures that the net cannot take.
    """
    return Measured(images, labels, *net(images, tick))


def order(split: Split) -> Array:
    """The order in which a split's pictures are taken: int64 (n,), always the same.

    The publisher's order can mean something: the first half of MNIST's test pictures is the easier one.
    """
    return np.random.default_rng(0).permutation(len(split))


def of_split(
    split: Split, net: FeatureFunction, start: int, count: int, tick: Tick | None = None, by: str = ""
) -> Measured:
    """`count` pictures of a split from `start` on, in the `order` drawn once and for all.

    Features are kept in the cache under a digest of the data, the net and the part.

    Args:
        by: the attribute that their groups are of, if any.

    Raises:
        UserError: for pictures that the net cannot take.
    """
    return of_rows(split, net, order(split)[start : start + count], tick, by)


def of_rows(split: Split, net: FeatureFunction, chosen: Array, tick: Tick | None = None, by: str = "") -> Measured:
    """As `of_split`, of the pictures with these indices."""
    key = digest(split.digest, net.digest, by, hashlib.sha256(chosen.tobytes()).hexdigest())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    images, labels = np.asarray(split.images[chosen]), split.labels[chosen]
    seen = _read(key, len(chosen))
    if seen is None:
        seen = net(images, tick)
        _write(key, *seen)
    measured = Measured(images, labels, *seen, split.attributes[by][chosen] if by else None)
    with _lock:
        _kept[key] = measured
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return measured


def digest(*parts: str) -> str:
    """SHA-256 (hex) over texts: the name of a file made from what they name."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _path(key: str):
    return cache_dir() / "features" / f"{key}.npz"


def _read(key: str, count: int) -> tuple[Array, Array] | None:
    try:
        with np.load(_path(key)) as file:
            seen = file["features"], file["probabilities"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None  # absent or damaged: it is made again
    return seen if all(len(array) == count for array in seen) else None


def _write(key: str, features: Array, probabilities: Array) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, features=features, probabilities=probabilities)
    with suppress(OSError):  # where the disk is full or read-only, nothing is kept and nothing is lost
        _path(key).parent.mkdir(parents=True, exist_ok=True)
        write_aside(_path(key), buffer.getvalue())
