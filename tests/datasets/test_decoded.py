"""Sets that lie as picture files: those that ship in a ZIP, and those that the user puts in place."""

import dataclasses
import io
import zipfile

import numpy as np
import pytest

from gan import UserError, datasets, paths
from gan.datasets import Source, decoded
from gan.datasets.decoded import ZipPictures
from tests.datasets.test_folder import picture, put

TABLE = "file,split,hair,age\na.png,train,red,3\nb.webp,test,black,4\nc.png,train,black,5\n"
FILES = {"a.png": picture(10), "b.webp": picture(20, "WEBP"), "c.png": picture(30), "unused.png": picture(40)}


@pytest.fixture(autouse=True)
def folders(cache, tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(paths, "SHIPPED_DATA", tmp_path / "shipped")


def shipped(tmp_path, files=FILES, table=TABLE):
    (tmp_path / "shipped" / "small").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(tmp_path / "shipped" / "small" / "small.zip", "w") as archive:
        for name, data in ({**files, "attributes.csv": table} if table else files).items():
            archive.writestr(name, data)


def row(**changed):
    source = Source(
        name="small",
        title="Small",
        summary="",
        class_names=("all",),
        shape=(16, 16, 3),
        counts={"train": 2, "test": 1},
        licence="CC0",
        citation="",
        homepage="",
        reader=ZipPictures("small/small.zip"),
        attributes=("hair", "age"),
    )
    return dataclasses.replace(source, **changed)


def test_a_shipped_zip(tmp_path):
    assert not row().local
    with pytest.raises(UserError, match="It comes with the app"):
        row().load()
    shipped(tmp_path)
    assert row().local
    data = row().load()
    assert data.train.images.shape == (2, 16, 16, 3) and data.test.attributes["hair"].tolist() == ["black"]
    ages = dict(zip(data.train.attributes["age"].tolist(), data.train.images[:, 8, 8, 0].tolist(), strict=True))
    assert ages == {3: 10, 5: 30}
    again = row().load()
    assert again.train.digest == data.train.digest and isinstance(again.train.images, np.memmap)


def test_a_column_of_a_shipped_zip_labels(tmp_path):
    shipped(tmp_path)
    changed = row(
        reader=ZipPictures("small/small.zip", label="hair"), class_names=("black", "red"), attributes=("age",)
    )
    data = changed.load()
    assert dict(zip(data.train.labels.tolist(), data.train.attributes["age"].tolist(), strict=True)) == {1: 3, 0: 5}


@pytest.mark.parametrize(
    ("files", "table", "words"),
    [
        (FILES, "", "holds no attributes.csv"),
        ({"a.png": picture(1)}, TABLE, "b.webp is missing"),
        ({**FILES, "a.png": b"x"}, TABLE, "a.png: not a picture"),
        (FILES, TABLE.replace("test", "train"), "not the file that comes with the app"),
        (FILES, TABLE.replace("age", "years"), "not the file that comes with the app"),
    ],
)
def test_a_shipped_zip_with_a_fault(tmp_path, files, table, words):
    shipped(tmp_path, files, table)
    with pytest.raises(UserError, match=words):
        row().load()


def test_a_cache_that_cannot_be_written(tmp_path, monkeypatch):
    shipped(tmp_path)
    (tmp_path / "file").touch()
    monkeypatch.setenv("GAN_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert len(row().load().train) == 2


def test_damaged_arrays_in_the_cache_are_made_again(tmp_path, cache):
    shipped(tmp_path)
    digest = row().load().train.digest
    for path in cache.rglob("*-images.npy"):
        path.unlink()
        path.write_bytes(b"damaged")
    assert row().load().train.digest == digest


@pytest.mark.parametrize("name", ["bookcovers", "animefaces"])
def test_rows_that_wait_for_files(name, tmp_path):
    source = datasets.source(name)
    assert not source.local and source is datasets.DATASETS[name]
    with pytest.raises(UserError) as caught:
        datasets.load(name)
    assert "Kaggle" in str(caught.value) and str(tmp_path / "data" / name) in str(caught.value)
    (tmp_path / "data" / name).mkdir()
    assert not datasets.source(name).local  # an empty folder is none


CHARACTERS = {"000_miku": 6, "001_sakura": 4, "002_가나": 5}


def anime(parent):
    for character, count in CHARACTERS.items():
        files = {f"{character}/face_{i}.png": picture(i * 9, size=(160, 160)) for i in range(count)}
        rows = "".join(f"face_{i}.png,{i * 3},{i / 10}\n" for i in range(count))
        put(parent, {**files, f"{character}/color.csv": "file,hair,skin\n" + rows})


def check_anime():
    source = datasets.source("animefaces")
    assert source.local and source.class_names == tuple(CHARACTERS)
    assert sum(source.counts.values()) == 15
    data = datasets.load("animefaces")
    assert data.source.attributes == ("hair", "skin")  # known by reading only
    assert data.train.images.shape[1:] == (64, 64, 3) and len(data.train) + len(data.test) == 15
    for split in data.splits.values():
        assert np.allclose(split.attributes["hair"], split.images[:, 32, 32, 0] / 3)
    known = datasets.source("animefaces")  # from now on with its columns
    assert known.attributes == ("hair", "skin") and known.counts == {name: len(s) for name, s in data.splits.items()}
    assert datasets.source("animefaces") is known is data.source and datasets.load("animefaces") is data
    assert datasets.load("animefaces").train.digest == data.train.digest


def test_anime_faces_in_a_folder(tmp_path):
    anime(tmp_path / "data" / "animefaces" / "moeimouto-faces")
    check_anime()


def test_a_picture_put_into_a_folder_of_the_folder_is_seen(tmp_path):
    parent = tmp_path / "data" / "animefaces"
    anime(parent)
    assert sum(map(len, datasets.load("animefaces").splits.values())) == 15
    put(parent, {"001_sakura/face_9.png": picture(90)})
    assert sum(map(len, datasets.load("animefaces").splits.values())) == 16


def test_anime_faces_in_a_zip(tmp_path):
    anime(tmp_path / "in" / "moeimouto-faces")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted((tmp_path / "in").rglob("*.*")):
            archive.write(path, path.relative_to(tmp_path / "in"))
    (tmp_path / "data" / "animefaces.zip").write_bytes(buffer.getvalue())
    check_anime()


def test_one_table_for_all_folders(tmp_path):
    parent = tmp_path / "data" / "animefaces"
    anime(parent)
    for path in parent.rglob("*.csv"):
        path.unlink()
    put(parent, {"colours.csv": "character,hair\n000_miku,green\n001_sakura,brown\n002_가나,black\n"})
    train = datasets.load("animefaces").train
    assert [["green", "brown", "black"][label] for label in train.labels] == train.attributes["hair"].tolist()


def test_book_covers(tmp_path):
    files = {f"{i}.jpg": picture(i, "JPEG", (100, 150)) for i in range(20)}
    put(tmp_path / "data" / "bookcovers", {**files, "cut.jpg": files["0.jpg"][:300]})
    heard = []
    data = datasets.load("bookcovers", lambda share, text: heard.append(share))
    assert heard == sorted(heard) and heard[-1] == 1
    assert data.source.class_names == ("all",) and {name: len(s) for name, s in data.splits.items()} == {
        "train": 16,
        "test": 4,
    }
    put(tmp_path / "data" / "bookcovers", {"more.jpg": files["1.jpg"]})
    assert sum(map(len, datasets.load("bookcovers").splits.values())) == 21  # what is added is seen


def test_pictures_that_cannot_be_read(tmp_path):
    put(tmp_path / "data" / "bookcovers", {"a.jpg": b"x"})
    assert datasets.source("bookcovers").local
    with pytest.raises(UserError, match="none of its pictures can be read"):
        datasets.load("bookcovers")


def test_cancel(tmp_path, cache):
    put(tmp_path / "data" / "bookcovers", {f"{i}.jpg": picture(i, "JPEG") for i in range(40)})

    def cancel(share, text):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        datasets.load("bookcovers", cancel)
    assert [path for path in cache.rglob("*") if path.is_file()] == []
    assert decoded.SHARE == 0.8
