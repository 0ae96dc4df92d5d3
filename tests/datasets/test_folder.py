"""Folders and ZIPs of pictures with tables of attributes: what comes out, and what is said about the rest."""

import io
import os
import re
import threading
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan import UserError
from gan.datasets import archives, folder
from gan.datasets.folder import ALL, LOOSE, Options
from tests.datasets.test_decoding import encoded, png

SIZE = 16


def picture(value, kind="PNG", size=(20, 16), mode="RGB"):
    colour = (value, 255 - value, 7) if mode == "RGB" else value
    return encoded(Image.new(mode, size, colour), kind)


def put(parent, files):
    for name, data in files.items():
        path = parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return parent


def album(parent):
    with archives.opened(parent) as tree:
        return folder.survey(tree)


def read(parent, tmp_path, progress=None, **options):
    aside = tmp_path / "aside"
    aside.mkdir(exist_ok=True)
    with archives.opened(parent) as tree:
        return folder.read(folder.survey(tree), Options(**{"size": SIZE, **options}), aside, progress)


@pytest.fixture
def pets(tmp_path):
    """Two cats and three dogs of mixed sizes, modes and formats."""
    return put(
        tmp_path / "pets",
        {
            "cat/1.png": picture(10),
            "cat/2.jpg": picture(20, "JPEG", (64, 30)),
            "dog/1.png": picture(30, mode="L"),
            "dog/2.webp": picture(40, "WEBP", (300, 400)),
            "dog/3.gif": picture(50, "GIF", (5, 5)),
        },
    )


def test_a_folder_a_class(pets, tmp_path):
    found = read(pets, tmp_path)
    assert found.class_names == ("cat", "dog") and found.labels.tolist() == [0, 0, 1, 1, 1]
    assert found.images.shape == (5, SIZE, SIZE, 3) and isinstance(found.images, np.memmap)
    reds = found.images[:, SIZE // 2, SIZE // 2, 0].astype(int)
    assert np.abs(reds - [10, 20, 30, 40, 50]).max() <= 4
    assert found.report.kept == 5 and found.report.left_out == found.report.remarks == []


def test_grey_and_size(pets, tmp_path):
    assert read(pets, tmp_path, size=32, channels=1).images.shape == (5, 32, 32, 1)
    for size in (15, 257):
        with pytest.raises(UserError, match="16 to 256 work"):
            Options(size=size)


@pytest.mark.parametrize(
    ("names", "classes", "labels"),
    [
        (["1.png", "2.png"], (ALL,), [0, 0]),
        (["top/1.png", "top/2.png"], (ALL,), [0, 0]),  # a ZIP of one folder
        (["top/in/b/1.png", "top/in/a/2.png"], ("a", "b"), [0, 1]),
        (["a/1.png", "b/deep/er/2.png"], ("a", "b"), [0, 1]),
        (["1.png", "a/2.png"], (LOOSE, "a"), [0, 1]),
        (["가/1.png", "나/2.png"], ("가", "나"), [0, 1]),
    ],
)
def test_folders_are_classes(tmp_path, names, classes, labels):
    found = album(put(tmp_path / "in", dict.fromkeys(names, picture(1))))
    assert found.class_names == classes and found.labels.tolist() == labels and found.test is None


def test_folders_for_training_and_testing(tmp_path):
    names = ["train/a/1.png", "train/b/2.png", "test/a/3.png"]
    found = read(put(tmp_path / "in", dict.fromkeys(names, picture(1))), tmp_path)
    assert found.class_names == ("a", "b")
    assert found.test.tolist() == [True, False, False] and found.labels.tolist() == [0, 0, 1]
    only = album(put(tmp_path / "only", dict.fromkeys(["train/a/1.png", "train/b/2.png"], b"")))
    assert only.class_names == ("a", "b") and only.test is None


TABLE = "file,hair,length\n1.png,red,1.5\n2.png,black,2\n3.png,,\n"
FLAT = {f"{number}.png": picture(number * 10) for number in (1, 2, 3)}
ROWS = [["1.png", "red", "1.5"], ["2.png", "black", "2"], ["3.png", "", ""]]


def check_columns(found):
    assert found.attributes["hair"].tolist() == ["red", "black", ""]
    assert found.attributes["length"].dtype == np.float64
    assert found.attributes["length"][:2].tolist() == [1.5, 2] and np.isnan(found.attributes["length"][2])
    assert set(found.attributes) == {"hair", "length"}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["{n}.png", "{n}", "./{n}.png", "sub\\{n}.PNG", "sub/{n}"])
def test_a_table_by_name(tmp_path, name, separator):
    lines = [separator.join([name.format(n=row[0][0]), *row[1:]]) for row in ROWS]
    head = separator.join(["file", "hair", "length"])
    files = {f"x/sub/{key}": data for key, data in FLAT.items()} | {"x/table.csv": "\n".join([head, *lines])}
    found = read(put(tmp_path / "in", files), tmp_path)
    check_columns(found)
    assert found.class_names == (ALL,) and found.report.left_out == found.report.remarks == []


def test_the_column_of_names_may_be_any_and_have_no_head(tmp_path):
    swapped = "hair,length,file\nred,1.5,1.png\nblack,2,2.png\n,,3.png\n"
    check_columns(read(put(tmp_path / "a", {**FLAT, "t.csv": swapped}), tmp_path))
    bare = "\n".join(",".join(row) for row in ROWS)
    found = read(put(tmp_path / "b", {**FLAT, "t.csv": bare}), tmp_path)
    assert found.attributes["column 2"].tolist() == ["red", "black", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949", "euc_kr"])
def test_korean_tables(tmp_path, encoding):
    text = "파일,머리색\n가나.png,빨강\n다라.png,검정\n"
    files = {"가나.png": picture(1), "다라.png": picture(2), "t.csv": text.encode(encoding)}
    found = read(put(tmp_path / "in", files), tmp_path)
    assert found.attributes["머리색"].tolist() == ["빨강", "검정"]


def test_western_tables(tmp_path):
    table = "Datei;Künstler\n1.png;Müller\n2.png;Gröning\n3.png;Çelik\n".encode("latin-1")
    found = read(put(tmp_path / "in", {**FLAT, "t.csv": table}), tmp_path)
    assert found.attributes["Künstler"].tolist() == ["Müller", "Gröning", "Çelik"]


def test_a_table_by_folder(pets, tmp_path):
    put(pets, {"animals.csv": "animal,legs\ncat,4\ndog,4.5\nbird,2\n"})
    found = read(pets, tmp_path)
    assert found.attributes["legs"].tolist() == [4, 4, 4.5, 4.5, 4.5]
    assert found.report.remarks == [("bird", "a row of the table without a picture")]


def test_a_table_in_each_folder(pets, tmp_path):
    put(pets, {"cat/t.csv": "name,hair\n1.png,red\n2.jpg,blue\n", "dog/t.csv": "name,hair\n1.png,grey\n"})
    found = read(pets, tmp_path)
    assert found.attributes["hair"].tolist() == ["red", "blue", "grey", "", ""]
    assert [name for name, _ in found.report.remarks] == ["dog/2.webp", "dog/3.gif"]


def test_rows_and_pictures_that_do_not_meet(tmp_path):
    table = "file,hair\n1.png,red\n1.png,blue\n9.png,green\n3.png,black\nlong,row,x,y\n"
    found = read(put(tmp_path / "in", {**FLAT, "t.csv": table}), tmp_path)
    assert found.attributes["hair"].tolist() == ["red", "", "black"]
    assert dict(found.report.remarks) == {
        "t.csv, row 6": "the row has 4 cells, the table 2 columns; not used",
        "1.png": "two rows of the table are for this; the first counts",
        "9.png": "a row of the table without a picture",
        "2.png": "a picture without a row in the table",
    }


def test_doubled_names(tmp_path, pets):
    put(pets, {"t.csv": "file,hair\n1.png,red\ndog/2.webp,blue\n"})
    found = read(pets, tmp_path)
    assert ("1.png", "several pictures have this name; the table should give their folders too") in found.report.remarks
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        for value in (1, 2):
            archive.writestr("a.png", picture(value))
    twice = read(archives.Upload("twice.zip", io.BytesIO(buffer.getvalue())), tmp_path)
    assert twice.report.left_out == [("a.png", "a second file of this name; the first is taken")]


def test_a_column_for_the_labels(tmp_path):
    parent = put(tmp_path / "in", {**FLAT, "t.csv": TABLE})
    found = read(parent, tmp_path, label="hair")
    assert found.class_names == ("(not stated)", "black", "red") and found.labels.tolist() == [2, 1, 0]
    assert set(found.attributes) == {"length"}
    with pytest.raises(UserError, match="unknown column 'hiar'; did you mean hair"):
        read(parent, tmp_path, label="hiar")
    with pytest.raises(UserError, match="there is no column 'x'; its columns are file, hair, length"):
        read(parent, tmp_path, key="x")


def test_a_table_of_something_else_is_left_out(tmp_path):
    found = read(put(tmp_path / "in", {**FLAT, "t.csv": "a,b\n100,200\n", "n.csv": b"\0\1\2", "e.csv": b""}), tmp_path)
    assert [name for name, _ in found.report.left_out] == ["e.csv", "n.csv", "t.csv"]
    assert found.attributes == {} and found.report.kept == 3


BAD = {
    "huge.png": (png(60_000, 60_000), "60,000 x 60,000 pixels|far more pixels"),
    "text.png": (b"I am text, really.", "holds text"),
    "cut.jpg": (encoded(Image.effect_noise((64, 64), 90), "JPEG")[:900], "damaged"),
    "empty.png": (b"", "the file is empty"),
    "notes.docx": (b"PK", "neither a picture nor a table"),
    "more.zip": (b"PK", "an archive within"),
}


def test_the_good_part_is_kept_and_the_rest_named(pets, tmp_path):
    put(pets, {f"cat/{name}": data for name, (data, _) in BAD.items()})
    found = read(pets, tmp_path)
    assert found.report.kept == len(found.images) == 5 and found.labels.tolist() == [0, 0, 1, 1, 1]
    reasons = dict(found.report.left_out)
    assert set(reasons) == {f"cat/{name}" for name in BAD}
    for name, (_, words) in BAD.items():
        assert re.search(words, reasons[f"cat/{name}"]), reasons[f"cat/{name}"]
    lines = "\n".join(found.report.lines())
    assert lines.startswith("5 pictures kept.") and "cat/text.png" in lines
    assert found.report.as_csv().decode("utf-8-sig").splitlines()[0] == "name,became,why"
    assert len(found.report.as_csv().splitlines()) == len(BAD) + 1


def test_classes_without_a_picture_go_and_single_ones_are_named(tmp_path):
    files = {"a/1.png": picture(1), "a/2.png": picture(2), "b/1.png": b"no", "c/1.png": picture(3)}
    found = folder.compact(read(put(tmp_path / "in", files), tmp_path))
    assert found.class_names == ("a", "c") and found.labels.tolist() == [0, 0, 1]
    assert ("b", "a class without a picture") in found.report.left_out
    assert ("c", "a class of one picture; it is for training") in found.report.remarks


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "there are no pictures"),
        ({"a.txt": b"x"}, "there are no pictures"),
        ({"a.png": b"x", "b.png": b""}, "none of its pictures can be read. The first: not a picture"),
    ],
)
def test_nothing_to_read(tmp_path, files, words):
    (tmp_path / "in").mkdir()
    with pytest.raises(UserError, match=words):
        read(put(tmp_path / "in", files), tmp_path)


def test_a_table_wider_than_any_of_attributes_is_left_out_at_once(tmp_path):
    found = read(put(tmp_path / "in", {**FLAT, "pixels.csv": "a," * 200_000 + "\n1\n"}), tmp_path)
    assert found.report.left_out == [("pixels.csv", "has 200,001 columns; a table of attributes has 1,000 at most")]


def test_cancel_stops_the_threads(tmp_path):
    parent = put(tmp_path / "in", {f"{i}.png": picture(i % 256) for i in range(300)})
    before = threading.active_count()

    def cancel(share, text):
        if share > 0.2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(parent, tmp_path, cancel)
    assert threading.active_count() == before


def test_memory_stays_bounded(tmp_path, monkeypatch):
    """However many pictures there are, only a few are under way."""
    waiting, most, opened = 0, 0, folder.open_picture
    lock = threading.Lock()

    def counted(member, options):
        nonlocal waiting, most
        with lock:
            waiting += 1
            most = max(most, waiting)
        return opened(member, options)

    def written(self, rows):
        nonlocal waiting
        with lock:
            waiting -= len(rows)
        append(self, rows)

    append = folder.Growing.append
    monkeypatch.setattr(folder, "open_picture", counted)
    monkeypatch.setattr(folder.Growing, "append", written)
    read(put(tmp_path / "in", {f"{i}.png": picture(1) for i in range(400)}), tmp_path)
    assert most <= (os.cpu_count() + 1) * folder.AHEAD + os.cpu_count()
