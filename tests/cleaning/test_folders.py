"""Files, folders and ZIPs are cleaned to another place, and an interrupted cleaning goes on."""

from __future__ import annotations

import csv
import errno
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan import UserError, cleaning
from gan.cleaning import folders
from gan.cleaning.log import Log
from gan.datasets import decoding
from tests.cleaning.drawn import ground, titled

SETTINGS = cleaning.Settings()


@pytest.fixture
def album(tmp_path):
    """Two pictures with words in folders, one without, a table, and two files that cannot be used."""
    folder = tmp_path / "album"
    (folder / "동화").mkdir(parents=True)
    Image.fromarray(titled()[0]).save(folder / "동화" / "moon.png")
    Image.fromarray(titled("LITTLE FOX")[0]).save(folder / "동화" / "fox.jpg", quality=92)
    Image.fromarray(ground()[..., 0]).save(folder / "plain.gif")
    (folder / "hair.csv").write_text("file,hair\nmoon.png,3\n")
    (folder / "broken.png").write_bytes(b"\x89PNG no")
    (folder / "notes.txt").write_text("nothing to see")
    return folder


def test_a_folder_is_cleaned_under_its_names(album, tmp_path):
    out = tmp_path / "out"
    rows = {row.file: row for row in folders.clean_folder(album, out, SETTINGS)}
    assert list(rows) == ["broken.png", "plain.gif", "동화/fox.jpg", "동화/moon.png"]
    moon = decoding.decode((out / "동화" / "moon.png").read_bytes(), "moon.png")
    assert np.array_equal(moon, cleaning.clean(titled()[0]).image)
    assert not cleaning.find(decoding.decode((out / "동화" / "fox.jpg").read_bytes(), "fox.jpg")).size
    assert decoding.decode((out / "plain.gif.png").read_bytes(), "p").shape[:2] == (256, 256)
    assert (out / "hair.csv").read_bytes() == (album / "hair.csv").read_bytes()
    assert "broken.png" in rows["broken.png"].problem and not (out / "broken.png").exists()
    with (out / "cleaned.csv").open(encoding="utf-8") as file:
        table = {row["file"]: row for row in csv.DictReader(file)}
    assert table["동화/moon.png"]["boxes"] == "1" and 0 < float(table["동화/moon.png"]["masked"]) < 0.3
    assert decoding.decode((album / "동화" / "moon.png").read_bytes(), "m").tolist() == titled()[0].tolist()


def test_a_zip_gives_the_same(album, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(album / "동화" / "moon.png", "moon.png")
    (row,) = folders.clean_folder(tmp_path / "a.zip", tmp_path / "out", SETTINGS)
    assert (row.file, row.boxes) == ("moon.png", 1)


def test_an_interrupted_cleaning_goes_on_where_it_was(album, tmp_path):
    def interrupt(share, name):
        if name.endswith("moon.png"):
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        folders.clean_folder(album, out, SETTINGS, interrupt)
    assert not (out / "동화" / "moon.png").exists()
    kept = (out / "동화" / "fox.jpg").stat().st_mtime_ns
    with (out / "cleaned.csv").open("a") as file:
        file.write("동화/mo")  # killed while writing a row
    rows = folders.clean_folder(album, out, SETTINGS)
    assert [row.file for row in rows] == ["broken.png", "plain.gif", "동화/fox.jpg", "동화/moon.png"]
    assert (out / "동화" / "moon.png").exists()
    assert (out / "동화" / "fox.jpg").stat().st_mtime_ns == kept
    assert not list(out.rglob(".writing-*"))


def test_other_settings_or_other_files_in_the_way_are_refused(album, tmp_path):
    out = tmp_path / "out"
    folders.clean_folder(album, out, SETTINGS)
    with pytest.raises(UserError, match="other settings"):
        folders.clean_folder(album, out, cleaning.Settings(growth=5))
    with pytest.raises(UserError, match="not empty"):
        folders.clean_folder(out, album, SETTINGS)
    for inside in (album, album / "cleaned", tmp_path):
        with pytest.raises(UserError, match="folders of their own"):
            folders.clean_folder(album, inside, SETTINGS)


def test_a_folder_without_pictures_says_so(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no pictures"):
        folders.clean_folder(tmp_path / "empty", tmp_path / "out", SETTINGS)
    assert not (tmp_path / "out").exists()


def test_a_report_that_cannot_be_written_says_so(album, tmp_path, monkeypatch):
    def full(self, row):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Log, "append", full)
    with pytest.raises(UserError, match=r"cleaned\.csv: cannot be written \(No space"):
        folders.clean_folder(album, tmp_path / "out", SETTINGS)


def test_names_as_long_as_names_may_be(tmp_path):
    name = "가" * 83 + "a.png"  # 254 bytes
    (tmp_path / "in").mkdir()
    Image.fromarray(ground(64, 64)).save(tmp_path / "in" / name)
    folders.clean_folder(tmp_path / "in", tmp_path / "out", SETTINGS)
    assert (tmp_path / "out" / name).exists()


def test_one_file(album, tmp_path):
    source = album / "동화" / "moon.png"
    cleaned = folders.clean_file(source, tmp_path / "clean.png", SETTINGS)
    assert np.array_equal(decoding.decode((tmp_path / "clean.png").read_bytes(), "c"), cleaned.image)
    for out, words in ((source, "overwrite"), (tmp_path / "clean.txt", "end the name")):
        with pytest.raises(UserError, match=words):
            folders.clean_file(source, out, SETTINGS)
    with pytest.raises(UserError, match="cannot be read"):
        folders.clean_file(tmp_path / "nowhere.png", tmp_path / "x.png", SETTINGS)
    with pytest.raises(UserError, match=r"nowhere\.png: cannot be read"):
        folders.clean_file(tmp_path / "nowhere.png", tmp_path / "clean.png", SETTINGS)  # which is there already
