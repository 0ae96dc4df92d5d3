"""The latent space: drawing points, ways between them, writing them down, and directions.

NumPy only, and everything here is a pure function of its arguments, so that a page, the live socket, its
plain HTTP stand-in and a test all get the same latent from the same numbers.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence

from gan.errors import UserError

Array = np.ndarray
SEEDS = 2**32  # seeds are 0 … SEEDS - 1
_WORD = re.compile(r"[A-Za-z0-9.-]*")
_FINE = 32  # steps that a written latent distinguishes in one standard deviation


def normal(seed: int, n: int, dim: int) -> Array:
    """Standard normal latents, float32 ``(n, dim)``; row i of a seed is the same whatever n is.

    Raises:
        UserError: for a seed outside 0…2**32 - 1.
    """
    if not 0 <= seed < SEEDS:
        raise UserError(f"seed: must be from 0 to {SEEDS - 1}, you gave {seed}.")
    # A counter-based generator keyed by the seed: no two seeds share a stream, and rows are drawn in order.
    bits = np.random.Philox(_Key(seed))  # type: ignore[arg-type]  # documented; the stubs leave it out
    return np.random.Generator(bits).standard_normal((n, dim), dtype=np.float32)


class _Key(ISeedSequence):
    """As ``Philox(key=seed)``, which also asks the system for random bytes that it has no use for: slow, and other
    threads come in between."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Array:
        return np.array([self._seed, *[0] * (n_words - 1)], dtype)


def lerp(a: Array, b: Array, t: Array | float) -> Array:
    """The straight way from `a` (t = 0) to `b` (t = 1), float32; t broadcasts against all but the last axis."""
    share = np.asarray(t, np.float64)[..., None]
    return ((1 - share) * a + share * b).astype(np.float32)


def slerp(a: Array, b: Array, t: Array | float) -> Array:
    """The spherical way (Shoemake 1985; White 2016): along the great circle, the length going from |a| to |b|.

    A straight way between two Gaussian latents passes through points shorter than any the generator was
    trained on; this one does not. Written with the part of `b` at right angles to `a`, which stays exact for
    nearly parallel vectors, where the usual sines divide zero by zero. Opposite vectors have no shortest
    great circle: one is chosen, always the same. A zero vector has no direction: the way is then straight.

    Args:
        a, b: ``(..., dim)``.
        t: a number, or an array that broadcasts against all but the last axis.
    """
    a, b = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(b, np.float64))
    share = np.asarray(t, np.float64)[..., None]
    length_a, length_b = (np.linalg.norm(v, axis=-1, keepdims=True) for v in (a, b))
    flat = (length_a == 0) | (length_b == 0)
    u, v = a / np.where(flat, 1, length_a), b / np.where(flat, 1, length_b)
    across = v - (u * v).sum(-1, keepdims=True) * u
    sine = np.linalg.norm(across, axis=-1, keepdims=True)
    cosine = (u * v).sum(-1, keepdims=True)
    # Opposite, to rounding: turn through the axis that `a` leans on least.
    axis = np.eye(a.shape[-1])[np.abs(u).argmin(-1)]
    axis = axis - (u * axis).sum(-1, keepdims=True) * u
    across = np.where((sine < 1e-9) & (cosine < 0), axis, across)
    across = across / np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-300)
    angle = np.arctan2(sine, cosine) * share
    length = (1 - share) * length_a + share * length_b
    way = length * (np.cos(angle) * u + np.sin(angle) * across)
    return np.where(flat, (1 - share) * a + share * b, way).astype(np.float32)


def along(way: Callable[[Array, Array, Array], Array], points: Array, count: int, loop: bool = False) -> Array:
    """`count` points evenly along a strip of others, float32 ``(count, dim)``: the first and the last of them included,
    or in a loop, whose last one leads to the first, the first not twice.

    Args:
        way: `lerp` or `slerp`.
        points: ``(n, dim)``, n at least 1.
    """
    legs = len(points) - 1 + loop
    places = np.linspace(0, legs, count, endpoint=not loop)
    before = np.clip(places.astype(int), 0, max(legs - 1, 0))
    return way(points[before], points[(before + 1) % len(points)], places - before)


def truncate(latents: Array, psi: float) -> Array:
    """Pull latents towards the mean, which is zero: ``psi * z`` (the scaling of Karras et al. 2019, there in w).

    Scaling is chosen over redrawing large values (Brock et al. 2019) because a picture then changes smoothly
    with psi instead of being replaced. 1 leaves all as it is; 0 gives the mean picture of each class.

    Raises:
        UserError: for psi outside 0…1.
    """
    if not 0 <= psi <= 1:
        raise UserError(f"truncation: must be from 0 (the mean picture) to 1 (as trained), you gave {psi}.")
    return (np.float32(psi) * latents).astype(np.float32)


def directions(kernel: Array, k: int) -> Array:
    """The k unit directions of the latent that a linear map amplifies most, strongest first.

    Closed-form factorisation (SeFa; Shen and Zhou 2021): the top eigenvectors of ``W Wᵀ``. W may be the latent's
    rows of a generator's first dense kernel, or, as `gan.inference.model_directions` does, its
    `differences` at the pixels (Wang and Ponce 2021), which need no particular first layer.

    Args:
        kernel: ``(in, out)``, finite.
        k: how many, at most ``in``.

    Returns:
        float32 ``(k, in)`` with orthonormal rows; the largest component of each is positive, so that the
        sign, which the mathematics leaves open, is always the same.

    Raises:
        UserError: for more directions than the latent has dimensions.
    """
    kernel = np.asarray(kernel, np.float64)
    if not 1 <= k <= kernel.shape[0]:
        raise UserError(f"directions: a latent of {kernel.shape[0]} has 1 to {kernel.shape[0]}, you asked for {k}.")
    _, vectors = np.linalg.eigh(kernel @ kernel.T)  # eigenvalues ascend
    rows = vectors[:, ::-1][:, :k].T
    largest = np.take_along_axis(rows, np.abs(rows).argmax(1)[:, None], axis=1)
    return (rows * np.where(largest < 0, -1, 1)).astype(np.float32)


def probes(dim: int, classes: int, points: int = 20) -> tuple[Array, Array]:
    """Latents at which a generator is felt for its directions: around some points, half a step each way on each axis.

    Both ways, because what bends the same way on every axis would else pass for a direction of its own.

    Returns:
        Latents ``(points * 2 * dim, dim)`` and their class weights, the points taking the classes in turn.
    """
    steps = np.concatenate([np.eye(dim, dtype=np.float32), -np.eye(dim, dtype=np.float32)]) / 2
    latents = (normal(0, points, dim)[:, None] + steps).reshape(-1, dim)
    weights = np.eye(max(classes, 1), dtype=np.float32)[np.arange(points) % max(classes, 1), :classes]
    return latents, weights.repeat(len(steps), axis=0)


def differences(pictures: Array, dim: int) -> Array:
    """What each axis changes in the pictures at `probes`, ``[points * 2 * dim, h, w, c]``, as ``(dim, …)``."""
    grouped = pictures.reshape(-1, 2, dim, math.prod(pictures.shape[1:])).astype(np.float32)
    return (grouped[:, 0] - grouped[:, 1]).swapaxes(0, 1).reshape(dim, -1)


def coded(latent: Array) -> str:
    """A latent ``(dim,)`` as a word that fits a link: a byte a number, to 1/32, from -3.97 to 3.97 (beyond: cut)."""
    steps = np.clip(np.rint(np.asarray(latent, np.float64) * _FINE), -127, 127).astype(np.int8)
    return base64.b64encode(steps.tobytes(), b"-.").decode().rstrip("=")


def decoded(word: str, dim: int) -> Array:
    """The latent that `coded` wrote, float32 ``(dim,)``.

    Raises:
        UserError: for anything else, or a latent of another size.
    """
    wrong = f"latent: a word for {dim} numbers was expected; this one was cut off, mistyped, or is another model's."
    try:
        if not _WORD.fullmatch(word):
            raise ValueError
        data = base64.b64decode(word + "=" * (-len(word) % 4), b"-.", validate=True)
    except ValueError:
        raise UserError(wrong) from None
    if len(data) != dim:
        raise UserError(wrong)
    return np.frombuffer(data, np.int8).astype(np.float32) / _FINE
