import gc
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest

from gan import UserError, images, inference, latent, paths
from tests.small_models import LATENT, save_generator


def asked(n, seed=1):
    """Latents and classes of n pictures."""
    return latent.normal(seed, n, LATENT), np.eye(10, dtype=np.float32)[np.arange(n) % 10]


def directly(net, latents, classes):
    return images.from_model(np.asarray(net([latents, classes], training=False)))


def assert_same_pictures(actual, expected):
    """Equal but for a grey level here and there: batch sizes order float sums differently."""
    assert actual.dtype == np.uint8
    assert actual.shape == expected.shape
    distance = np.abs(actual.astype(int) - expected.astype(int))
    assert distance.max() <= 1
    assert (distance > 0).mean() < 0.01


@pytest.fixture
def digits(weights_dir):
    return save_generator()


@pytest.mark.parametrize("n", [1, 3, 16, 17, 300])
def test_pictures_are_those_of_the_net(digits, n):
    latents, classes = asked(n)
    expected = directly(digits, latents, classes)
    assert expected.std() > 10
    assert_same_pictures(inference.sample("digits", latents, classes), expected)


def test_mixed_classes(digits):
    latents, _ = asked(2)
    mixed = np.array([[0.5, 0.5] + 8 * [0], 10 * [0.1]], np.float32)
    assert_same_pictures(inference.sample("digits", latents, mixed), directly(digits, latents, mixed))


def test_classes_that_are_combinations(weights_dir):
    """A weight a combination is asked for; the net gets the shares of each column's values."""
    columns = {"label": ("black", "blonde"), "skin": ("deep", "pale", "tan")}
    net = save_generator("faces", columns=columns)
    weights = np.array([6 * [0], [0.5, 0, 0, 0, 0, 0.5]], np.float32)
    weights[0, 4] = 1
    given = np.array([[0, 1, 0, 1, 0], [0.5, 0.5, 0.5, 0, 0.5]], np.float32)
    latents = latent.normal(1, 2, LATENT)
    drawn = inference.sample("faces", latents, weights)
    assert_same_pictures(drawn, directly(net, latents, given))
    with pytest.raises(UserError, match=r"classes: faces takes \(2, 6\)"):
        inference.sample("faces", latents, given)


def test_many_callers_and_models_at_once(digits, weights_dir):
    nets = {"digits": digits, "other": save_generator("other", seed=2), "kep": save_generator("kep", 3, "kepkreator")}

    def call(index):
        name = list(nets)[index % 3]
        latents, classes = asked(1 + index % 5 if index % 10 else 40, seed=index)
        return name, latents, classes, inference.sample(name, latents, classes)

    with ThreadPoolExecutor(12) as pool:
        for name, latents, classes, pictures in pool.map(call, range(60)):
            assert_same_pictures(pictures, directly(nets[name], latents, classes))
    assert not np.array_equal(inference.sample("digits", *asked(4)), inference.sample("other", *asked(4)))


def test_arguments_may_be_changed_after_they_were_handed_in(digits):
    latents, classes = asked(8)
    future = inference.submit("digits", latents, classes)
    expected = directly(digits, latents.copy(), classes)
    latents[:] = 0
    assert_same_pictures(future.result(), expected)


def test_many_rows_are_drawn_with_little_added():
    for n in range(1, inference.BUCKETS[-1] + 1):
        left, drawn = n, 0
        while left:
            rows = inference._at_once(left)
            drawn += next(size for size in inference.BUCKETS if size >= rows)
            left -= rows
        assert drawn - n <= inference.SPARE


def test_model_that_is_deleted_or_replaced_while_the_server_runs(digits):
    before = inference.sample("digits", *asked(4))
    shutil.rmtree(paths.weights_dir() / "digits")
    with pytest.raises(UserError, match="unknown model 'digits'"):
        inference.sample("digits", *asked(4))
    other = save_generator(seed=5)
    after = inference.sample("digits", *asked(4))
    assert_same_pictures(after, directly(other, *asked(4)))
    assert not np.array_equal(after, before)


def test_weights_that_were_cut_off(weights_dir):
    save_generator("cut")
    path = paths.weights_dir() / "cut" / "weights.npz"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match="cut off or changed"):
        inference.sample("cut", *asked(1))


def test_more_models_than_are_kept(weights_dir):
    nets = {f"m{i}": save_generator(f"m{i}", seed=i + 1) for i in range(inference.MODELS_KEPT + 2)}
    for name in [*nets, "m0"]:
        assert_same_pictures(inference.sample(name, *asked(2)), directly(nets[name], *asked(2)))


@pytest.mark.parametrize(
    ("latents", "classes", "message"),
    [
        (np.zeros((2, LATENT + 1)), np.eye(10)[:2], r"latents: digits takes \(n, 12\)"),
        (np.zeros(LATENT), np.eye(10)[:1], "latents"),
        (np.zeros((0, LATENT)), np.zeros((0, 10)), "at least 1"),
        (np.full((1, LATENT), np.nan), np.eye(10)[:1], "latents: all values must be finite"),
        (np.full((1, LATENT), 1e300), np.eye(10)[:1], "latents: all values must be finite"),
        (np.zeros((2, LATENT)), np.eye(10)[:1], r"classes: digits takes \(2, 10\)"),
        (np.zeros((1, LATENT)), np.eye(9)[:1], "classes"),
        (np.zeros((1, LATENT)), np.zeros((1, 10)), "add up to one"),
        (np.zeros((1, LATENT)), np.array([[2.0, -1] + 8 * [0]]), "must not be negative"),
        (np.zeros((1, LATENT)), np.full((1, 10), np.inf), "classes: all values must be finite"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_arrays_that_do_not_fit(digits, latents, classes, message):
    with pytest.raises(UserError, match=message):
        inference.submit("digits", latents, classes)


def test_unknown_model_and_one_that_draws_nothing(weights_dir):
    save_generator("judge", kind="classifier")
    with pytest.raises(UserError, match="did you mean judge"):
        inference.submit("juge", *asked(1))
    with pytest.raises(UserError, match="is a classifier"):
        inference.submit("judge", *asked(1))


@pytest.mark.parametrize("axis", [3, 8])
def test_first_direction_is_the_axis_that_matters_most(weights_dir, axis):
    net = save_generator(loud=axis)
    found = inference.model_directions("digits", 4)
    np.testing.assert_allclose(found @ found.T, np.eye(4), atol=1e-5)
    assert found[0, axis] > 0.95
    np.testing.assert_array_equal(found, inference.model_directions("digits", 4))

    start, classes = asked(40, seed=9)
    first, fourth = (directly(net, start + way, classes).astype(int) for way in found[[0, 3]])
    still = directly(net, start, classes).astype(int)
    assert np.abs(first - still).mean() > 1.5 * np.abs(fourth - still).mean()


def test_directions_that_cannot_be_had(digits):
    with pytest.raises(UserError, match="1 to 12"):
        inference.model_directions("digits", 13)
    assert inference.model_directions("digits", 12).shape == (12, 12)


def test_warm_in_background(digits):
    inference.warm_in_background("digits").join(60)
    assert inference.ready()
    inference.warm_in_background("no-such-model").join(60)  # says so in the log, and no more


def test_importing_it_loads_neither_tensorflow_nor_keras():
    code = "import sys, gan.inference; print([m for m in ('tensorflow', 'keras') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=paths.ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_one_thread_draws_for_all(digits):
    inference.sample("digits", *asked(1))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: inference.sample("digits", *asked(2)), range(20)))
    assert sum(thread.name == "gan-inference" for thread in threading.enumerate()) == 1


def test_memory_does_not_creep_over_five_thousand_pictures(digits):
    def draw(times):
        for index in range(times):
            inference.sample("digits", *asked(50, seed=index))
        gc.collect()
        return psutil.Process().memory_info().rss

    before = draw(10)
    assert draw(100) - before < 20 * 2**20
