"""The cartoon faces that ship."""

import csv
import hashlib
import io
import re
import zipfile
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from gan import datasets
from gan.paths import SHIPPED_DATA

FOLDER = SHIPPED_DATA / "avatars"
SOURCE = datasets.DATASETS["avatars"]


@pytest.fixture(scope="module")
def rows():
    with zipfile.ZipFile(FOLDER / "avatars.zip") as archive:
        return list(csv.DictReader(io.StringIO(archive.read("attributes.csv").decode())))


@pytest.fixture(scope="module")
def faces(rows):
    """uint8 [n, 128, 128, 3], as the files have them."""
    with zipfile.ZipFile(FOLDER / "avatars.zip") as archive:
        return np.stack([np.asarray(Image.open(io.BytesIO(archive.read(row["file"]))).convert("RGB")) for row in rows])


@pytest.fixture(scope="module")
def words():
    """The words of each attribute, as parts.mjs has them."""
    text = (FOLDER / "parts.mjs").read_text(encoding="utf-8")
    tables = re.findall(r"export const ([A-Z]+) = \{(.*?)\};", text, re.DOTALL)
    key = re.compile(r'(?:^|[{,])\s*(?:"([^"]+)"|([a-z]+)):')
    return {name.lower(): {a or b for a, b in key.findall(body)} for name, body in tables}


def test_size_and_members(rows):
    assert (FOLDER / "avatars.zip").stat().st_size < 6.5e6
    with zipfile.ZipFile(FOLDER / "avatars.zip") as archive:
        assert archive.testzip() is None
        kinds = {info.compress_type for info in archive.infolist() if info.filename.endswith(".webp")}
        assert kinds == {zipfile.ZIP_STORED}, "WebP is packed already"
        assert {row["file"] for row in rows} == {name for name in archive.namelist() if name.endswith(".webp")}
    assert len(rows) == sum(SOURCE.counts.values()) >= 3_000


def test_attributes_are_complete_and_balanced(rows, words):
    assert list(rows[0]) == ["file", "split", "hair", *SOURCE.attributes]
    assert all(all(row.values()) for row in rows)
    pairs = Counter((row["hair"], row["skin"], row["split"]) for row in rows)
    assert len(pairs) == 8 * 6 * 2
    assert all(count == {"train": 52, "test": 13}[split] for (*_, split), count in pairs.items())
    for column in ("hair", "skin", "cut", "eyes", "brows", "mouth", "glasses", "earrings", "feature", "background"):
        counts = Counter(row[column] for row in rows)
        assert set(counts) == words[column], f"{column}: what parts.mjs names is what there is"
        assert min(counts.values()) > 60, f"{column}: enough of each to learn from"
    assert set(SOURCE.class_names) == words["hair"]


def test_every_face_is_different(rows, faces):
    assert len({hashlib.sha256(face.tobytes()).digest() for face in faces}) == len(faces)
    assert (
        len({(r["hair"], r["skin"], r["cut"], r["background"], r["mouth"], r["eyes"], r["brows"]) for r in rows})
        > 3_000
    )
    # To the eye: averaged down to 16x16, the nearest two still differ.
    small = faces.reshape(len(faces), 16, 8, 16, 8, 3).mean((2, 4)).reshape(len(faces), -1).astype(np.float32)
    norms = (small**2).sum(1)
    nearest = np.inf
    for start in range(0, len(small), 520):
        part = slice(start, start + 520)
        squares = norms[part, None] + norms - 2 * small[part] @ small.T
        squares[np.arange(len(squares)), np.arange(start, start + len(squares))] = np.inf
        nearest = min(nearest, float(squares.min()))
    assert np.sqrt(max(nearest, 0) / small.shape[1]) > 6


def test_colours_can_be_read(rows, faces):
    """Each picture holds much of its hair's colour and of its skin's, as parts.mjs gives them."""
    text = (FOLDER / "parts.mjs").read_text(encoding="utf-8")
    for column, least in (("hair", 0.01), ("skin", 0.05)):
        body = re.search(rf"const {column.upper()} = \{{(.*?)\}};", text, re.DOTALL)[1]
        colours = {name: bytes.fromhex(code) for name, code in re.findall(r'(\w+): "([0-9a-f]{6})"', body)}
        for row, face in list(zip(rows, faces, strict=True))[::10]:
            far = np.abs(face.astype(int) - np.frombuffer(colours[row[column]], np.uint8)).max(2)
            assert (far < 12).mean() > least, row


def test_provenance(rows):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in text and "Lisa Wischofsky" in text and "What was changed" in text
    for package, version in re.findall(r'"(@?[\w/-]+)": "([\d.]+)"', (FOLDER / "package.json").read_text()):
        assert re.search(rf"\| `{package}` \| {re.escape(version)} \|", text), f"{package} {version} is not listed"


@pytest.mark.parametrize(("name", "side"), [("avatars", 128), ("avatars32", 32), ("avatars64", 64)])
def test_loads_at_each_size(name, side, rows):
    data = datasets.load(name)
    assert data.source.shape == (side, side, 3)
    assert {split: len(part) for split, part in data.splits.items()} == SOURCE.counts
    assert set(data.train.attributes) == set(SOURCE.attributes)
    assert np.bincount(data.train.labels).tolist() == [312] * 8
    assert np.bincount(data.test.labels).tolist() == [78] * 8
    corner = data.train.images[:200, 1, 1].astype(int).min()
    assert corner > 20, "backgrounds are light, and no face is cut into a corner by black"


def test_the_smaller_are_the_same_faces():
    large, small = datasets.load("avatars").test, datasets.load("avatars32").test
    np.testing.assert_array_equal(large.labels, small.labels)
    np.testing.assert_array_equal(large.attributes["mouth"], small.attributes["mouth"])
    means = large.images[:50].reshape(50, 32, 4, 32, 4, 3).mean((2, 4))
    assert np.abs(means - small.images[:50]).mean() < 6
