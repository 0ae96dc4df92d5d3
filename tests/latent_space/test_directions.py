import numpy as np
import pytest

from gan import UserError, conditions, inference, latent
from gan.latent_space import directions, measuring, shelf
from tests.small_models import LATENT, save_classifiers, save_generator

FAMILIES = ("components", "factors")


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch):
    monkeypatch.setattr(directions, "DRAWN", 128)
    monkeypatch.setattr(directions, "MEASURED", 512)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_axis_that_a_net_amplifies_comes_first(weights_dir, family):
    save_generator(loud=3)
    assert abs(directions.family("digits", family).result()[0].vector[3]) > 0.9


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("net", "shape", "class_names"), [("kepkreator", (28, 28, 1), ("a", "b")), ("anime-dcgan", (32, 32, 3), ())]
)
def test_ranked_directions_of_other_nets(weights_dir, family, net, shape, class_names):
    """Joined by a class behind the first layer, or by none; a layer with its own activation, or normalisation."""
    save_generator(family=net, shape=shape, class_names=class_names)
    vectors = np.stack([direction.vector for direction in directions.family("digits", family).result()])
    assert vectors.shape == (8, LATENT)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    if family == "factors":
        np.testing.assert_allclose(vectors @ vectors.T, np.eye(8), atol=1e-4)


def test_factors_are_those_of_the_first_kernel(weights_dir):
    net = save_generator()
    kernel = np.asarray(net.get_layer("seed").kernel)[:LATENT]
    vectors = np.stack([direction.vector for direction in directions.family("digits", "factors").result()])
    np.testing.assert_allclose(np.abs((vectors * latent.directions(kernel, 8)).sum(1)), 1, atol=1e-3)


def test_components_of_a_linear_net_are_its_strongest_axes():
    latents = latent.normal(1, 500, 6)
    groups = np.arange(500) % 2
    stretched = latents * [1, 9, 1, 5, 1, 1] + 50 * groups[:, None]  # the groups differ most of all
    found = directions.components(stretched, latents, groups, 2)
    assert abs(found[0, 1]) > 0.99
    assert abs(found[1, 3]) > 0.99


def test_measured_directions_do_what_they_are_called(weights_dir):
    save_generator()
    found = directions.family("digits", "measured").result()
    assert {direction.name for direction in found} <= {"m-thick", "m-slant", "m-wide", "m-tall"}
    thick = next(direction for direction in found if direction.name == "m-thick")
    assert thick.title == "Thicker"
    assert 0.2 <= float(thick.note) <= 1
    latents, classes = latent.normal(9, 64, LATENT), np.eye(10)[np.arange(64) % 10]
    ink = [
        measuring.amount(inference.sample("digits", latents + way * thick.vector, classes)).mean() for way in (-2, 0, 2)
    ]
    assert ink[0] < ink[1] < ink[2]


def test_a_classifier_of_columns_gives_directions_by_their_values(weights_dir, monkeypatch):
    columns = {"hair": ("black", "green"), "skin": ("dark", "pale", "tan")}
    save_generator("faces", family="cgan", columns=columns, shape=(32, 32, 3))
    save_classifiers(conditions.names(columns.values()), (32, 32, 3), columns=columns)
    monkeypatch.setattr(directions, "LEAST", -1)  # of nets with random weights
    titles = [direction.title for direction in directions.family("faces", "measured").result()]
    hair, skin = ["Hair: black", "Hair: green"], ["Skin: dark", "Skin: pale", "Skin: tan"]
    assert titles == ["Brighter", "Warmer", *hair, *skin]


def test_a_direction_that_a_person_names(weights_dir, kept):
    save_generator()
    entry = directions.name_direction("digits", "rounder", [1, 2, latent.coded(latent.normal(3, 1, LATENT)[0])], [4])
    (found,) = directions.family("digits", "named").result()
    assert (found.name, found.title) == (f"u-{entry.id}", "rounder")
    more, less = (np.mean([latent.normal(seed, 1, LATENT)[0] for seed in seeds], 0) for seeds in ((1, 2, 3), (4,)))
    assert found.vector @ (more - less) > 0
    assert directions.find("digits", [found.name])[found.name] == pytest.approx(found.vector)
    shelf.remove("direction", entry.id)
    with pytest.raises(UserError, match="unknown direction of this model"):
        directions.find("digits", [found.name])


@pytest.mark.parametrize(
    ("more", "less", "message"),
    [
        ([], [1], "at least one picture"),
        ([1], [], "at least one picture"),
        ([-1], [1], "picture 1: must be a whole number"),
        ([1], [{}], "picture 2: must be a whole number"),
        (["AAAA"], [1], "a word for 12 numbers"),
    ],
)
def test_pictures_that_name_no_direction(weights_dir, kept, more, less, message):
    save_generator()
    with pytest.raises(UserError, match=message):
        directions.name_direction("digits", "x", more, less)
    assert not shelf.entries("direction")


def test_what_was_named_of_another_model_is_passed_over(weights_dir, kept):
    save_generator()
    shelf.keep("direction", "digits", "old", {"vector": [1.0, 0.0]})
    shelf.keep("direction", "faces", "other", {"vector": [1.0] * LATENT})
    shelf.keep("direction", "digits", "empty", {})
    shelf.keep("direction", "digits", "damaged", {"vector": ["north", {}]})
    assert directions.family("digits", "named").result() == ()


def test_a_family_that_cannot_be_found_says_so_and_can_be_asked_for_again(weights_dir, kept):
    save_generator(seed=77)  # not remembered from other tests
    weights = weights_dir / "digits" / "weights.npz"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + b"?")
    first = directions.family("digits", "factors")
    assert isinstance(first.exception(60), UserError)
    # Who asks without waiting, as the page does, has to be told the next time.
    assert isinstance(directions.family("digits", "factors").exception(0), UserError)
    weights.write_bytes(whole)
    assert len(directions.family("digits", "factors").result(60)) == 8


def test_names_that_belong_nowhere(weights_dir):
    save_generator()
    assert directions.families_of(["d1", "s2", "d3"]) == ["seen", "factors"]
    for names in (["x1"], [""]):
        with pytest.raises(UserError, match="unknown direction"):
            directions.families_of(names)
    with pytest.raises(UserError, match="unknown family"):
        directions.family("digits", "sen")
    with pytest.raises(UserError, match="unknown model"):
        directions.family("digit", "seen")
