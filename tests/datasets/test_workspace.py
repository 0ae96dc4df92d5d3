"""Folders for what is not ready yet: they go, whoever made them and whatever became of it."""

from __future__ import annotations

import os
import subprocess
import time

import pytest

from gan.datasets import workspace
from gan.host import host

DAY_AGO = time.time() - 1.01 * workspace.OLD


@pytest.fixture
def gone():
    """The number of a process that is no more."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def left(parent, name, changed=None):
    path = parent / f"{workspace.ASIDE}{name}"
    path.mkdir()
    (path / "half").touch()
    if changed:
        os.utime(path, (changed, changed))
    return path


def test_what_a_killed_process_left_is_cleared_away(tmp_path, gone):
    of_one_gone, of_this = left(tmp_path, f"{host()}-{gone}-1"), left(tmp_path, f"{host()}-{os.getpid()}-1", DAY_AGO)
    with workspace.workspace(tmp_path) as aside:
        assert aside.is_dir() and not of_one_gone.exists() and of_this.is_dir()
    assert list(tmp_path.iterdir()) == [of_this]


def test_what_another_machine_works_on_is_left_to_it(tmp_path, gone):
    theirs = left(tmp_path, f"0123456789ab-{gone}-1")
    forgotten, of_an_older_version = left(tmp_path, f"0123456789ab-{gone}-2", DAY_AGO), left(tmp_path, "1-2", DAY_AGO)
    with workspace.workspace(tmp_path):
        assert theirs.is_dir() and not forgotten.exists() and not of_an_older_version.exists()
