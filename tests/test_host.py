"""Which machine this is."""

from __future__ import annotations

import platform
from types import SimpleNamespace

from gan.host import host


def test_machines_and_containers_are_told_apart(monkeypatch):
    here = host()
    assert host() == here and here.isalnum()  # part of a folder's name
    monkeypatch.setattr("gan.host.Path.stat", lambda path: SimpleNamespace(st_ino=1))  # a container on it
    contained = host()
    monkeypatch.setattr(platform, "node", lambda: "elsewhere")
    assert len({here, contained, host()}) == 3


def test_where_there_is_no_linux_the_name_is_enough(monkeypatch):
    def missing(path):
        raise FileNotFoundError

    monkeypatch.setattr("gan.host.Path.stat", missing)
    here = host()
    monkeypatch.setattr(platform, "node", lambda: "elsewhere")
    assert host() != here
