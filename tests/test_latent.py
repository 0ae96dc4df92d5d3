import math

import numpy as np
import pytest

from gan import UserError, latent


def test_row_of_a_seed_does_not_depend_on_how_many_are_drawn():
    few, many = latent.normal(5, 3, 16), latent.normal(5, 1000, 16)
    assert few.dtype == np.float32
    np.testing.assert_array_equal(few, many[:3])
    assert not np.array_equal(latent.normal(6, 3, 16), few)
    assert abs(many.mean()) < 0.02
    assert abs(many.std() - 1) < 0.02


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_seed_out_of_range(seed):
    with pytest.raises(UserError, match="seed"):
        latent.normal(seed, 1, 4)


def test_lerp_is_a_weighted_mean():
    np.testing.assert_allclose(latent.lerp(np.array([0.0, 4]), np.array([8.0, 0]), 0.25), [2, 3])
    both = latent.lerp(np.zeros(2), np.ones(2), np.array([0, 0.5, 1]))
    np.testing.assert_allclose(both, [[0, 0], [0.5, 0.5], [1, 1]])


def test_slerp_on_a_quarter_circle():
    third = latent.slerp(np.array([1.0, 0]), np.array([0.0, 1]), 1 / 3)
    np.testing.assert_allclose(third, [math.cos(math.pi / 6), math.sin(math.pi / 6)], atol=1e-7)


def test_slerp_goes_from_one_length_to_the_other():
    halfway = latent.slerp(np.array([2.0, 0]), np.array([0.0, 4]), 0.5)
    np.testing.assert_allclose(halfway, 3 * np.array([1, 1]) / math.sqrt(2), atol=1e-6)


def test_slerp_ends_where_it_should_and_turns_evenly():
    a, b = latent.normal(1, 2, 64)
    way = latent.slerp(a, b, np.linspace(0, 1, 9)).astype(np.float64)
    np.testing.assert_allclose(way[0], a, atol=1e-6)
    np.testing.assert_allclose(way[-1], b, atol=1e-6)
    unit = way / np.linalg.norm(way, axis=1, keepdims=True)
    angles = np.arccos((unit[1:] * unit[:-1]).sum(1))
    np.testing.assert_allclose(angles, angles[0], rtol=1e-4)


def test_slerp_of_nearly_parallel_vectors_is_straight():
    a = np.array([1.0, 0, 0])
    for distance in (0, 1e-12, 1e-8, 1e-5):
        b = np.array([1.0, distance, 0])
        np.testing.assert_allclose(latent.slerp(a, b, 0.5), [1, distance / 2, 0], atol=1e-10)


def test_slerp_of_opposite_vectors_is_half_a_circle():
    a = latent.normal(3, 1, 8)[0]
    way = latent.slerp(a, -2 * a, np.array([0, 0.5, 1]))
    length = np.linalg.norm(a)
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), [length, 1.5 * length, 2 * length], rtol=1e-6)
    assert abs(way[1] @ a) < 1e-5
    np.testing.assert_allclose(way[2], -2 * a, atol=1e-6)
    np.testing.assert_array_equal(way, latent.slerp(a, -2 * a, np.array([0, 0.5, 1])))


def test_slerp_of_a_zero_vector_is_straight():
    np.testing.assert_allclose(latent.slerp(np.zeros(3), np.array([2.0, 0, 4]), 0.5), [1, 0, 2])


def test_truncation_scales_towards_the_mean():
    z = latent.normal(1, 4, 8)
    np.testing.assert_array_equal(latent.truncate(z, 1), z)
    np.testing.assert_array_equal(latent.truncate(z, 0.5), z / 2)
    for psi in (-0.1, 1.1, math.nan):
        with pytest.raises(UserError, match="truncation"):
            latent.truncate(z, psi)


def test_directions_of_a_map_that_stretches_known_axes():
    rotation, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 5)))
    kernel = rotation * [1, 5, 2, 4, 3]  # stretches column i of the rotation by the i-th factor
    found = latent.directions(kernel, 3)
    assert found.dtype == np.float32
    for row, axis in zip(found, rotation.T[[1, 3, 4]], strict=True):
        sign = np.sign(axis[np.abs(axis).argmax()])
        np.testing.assert_allclose(row, sign * axis, atol=1e-6)
    np.testing.assert_array_equal(found, latent.directions(-kernel, 3))


def test_more_directions_than_dimensions():
    with pytest.raises(UserError, match="1 to 4"):
        latent.directions(np.eye(4), 5)


def test_directions_of_a_linear_generator_are_found_through_its_pictures():
    kernel = np.diag([1.0, 9, 4]) @ np.random.default_rng(1).normal(size=(3, 6))
    latents, classes = latent.probes(3, classes=2, points=4)
    assert latents.shape == (24, 3)
    np.testing.assert_array_equal(classes[[0, 6, 12]], [[1, 0], [0, 1], [1, 0]])
    pictures = (latents @ kernel).reshape(-1, 2, 3, 1)
    felt = latent.directions(latent.differences(pictures, 3), 2)
    np.testing.assert_allclose(felt, latent.directions(kernel, 2), atol=1e-4)


def test_a_latent_survives_its_written_form_to_a_32nd():
    z = latent.normal(1, 1, 64)[0]
    word = latent.coded(z)
    assert len(word) == 86
    assert set(word) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.")
    np.testing.assert_allclose(latent.decoded(word, 64), z, atol=1 / 64)
    np.testing.assert_array_equal(latent.decoded(latent.coded(np.array([9.0, -9])), 2), [127 / 32, -127 / 32])


@pytest.mark.parametrize("word", ["", "AA", "AAAAAA", "A", "AA/A", "ÄÄÄÄ", "AAAA="])
def test_a_written_latent_that_cannot_be_read(word):
    with pytest.raises(UserError, match="word for 3 numbers"):
        latent.decoded(word, 3)


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**32 - 1])
def test_latents_are_those_of_numpy_s_generator_with_the_seed_as_its_key(seed):
    stream = np.random.Generator(np.random.Philox(key=seed))
    assert np.array_equal(latent.normal(seed, 3, 65), stream.standard_normal((3, 65), dtype=np.float32))
