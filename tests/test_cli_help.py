"""What holds of every verb: its help teaches, its examples work, its codes and its JSON are as promised."""

from __future__ import annotations

import argparse
import errno
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from gan import UserError, cli, recognise
from gan.cli_base import PROGRAM
from gan.paths import ROOT

VERBS = cli.verbs_of(cli.parser())


def run(*arguments):
    return cli.main([str(argument) for argument in arguments])


def examples(verb):
    """The command lines that a verb's help gives, as the shell would split them."""
    lines = [line.strip() for line in (VERBS[verb].epilog or "").splitlines()]
    return [shlex.split(line.removeprefix(PROGRAM)) for line in lines if line.startswith(PROGRAM)]


@pytest.mark.parametrize("verb", VERBS)
def test_help_teaches(verb, capsys):
    given = examples(verb)
    assert 1 <= len(given) <= 4 and all(words[0] == verb for words in given)
    for words in given:
        cli.parser().parse_args(words)
    for action in VERBS[verb]._actions:
        assert action.help, f"{verb}: {action.dest} is not explained"
    with pytest.raises(SystemExit) as ended:
        run(verb, "--help")
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "for example:" in said and "--json" in said


@pytest.mark.parametrize("verb", ["sample", "text", "morph", "interpolate"])
def test_examples_do_what_they_say(verb, tmp_path, monkeypatch, capsys):
    """With the models that ship: the labels they name are labels. Large orders are left out, and longer films."""
    monkeypatch.setenv("GAN_WEIGHTS_DIR", str(ROOT / "weights"))
    monkeypatch.chdir(tmp_path)
    for words in examples(verb):
        if words[-1].endswith(".png"):
            assert run(*words) == 0, capsys.readouterr().err
            assert (tmp_path / words[-1]).stat().st_size


def test_what_is_taken_if_nothing_is_given_is_said_once():
    for verb, parser in VERBS.items():
        for action in parser._actions:
            said = parser._get_formatter()._expand_help(action).count("default") if action.help != "==SUPPRESS==" else 0
            kept = action.default in (None, "", [], 0, argparse.SUPPRESS)  # what is off, or explained where it matters
            assert said <= 1 and (said or kept or not action.option_strings), f"{verb} {action.dest}"


def test_no_verb_prints_help_and_versions_are_told(capsys):
    assert run() == 0
    said = capsys.readouterr().out
    assert all(re.search(rf"^    {verb}\b", said, re.MULTILINE) for verb in VERBS) and "exit codes:" in said
    assert run("--version") == 0
    assert re.fullmatch(r"GAN Studio [\d.]+ \(Python .*keras 3.*\)\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trian", "--recipe", "cgan28"], "unknown verb 'trian'; did you mean train?"),
        (["sample", "--lables", "3", "--out", "x.png"], "did you mean --labels?"),
        (["sample", "--n", "3", "--otu=x.png"], "did you mean --out?"),
    ],
)
def test_what_is_misspelt_is_told_with_the_nearest(arguments, words, capsys):
    try:
        code = run(*arguments)
    except SystemExit as ended:
        code = ended.code
    assert code == 2 and words in capsys.readouterr().err


def test_values_that_look_like_options_are_left_alone():
    options = cli.parser().parse_args(["text", "--out", "x.png", "--", "--lables"])
    assert options.text == "--lables"
    assert cli.parser().parse_args(["text", "-- no", "--out", "x.png"]).text == "-- no"
    assert cli.parser().parse_args(["text", "1", "--slant", "-8", "--trunc", "0.5", "--out", "x"]).truncation == 0.5


def test_an_option_of_several_values_may_be_given_again():
    found = [(verb, action) for verb, parser in VERBS.items() for action in parser._actions if action.nargs == "+"]
    named = [(verb, action) for verb, action in found if action.option_strings]
    assert {action.dest for _, action in named} >= {"set", "space", "objective", "keys", "fonts", "without"}
    for verb, action in named:
        given = argparse.Namespace(**{action.dest: action.default})
        for values in (["a"], ["b", "c"]):
            action(VERBS[verb], given, values)
        assert getattr(given, action.dest) == ["a", "b", "c"], f"{verb} {action.dest}"
        assert not action.default


def test_what_is_interrupted_says_so(monkeypatch, capsys):
    def interrupted(options):
        raise KeyboardInterrupt

    monkeypatch.setattr("gan.cli_data.show", lambda *_: interrupted(None))
    assert run("datasets") == 130
    assert capsys.readouterr().err == "gan: interrupted\n"


def test_what_a_disk_does_is_told_without_a_trace(runs_dir, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert run("train", "--recipe", "cgan28", "--run", tmp_path / "file" / "run") == 1
    assert capsys.readouterr().err == f"gan: {tmp_path / 'file' / 'run'}: Not a directory\n"
    assert run("train", "--recipe", "cgan28", "--run", tmp_path / ("x" * 300)) == 1
    assert capsys.readouterr().err.endswith("xxx: File name too long\n")


def test_a_full_disk_fails_on_the_way(monkeypatch, capsys):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")  # as a write does: it names no file

    def told(*_):
        try:
            full()
        except OSError as error:
            raise UserError(f"--out f.png: cannot be written ({error.strerror}).") from None

    for raised in (full, told):
        monkeypatch.setattr("gan.cli_data.show", raised)
        assert run("datasets") == 1
        assert "No space left on device" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_an_answer_that_does_not_fit_is_told_once():
    with Path("/dev/full").open("w") as out:
        done = subprocess.run(
            [sys.executable, "-m", "gan", "recipes"],
            stdout=out,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            timeout=60,
            text=True,
        )
    assert (done.returncode, done.stderr) == (1, "gan: No space left on device\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_a_closed_stream_is_not_written_to(closed):
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "gan", "runs", "--json"]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=60, text=True)
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout == "" if closed == ">&-" else isinstance(json.loads(done.stdout), list)


def test_a_reader_that_has_had_enough_is_no_failure():
    """`| head` closes the pipe: no traceback, then or when Python ends."""
    command = [sys.executable, "-m", "gan", "recipes", "--json"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, cwd=ROOT, timeout=60, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_kinds_of_writing_in_the_help_are_those_there_are():
    action = next(action for action in VERBS["recognize"]._actions if action.dest == "what")
    assert action.help.split(", ") == [task.name for task in recognise.TASKS]


@pytest.mark.parametrize("verb", ["datasets", "recipes", "models", "runs"])
def test_lists_have_a_line_each_for_people(verb, runs_dir, capsys):
    assert run(verb) == 0
    lines = capsys.readouterr().out.splitlines()
    assert run(verb, "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(line.startswith(str(row.get("name"))) for line, row in zip(lines, rows, strict=True))
