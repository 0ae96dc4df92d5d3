import math

import numpy as np
import pytest

from gan import UserError, latent
from gan.latent_space.views import MOST, OFFSETS, Key, View

ONE, TWO = {"at": 7, "classes": [0, 3, 1]}, {"at": 9, "classes": [2, 0, 0]}
PLAIN = {
    "model": "digits",
    "keys": [ONE, ONE | {"at": 9}],
    "t": 0.25,
    "path": "spherical",
    "easing": "even",
    "loop": False,
    "offsets": {"d1": 0.5, "d2": 0, "s3": -3},
    "plane": None,
}
WAYS = {"d1": np.eye(8, dtype=np.float32)[0], "s3": np.eye(8, dtype=np.float32)[2]}


def view(**changes) -> View:
    return View.from_json({**PLAIN, **changes}, classes=3)


def picture(seed: int) -> np.ndarray:
    return latent.normal(seed, 1, 8)[0]


def test_latent_of_a_view():
    a, b = picture(7), picture(9)
    offset = np.array([0.5, 0, -3, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(view().latent(WAYS, 8), latent.slerp(a, b, 0.25) + offset, atol=1e-6)
    np.testing.assert_allclose(view(path="straight").latent(WAYS, 8), 0.75 * a + 0.25 * b + offset, atol=1e-6)


def test_the_way_leads_from_key_to_key_and_round():
    keys = [{"at": seed, "classes": [1, 0, 0]} for seed in (1, 2, 3)]
    for t, seed in ((0, 1), (1, 2), (2, 3)):
        np.testing.assert_allclose(view(keys=keys, t=t, offsets={}).latent({}, 8), picture(seed), atol=1e-6)
    halfway = view(keys=keys, t=1.5, offsets={}).latent({}, 8)
    np.testing.assert_allclose(halfway, latent.slerp(picture(2), picture(3), 0.5), atol=1e-6)
    back = view(keys=keys, t=2.25, loop=True, offsets={}).latent({}, 8)
    np.testing.assert_allclose(back, latent.slerp(picture(3), picture(1), 0.25), atol=1e-6)
    np.testing.assert_allclose(view(keys=keys, t=3, loop=True, offsets={}).latent({}, 8), picture(1), atol=1e-6)
    with pytest.raises(UserError, match="from 0 to 2"):
        view(keys=keys, t=2.25)


def test_a_single_picture():
    alone = view(keys=[ONE], t=0, offsets={})
    np.testing.assert_array_equal(alone.latent({}, 8), picture(7))
    assert view(keys=[ONE], t=1, loop=True).weights() == (0, 0.75, 0.25)


def test_a_smooth_way_rests_at_the_keys():
    def share(t):
        point = view(t=t, path="straight", easing="smooth", offsets={}).latent({}, 8)
        return (point - picture(7))[0] / (picture(9) - picture(7))[0]

    assert [round(share(t), 4) for t in (0, 0.1, 0.5, 0.9, 1)] == [0, 0.028, 0.5, 0.972, 1]


def test_a_label_may_differ_from_key_to_key():
    shown = view(keys=[ONE, TWO])
    assert shown.weights() == (0.25, 0.75 * 0.75, 0.75 * 0.25)
    assert [stop.weights() for stop in shown.stops()] == [(0, 0.75, 0.25), (1, 0, 0)]


def test_a_written_latent_is_a_key_like_any_other():
    z = picture(4)
    shown = view(keys=[{"at": latent.coded(z), "classes": [1, 0, 0]}, ONE], t=0, offsets={})
    np.testing.assert_allclose(shown.latent({}, 8), z, atol=1 / 64)
    with pytest.raises(UserError, match="word for 9 numbers"):
        shown.latent({}, 9)


def test_plane_through_three_pictures():
    keys = [{"at": seed, "classes": [float(seed == other) for other in (1, 2, 3)]} for seed in (1, 2, 3)]
    corners = [picture(seed) for seed in (1, 2, 3)]
    for plane, corner, classes in zip(([0, 0], [1, 0], [0, 1]), corners, np.eye(3).tolist(), strict=True):
        shown = view(keys=keys, plane=plane, offsets={})
        np.testing.assert_allclose(shown.latent({}, 8), corner, atol=1e-6)
        assert shown.weights() == tuple(classes)
    flat = view(keys=keys, plane=[0.25, 0.5], path="straight", offsets={})
    np.testing.assert_allclose(flat.latent({}, 8), 0.25 * corners[0] + 0.25 * corners[1] + 0.5 * corners[2], atol=1e-6)
    assert flat.weights() == (0.25, 0.25, 0.5)
    length = np.linalg.norm(view(keys=keys, plane=[0.25, 0.5], offsets={}).latent({}, 8))
    expected = 0.25 * np.linalg.norm(corners[0]) + 0.25 * np.linalg.norm(corners[1]) + 0.5 * np.linalg.norm(corners[2])
    assert length == pytest.approx(expected, rel=1e-5)
    assert view(keys=keys, plane=[1.5, 0], offsets={}).weights() == (0, 1, 0)
    with pytest.raises(UserError, match="three pictures span one; there are 2"):
        view(plane=[0, 0])
    with pytest.raises(UserError, match=r"plane\[1\]"):
        view(keys=keys, plane=[0, 3])


def test_weights_add_up_to_one_and_a_view_survives_its_json():
    shown = view(keys=[ONE, TWO, ONE], plane=[0.5, 0.25])
    assert shown.keys[0] == Key(7, (0, 0.75, 0.25))
    assert shown.offsets == (("d1", 0.5), ("s3", -3))
    assert View.from_json(shown.to_json(), 3) == shown
    assert View.start("faces", 0).weights() == ()


def test_neighbours_of_a_view():
    assert [stop.t for stop in view().stops()] == [0, 1]
    assert [dict(end.offsets) for end in view().pushed(["d1", "p1"])] == [
        {"d1": -3, "s3": -3},
        {"d1": 3, "s3": -3},
        {"d1": 0.5, "s3": -3, "p1": -3},
        {"d1": 0.5, "s3": -3, "p1": 3},
    ]
    assert [one.weights() for one in view(keys=[ONE, TWO]).alone()] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


def test_a_value_of_a_column_alone_leaves_the_other_columns_as_they_are():
    key = {"at": 1, "classes": [0, 3, 1, 0, 0, 0]}  # hair 0; skins 1 and 2
    mixed = View.from_json({**PLAIN, "keys": [key, key]}, classes=6)
    assert [one.weights() for one in mixed.alone((2, 3))] == [
        (0, 0.75, 0.25, 0, 0, 0),
        (0, 0, 0, 0, 0.75, 0.25),
        (1, 0, 0, 0, 0, 0),
        (0, 1, 0, 0, 0, 0),
        (0, 0, 1, 0, 0, 0),
    ]
    assert View.start("faces", 0).alone() == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"keys": []}, f"keys: must be a list of 1 to {MOST}"),
        ({"keys": [ONE] * (MOST + 1)}, f"keys: must be a list of 1 to {MOST}"),
        ({"keys": "12"}, "keys: must be a list"),
        ({"keys": [ONE, 3]}, r"keys\[1\]: must be an object with at, classes"),
        ({"keys": [ONE, {"at": 3}]}, r"keys\[1\]: classes missing"),
        ({"keys": [ONE, ONE | {"at": -1}]}, r"keys\[1\].at: must be a whole number"),
        ({"keys": [ONE, ONE | {"at": 1.0}]}, r"keys\[1\].at: must be a whole number"),
        ({"keys": [ONE, ONE | {"at": True}]}, r"keys\[1\].at: must be a whole number"),
        ({"keys": [ONE, ONE | {"at": 2**32}]}, r"keys\[1\].at: must be a whole number"),
        ({"keys": [ONE, ONE | {"classes": [0, 0, 0]}]}, "at least one weight"),
        ({"keys": [ONE, ONE | {"classes": [1, -1, 1]}]}, r"classes\[1\]"),
        ({"keys": [ONE, ONE | {"classes": [1]}]}, "classes: must be a list of 3"),
        ({"t": 1.01}, "t: must be a number from 0 to 1"),
        ({"t": math.nan}, "t: must be a number"),
        ({"t": "0.5"}, "t: must be a number"),
        ({"t": None}, "t: must be a number"),
        ({"path": "curly"}, "unknown path 'curly'"),
        ({"path": ["spherical"]}, "unknown path"),
        ({"easing": "jumpy"}, "unknown easing 'jumpy'"),
        ({"loop": 1}, "loop: must be true or false"),
        ({"offsets": [0, 0]}, "offsets: must be an object"),
        ({"offsets": {"d1": 3.1}}, "offsets.d1: must be a number from -3 to 3"),
        ({"offsets": {"d1": -math.inf}}, "offsets.d1"),
        ({"offsets": {"d1": 10**400}}, "offsets.d1"),
        ({"offsets": {"d1": False}}, "offsets.d1"),
        ({"offsets": {"D 1": 1}}, "cannot be the name of a direction"),
        ({"offsets": {f"d{i}": 1 for i in range(OFFSETS + 1)}}, f"at most {OFFSETS} directions"),
        ({"plane": [0]}, "plane: must be a list of 2"),
        ({"model": ""}, "model: must be the name"),
        ({"model": 3}, "model: must be the name"),
        ({"modl": "digits"}, "did you mean model"),
    ],
)
def test_view_that_is_not_as_it_should_be(changes, message):
    with pytest.raises(UserError, match=message):
        view(**changes)


def test_view_with_something_missing_or_no_object_at_all():
    with pytest.raises(UserError, match="plane missing"):
        View.from_json({name: value for name, value in PLAIN.items() if name != "plane"}, 3)
    for data in ([], "x", None, 4):
        with pytest.raises(UserError, match="must be an object"):
            View.from_json(data, 3)
