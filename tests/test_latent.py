import math

import numpy as np
import pytest

from gan import UserError, latent
from gan.latent import View

PLAIN = {
    "model": "digits",
    "a": 7,
    "b": 9,
    "t": 0.25,
    "path": "spherical",
    "sliders": [0.5, 0, -3],
    "pad": [1, -1],
    "classes": [0, 3, 1],
}


def view(**changes) -> View:
    return View.from_json({**PLAIN, **changes}, classes=3, sliders=3)


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


def test_latent_of_a_view():
    ways = np.eye(5, 8, dtype=np.float32)
    a, b = latent.normal(7, 1, 8)[0], latent.normal(9, 1, 8)[0]
    offset = np.array([0.5, 0, -3, 1, -1, 0, 0, 0])
    np.testing.assert_allclose(view().latent(ways, 8), latent.slerp(a, b, 0.25) + offset, atol=1e-6)
    np.testing.assert_allclose(view(path="straight").latent(ways, 8), 0.75 * a + 0.25 * b + offset, atol=1e-6)


def test_weights_add_up_to_one_and_a_view_survives_its_json_and_its_link():
    shown = view()
    assert shown.classes == (0, 0.75, 0.25)
    assert View.from_json(shown.to_json(), 3, 3) == shown
    assert shown.to_text() == "7~9~0.25~spherical_0.5~0~-3_1~-1_1x0.75~2x0.25"
    assert View.from_text(shown.to_text(), "digits", 3, 3) == shown


def test_link_of_a_plain_view_is_short():
    start = View.start("digits", 10, 6)
    assert start.to_text() == "1~2~0.5~spherical___3"
    assert View.from_text(start.to_text(), "digits", 10, 6) == start
    plain = View.start("faces", 0, 6)
    assert plain.classes == ()
    assert View.from_text(plain.to_text(), "faces", 0, 6) == plain


def test_neighbours_of_a_view():
    ends, alone = view().ends(), view().alone()
    assert [end.t for end in ends[:2]] == [0, 1]
    assert [end.sliders for end in ends[2:]] == [
        (-3, 0, -3),
        (3, 0, -3),
        (0.5, -3, -3),
        (0.5, 3, -3),
        (0.5, 0, -3),
        (0.5, 0, 3),
    ]
    assert [one.classes for one in alone] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"a": -1}, "a: must be a whole number"),
        ({"a": 1.0}, "a: must be a whole number"),
        ({"b": True}, "b: must be a whole number"),
        ({"b": 2**32}, "b: must be a whole number"),
        ({"t": 1.01}, "t: must be a number from 0 to 1"),
        ({"t": math.nan}, "t: must be a number"),
        ({"t": "0.5"}, "t: must be a number"),
        ({"t": None}, "t: must be a number"),
        ({"path": "curly"}, "unknown path 'curly'"),
        ({"path": ["spherical"]}, "unknown path"),
        ({"sliders": [0, 0]}, "sliders: must be a list of 3"),
        ({"sliders": "000"}, "sliders: must be a list of 3"),
        ({"sliders": {"0": 1}}, "sliders: must be a list of 3"),
        ({"sliders": [0, 3.1, 0]}, r"sliders\[1\]: must be a number from -3 to 3"),
        ({"sliders": [0, -math.inf, 0]}, r"sliders\[1\]"),
        ({"sliders": [0, 10**400, 0]}, r"sliders\[1\]"),
        ({"sliders": [0, False, 0]}, r"sliders\[1\]"),
        ({"pad": [0]}, "pad: must be a list of 2"),
        ({"pad": [0, math.nan]}, r"pad\[1\]"),
        ({"classes": [0, 0, 0]}, "at least one weight"),
        ({"classes": [1, -1, 1]}, r"classes\[1\]"),
        ({"classes": [1]}, "classes: must be a list of 3"),
        ({"model": ""}, "model: must be the name"),
        ({"model": 3}, "model: must be the name"),
        ({"modl": "digits"}, "did you mean model"),
    ],
)
def test_view_that_is_not_as_it_should_be(changes, message):
    with pytest.raises(UserError, match=message):
        view(**changes)


def test_view_with_something_missing_or_no_object_at_all():
    with pytest.raises(UserError, match="pad missing"):
        View.from_json({name: value for name, value in PLAIN.items() if name != "pad"}, 3, 3)
    for data in ([], "x", None, 4):
        with pytest.raises(UserError, match="must be an object"):
            View.from_json(data, 3, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1~2",
        "1~2~0.5~spherical",
        "1~2~0.5~spherical___",  # no class has a weight
        "1~2~0.5~spherical___3",  # there are classes 0 to 2
        "1~2~0.5~spherical___-1",
        "1~2~nan~spherical___0",
        "1~2~0.5~spherical_1~2~3~4__0",
        "1~2~0.5~spherical__1_0",
        "1.5~2~0.5~spherical___0",
        "1~2~0.5~<script>___0",
        "_" * 5000,
    ],
)
def test_link_that_cannot_be_read(text):
    with pytest.raises(UserError):
        View.from_text(text, "digits", 3, 3)
