import json
import threading

import pytest

from gan import UserError
from gan.latent_space import shelf


def test_what_is_kept_outlives_the_process_and_has_its_name(kept):
    first = shelf.keep("favourite", "digits", "  A  fine seven ", {"latent": [1.5]})
    shelf.keep("favourite", "faces", "A fine seven", {})
    shelf.keep("direction", "digits", "rounder", {})
    assert [entry.name for entry in shelf.entries("favourite")] == ["A fine seven"] * 2
    assert shelf.entries("favourite", "digits") == [first]
    assert first.data == {"latent": [1.5]}
    assert shelf.keep("favourite", "digits", "happy \ud83d", {}).name == "happy ?"  # half an emoji


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_cannot_be(kept, name):
    with pytest.raises(UserError, match="1 to 60 characters"):
        shelf.keep("favourite", "digits", name, {})
    assert not shelf.entries("favourite")


def test_a_name_is_an_entrys_own(kept):
    one = shelf.keep("favourite", "digits", "one", {})
    two = shelf.keep("favourite", "digits", "two", {})
    with pytest.raises(UserError, match="there is a favourite 'two'"):
        shelf.rename("favourite", one.id, "two", one.version)
    assert shelf.rename("favourite", two.id, "two", two.version).name == "two"


def test_two_windows_rename_one_entry(kept):
    seen = shelf.keep("favourite", "digits", "seven", {"latent": [1]})
    shelf.rename("favourite", seen.id, "slanted seven", seen.version)
    with pytest.raises(UserError, match="renamed to 'slanted seven' in another window"):
        shelf.rename("favourite", seen.id, "thin seven", seen.version)
    (now,) = shelf.entries("favourite")
    assert (now.name, now.data) == ("slanted seven", {"latent": [1]})


def test_many_windows_keep_at_once(kept):
    threads = [threading.Thread(target=shelf.keep, args=("favourite", "digits", str(i), {})) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {entry.name for entry in shelf.entries("favourite")} == {str(i) for i in range(20)}


def test_removing_can_be_undone(kept):
    entry = shelf.keep("favourite", "digits", "seven", {"latent": [1]})
    shelf.remove("favourite", entry.id)
    assert not shelf.entries("favourite")
    with pytest.raises(UserError, match="removed in another window"):
        shelf.rename("favourite", entry.id, "eight", entry.version)
    with pytest.raises(UserError, match="removed in another window"):
        shelf.remove("favourite", entry.id)
    shelf.keep("favourite", "digits", "seven", {})  # the name was free meanwhile
    back = shelf.restore("favourite", entry.id)
    assert (back.name, back.data) == ("seven (2)", {"latent": [1]})
    with pytest.raises(UserError, match="no removed favourite"):
        shelf.restore("favourite", entry.id)


@pytest.mark.parametrize("ident", ["../../x", "", "abcdefgh", "0" * 8])
def test_an_entry_that_is_not_there(kept, ident):
    for act in (shelf.remove, shelf.restore, lambda kind, i: shelf.rename(kind, i, "x", 1)):
        with pytest.raises(UserError):
            act("favourite", ident)


def test_files_that_cannot_be_read_are_passed_over(kept):
    entry = shelf.keep("favourite", "digits", "seven", {})
    folder = kept / "favourites"
    (folder / "00000001.json").write_text("{")
    (folder / "00000002.json").write_text('{"id": "00000002"}')
    (folder / "00000003.json").write_text("[]")
    odd = {"id": "00000004", "kind": "favourite", "model": "digits", "name": "four", "made": None}
    (folder / "00000004.json").write_text(json.dumps(odd))
    assert shelf.entries("favourite") == [entry]


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GAN_KEPT_DIR", str(tmp_path / "file"))
    with pytest.raises(UserError, match="GAN_KEPT_DIR"):
        shelf.keep("favourite", "digits", "seven", {})
    assert shelf.entries("favourite") == []
