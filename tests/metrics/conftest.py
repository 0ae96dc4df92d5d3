"""A feature function without a net, and a data set small enough to measure whole."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from gan.datasets import Dataset, Source, Split
from gan.metrics.features import FeatureFunction

SHAPE = (8, 8, 1)
NAMES = ("left", "right", "middle")
BANDS = (slice(0, 3), slice(5, 8), slice(3, 5))  # columns


def project(images):
    """Six random mixtures of the pixels as features; the brightness of three bands as logits."""
    flat = images.reshape(len(images), -1)
    mix = np.random.default_rng(7).standard_normal((flat.shape[1], 6)) / 8
    logits = [8 * images[:, :, columns].mean(axis=(1, 2, 3)) for columns in BANDS]
    return np.maximum(flat @ mix, 0) + 0.01 * flat[:, :6], np.stack(logits, axis=1)


def bands(count: int, seed: int) -> Split:
    """Pictures with one bright band, left, right and in the middle in turn, on noise."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % len(NAMES)
    images = random.integers(0, 90, (count, *SHAPE))
    for image, label in zip(images, labels, strict=True):
        image[:, BANDS[label]] += random.integers(80, 160)
    return Split(images.astype(np.uint8), labels)


@pytest.fixture(scope="session")
def net():
    return FeatureFunction("bands", hashlib.sha256(b"bands").hexdigest(), SHAPE, NAMES, project, batch=64)


@pytest.fixture(scope="session")
def dataset():
    splits = {"train": bands(900, seed=1), "test": bands(240, seed=2)}
    counts = {name: len(split) for name, split in splits.items()}
    source = Source("bands", "Bands", "", NAMES, SHAPE, counts, "", "", "", reader=None)
    return Dataset(source, splits)


@pytest.fixture(scope="session")
def draw():
    """Draws more pictures as the data set's: ``draw(count, seed) -> Split``."""
    return bands
