"""The verbs, on a small model and a shrunk recipe: what they print, write and refuse."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan import cli, images
from gan.training import runs
from tests.small_models import save_generator
from tests.small_runs import make_run

SMALL = ["dataset=handwriting", "batch=8", "steps=6", "width=4", "latent=8", "precision=float32", "xla=off"]


@pytest.fixture
def digits(weights_dir):
    save_generator()


def run(*arguments):
    return cli.main([str(argument) for argument in arguments])


@pytest.mark.parametrize("verb", ["datasets", "recipes", "models", "runs"])
def test_lists_are_json_on_request(verb, digits, runs_dir, capsys):
    assert run(verb, "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert isinstance(rows, list) and (rows or verb == "runs")


def test_runs_are_forked_renamed_removed_and_brought_back(runs_dir, capsys):
    first = make_run(nets=False)
    assert run("fork", first.id, "--set", "r1=2.5") == 2 and "no checkpoint yet" in capsys.readouterr().err
    assert run("fork", first.id, "--set", "r1=2.5", "--beginning") == 0
    made = runs.find(capsys.readouterr().out.split("/")[-1].strip())
    assert made.recipe.r1 == 2.5 and run("rename", made.id, "second") == 0
    assert run("remove", "second") == 0 and runs.list_runs() == [first]
    assert run("remove", "second", "--undo") == 0 and runs.find("second").recipe.r1 == 2.5


def test_samples_as_arrays(digits, tmp_path):
    out = tmp_path / "f.npz"
    assert run("sample", "--model", "digits", "--per-class", 3, "--seed", 1, "--out", out) == 0
    with np.load(out) as arrays:
        assert arrays["images"].shape == (30, 28, 28, 1) and arrays["images"].dtype == np.uint8
        assert np.bincount(arrays["labels"]).tolist() == [3] * 10
        first = arrays["images"]
    run("sample", "--model", "digits", "--per-class", 3, "--seed", 1, "--out", out)
    with np.load(out) as arrays:
        assert np.array_equal(arrays["images"], first)  # the seed decides


def test_samples_of_labels_as_a_sheet(digits, tmp_path):
    out = tmp_path / "f.png"
    assert run("sample", "--labels", "7,7,3", "--out", out) == 0
    assert images.decode(out.read_bytes()).shape[2] == 1


def test_a_line_of_text(digits, tmp_path, capsys):
    out = tmp_path / "line.png"
    assert run("text", "20 26", "--out", out) == 0
    assert capsys.readouterr().out == "digits: 206\n"
    height, width, _ = images.decode(out.read_bytes()).shape
    assert width > height
    look = ("--size", 40, "--slant", -8, "--ink", "#1a2b6c", "--paper", "none", "--many-hands")
    assert run("text", "20\n26", *look, "--out", out) == 0
    with Image.open(out) as picture:
        assert picture.mode == "RGBA" and picture.height == 80


def test_a_labelled_set_and_a_morph(digits, tmp_path, capsys):
    out = tmp_path / "set.zip"
    assert run("labelled-set", "--per-class", 2, "--out", out) == 0
    assert "20 pictures in" in capsys.readouterr().out
    with zipfile.ZipFile(out) as pack:
        assert len(pack.namelist()) == 21
    assert run("labelled-set", "--n", 5, "--idx", "--out", out) == 0
    assert run("morph", "--labels", "3,8", "--steps", 2, "--rows", 2, "--out", tmp_path / "m.png") == 0
    assert images.decode((tmp_path / "m.png").read_bytes()).shape == (58, 88, 1)
    assert run("morph", "--labels", "3,8", "--seconds", 0.2, "--out", tmp_path / "m.gif") == 0
    assert "3 → 8 in" in capsys.readouterr().out


def test_a_picture_four_times_larger(weights_dir, tmp_path, capsys):
    from tests.small_models import save_upscaler

    small = tmp_path / "small.png"
    small.write_bytes(images.encode_png(np.zeros((3, 5, 3), np.uint8)))
    assert run("upscale", small) == 2 and "There is no upscaler yet" in capsys.readouterr().err
    save_upscaler("mine")
    assert run("upscale", small) == 0 and "20 x 12 pixels, by mine" in capsys.readouterr().out
    assert images.decode((tmp_path / "small-4x.png").read_bytes()).shape == (12, 20, 3)
    assert run("upscale", small, tmp_path / "out.png", "--model", "mine") == 0 and (tmp_path / "out.png").is_file()
    for arguments, words in (
        ([small, "--model", "digist"], "unknown model"),
        ([small, "--out", "x.tiff"], "end the name with .png"),
        ([small, small], "would overwrite the original"),
        ([tmp_path / "none.png"], "cannot be read"),
        (["."], ".: cannot be read (Is a directory)"),
        ([""], ".: cannot be read (Is a directory)"),
        ([weights_dir / "mine" / "card.json"], "not a picture"),
    ):
        assert run("upscale", *arguments) == 2 and words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sample", "--model", "digist", "--n", 1, "--out", "x.png"], "did you mean digits"),
        (["sample", "--labels", "7,x", "--out", "x.png"], "unknown label of digits 'x'"),
        (["sample", "--n", 1, "--out", "x.tiff"], "end the name with .png"),
        (["sample", "--n", 1, "--out", "/nonexistent/x.png"], "cannot be written"),
        (["sample", "--n", 1, "--agree", "--out", "x.png"], "No classifier here reads what digits draws"),
        (["labelled-set", "--n", 1, "--out", "x.png"], "end the name with .zip"),
        (["labelled-set", "--n", 200_001, "--out", "x.zip"], "1 to 200,000"),
        (["morph", "--labels", "3", "--out", "x.gif"], "choose two or more"),
        (["morph", "--labels", "3,8", "--out", "x.jpg"], "end the name with .png"),
        (["cas", "--dataset", "hangul"], "A score needs the same classes and size"),
        (["cas", "--dataset", "handwriting-digits", "--count", 5], "too few"),
        (["text", "12", "--ink", "red", "--out", "x.png"], "ink: 'red' is no colour"),
        (["text", "abc", "--out", "x.png"], "no way to write"),
        (["text", "12", "--model", "letters", "--out", "x.png"], "unknown model 'letters'"),
        (["train", "--recipe", "cgan82"], "did you mean cgan28"),
        (["train", "--recipe", "cgan28", "--set", "batch"], "NAME=VALUE"),
        (["train", "--recipe", "cgan28", "--set", "batch=0"], "2 to 4096"),
        (["resume", "nothing"], "unknown run"),
        (["resume", "x" * 300], "unknown run"),
        (
            ["evaluate", "--model", "digits", "--dataset", "handwriting", "--features", "inception"],
            "Put inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
        ),
        (["stop", "nothing"], "unknown run"),
        (["promote", "nothing", "--name", "x"], "unknown run"),
    ],
)
def test_what_cannot_be_done_is_told(arguments, words, digits, runs_dir, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert run(*arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("widht=4", "did you mean width"),
        ("width=0", "1 to 4096"),
        ("dataset=mnits", "did you mean mnist"),
        ("loss=hinges", "did you mean hinge"),
        ("augment=shfit", "did you mean shift"),
        ("options=x", "by its own name"),
    ],
)
def test_what_a_recipe_misspells_is_told_before_there_is_a_run(setting, words, digits, runs_dir, capsys):
    assert run("train", "--recipe", "cgan28", "--set", *SMALL, setting) == 2
    assert words in capsys.readouterr().err
    assert runs.list_runs() == []


@pytest.mark.parametrize("arguments", [["--n", "0"], ["--per-class", "-1"], ["--n", "x"]])
def test_no_pictures_are_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        run("sample", *arguments, "--out", "x.png")
    assert "whole number from 1" in capsys.readouterr().err


def test_from_training_to_a_sheet(runs_dir, weights_dir, tmp_path, capsys):
    folder = runs_dir / "mine"
    assert run("train", "--recipe", "cgan28", "--set", *SMALL, "--run", folder) == 0
    assert run("train", "--recipe", "cgan28", "--set", *SMALL, "--run", folder) == 2
    assert "not empty" in capsys.readouterr().err
    assert run("promote", "mine", "--name", "mine") == 0
    assert run("sample", "--model", "mine", "--n", 4, "--out", tmp_path / "s.png") == 0
    assert run("resume", "mine", "--json") == 0  # finished already: nothing is left to do
    said = json.loads(capsys.readouterr().out.rpartition("\n{")[2].join(["{", ""]))
    assert (said["run"], said["state"], said["step"], said["recipe"]) == ("mine", "finished", 6, "cgan28")
    assert run("stop", "mine") == 2
    assert "nobody is working" in capsys.readouterr().err


def test_in_the_background_the_run_is_named_and_a_worker_started(digits, runs_dir, capsys, monkeypatch):
    started = []
    monkeypatch.setattr(runs, "start_worker", lambda run, backend: started.append((run, backend)))
    assert run("train", "--recipe", "cgan28", "--set", *SMALL, "--background", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert started == [(runs.find(said["run"]), "tensorflow")] and said["steps"] == 6 and said["state"] == "created"
    assert run("resume", said["run"], "--background") == 0
    assert started[1] == (started[0][0], "") and capsys.readouterr().out == f"Run {said['path']}\n"
