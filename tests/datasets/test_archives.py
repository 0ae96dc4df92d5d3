"""Folders, ZIPs and uploads: what is inside, and nothing that is not."""

import io
import os
import stat
import unicodedata
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from gan import UserError
from gan.datasets import archives
from gan.datasets.archives import Upload, opened


def names(what):
    with opened(what) as tree:
        return [member.name for member in tree.members]


def notes(what):
    with opened(what) as tree:
        return dict(tree.notes)


def zipped(files, **options) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def upload(data, name="some.zip"):
    return Upload(name, io.BytesIO(data))


FILES = {"b/2.png": b"two", "a/1.png": b"one", "top.csv": b"x,y"}


def test_a_folder_a_zip_and_an_upload_hold_the_same(tmp_path):
    for name, data in FILES.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "in.zip").write_bytes(zipped(FILES))
    for what in (tmp_path / "in", tmp_path / "in.zip", upload(zipped(FILES))):
        with opened(what) as tree:
            assert {member.name: member.read() for member in tree.members} == FILES
            assert [member.name for member in tree.members] == sorted(FILES)
            assert tree.notes == []


def test_several_uploads_are_one_tree():
    with opened([upload(zipped({"a.png": b"1"})), upload(b"2", "b.png"), upload(b"3", "C:\\x\\..\\c.csv")]) as tree:
        assert [(member.name, member.size) for member in tree.members][:2] == [("a.png", 1), ("b.png", 1)]
        assert tree.members[2].name == "c.csv"
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda i: tree.members[1].read(), range(200))) == {b"2"}


def test_a_single_file_is_a_tree_of_one(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    assert names(tmp_path / "a.csv") == ["a.csv"]


def test_members_are_read_in_threads():
    files = {f"{i}.bin": bytes([i]) * 5000 for i in range(200)}
    with opened(upload(zipped(files, compression=zipfile.ZIP_DEFLATED))) as tree, ThreadPoolExecutor(8) as pool:
        assert (
            dict(zip((m.name for m in tree.members), pool.map(lambda m: m.read(), tree.members), strict=True)) == files
        )


def test_litter_is_passed_over(tmp_path):
    litter = ["__MACOSX/a/._1.png", "a/.DS_Store", "Thumbs.db", ".git/config", "a/desktop.ini"]
    assert names(upload(zipped(dict.fromkeys(["a/1.png", *litter], b"")))) == ["a/1.png"]
    assert notes(upload(zipped(dict.fromkeys(litter, b"")))) == {}
    for name in ("a/1.png", *litter):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert names(tmp_path) == ["a/1.png"]


def test_names_that_lead_outside(tmp_path):
    outside = ["../up.png", "a/../../up.png", "/etc/passwd", "C:/x.png", "..\\up2.png", "\\\\server\\x.png"]
    what = upload(zipped(dict.fromkeys(["in.png", *outside], b"x")))
    assert names(what) == ["in.png"]
    assert len(notes(what)) == len(outside) and set(notes(what).values()) == {"its name leads out of the archive"}


def test_links_are_not_followed(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.png").write_bytes(b"secret")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(b"a")
    (tmp_path / "in" / "file.png").symlink_to(tmp_path / "secret" / "s.png")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "secret")
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in")
    os.mkfifo(tmp_path / "in" / "pipe.png")  # reading it would wait for ever
    assert names(tmp_path / "in") == ["a.png"]
    assert set(notes(tmp_path / "in")) == {"file.png", "folder", "round", "pipe.png"}
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert names(upload(zipped({link: b"/etc/passwd", "a.png": b""}))) == ["a.png"]


def test_folders_without_end(tmp_path):
    (tmp_path / "/".join(["d"] * 200)).mkdir(parents=True)
    (tmp_path / "a.png").touch()
    assert names(tmp_path) == ["a.png"]
    assert set(notes(tmp_path).values()) == {"too many folders within one another"}


def announcing(data: bytes, size: int) -> bytes:
    """The bytes of a ZIP, its members' unpacked sizes changed in the directory."""
    data, place = bytearray(data), 0
    while (place := data.find(b"PK\1\2", place)) >= 0:
        data[place + 24 : place + 28] = size.to_bytes(4, "little")
        place += 4
    return bytes(data)


def test_bombs_are_not_opened():
    bomb = announcing(zipped({f"{i}.png": b"x" for i in range(5)}), 2**32 - 2)
    with pytest.raises(UserError, match=r"some\.zip: 0\.0 MB that would unpack to 20\.0 GB; it was not opened"):
        names(upload(bomb))


def test_a_member_holds_no_more_than_it_announces(monkeypatch):
    big = zipped({"a.png": bytes(5 << 20)}, compression=zipfile.ZIP_DEFLATED)
    with opened(upload(announcing(big, 10))) as tree, pytest.raises(UserError, match=r"a\.png: cannot be read"):
        tree.members[0].read()  # ten bytes are read, and their sum is wrong
    with opened(upload(big)) as tree, pytest.raises(UserError, match=r"a\.png: 5\.0 MB; at most 1\.0 MB are read"):
        tree.members[0].read(1 << 20)


def test_a_file_that_grows_is_read_to_the_limit(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    with opened(tmp_path) as tree:
        (tmp_path / "a.png").write_bytes(bytes(2000))
        with pytest.raises(UserError, match="more than"):
            tree.members[0].read(1000)
        (tmp_path / "a.png").unlink()
        with pytest.raises(UserError, match=r"a\.png: cannot be read \(No such file"):
            tree.members[0].read()


def test_too_many_files(monkeypatch, tmp_path):
    monkeypatch.setattr(archives, "COUNT", 3)
    with pytest.raises(UserError, match="more than 3 files"):
        names(upload(zipped(dict.fromkeys("abcd", b""))))
    for name in "abcd":
        (tmp_path / name).touch()
    with pytest.raises(UserError, match="more than 3 files"):
        names(tmp_path)


def test_archives_within_are_noted():
    what = upload(zipped({"a.png": b"", "more.zip": zipped({"b.png": b""}), "x.tar.gz": b"", "y.7z": b""}))
    assert names(what) == ["a.png"]
    assert set(notes(what)) == {"more.zip", "x.tar.gz", "y.7z"}


def test_encrypted_members_are_noted():
    data = bytearray(zipped({"a.png": b"a", "b.png": b"b"}))
    place = data.find(b"PK\1\2")
    data[place + 8] |= 1
    assert notes(upload(bytes(data))) == {"a.png": "encrypted; unpack it with its password first"}
    assert names(upload(bytes(data))) == ["b.png"]


def renamed(data: bytes, old: str, new: bytes) -> bytes:
    """A ZIP's member renamed to bytes of the same length, without the flag for UTF-8."""
    assert len(old) == len(new)
    return data.replace(old.encode(), new)


@pytest.mark.parametrize(("text", "code"), [("고양이", "euc_kr"), ("고양이", "utf-8"), ("Müller é", "cp437")])
def test_names_that_do_not_say_their_code(text, code):
    raw = text.encode(code)
    placeholder = "x" * len(raw)
    assert names(upload(renamed(zipped({f"{placeholder}.png": b""}), placeholder, raw))) == [f"{text}.png"]


def test_names_that_say_it_and_names_of_a_mac(tmp_path):
    assert names(upload(zipped({"가나.png": b"", "Ωμέγα/ß.png": b""}))) == ["Ωμέγα/ß.png", "가나.png"]
    (tmp_path / unicodedata.normalize("NFD", "각é.png")).touch()
    assert names(tmp_path) == ["각é.png"]
    (tmp_path / "각é.png").unlink(missing_ok=True)


def test_names_that_are_no_text(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff\xfe.png", "wb") as file:  # noqa: PTH123
        file.write(b"x")
    with opened(tmp_path) as tree:
        assert [member.read() for member in tree.members] == [b"x"]
        assert tree.members[0].name == "??.png"


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"no zip at all", zipped(FILES)[:-30]])
def test_no_zip(data):
    with pytest.raises(UserError, match=r"some\.zip: not a ZIP file that can be read"):
        names(upload(data))


def test_damage_within_a_zip_is_that_member_s():
    data = bytearray(zipped(FILES, compression=zipfile.ZIP_STORED))
    data[data.find(b"two")] ^= 1
    with opened(upload(bytes(data))) as tree:
        with pytest.raises(UserError, match=r"b/2\.png: cannot be read \(Bad CRC-32"):
            tree.members[1].read()
        assert tree.members[0].read() == b"one"


def test_nothing_there(tmp_path):
    assert names(tmp_path) == []
    with pytest.raises(UserError, match=r"absent: cannot be read \(No such file"):
        names(tmp_path / "absent")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="neither a folder nor a file"):
        names(tmp_path / "pipe")
