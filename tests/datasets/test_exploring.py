"""Projection, likeness and outliers, on pictures whose places are known."""

from __future__ import annotations

import numpy as np
import pytest

from gan.datasets import exploring


@pytest.fixture
def noise():
    return np.random.default_rng(1).integers(0, 256, (60, 16, 16, 1), np.uint8)


def test_components_are_those_of_a_decomposition_into_singular_values(noise):
    found = exploring.survey(noise, 100)
    rows = noise.reshape(60, -1).astype(np.float64)
    rows -= rows.mean(axis=0)
    values = np.linalg.svd(rows, compute_uv=False)
    np.testing.assert_allclose(np.linalg.norm(found.coordinates, axis=0), values[:32], rtol=1e-3)
    np.testing.assert_allclose(found.explained, values[:32] ** 2 / (values**2).sum(), rtol=1e-3)


def test_two_kinds_of_pictures_lie_apart_on_the_first_component():
    images = np.zeros((20, 64, 64, 3), np.uint8)
    images[::2] = 255
    found = exploring.survey(images, 100)
    sides = np.sign(found.coordinates[:, 0])
    assert set(sides[::2]) | set(sides[1::2]) == {-1, 1}
    assert len(set(sides[::2])) == len(set(sides[1::2])) == 1
    assert found.explained[0] == pytest.approx(1)


@pytest.mark.parametrize("shape", [(1, 16, 16, 1), (2, 28, 56, 1), (3, 256, 256, 3), (5, 4, 200, 1)])
def test_any_shape_and_any_count_works(shape):
    found = exploring.survey(np.zeros(shape, np.uint8), 10)
    assert len(found.coordinates) == shape[0]
    assert np.isfinite(found.coordinates).all()
    assert np.isfinite(found.explained).all()
    assert len(exploring.alike(np.zeros(shape, np.uint8), found)) == {1: 0, 2: 1}.get(shape[0], shape[0] - 1)


def test_the_sample_is_seeded_and_says_where_its_pictures_stand(noise):
    one, same, other = (exploring.survey(noise, 20, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.places, same.places)
    np.testing.assert_array_equal(one.coordinates, same.coordinates)
    assert len(one.places) == 20
    assert (np.diff(one.places) > 0).all()
    assert one.places.tolist() != other.places.tolist()


def test_copies_are_found_first_and_near_copies_after_them(noise, monkeypatch):
    monkeypatch.setattr(exploring, "BLOCK", 7)
    images = noise.copy()
    images[50] = images[3]
    images[41] = images[9]
    images[41, 0, 0, 0] ^= 16
    pairs = exploring.alike(images, exploring.survey(images, 100), most=5)
    assert (pairs[0].one, pairs[0].other, pairs[0].difference) == (3, 50, 0)
    assert (pairs[1].one, pairs[1].other) == (9, 41)
    assert pairs[1].difference == pytest.approx(1)  # 16 levels in one of 256 pixels
    assert len(pairs) == 5
    assert len({(pair.one, pair.other) for pair in pairs}) == 5


def test_the_one_of_another_kind_stands_apart():
    rng = np.random.default_rng(1)
    images = rng.integers(0, 20, (40, 16, 16, 1)).astype(np.uint8)
    labels = np.arange(40) % 2
    images[labels == 1] += 200
    images[13] = 10  # says 1, looks like 0
    found = exploring.apart(labels, exploring.survey(images, 100), most=3)
    assert found[0][0] == 13
    assert found[0][1] > 2 * found[1][1]


def test_classes_of_one_or_two_have_no_outliers(noise):
    assert exploring.apart(np.arange(60) // 2, exploring.survey(noise, 100)) == []


def test_work_tells_how_far_it_is_and_can_be_ended(noise):
    said: list[float] = []
    found = exploring.survey(noise, 100, say=lambda share, text: said.append(share))
    exploring.alike(noise, found, say=lambda share, text: said.append(share))
    assert said
    assert all(0 <= share <= 1 for share in said)

    def stop(share: float, text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exploring.survey(noise, 100, say=stop)
