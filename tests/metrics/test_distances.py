"""FID and KID against closed forms and scipy."""

import numpy as np
import pytest
from scipy import linalg

from gan import UserError
from gan.metrics import distances


def normal(seed, n=400, d=12):
    random = np.random.default_rng(seed)
    return (random.standard_normal((n, d)) @ random.standard_normal((d, d)) + random.standard_normal(d)).astype("f4")


def test_two_normal_distributions_with_a_known_distance():
    first = np.array([1.0, 2.0]), np.diag([4.0, 9.0])
    second = np.array([4.0, -2.0]), np.diag([1.0, 25.0])
    # Diagonal covariances: squared distance of the means, and of the standard deviations.
    assert distances.frechet_distance(first, second) == pytest.approx(9 + 16 + (2 - 1) ** 2 + (3 - 5) ** 2)


def test_frechet_equals_scipys_matrix_root():
    (mean_1, cov_1), (mean_2, cov_2) = first, second = [distances.moments(normal(seed)) for seed in (1, 2)]
    root = linalg.sqrtm(cov_1 @ cov_2).real
    expected = np.sum((mean_1 - mean_2) ** 2) + np.trace(cov_1 + cov_2 - 2 * root)
    assert distances.frechet_distance(first, second) == pytest.approx(expected, rel=1e-9)
    assert distances.frechet_distance(second, first) == pytest.approx(expected, rel=1e-9)


def test_moments_are_numpys():
    features = normal(3)
    mean, covariance = distances.moments(features)
    assert mean == pytest.approx(features.mean(axis=0, dtype=np.float64))
    assert covariance == pytest.approx(np.cov(features.astype(np.float64), rowvar=False))


def test_frechet_of_singular_covariances():
    """A feature that is always zero, as a dead unit's, must not matter."""
    features = [normal(seed) for seed in (1, 2)]
    dead = [np.concatenate([part, np.zeros((len(part), 3), "f4")], axis=1) for part in features]
    alive = distances.frechet_distance(*map(distances.moments, features))
    assert distances.frechet_distance(*map(distances.moments, dead)) == pytest.approx(alive, rel=1e-9)
    same = distances.moments(dead[0])
    assert distances.frechet_distance(same, same) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        (np.ones((50, 4), "f4") * [1, 2, 3, 4], "all 50 pictures have the same features"),
        (np.zeros((50, 4), "f4"), "all 50 pictures have the same features"),
        (np.random.default_rng(0).random((4, 4)), "covariance of 4 features needs more pictures than that, not 4"),
        (np.where(np.eye(50, 4), np.nan, 1.0), "not finite"),
    ],
)
def test_frechet_is_not_defined(features, reason):
    with pytest.raises(UserError, match=f"not defined, because .*{reason}"):
        distances.moments(features)


def test_kernel_distance_equals_its_definition():
    """All pictures in one part: the sum over pairs, written out."""
    x, y = normal(1, n=9, d=4), normal(2, n=9, d=4)

    def kernel(a, b):
        return (float(a.astype("f8") @ b.astype("f8")) / 4 + 1) ** 3

    def own(points):
        pairs = [kernel(points[i], points[j]) for i in range(9) for j in range(9) if i != j]
        return sum(pairs) / (9 * 8)

    expected = own(x) + own(y) - 2 * np.mean([kernel(a, b) for a in x for b in y])
    mean, spread = distances.kernel_distance(x, y, subsets=3)
    assert mean == pytest.approx(expected, rel=1e-5)
    assert spread == pytest.approx(0, abs=1e-6 * abs(expected))


def test_kernel_distance_is_unbiased():
    """Around zero for two samples of one distribution, both signs; far from it for different ones."""
    random = np.random.default_rng(0)
    samples = [random.standard_normal((300, 8)).astype("f4") for _ in range(12)]
    values = [distances.kernel_distance(a, b, subsets=1)[0] for a, b in zip(samples[::2], samples[1::2], strict=True)]
    assert min(values) < 0 < max(values)
    assert np.abs(values).max() < 0.05
    assert distances.kernel_distance(samples[0], samples[1] + 1, subsets=5)[0] > 1


def test_kernel_distance_needs_two():
    with pytest.raises(UserError, match="not defined, because it needs at least two"):
        distances.kernel_distance(np.zeros((1, 4), "f4"), np.zeros((9, 4), "f4"))
