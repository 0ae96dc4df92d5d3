"""EMNIST: small files in the publisher's form (column by column, letters from 1, one ZIP), and the real letters."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import http.server
import io
import os
import string
import threading
import zipfile
from functools import partial

import numpy as np
import pytest

from gan import UserError, datasets
from gan.datasets import emnist, fetch
from gan.datasets.idx import IdxFile, encode

REAL = os.environ.get("GAN_DATA_DIR", "")  # as it was before the tests move it
SOURCES = {source.name.removeprefix("emnist-"): source for source in emnist.SOURCES}
COUNTS = {"train": 2, "test": 1}  # of each class
LAST = {"byclass": 122, "bymerge": 116, "balanced": 116, "letters": 90, "digits": 57}  # code of the last class
F = np.zeros((28, 28), np.uint8)  # an upright F
F[4:24, 8:11] = F[4:7, 8:20] = F[12:15, 8:17] = 255


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch, cache):
    (tmp_path / "data" / "emnist").mkdir(parents=True)
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("no_proxy", "*")


def small(name: str, **changed) -> datasets.Source:
    """The row, for a few pictures of each class and without the digests of the real files."""
    row = SOURCES[name]
    files = {split: tuple(IdxFile(file.name) for file in both) for split, both in row.reader.files.items()}
    counts = {split: count * len(row.class_names) for split, count in COUNTS.items()}
    return dataclasses.replace(row, counts=counts, reader=dataclasses.replace(row.reader, files=files, **changed))


def contents(name: str) -> dict[str, bytes]:
    """The publisher's files: F in every picture, its corner telling the class; labels in turn."""
    row = SOURCES[name]
    classes, files = len(row.class_names), {}
    for split, count in COUNTS.items():
        labels = np.tile(np.arange(classes), count)
        images = np.repeat(F[None], len(labels), 0)
        images[:, 0, 27] = labels
        stem = f"emnist-{name}-{split}"
        files[f"{stem}-images-idx3-ubyte.gz"] = gzip.compress(encode(images.transpose(0, 2, 1)), 1)
        labels = labels + (name == "letters")
        files[f"{stem}-labels-idx1-ubyte.gz"] = gzip.compress(encode(labels.astype(np.uint8)), 1)
    lines = []
    for index, character in enumerate(row.class_names):
        lower = f" {ord(character.lower())}" if name == "letters" else ""
        lines.append(f"{index + (name == 'letters')} {ord(character)}{lower}\n")
    files[f"emnist-{name}-mapping.txt"] = "".join(lines).encode()
    return files


def put(folder, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("gzip/", b"")
        for name, data in files.items():
            archive.writestr(f"gzip/{name}", data)
    return buffer.getvalue()


def check(dataset) -> None:
    for split, count in COUNTS.items():
        loaded, classes = dataset.splits[split], len(dataset.source.class_names)
        assert loaded.images.shape == (count * classes, 28, 28, 1)
        assert loaded.labels.tolist() == list(range(classes)) * count
        np.testing.assert_array_equal(loaded.images[:, 0, 27, 0], loaded.labels)
        np.testing.assert_array_equal(loaded.images[0, :, :27, 0], F[:, :27])  # upright


@pytest.mark.parametrize("name", SOURCES)
def test_each_set(name, tmp_path):
    assert not small(name).local
    files = contents(name)
    put(tmp_path / "data" / "emnist", files)
    dataset = small(name).load()
    check(dataset)
    last = dataset.source.class_names[-1]
    assert ord(last) == LAST[name]
    assert small(name).local and small(name).load().train.digest == dataset.train.digest


def test_published_figures():
    figures = {name: (*row.counts.values(), len(row.class_names)) for name, row in SOURCES.items()}
    assert figures == {
        "byclass": (697_932, 116_323, 62),
        "bymerge": (697_932, 116_323, 47),
        "balanced": (112_800, 18_800, 47),
        "letters": (124_800, 20_800, 26),
        "digits": (240_000, 40_000, 10),
    }
    merged = set(string.ascii_letters + string.digits) - set(SOURCES["bymerge"].class_names)
    assert merged == set("cijklmopsuvwxyz")  # as the publisher's paper lists them
    for name, row in SOURCES.items():
        assert ("put in place by hand" in row.summary) == (name != "letters")  # what cannot be checked is said


def test_what_a_download_takes_is_known_beforehand(tmp_path):
    assert small("digits").download == 561_753_746
    put(tmp_path / "data" / "emnist", contents("digits"))
    assert small("digits").download == 0


def test_the_mapping_decides(tmp_path):
    files = contents("digits")
    files["emnist-digits-mapping.txt"] = b"".join(b"%d %d\r\n" % (label, 57 - label) for label in range(10))
    put(tmp_path / "data" / "emnist", files)
    assert small("digits").load().train.labels[:10].tolist() == list(range(9, -1, -1))


@pytest.mark.parametrize("name", ["digits", "letters"])
def test_works_without_a_mapping(tmp_path, name):
    files = contents(name)
    del files[f"emnist-{name}-mapping.txt"]
    put(tmp_path / "data" / "emnist", files)
    check(small(name).load())


MAPPINGS = {
    "another set": (b"1 65 97\n2 66 98\n", "no label stands for 0; a file of another data set"),
    "words": (b"zero 0\n", "not a mapping; its lines should be"),
    "a picture": (b"\x89PNG\xff\xfe\0", "not a mapping"),
    "no code": (b"1\n2\n", "not a mapping"),
    "an endless code": (b"1 99999999999999999999\n", "not a mapping"),
    "empty": (b"", "no label stands for 0"),
}


@pytest.mark.parametrize(("data", "message"), MAPPINGS.values(), ids=MAPPINGS)
def test_wrong_mappings(tmp_path, data, message):
    put(tmp_path / "data" / "emnist", contents("digits") | {"emnist-digits-mapping.txt": data})
    with pytest.raises(UserError, match=rf"emnist-digits-mapping\.txt: {message}"):
        small("digits").load()


def test_labels_that_are_not_letters(tmp_path):
    files = contents("letters")
    labels = np.arange(52, dtype=np.uint8) % 26  # from 0 instead of 1
    files["emnist-letters-train-labels-idx1-ubyte.gz"] = gzip.compress(encode(labels))
    put(tmp_path / "data" / "emnist", files)
    with pytest.raises(UserError, match=r"label 0 at position 0 \(2 such\); labels run from 1 to 26.*remove it"):
        small("letters").load()


def test_a_replaced_file_is_read_anew(tmp_path):
    put(tmp_path / "data" / "emnist", contents("digits"))
    first = small("digits").load()
    name = "emnist-digits-train-labels-idx1-ubyte.gz"
    put(tmp_path / "data" / "emnist", {name: gzip.compress(encode(np.full(20, 7, np.uint8)))})
    assert small("digits").load().train.labels.tolist() == [7] * 20 != first.train.labels.tolist()


# --- the ZIP --------------------------------------------------------------------------------------------------------


def test_read_from_the_zip_without_unpacking_it(tmp_path):
    folder = tmp_path / "data" / "emnist"
    put(folder, {"gzip.zip": zipped(contents("digits") | contents("letters"))})
    for name in ("digits", "letters"):
        check(small(name).load())
    assert [path.name for path in folder.iterdir()] == ["gzip.zip"]
    with pytest.raises(UserError, match=r"gzip\.zip: the archive has no emnist-balanced-train-images.*remove it"):
        small("balanced").load()


ZIPS = {
    "cut off": (lambda data: data[: len(data) // 2], "not a whole ZIP file"),
    "no zip": (lambda data: b"<html>moved</html>", "not a whole ZIP file"),
    "damaged": (lambda data: data[:300] + bytes(100) + data[400:], "damaged or breaks off|cannot be read"),
}


@pytest.mark.parametrize(("damage", "message"), ZIPS.values(), ids=ZIPS)
def test_damaged_zips(tmp_path, cache, damage, message):
    put(tmp_path / "data" / "emnist", {"gzip.zip": damage(zipped(contents("digits")))})
    with pytest.raises(UserError, match=message) as caught:
        small("digits").load()
    assert "gzip.zip" in str(caught.value)
    assert not [path for path in cache.rglob("*") if path.is_file()]


@pytest.fixture
def publisher(tmp_path):
    """A server that has gzip.zip, and the file as its card would describe it."""
    data = zipped(contents("digits") | contents("letters"))
    put(tmp_path / "www", {"gzip.zip": data})
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format, *args):
            asked.append(self.path)

    handler = partial(Handler, directory=str(tmp_path / "www"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield fetch.Published("gzip.zip", len(data), hashlib.sha256(data).hexdigest(), (address,)), asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_one_download_serves_every_set(publisher, cache):
    archive, asked = publisher
    heard = []
    check(small("digits", archive=archive).load(lambda share, text: heard.append((share, text))))
    check(small("letters", archive=archive).load())
    assert len(asked) == 1 and (cache / "emnist" / "gzip.zip").is_file()
    shares = [share for share, _ in heard]
    assert shares == sorted(shares) and shares[-1] == 1
    assert any(text.startswith("gzip.zip: ") for _, text in heard)


def test_another_zip_than_the_published_is_refused(publisher, cache):
    archive, _ = publisher
    with pytest.raises(UserError, match=r"Put gzip\.zip into .*not the published gzip\.zip"):
        small("digits", archive=dataclasses.replace(archive, sha256="0" * 64)).load()
    assert not [path for path in cache.rglob("*") if path.is_file()]


# --- the real ones --------------------------------------------------------------------------------------------------


def test_the_real_letters(monkeypatch):
    monkeypatch.setenv("GAN_DATA_DIR", REAL)
    row = SOURCES["letters"]
    if not row.local:
        pytest.skip("EMNIST Letters is not here; point GAN_DATA_DIR at its files to run this test")
    dataset = row.load()
    assert np.bincount(dataset.train.labels).tolist() == [4800] * 26
    assert np.bincount(dataset.test.labels).tolist() == [800] * 26
    means = np.stack([dataset.test.images[dataset.test.labels == k].mean(0)[..., 0] for k in range(26)])
    letters = dict(zip(row.class_names, means, strict=True))
    # Upright and not mirrored: the foot of L is below, the roof of T above, the back of E at the left.
    assert letters["L"][18:].sum() > letters["L"][:10].sum()
    assert letters["T"][:12].sum() > 1.2 * letters["T"][16:].sum()
    assert letters["E"][:, :14].sum() > letters["E"][:, 14:].sum()
    assert letters["J"][14:, :14].sum() > letters["J"][:14, :14].sum()
