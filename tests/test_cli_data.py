"""The verbs about data: import a set, list it, train on it, forget it, bring it back."""

from __future__ import annotations

import json

import pytest

from gan import cli
from gan.datasets import kept
from tests.datasets.test_folder import picture, put
from tests.datasets.test_stacks import IMAGES, LABELS, npz

pytestmark = pytest.mark.usefixtures("local_data")


def run(*arguments):
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture
def pets(tmp_path):
    files = {f"{kind}/{i}.png": picture(i * 20) for kind in ("cat", "dog") for i in range(10)}
    return put(tmp_path / "pets", files)


def listed(capsys):
    capsys.readouterr()
    run("datasets", "--json")
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)}


def test_import_list_forget_and_undo(pets, tmp_path, capsys):
    put(pets, {"cat/x.png": b"no picture"})
    table = put(tmp_path, {"legs.csv": "animal;legs\ncat;4\ndog;3\n"}) / "legs.csv"
    out = tmp_path / "report.csv"
    assert run("import", pets, "--name", "pets", "--size", 28, "--grey", "--pad", "--csv", table, "--report", out) == 0
    said = capsys.readouterr()
    assert "Found 21 pictures in 2 classes (picture files)." in said.out
    assert "20 pictures kept." in said.out and "cat/x.png" in said.out
    assert "Data set pets: 16 train and 4 test, 28 x 28, grey, 80% for training, seed 1." in said.out
    assert "16 of 21 pictures read, 1 left out" in said.err and "100%" in said.err
    assert "cat/x.png,left out,not a picture" in out.read_text(encoding="utf-8-sig")
    row = listed(capsys)["pets"]
    assert row["own"] and row["counts"] == {"train": 16, "test": 4} and row["classes"] == 2
    assert not listed(capsys)["mnist"]["own"]
    assert run("forget", "pets") == 0
    assert "python -m gan forget pets --undo" in capsys.readouterr().out
    assert "pets" not in listed(capsys)
    assert run("forget", "pets", "--undo") == 0
    assert "pets" in listed(capsys)


def test_options_reach_the_set(pets):
    assert (
        run("import", pets, "--name", "half", "--share", 0.5, "--seed", 3, "--title", "Half", "--licence", "CC0") == 0
    )
    row = kept.kept()["half"]
    assert row.counts == {"train": 10, "test": 10} and (row.title, row.licence) == ("Half", "CC0")
    assert row.shape == (64, 64, 3) and "seed 3" in row.split


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "absent", "--name", "x"], "absent: cannot be read"),
        (["import", "pets", "--name", "mnist"], "already"),
        (["import", "pets", "--name", "x", "--size", "1000"], "16 to 256"),
        (["import", "pets", "--name", "x", "--share", "7"], "0.05 to 0.95"),
        (["import", "pets", "--name", "x", "--report", "absent/r.csv"], "cannot be written"),
        (["forget", "absent"], "unknown data set of your own 'absent'"),
        (["forget", "mnist"], "unknown data set of your own 'mnist'"),
        (["forget", "absent", "--undo"], "unknown removed data set"),
    ],
)
def test_what_cannot_be_done_is_told(arguments, words, pets, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["import", "x"], ["augment", "--dataset", "handwriting"], ["compose", "--dataset", "handwriting"]]
)
def test_a_seed_that_cannot_be_is_told(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        run(*arguments, "--name", "x", "--seed", "-1")
    assert ended.value.code == 2 and "--seed: '-1' is not a whole number from 0" in capsys.readouterr().err


def test_a_damaged_set_is_told_when_listing(pets, local_data, capsys):
    run("import", pets, "--name", "pets")
    (local_data / "pets" / "card.json").write_text("{")
    assert run("datasets") == 0
    assert "gan: pets: card.json cannot be used" in capsys.readouterr().err


def test_a_set_of_one_s_own_is_trained_on_and_drawn(tmp_path, runs_dir, weights_dir, capsys):
    (tmp_path / "f.npz").write_bytes(npz(images=IMAGES.repeat(7, 1).repeat(7, 2)[:, ::2, ::2], labels=LABELS))
    assert run("import", tmp_path / "f.npz", "--name", "mine", "--size", 28, "--grey") == 0
    small = ["batch=4", "steps=3", "width=4", "latent=8", "precision=float32", "xla=off", "score_share=0"]
    assert run("train", "--recipe", "cgan28", "--set", "dataset=mine", *small, "--run", runs_dir / "own") == 0
    assert run("promote", "own", "--name", "drawn") == 0
    assert run("sample", "--model", "drawn", "--labels", "2,0", "--out", tmp_path / "s.png") == 0
    assert (tmp_path / "s.png").stat().st_size
    kept.remove("mine")
    assert run("train", "--recipe", "cgan28", "--set", "dataset=mine", *small) == 2
    assert "unknown data set 'mine'" in capsys.readouterr().err
