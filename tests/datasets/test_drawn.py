"""The two sets that are drawn from fonts: what ships, and the scripts that drew it."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import hashlib
import importlib.util
import shutil
import sys

import numpy as np
import pytest

from gan import UserError, datasets
from gan.paths import SHIPPED_DATA

NAMES = ("hangul", "handwriting")
FAMILIES = {"hangul": 40, "handwriting": 40}
OPEN = ("OFL 1.1", "Apache 2.0", "Artistic", "Baekmuk (MIT-like)", "GPL 2")


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def scripts():
    """The two ``render.py`` as modules, by name."""
    found = {}
    for name in NAMES:
        spec = importlib.util.spec_from_file_location(f"render_{name}", SHIPPED_DATA / name / "render.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[name] = module
    yield found
    sys.modules.pop("font_sets", None)


def table(name):
    with (SHIPPED_DATA / name / f"{name}-fonts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_size_and_reproducible_headers(name):
    files = list((SHIPPED_DATA / name).glob("*.gz"))
    assert len(files) == 6
    assert sum(file.stat().st_size for file in files) < 3e6
    for file in files:
        head = file.read_bytes()[:10]
        assert head[3:8] == bytes(5), "a gzip header with a name or a time differs from one drawing to the next"


def test_files_unpack_to_their_digests_and_the_readme_names_them(name):
    reader = datasets.source(name).reader
    text = (SHIPPED_DATA / name / "README.md").read_text(encoding="utf-8")
    for file in (*(file for both in reader.files.values() for file in both), *reader.fonts.values()):
        data = gzip.decompress((SHIPPED_DATA / name / f"{file.name}.gz").read_bytes())
        assert hashlib.sha256(data).hexdigest() == file.sha256
        assert f"| `{file.name}` | `{file.sha256}` |" in text


def test_fonts_are_many_open_and_apart(name, scripts):
    rows, chosen = table(name), scripts[name].SET
    assert [row["source"] for row in rows] == [choice.source for choice in chosen.choices]
    assert len({row["family"] for row in rows}) == len(rows) >= FAMILIES[name]  # no family twice
    assert sum(row["style"] == "handwriting" for row in rows) >= (15 if name == "hangul" else 40)
    for row in rows:
        assert row["licence"] in OPEN and "opyright" in row["copyright"].lower() + "(c)©".replace("(c)©", "opyright")
    text = (SHIPPED_DATA / name / "README.md").read_text(encoding="utf-8")
    assert all(f"| {row['family']} | {row['style']} | {row['source']} | {row['licence']} |" in text for row in rows)


def test_test_pictures_come_from_other_fonts_both_from_handwriting(name):
    data, rows = datasets.load(name), {row["family"]: row for row in table(name)}
    for split in ("train", "test"):
        attributes = data.splits[split].attributes
        fonts = set(attributes["font"].tolist())
        assert fonts == {family for family, row in rows.items() if row["split"] == split}
        assert [rows[font]["style"] for font in attributes["font"]] == attributes["style"].tolist()
        assert "handwriting" in attributes["style"]


def test_classes_are_those_of_the_script_and_as_many_each(name, scripts):
    row, chosen = datasets.source(name), scripts[name].SET
    assert "".join(row.class_names) == chosen.characters and row.shape == (chosen.style.size, chosen.style.size, 1)
    for split, data in datasets.load(name).splits.items():
        fonts = sum(choice.split == split for choice in chosen.choices)
        assert np.bincount(data.labels).tolist() == [fonts * chosen.variations[split]] * len(row.class_names)
        assert len(np.unique(data.images[:2000])) == 16  # grey levels


def test_handwriting_has_the_form_of_mnist():
    images = datasets.load("handwriting").test.images[..., 0].astype(float)
    ink = images.sum((1, 2))
    rows = (images.sum(2) * np.arange(28)).sum(1) / ink
    columns = (images.sum(1) * np.arange(28)).sum(1) / ink
    assert np.abs(rows - 13.5).max() < 0.7 and np.abs(columns - 13.5).max() < 0.7
    tall = [np.ptp(np.flatnonzero(image.any(1))) + 1 for image in images > 127]
    wide = [np.ptp(np.flatnonzero(image.any(0))) + 1 for image in images > 127]
    longer = np.maximum(tall, wide)
    assert longer.max() <= 21 and longer.min() >= 16


def test_nothing_is_cut_off(name):
    images = datasets.load(name).train.images
    edges = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    assert max((edge > 0).mean() for edge in edges) < 0.02


def test_the_same_drawing_again(name, scripts):
    """A font that is here on every machine stands in for one of the packages."""
    fonts, glyphs = sys.modules["font_sets"].fonts, sys.modules["font_sets"].glyphs
    from tests import small_fonts

    chosen = dataclasses.replace(scripts[name].SET, characters="1A")
    font = fonts.open_fonts(small_fonts.file(), "boxes.ttf")[0]
    shapes = {character: glyphs.glyph(font, character, chosen.style.resolution) for character in "1A"}
    drawn = [
        sys.modules["font_sets"].Drawn(choice, choice.package, "", shapes)
        for choice in (chosen.choices[0], chosen.choices[-1])
    ]
    split = drawn[0].choice.split
    first, again = chosen.draw_split(drawn[:1], split), chosen.draw_split(drawn[:1], split)
    assert first[0].shape == (2 * chosen.variations[split], chosen.style.size, chosen.style.size)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    both = chosen.draw_split(drawn, split)[0]
    assert {picture.tobytes() for picture in first[0]} <= {picture.tobytes() for picture in both}


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("hangul-fonts.csv", None, "hangul-fonts.csv is missing"),
        ("hangul-fonts.csv", "a,b\n1,2\n", "is damaged"),
        ("hangul-fonts.csv", "family,style\nOne,print\n", "names font"),
        ("hangul-test-fonts-idx1-ubyte.gz", None, "is missing"),
    ],
)
def test_what_was_changed_or_taken_away_is_named(file, content, words, tmp_path, cache, monkeypatch):
    shutil.copytree(SHIPPED_DATA / "hangul", tmp_path / "data" / "hangul")
    monkeypatch.setattr("gan.paths.SHIPPED_DATA", tmp_path / "data")
    monkeypatch.setattr("gan.datasets.drawn.SHIPPED_DATA", tmp_path / "data")
    monkeypatch.setenv("GAN_DATA_DIR", "")
    path = tmp_path / "data" / "hangul" / file
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(UserError, match=words):
        datasets.source("hangul").load()
