"""How far a task is: one line on a terminal, a few in a log."""

from __future__ import annotations

import sys

from gan.cli_progress import Progress


def test_a_log_gets_a_line_now_and_then(capsys):
    say = Progress()
    for share in range(101):
        say(share / 100, f"picture {share}")
    say(1.0, "ready")
    say.done()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11 and lines[0] == "  0% picture 0" and lines[-1] == "100% picture 100"
    assert not any("\r" in line for line in lines)


def test_what_begins_anew_is_said(capsys):
    say = Progress()
    for share, words in ((0.0, "reading"), (1.0, "read"), (0.0, "writing"), (0.05, "writing"), (1.0, "written")):
        say(share, words)
    assert [line[5:] for line in capsys.readouterr().err.splitlines()] == ["reading", "read", "writing", "written"]


def test_a_terminal_has_one_line(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    say = Progress()
    say(0.1, "long words " * 20)
    say(0.2, "short")
    say.done()
    say.done()
    text = capsys.readouterr().err
    assert text.count("\n") == 1 and text.endswith("\n")
    assert [len(part) for part in text.rstrip("\n").split("\r")] == [0, 75, 75]
