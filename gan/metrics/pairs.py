"""Measures of a picture against the one it should equal. Each gives a value a pair, float64 (n,)."""

from __future__ import annotations

import numpy as np

from gan.errors import UserError
from gan.metrics import undefined

Array = np.ndarray

WINDOW = 7  # pixels; the square that SSIM compares at a time
LUMA = (0.299, 0.587, 0.114)  # of red, green and blue (ITU-R BT.601)


def luminance(images: Array) -> Array:
    """How bright pictures are, 0…255 without rounding: uint8 [n, h, w, c] to float64 [n, h, w, 1]."""
    return images @ np.array(LUMA)[:, None] if images.shape[-1] == 3 else images.astype(np.float64)


def psnr(first: Array, second: Array) -> Array:
    """Peak signal-to-noise ratio in dB of pictures [n, h, w, c] in 0…255; infinite for equal ones.

    Raises:
        UserError: for sets of different sizes.
    """
    from skimage.metrics import peak_signal_noise_ratio

    _check(first, second)
    with np.errstate(divide="ignore"):
        return np.array([peak_signal_noise_ratio(a, b, data_range=255) for a, b in zip(first, second, strict=True)])


def ssim(first: Array, second: Array) -> Array:
    """Structural similarity (Wang et al., 2004) of pictures [n, h, w, c] in 0…255: 1 for equal ones.

    Raises:
        UserError: for sets of different sizes, or pictures smaller than the window.
    """
    from skimage.metrics import structural_similarity

    _check(first, second)
    if min(first.shape[1:3]) < WINDOW:
        raise undefined("SSIM", f"it compares {WINDOW} x {WINDOW} pixels at a time and these pictures are smaller")
    both = zip(first, second, strict=True)
    return np.array([structural_similarity(a, b, win_size=WINDOW, data_range=255, channel_axis=-1) for a, b in both])


def perceptual_distance(first: Array, second: Array) -> Array:
    """One less the cosine between two pictures' features (n, d): 0 for the same direction, 1 for unrelated ones.

    The idea of LPIPS (Zhang et al., 2018), in the last features of a classifier of one's own.
    """
    if first.shape != second.shape:
        raise UserError(f"The two sets differ in size: {list(first.shape)} and {list(second.shape)}.")
    a, b = (_unit(part.astype(np.float64)) for part in (first, second))
    return np.sum((a - b) ** 2, axis=1) / 2


def variety(features: Array, labels: Array) -> float:
    """Mean `perceptual_distance` of each picture to the next one of its class.

    To be read beside that of real pictures: less is a generator that repeats itself, more is one that strays.

    Raises:
        UserError: if a class that has pictures has only one.
    """
    counts = np.bincount(labels)
    if (counts == 1).any():
        raise undefined("The variety", f"there is only one picture of class {int(np.flatnonzero(counts == 1)[0])}")
    partner = np.empty(len(labels), np.int64)
    for label in np.flatnonzero(counts):
        members = np.flatnonzero(labels == label)
        partner[members] = np.roll(members, 1)
    return float(perceptual_distance(features, features[partner]).mean())


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def _check(first: Array, second: Array) -> None:
    if first.shape != second.shape:
        raise UserError(f"The two sets differ in size: {list(first.shape)} and {list(second.shape)}.")
