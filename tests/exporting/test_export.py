"""Exports of small models: they give the model's pictures, load without our code, and their READMEs are right."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from gan import conditions, exporting, registry
from gan import models as families
from gan.errors import UserError
from gan.exporting import apart, checking, formats, making, plain
from tests.small_models import save_classifiers, save_generator, save_reader, save_upscaler

COLUMNS = {"hair colour": ("black", "red", "grey"), "髪": ("a", "b")}
READ = {"ink": ("dark", "light"), "shape": ("round", "straight", "bent")}
EACH = [("digits", format) for format in ("keras", "saved_model", "onnx")]
EACH += [("columns", "onnx"), ("mnist_cnn", "onnx"), ("numbers_cnn", "keras"), ("larger", "saved_model")]
EACH += [("larger", "onnx")]  # which knows no sizes either


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A folder of models: of every kind one."""
    folder = tmp_path_factory.mktemp("weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_WEIGHTS_DIR", str(folder))
        save_generator("digits")
        save_generator("columns", columns=COLUMNS, shape=(32, 32, 3), family="cgan")
        save_classifiers(conditions.names(READ.values()), columns=READ)
        save_reader()
        save_upscaler("larger")
        yield folder


@pytest.mark.parametrize("model, format", EACH)
def test_an_export_gives_what_the_model_gives_and_its_readme_says_how(models, tmp_path, monkeypatch, model, format):
    said = []
    made = exporting.export(model, format, tmp_path / "out", say=lambda share, text: said.append(share))
    assert made.difference <= checking.TOLERANCE and made == exporting.find(tmp_path / "out")
    assert said == sorted(said) and said[-1] == 1.0
    card = json.loads((made.folder / "card.json").read_text(encoding="utf-8"))
    assert card["licence"] == "MIT" and card["weights_sha256"] == registry.card(model).digest == made.digest

    # What this test knows of the contract, beside what the export checked itself.
    given = plain.arrays(registry.card(model), 3, seed=7)
    assert {name: (3, *values.shape[1:]) for name, values in given.items()} == {n: v.shape for n, v in given.items()}
    found = exporting.FORMATS[format].load(made.folder / made.file)(given)
    expected = plain.reference(registry.card(model), registry.load(model), given)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, atol=1e-4 * max(1, np.abs(values).max()))
    assert set(card["inputs"]) == set(given) and set(card["outputs"]) == set(expected)

    readme = (made.folder / "README.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len(program.splitlines()) <= 14
    monkeypatch.chdir(made.folder)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})
    assert printed.getvalue().startswith(("(4, ", "["))


def test_columns_have_inputs_of_their_own_under_names_that_every_format_takes(models):
    card = registry.card("columns")
    assert plain.blocks(card) == {
        "hair_colour": ("hair colour", ("black", "red", "grey")),
        "column_2": ("髪", ("a", "b")),
    }
    given = {"latent": np.zeros((1, 12), np.float32), "hair_colour": np.eye(3)[[2]], "column_2": np.eye(2)[[1]]}
    given = {name: values.astype(np.float32) for name, values in given.items()}
    # Grey and b: the last of the combinations.
    expected = registry.load("columns")([given["latent"], card.encoding[[card.class_names.index("grey, b")]]])
    found = plain.reference(card, registry.load("columns"), given)["pictures"]
    np.testing.assert_array_equal(found, np.asarray(expected))


def test_our_own_layers_become_stock_ones(models, tmp_path):
    """Uniform, Combine, DepthToSpace, ToPixels and bilinear interpolation of any size."""
    faces = replace(registry.card("digits"), name="faces", class_names=(), shape=(32, 32, 3))
    published = families.build("anime-dcgan", {"latent": 12, "width": 4}, 0, faces.shape)["generator"]
    nets = [(faces, published)]
    nets += [(registry.card(model), registry.load(model)) for model in ("digits", "mnist_cnn", "larger")]
    for card, net in nets:
        formats.write_keras(plain.build(card, net), tmp_path / f"{card.name}.keras")
        with zipfile.ZipFile(tmp_path / f"{card.name}.keras") as pack:
            config = pack.read("config.json").decode()
        modules = set(re.findall(r'"module": "([^"]*)"', config))
        assert modules and all(module.split(".")[0] == "keras" for module in modules), modules
        assert '"registered_name": "gan>' not in config
        assert checking.difference(card, net, formats.load_keras(tmp_path / f"{card.name}.keras")) < 1e-5


def test_a_keras_export_loads_where_our_code_is_not(models, tmp_path):
    made = exporting.export("digits", "keras", tmp_path / "out")
    (program,) = re.findall(r"```python\n(.*?)```", (made.folder / "README.md").read_text(), re.DOTALL)
    check = "\nimport sys; assert not [name for name in sys.modules if name.split('.')[0] == 'gan']"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", program + check], cwd=made.folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.strip() == "(4, 28, 28, 1)", done.stderr


def test_another_layer_of_ours_is_refused_by_name(models):
    import keras

    @keras.saving.register_keras_serializable("gan")
    class Strange(keras.layers.Layer):
        def call(self, inputs):
            return inputs

    image = keras.Input((28, 28, 1))
    net = keras.Model(image, {"logits": Strange(name="odd")(image), "features": image})
    with pytest.raises(UserError, match="its layer 'odd' is a Strange, which is our own"):
        plain.build(registry.card("mnist_judge"), net)


def test_what_differs_is_refused_and_nothing_is_left(models, tmp_path, monkeypatch):
    def crooked(path):
        whole = formats.load_keras(path)
        return lambda given: {name: values + 2e-4 for name, values in whole(given).items()}

    row = making.FORMATS["keras"]
    monkeypatch.setitem(making.FORMATS, "keras", SimpleNamespace(**{**vars(row), "load": crooked}))
    with pytest.raises(UserError, match=r"digits: what was written differs from the model by 0.0002, more than 0.0001"):
        exporting.export("digits", "keras", tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_a_model_that_gives_no_numbers_is_refused(models):
    net = registry.load("digits")
    weights = net.get_weights()
    net.set_weights([weights[0] * np.nan, *weights[1:]])
    with pytest.raises(UserError, match="digits: the model itself gives what is no number"):
        checking.difference(registry.card("digits"), net, lambda given: {})


@pytest.mark.parametrize(
    "model, format, said",
    [
        ("digit", "onnx", "unknown model 'digit'; did you mean digits"),
        ("digits", "onx", "unknown format 'onx'; did you mean onnx"),
        ("larger", "web", "a page is made of a model that draws, and larger does not"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_loaded(models, tmp_path, model, format, said):
    with pytest.raises(UserError, match=said):
        exporting.export(model, format, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_only_an_export_is_replaced_and_only_if_asked(models, tmp_path):
    folder = tmp_path / "out"
    (folder / "precious").mkdir(parents=True)
    for overwrite in (False, True):
        with pytest.raises(UserError, match="out: is there already, and is no export"):
            exporting.export("digits", "keras", folder, overwrite)
    (folder / "precious").rmdir()
    exporting.export("digits", "keras", folder)  # an empty folder is in nobody's way
    with pytest.raises(UserError, match="there is an export already"):
        exporting.export("mnist_cnn", "keras", folder)
    (folder / "CNAME").touch()
    with pytest.raises(UserError, match="beside the export there is CNAME, which would be lost"):
        exporting.check("mnist_cnn", "keras", folder, overwrite=True)
    (folder / "CNAME").unlink()
    (tmp_path / "link").symlink_to(folder)
    made = exporting.export("mnist_cnn", "keras", tmp_path / "link", overwrite=True)
    assert (tmp_path / "link").is_symlink() and made.folder == folder
    assert made.file == "mnist_cnn.keras" and not (folder / "digits.keras").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "out"]
    names = zipfile.ZipFile(io.BytesIO(exporting.zipped(folder))).namelist()
    assert names == ["out/README.md", "out/card.json", "out/mnist_cnn.keras"]


def test_a_full_disk_and_a_forbidden_one_leave_what_was_there(models, tmp_path, monkeypatch):
    def full(net, path):
        raise OSError(28, "No space left on device")

    exporting.export("digits", "keras", tmp_path / "out")
    row = making.FORMATS["onnx"]
    monkeypatch.setitem(making.FORMATS, "onnx", SimpleNamespace(**{**vars(row), "write": full}))
    with pytest.raises(UserError, match="out: the disk is full; nothing was exported"):
        exporting.export("digits", "onnx", tmp_path / "out", overwrite=True)
    assert exporting.find(tmp_path / "out").format == "keras" and len(list(tmp_path.iterdir())) == 1
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        exporting.export("digits", "keras", tmp_path / "file" / "out")


def test_in_a_process_of_its_own_it_is_kept_and_can_be_cancelled(models, cache):
    said = []
    made = apart.export("digits", "keras", lambda share, text: said.append(text))
    assert apart.known(registry.card("digits"), "keras") == made and said
    assert apart.known(registry.card("digits"), "onnx") is None

    class Cancelled(BaseException):
        pass

    def cancel(share, text):
        if share:
            raise Cancelled

    with pytest.raises(Cancelled):
        apart.export("digits", "onnx", cancel)
    assert apart.known(registry.card("digits"), "onnx") is None
    with pytest.raises(UserError, match="unknown model"):
        apart.export("nobody", "onnx", cancel)
