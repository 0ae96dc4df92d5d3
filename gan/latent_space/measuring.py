"""Simple measures of pictures: how much ink, how slanted, how large; and the linear fit of any measure to latents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
HELD_OUT = 0.25  # of the latents, to see how well a fit holds


def ink(pictures: Array) -> Array:
    """How much each pixel stands out from the paper, 0…1, float32 ``[n, h, w]``, of uint8 ``[n, h, w, c]``.

    The paper is the commonest value of the border, so dark on white and white on dark are measured alike.
    """
    grey = pictures.astype(np.float32).mean(-1) / 255
    border = np.concatenate([grey[:, 0], grey[:, -1], grey[:, :, 0], grey[:, :, -1]], axis=1)
    return np.abs(grey - np.median(border, axis=1)[:, None, None])


def amount(pictures: Array) -> Array:
    """The share of the picture that is ink, 0…1, ``(n,)``."""
    return ink(pictures).mean((1, 2))


def slant(pictures: Array) -> Array:
    """How far the ink leans to the right: columns a row, by second moments (upright 0, 45 degrees 1), ``(n,)``."""
    (_, yy, xy), _ = _moments(pictures)
    return -xy / np.maximum(yy, 1e-6)


def width(pictures: Array) -> Array:
    """The standard deviation of the ink across, in pixels, ``(n,)``."""
    (xx, _, _), _ = _moments(pictures)
    return np.sqrt(xx)


def height(pictures: Array) -> Array:
    """The standard deviation of the ink up and down, in pixels, ``(n,)``."""
    (_, yy, _), _ = _moments(pictures)
    return np.sqrt(yy)


def brightness(pictures: Array) -> Array:
    """The mean of all pixels, 0…1, ``(n,)``."""
    return pictures.mean((1, 2, 3), dtype=np.float64) / 255


def warmth(pictures: Array) -> Array:
    """How much more red than blue there is, -1…1, ``(n,)``; 0 for grey pictures."""
    return (pictures[..., 0].mean((1, 2)) - pictures[..., -1].mean((1, 2))) / 255


# name -> (title, measure): of grey pictures, which are strokes on paper, and of colour ones
GREY: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "thick": ("Thicker", amount),
    "slant": ("Slanted", slant),
    "wide": ("Wider", width),
    "tall": ("Taller", height),
}
COLOUR: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "bright": ("Brighter", brightness),
    "warm": ("Warmer", warmth),
}


@dataclass(frozen=True, eq=False)
class Fit:
    """A linear fit.

    Attributes:
        direction: unit length, ``(dim,)``: the way in which what was measured grows fastest.
        correlation: of what it says with what was measured, on latents that it has not seen; 0 if nothing varies.
    """

    direction: Array
    correlation: float


def fit(latents: Array, values: Array, groups: Array | None = None) -> Fit:
    """The direction along which a measure grows, by ridge regression on standard normal latents.

    Args:
        latents: ``(n, dim)``.
        values: ``(n,)``.
        groups: ``(n,)``; each group's own mean is taken off first (that a 1 is thinner than an 8 is no matter of the
            latent).
    """
    latents, values = np.asarray(latents, np.float64), np.array(values, np.float64)
    for group in np.unique(groups) if groups is not None else ():
        values[groups == group] -= values[groups == group].mean()
    values -= values.mean()
    cut = max(1, round(len(latents) * (1 - HELD_OUT)))
    seen = _ridge(latents[:cut], values[:cut])
    said, true = latents[cut:] @ seen, values[cut:]
    sure = len(true) > 2 and said.std() > 1e-12 and true.std() > 1e-12
    slope = _ridge(latents, values)
    length = np.linalg.norm(slope)
    direction = slope / length if length > 1e-12 else np.eye(latents.shape[1])[0]
    return Fit(direction.astype(np.float32), float(np.corrcoef(said, true)[0, 1]) if sure else 0.0)


def _ridge(latents: Array, values: Array) -> Array:
    # The penalty is worth as many latents as there are dimensions: few examples then fall back on their mean.
    dim = latents.shape[1]
    return np.linalg.solve(latents.T @ latents + dim * np.eye(dim), latents.T @ values)


def _moments(pictures: Array) -> tuple[tuple[Array, Array, Array], Array]:
    """The ink's second moments about its centre (xx, yy, xy), each ``(n,)``, and its mass."""
    drawn = ink(pictures).astype(np.float64)
    mass = np.maximum(drawn.sum((1, 2)), 1e-6)
    across, down = drawn.sum(1), drawn.sum(2)
    x, y = np.arange(drawn.shape[2]), np.arange(drawn.shape[1])
    x = x - (across @ x / mass)[:, None]
    y = y - (down @ y / mass)[:, None]
    xx, yy = (across * x**2).sum(1) / mass, (down * y**2).sum(1) / mass
    xy = np.einsum("nyx,ny,nx->n", drawn, y, x) / mass
    return (xx, yy, xy), mass
