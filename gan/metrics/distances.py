"""How far two sets of features are apart as distributions: FID and KID."""

from __future__ import annotations

import numpy as np

from gan.metrics import undefined

Array = np.ndarray


def moments(features: Array) -> tuple[Array, Array]:
    """Mean (d,) and covariance (d, d) of features (n, d), in float64.

    Raises:
        UserError: for too few pictures, or features that do not vary.
    """
    n, dimensions = features.shape
    if n <= dimensions:
        raise undefined("FID", f"a covariance of {dimensions} features needs more pictures than that, not {n:,}")
    features = features.astype(np.float64)
    if not np.isfinite(features).all():
        raise undefined("FID", "some features are not finite numbers")
    mean = features.mean(axis=0)
    centred = features - mean
    # Equal pictures may differ in a net's last bit, depending on where they stand in a batch.
    if (centred**2).sum() <= 1e-10 * (features**2).sum():
        raise undefined("FID", f"all {n:,} pictures have the same features: their covariance is zero")
    return mean, centred.T @ centred / (n - 1)


def frechet_distance(first: tuple[Array, Array], second: tuple[Array, Array]) -> float:
    """FID: squared distance between the two normal distributions with these `moments` (Heusel et al., 2017).

    ``|m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½)``. The trace of the root is the sum of the singular values of
    ``C1^½ C2^½``, which stays accurate where a covariance is singular and the matrix root does not.
    """
    (mean_1, covariance_1), (mean_2, covariance_2) = first, second
    common = np.linalg.svd(_root(covariance_1) @ _root(covariance_2), compute_uv=False).sum()
    distance = np.sum((mean_1 - mean_2) ** 2) + np.trace(covariance_1) + np.trace(covariance_2) - 2 * common
    return float(max(distance, 0.0))  # rounding can leave equal distributions a hair below zero


def kernel_distance(
    first: Array, second: Array, subsets: int = 50, size: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """KID: squared maximum mean discrepancy under the kernel ``(x·y / d + 1)³`` (Bińkowski et al., 2018).

    Unbiased, whatever the number of pictures: around 0, and sometimes below it, for sets of the same distribution.

    Args:
        first: features (n, d).
        second: features (m, d).
        subsets: how many random parts of both sets to compare.
        size: pictures in each part; at most n and m.
        seed: decides the parts.

    Returns:
        Mean and standard deviation over the parts.

    Raises:
        UserError: for fewer than two pictures in a set.
    """
    size = min(size, len(first), len(second))
    if size < 2:
        raise undefined("KID", f"it needs at least two pictures in either set, not {size}")
    random = np.random.default_rng(seed)
    scale = np.sqrt(first.shape[1])
    first, second = first / scale, second / scale
    values = []
    for _ in range(subsets):
        x = first[random.choice(len(first), size, replace=False)].astype(np.float64)
        y = second[random.choice(len(second), size, replace=False)].astype(np.float64)
        own = sum(_cubed(part @ part.T).sum() - _cubed((part * part).sum(axis=1)).sum() for part in (x, y))
        values.append(own / (size * (size - 1)) - 2 * _cubed(x @ y.T).mean())
    return float(np.mean(values)), float(np.std(values))


def _cubed(products: Array) -> Array:
    products += 1
    return products * products * products  # `** 3` calls pow, ten times slower


def _root(covariance: Array) -> Array:
    """The symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
