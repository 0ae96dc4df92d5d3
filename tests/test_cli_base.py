"""What verbs share: files that are there as a whole or not at all, and answers that any terminal can show."""

from __future__ import annotations

import io
import json
import os
import sys
import threading

import pytest

from gan import UserError, cli, cli_base, paths
from tests.small_runs import make_run


def test_what_stood_there_stays_where_a_file_cannot_be_written(tmp_path, monkeypatch):
    out = tmp_path / "out.png"
    out.write_bytes(b"before")
    monkeypatch.setattr(paths.Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(UserError, match=r"--out .*out.png: cannot be written \(No space left on device\)"):
        cli_base.write_out(out, b"after")
    assert out.read_bytes() == b"before" and list(tmp_path.iterdir()) == [out]


def test_a_link_leads_to_the_file_that_is_written(tmp_path):
    (tmp_path / "link.png").symlink_to(tmp_path / "out.png")
    for data in (b"first", b"second"):
        cli_base.write_out(tmp_path / "link.png", data)
        assert (tmp_path / "out.png").read_bytes() == data and (tmp_path / "link.png").is_symlink()


def test_a_pipe_is_written_into(tmp_path):
    pipe, heard = tmp_path / "pipe.png", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()), daemon=True)
    reader.start()
    cli_base.write_out(pipe, b"through")
    reader.join(10)
    assert heard == [b"through"] and pipe.is_fifo()


@pytest.mark.parametrize(
    ("encoding", "name", "line"),
    [("ascii", "größe", rb"gr\xf6\xdfe"), ("utf-8", "gr\udcf6ße", "gr\\udcf6ße".encode())],
)
def test_what_a_terminal_cannot_show_is_escaped(encoding, name, line, runs_dir, monkeypatch):
    make_run(nets=False).path.rename(runs_dir / name)

    def said(*arguments):
        out = io.TextIOWrapper(io.BytesIO(), encoding)
        monkeypatch.setattr(sys, "stdout", out)
        assert cli.main(arguments) == 0
        return out.buffer.getvalue()

    assert said("runs").startswith(line)
    assert json.loads(said("runs", "--json"))[0]["run"] == name  # as a program reads it, it is whole
