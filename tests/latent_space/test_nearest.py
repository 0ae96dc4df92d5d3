import numpy as np
import pytest

from gan import UserError, inference, latent, registry
from gan.latent_space import nearest
from tests.small_models import LATENT, save_classifiers, save_generator


@pytest.fixture
def digits(weights_dir):
    save_generator()
    return registry.card("digits")


def drawn(seed: int, label: int) -> tuple[np.ndarray, np.ndarray]:
    """A picture of the model, and its class weights."""
    classes = np.eye(10, dtype=np.float32)[label]
    return inference.sample("digits", latent.normal(seed, 1, LATENT), classes[None])[0], classes


@pytest.mark.parametrize("read", [False, True])
def test_a_picture_of_the_model_is_found_again(digits, read):
    if read:
        save_classifiers()
    target, classes = drawn(77, 4)
    steps = list(nearest.search("digits", target, classes))
    errors, shares = [found.error for found in steps], [found.share for found in steps]
    assert errors == sorted(errors, reverse=True)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert errors[-1] < 0.05 * errors[0]
    again = inference.sample("digits", steps[-1].latent[None], classes[None])[0]
    assert np.abs(again.astype(int) - steps[-1].picture).max() <= 1
    assert steps[-1].error == pytest.approx(np.mean((again / 255 - target / 255) ** 2), abs=1e-3)


def test_the_same_search_finds_the_same(digits):
    target, classes = drawn(5, 1)
    first, second = (list(nearest.search("digits", target, classes))[-1] for _ in range(2))
    np.testing.assert_allclose(first.latent, second.latent, atol=1e-4)


def test_what_a_classifier_reads_is_asked_for(digits):
    assert nearest.reader(digits) is None
    assert nearest.classes_of(digits, drawn(1, 1)[0]) is None
    save_classifiers()
    classes = nearest.classes_of(digits, drawn(1, 1)[0])
    assert sorted(classes.tolist()) == [0] * 9 + [1]


def test_a_combination_is_read_column_by_column(weights_dir):
    columns = {"hair": ("black", "green"), "skin": ("dark", "pale", "tan")}
    names = tuple(f"{hair}, {skin}" for hair in columns["hair"] for skin in columns["skin"])
    save_generator("faces", family="cgan", columns=columns, shape=(32, 32, 3))
    save_classifiers(names, (32, 32, 3), columns=columns)
    card = registry.card("faces")
    classes = nearest.classes_of(card, np.full((32, 32, 3), 90, np.uint8))
    assert sorted(classes.tolist()) == [0] * 5 + [1]
    assert nearest.prepared(card, np.zeros((100, 60, 3), np.uint8)).shape == (32, 32, 3)
    assert nearest.prepared(card, np.zeros((100, 60, 1), np.uint8)).shape == (32, 32, 3)


def test_writing_is_put_where_the_model_would_draw_it(digits):
    save_classifiers()
    sheet = np.full((300, 400, 1), 255, np.uint8)
    sheet[40:200, 50:70] = 0  # a stroke, in a corner, dark on white
    found = nearest.prepared(digits, sheet)
    assert found.shape == (28, 28, 1)
    rows, columns = np.nonzero(found[..., 0] > 128)
    assert abs(rows.mean() - 14) < 1.5
    assert abs(columns.mean() - 14) < 1.5
    same = drawn(1, 1)[0]
    assert nearest.prepared(digits, same) is same
    with pytest.raises(UserError):
        nearest.prepared(digits, np.full((300, 400, 1), 255, np.uint8))  # nothing is on it


@pytest.mark.parametrize(
    "target", [np.zeros((28, 28, 3), np.uint8), np.zeros((28, 28, 1)), np.zeros((8, 8, 1), np.uint8)]
)
def test_a_picture_that_the_model_could_not_draw(digits, target):
    with pytest.raises(UserError, match="digits draws"):
        next(nearest.search("digits", target, np.eye(10)[0]))
