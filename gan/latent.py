"""The latent space: drawing points, ways between them, directions, and the latent page's state (`View`).

NumPy only, and everything here is a pure function of its arguments, so that a page, the live socket, its
plain HTTP stand-in and a test all get the same latent from the same numbers.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gan.errors import UserError, unknown

Array = np.ndarray
PATHS = ("spherical", "straight")
REACH = 3.0  # sliders and pad go from -REACH to REACH, in standard deviations of the latent
SEEDS = 2**32  # seeds are 0 … SEEDS - 1


def normal(seed: int, n: int, dim: int) -> Array:
    """Standard normal latents, float32 ``(n, dim)``; row i of a seed is the same whatever n is.

    Raises:
        UserError: for a seed outside 0…2**32 - 1.
    """
    if not 0 <= seed < SEEDS:
        raise UserError(f"seed: must be from 0 to {SEEDS - 1}, you gave {seed}.")
    # A counter-based generator keyed by the seed: no two seeds share a stream, and rows are drawn in order.
    return np.random.Generator(np.random.Philox(key=seed)).standard_normal((n, dim), dtype=np.float32)


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


@dataclass(frozen=True)
class View:
    """All that the latent page shows, as plain numbers: two pictures, the way between, offsets, and a class mix.

    Args:
        model: the generator's name.
        a, b: seeds of the two pictures, 0…2**32 - 1.
        t: where between them, 0…1.
        path: "spherical" or "straight".
        sliders: how far to go along the first directions, each -REACH…REACH.
        pad: how far along the two directions after those, each -REACH…REACH.
        classes: the weight of each class, adding up to one; empty for a model without classes.
    """

    model: str
    a: int
    b: int
    t: float
    path: str
    sliders: tuple[float, ...]
    pad: tuple[float, float]
    classes: tuple[float, ...]

    @classmethod
    def start(cls, model: str, classes: int, sliders: int) -> View:
        """What a first visit shows: half-way between two pictures of one class."""
        chosen = min(3, classes - 1)
        weights = tuple(float(index == chosen) for index in range(classes))
        return cls(model, 1, 2, 0.5, PATHS[0], (0.0,) * sliders, (0.0, 0.0), weights)

    @classmethod
    def from_json(cls, data: object, classes: int, sliders: int) -> View:
        """A view from parsed JSON, every value checked; class weights are scaled to add up to one.

        Args:
            data: an object with exactly the fields of a view.
            classes: how many classes the model has.
            sliders: how many directions have a slider.

        Raises:
            UserError: naming the field, what it holds and what it may hold.
        """
        if not isinstance(data, Mapping):
            raise UserError(f"view: must be an object with {', '.join(cls.__annotations__)}; got {_said(data)}.")
        for name in data:
            if name not in cls.__annotations__:
                raise unknown("field of a view", name, cls.__annotations__)
        if missing := [name for name in cls.__annotations__ if name not in data]:
            raise UserError(f"view: {', '.join(missing)} missing.")
        if not isinstance(data["model"], str) or not 0 < len(data["model"]) <= 100:
            raise UserError(f"model: must be the name of a generator, got {_said(data['model'])}.")
        if data["path"] not in PATHS:
            raise unknown("path", data["path"], PATHS)
        weights = _numbers("classes", data["classes"], classes, 0, 1e6)
        total = sum(weights)
        if classes and not total > 0:
            raise UserError("classes: at least one weight must be above 0.")
        pad = _numbers("pad", data["pad"], 2, -REACH, REACH)
        return cls(
            model=data["model"],
            a=_seed("a", data["a"]),
            b=_seed("b", data["b"]),
            t=_number("t", data["t"], 0, 1),
            path=data["path"],
            sliders=_numbers("sliders", data["sliders"], sliders, -REACH, REACH),
            pad=(pad[0], pad[1]),
            classes=tuple(weight / total for weight in weights),
        )

    def to_json(self) -> dict[str, Any]:
        """The view as plain values, which `from_json` takes."""
        return {name: list(v) if isinstance(v := getattr(self, name), tuple) else v for name in self.__annotations__}

    @classmethod
    def from_text(cls, text: str, model: str, classes: int, sliders: int) -> View:
        """A view from its short form in a link, checked as strictly as `from_json` checks.

        Raises:
            UserError: for a text that is not such a form, or says something impossible.
        """
        try:
            main, offsets, pad, mix = ([part for part in field.split("~") if part] for field in text.split("_"))
            a, b, t, path = main
            weights = [0.0] * classes
            for part in mix:
                index, _, weight = part.partition("x")
                weights[range(classes).index(int(index))] = float(weight or 1)
            data = {
                "model": model,
                "a": int(a),
                "b": int(b),
                "t": float(t),
                "path": path,
                "sliders": [*(float(part) for part in offsets), *[0.0] * (sliders - len(offsets))],
                "pad": [float(part) for part in pad] or [0.0, 0.0],
                "classes": weights,
            }
        except (ValueError, IndexError):
            raise UserError("The view in the link cannot be read: it was cut off or mistyped.") from None
        return cls.from_json(data, classes, sliders)

    def to_text(self) -> str:
        """A short form for a link, only of characters that a URL need not escape: ``1~2~0.5~spherical___3``."""
        offsets = "~".join(f"{v:.3g}" for v in self.sliders) if any(self.sliders) else ""
        pad = "~".join(f"{v:.3g}" for v in self.pad) if any(self.pad) else ""
        mix = "~".join(f"{i}" if w == 1 else f"{i}x{w:.4g}" for i, w in enumerate(self.classes) if w > 0)
        return f"{self.a}~{self.b}~{self.t:.4g}~{self.path}_{offsets}_{pad}_{mix}"

    def latent(self, ways: Array, dim: int) -> Array:
        """The point of the latent space that this view shows, float32 ``(dim,)``.

        Args:
            ways: directions ``(len(sliders) + 2, dim)``: those of the sliders, then the two of the pad.
            dim: the size of the model's latent.
        """
        between = slerp if self.path == "spherical" else lerp
        point = between(_picture(self.a, dim), _picture(self.b, dim), self.t)
        return point + np.asarray([*self.sliders, *self.pad], np.float32) @ ways

    def ends(self) -> list[View]:
        """The views at the ends of each control: A, B, then each slider pushed down and up."""
        views = [replace(self, t=0.0), replace(self, t=1.0)]
        for index in range(len(self.sliders)):
            for end in (-REACH, REACH):
                views.append(replace(self, sliders=(*self.sliders[:index], end, *self.sliders[index + 1 :])))
        return views

    def alone(self) -> list[View]:
        """This point drawn as each class by itself."""
        n = len(self.classes)
        return [replace(self, classes=tuple(float(i == chosen) for i in range(n))) for chosen in range(n)]


@functools.lru_cache(maxsize=256)
def _picture(seed: int, dim: int) -> Array:
    """The latent of one picture of a view, not to be written to: asked for again with every frame of a slide."""
    latent = normal(seed, 1, dim)[0]
    latent.flags.writeable = False
    return latent


def _said(value: object) -> str:
    """A value as an error message quotes it: short, whatever was sent."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _number(name: str, value: object, low: float, high: float) -> float:
    # Compared before it is converted: NaN fails, and so does an integer too large for a float.
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UserError(f"{name}: must be a number from {low:g} to {high:g}, got {_said(value)}.")
    return float(value)


def _numbers(name: str, value: object, n: int, low: float, high: float) -> tuple[float, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != n:
        raise UserError(f"{name}: must be a list of {n} numbers, got {_said(value)}.")
    return tuple(_number(f"{name}[{index}]", item, low, high) for index, item in enumerate(value))


def _seed(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < SEEDS:
        raise UserError(f"{name}: must be a whole number from 0 to {SEEDS - 1}, got {_said(value)}.")
    return value
