"""The painted covers that ship, and the program that paints them."""

import csv
import hashlib
import importlib
import io
import shutil
import sys
import zipfile
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from gan import UserError, datasets, paths
from gan.datasets import covers
from gan.paths import SHIPPED_DATA

FOLDER = SHIPPED_DATA / "covers"
SOURCE = covers.SOURCE
MODULES = (
    *("animals", "buildings", "canvas", "far_scenes", "fonts", "frames", "land", "landscapes", "lettering", "paint"),
    *("palettes", "scenes", "sky", "things", "words"),
)


def table(path, name):
    with zipfile.ZipFile(path) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


@pytest.fixture(scope="module")
def painter():
    """The modules of data/covers by name."""
    sys.path.insert(0, str(FOLDER))
    yield {name: importlib.import_module(name) for name in MODULES}
    sys.path.remove(str(FOLDER))
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def tested():
    return list(covers.titles("test"))


def test_sizes_on_disk():
    assert sum((FOLDER / name).stat().st_size for name in ("covers.zip", "titles.zip")) < 5.5e6


def test_all_that_ships_stays_small():
    """The whole of data/ but what git ignores: 18 MB."""
    ours = [path for path in SHIPPED_DATA.rglob("*") if path.is_file()]
    ours = [path for path in ours if not {"cache", "local", "node_modules", "__pycache__"} & set(path.parts)]
    assert sum(path.stat().st_size for path in ours) < 18e6


def test_attributes_are_complete_and_balanced():
    rows = table(FOLDER / "covers.zip", "attributes.csv")
    assert len(rows) == sum(SOURCE.counts.values()) >= 600
    assert list(rows[0]) == ["file", "split", "scene", *SOURCE.attributes]
    assert all(all(row.values()) for row in rows)
    cells = Counter((row["scene"], row["time"], row["split"]) for row in rows)
    assert len(cells) == 8 * 4 * 2
    assert all(count == {"train": 16, "test": 4}[split] for (*_, split), count in cells.items())
    for column, least in (("animal", 20), ("frame", 30), ("style", 200)):
        assert min(Counter(row[column] for row in rows).values()) >= least, column


def test_every_cover_is_different():
    data = datasets.load("covers")
    images = np.concatenate([data.train.images, data.test.images])
    assert len({hashlib.sha256(image.tobytes()).digest() for image in images}) == len(images)
    small = images.reshape(len(images), 16, 16, 16, 16, 3).mean((2, 4)).reshape(len(images), -1)
    squares = ((small**2).sum(1)[:, None] + (small**2).sum(1) - 2 * small @ small.T) / small.shape[1]
    np.fill_diagonal(squares, np.inf)
    assert np.sqrt(squares.min()) > 6


def test_loads_at_both_sizes():
    for name, side in (("covers", 256), ("covers64", 64)):
        data = datasets.load(name)
        assert data.train.images.shape == (512, side, side, 3) and data.test.images.shape == (128, side, side, 3)
        assert np.bincount(data.train.labels).tolist() == [64] * 8
        assert np.bincount(data.test.labels).tolist() == [16] * 8
        assert set(data.train.attributes["time"]) == {"dawn", "day", "dusk", "night"}
        night, day = (data.train.images[data.train.attributes["time"] == time].mean() for time in ("night", "day"))
        assert day > night + 40


def test_titles_align_with_the_art(tested):
    assert len(tested) == SOURCE.counts["test"]
    with zipfile.ZipFile(FOLDER / "covers.zip") as art, zipfile.ZipFile(FOLDER / "titles.zip") as layers:
        names = [name for name in art.namelist() if name.endswith(".webp")]
        assert names == [name for name in layers.namelist() if name.endswith(".webp")]
    loaded = {image.tobytes() for image in datasets.load("covers").test.images}
    for cover in tested:
        assert cover.art.tobytes() in loaded, "the art is the very picture that the data set holds"
        assert cover.layer.shape == (256, 256, 4)
        np.testing.assert_array_equal(cover.with_title[~cover.letters], cover.art[~cover.letters])
        assert 0.004 < cover.letters.mean() < 0.5
        assert np.abs(cover.with_title.astype(int) - cover.art)[cover.letters].mean() > 15, "letters can be told apart"
        assert not cover.letters[[0, -1]].any() and not cover.letters[:, [0, -1]].any(), "nothing is cut off"


def test_titles_vary():
    rows = table(FOLDER / "titles.zip", "titles.csv")
    assert 0.1 < np.mean([row["language"] == "korean" for row in rows]) < 0.2
    for row in rows:
        hangul = any("가" <= letter <= "힣" for letter in row["title"])
        assert hangul == (row["language"] == "korean")
    angles = np.array([float(row["angle"]) for row in rows])
    assert np.abs(angles).max() <= 25 and 0.55 < (angles == 0).mean() < 0.8 and len(set(angles)) > 20
    effects = Counter(word for row in rows for word in row["effects"].split())
    assert set(effects) == {"plain", "outline", "shadow", "bow"} and min(effects.values()) > 40
    assert len({row["font"] for row in rows}) >= 40
    assert len({row["title"] for row in rows}) > 0.85 * len(rows)


def test_provenance_names_every_font(painter):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    fonts = [*painter["fonts"].LATIN, *painter["fonts"].KOREAN]
    listed = [line for line in text.splitlines() if line.startswith(("| latin", "| korean"))]
    assert [line.split("`")[1] for line in listed] == [f"@fontsource/{name}" for name in fonts]
    for line in listed:
        _, _, _, version, weight, licence, copyright_line, _ = (cell.strip() for cell in line.split("|"))
        assert version and weight and licence in ("OFL-1.1", "Apache-2.0") and copyright_line
    assert {row["font"] for row in table(FOLDER / "titles.zip", "titles.csv")} <= set(fonts)


@pytest.mark.parametrize("scene", SOURCE.class_names)
def test_scenes_are_painted_alike_from_one_seed(scene, painter):
    first, again, other = (painter["paint"].paint(np.random.default_rng(seed), scene, "day")[0] for seed in (1, 1, 2))
    assert first.size == (256, 256) and first.mode == "RGB"
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_letters_fit_and_repeat(painter, monkeypatch):
    """Set in the font that comes with Pillow, which only drawing needs."""
    lettering, palettes = painter["lettering"], painter["palettes"]
    from PIL import ImageFont

    font = painter["fonts"].Font("plain", "latin", 400, "", "", "OFL-1.1", "", b"")
    monkeypatch.setattr(lettering, "_sized", lambda data, size: ImageFont.load_default(size))
    monkeypatch.setattr(painter["fonts"].Font, "has", lambda self, text: True)
    monkeypatch.setitem(lettering.NAMES, "latin", ("plain",))
    art = Image.new("RGB", (256, 256), (90, 140, 200))
    for seed in range(12):
        one, again = (
            lettering.letter(
                np.random.default_rng(seed),
                {"plain": font},
                "Seven Foxes and a Tram",
                "Nell Vale",
                art,
                palettes.TIMES["day"][0],
            )
            for _ in range(2)
        )
        assert one[1] == again[1] and one[0].tobytes() == again[0].tobytes()
        alpha = np.asarray(one[0])[..., 3]
        assert one[0].size == (256, 256) and 0.01 < (alpha > 0).mean() < 0.5
        assert not alpha[[0, -1]].any() and not alpha[:, [0, -1]].any()


def test_words(painter):
    words = painter["words"]
    rng = np.random.default_rng(0)
    for scene in SOURCE.class_names:
        for animal in ("none", "owl", "fox"):
            title = words.english(rng, scene, animal)
            assert title and title[0].isupper() and " a a" not in title.lower() and " a o" not in title.lower()
            assert words.korean(rng, scene, animal).strip()
    assert [words.plural(word) for word in ("fox", "city", "key", "wish")] == ["foxes", "cities", "keys", "wishes"]
    assert words.ends_open("나리") and not words.ends_open("가람")


def test_unknown_split():
    with pytest.raises(UserError, match="unknown split 'valid'"):
        covers.titles("valid")


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_damaged_titles(damage, tmp_path, monkeypatch):
    (tmp_path / "covers").mkdir()
    shutil.copy(FOLDER / "covers.zip", tmp_path / "covers")
    target = tmp_path / "covers" / "titles.zip"
    if damage == "cut":
        target.write_bytes((FOLDER / "titles.zip").read_bytes()[:5_000])
    elif damage == "other":
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr(
                "titles.csv", "file,title,author,language,font,angle,effects\n000.webp,A,B,english,lora,0,plain\n"
            )
    monkeypatch.setattr(paths, "SHIPPED_DATA", tmp_path)
    if damage == "other":  # whichever split its only row is in
        with pytest.raises(UserError, match="missing or damaged"):
            [list(covers.titles(split)) for split in SOURCE.counts]
    else:
        with pytest.raises(UserError, match="put it back"):
            next(covers.titles("test"))
