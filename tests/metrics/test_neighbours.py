"""Nearest neighbours, precision and recall, and copying."""

import numpy as np
import pytest
from scipy.spatial import distance

from gan import UserError
from gan.metrics import copying, neighbours


def points(seed, n=300, d=5, shift=0.0):
    return (np.random.default_rng(seed).standard_normal((n, d)) + shift).astype("f4")


@pytest.mark.parametrize("count", [1, 4])
def test_nearest_equals_scipy(count, monkeypatch):
    monkeypatch.setattr(neighbours, "BLOCK", 64)  # more than one block of queries, and of the pool
    monkeypatch.setattr(neighbours, "POOL", 130)
    queries, pool = points(1), points(2)
    indices, far = neighbours.nearest(queries, pool, count)
    expected = distance.cdist(queries, pool)
    assert np.array_equal(indices, expected.argsort(axis=1)[:, :count])
    assert far == pytest.approx(np.sort(expected, axis=1)[:, :count], rel=1e-5)


def test_nearest_picture_of_a_copy_is_itself_at_distance_zero():
    pictures = np.random.default_rng(0).integers(0, 256, (50, 28, 28, 1)).astype(np.uint8)
    indices, far = neighbours.nearest(pictures[10:20], pictures)
    assert indices[:, 0].tolist() == list(range(10, 20))
    assert not far.any()


def test_radii_equal_scipy():
    fellows = points(1)
    expected = np.sort(distance.cdist(fellows, fellows), axis=1)[:, 3] ** 2
    assert neighbours.radii(fellows) == pytest.approx(expected, rel=1e-4)


def precision_recall(real, fake):
    return (
        neighbours.coverage(fake, real, neighbours.radii(real)),
        neighbours.coverage(real, fake, neighbours.radii(fake)),
    )


def test_precision_and_recall_at_their_ends():
    real = points(1)
    assert precision_recall(real, real) == (1, 1)
    assert precision_recall(real, points(2, shift=100)) == (0, 0)


def test_precision_and_recall_tell_repeating_from_straying():
    """Half of two heaps is precise and misses the other; two heaps where there is one recall all and stray by half."""
    one, two = points(1), np.concatenate([points(2), points(3, shift=100)])
    precise, missing = precision_recall(two, one)
    assert precise > 0.9 and missing == pytest.approx(0.5, abs=0.05)
    straying, complete = precision_recall(one, two)
    assert straying == pytest.approx(0.5, abs=0.05) and complete > 0.9


def test_one_picture_over_and_over_covers_nothing():
    real = points(1)
    assert precision_recall(real, np.repeat(real[:1] + 0.01, 50, axis=0))[1] == 0


def test_too_few_for_a_neighbourhood():
    with pytest.raises(UserError, match="not defined, because each picture needs 3 others"):
        neighbours.radii(points(1, n=3))
    with pytest.raises(UserError, match="not defined, because 2 are wanted and there are 1"):
        neighbours.nearest(points(1), points(2, n=1), 2)


def test_half_is_nearer_by_construction():
    """Each sample lies beside one point; every other of those points is a training point."""
    places = 100 * np.arange(40, dtype="f4")[:, None]
    assert copying.copying_share(places + 1, places[::2], places[1::2]) == 0.5


def test_copies_are_found():
    training, held_out = points(1), points(2)
    assert copying.copying_share(training[:50], training, held_out) == 1
    assert copying.copying_share(held_out[:50], training, held_out) == 0


def test_ties_count_half():
    training = points(1)
    assert copying.copying_share(points(2), training, training) == 0.5


def test_new_pictures_are_nearer_to_either_equally_often():
    assert copying.copying_share(points(3, n=2000), points(1), points(2)) == pytest.approx(0.5, abs=0.05)


def test_unequal_sets_are_refused():
    with pytest.raises(UserError, match="take 20 of each"):
        copying.copying_share(points(1), points(2, n=30), points(3, n=20))


def test_nearest_pictures_points_into_the_split(cache, dataset, net):
    images = np.asarray(dataset.train.images[[5, 100, 899]])
    found = copying.nearest_pictures(images, dataset.train, net, count=3)
    for indices, far in found.values():
        assert indices.shape == far.shape == (3, 3)
        assert indices[:, 0].tolist() == [5, 100, 899]
        assert far[:, 0] == pytest.approx(0, abs=1e-4) and (np.diff(far, axis=1) >= 0).all()
