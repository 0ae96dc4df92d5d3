"""From files to a data set of one's own: every kind, every option, and nothing half-done."""

import gzip
import io
import zipfile

import numpy as np
import pytest

from gan import UserError, datasets
from gan.datasets import importing, kept
from gan.datasets.archives import Upload
from gan.datasets.idx_format import encode
from gan.datasets.importing import Options
from tests.datasets.test_folder import picture, put
from tests.datasets.test_kept import entries
from tests.datasets.test_stacks import COLOUR, IMAGES, LABELS, npz
from tests.datasets.test_tables import DIGITS, table
from tests.datasets.test_tables import LABELS as DIGIT_LABELS

pytestmark = pytest.mark.usefixtures("local_data")


@pytest.fixture
def pets(tmp_path):
    cats = {f"cat/{i}.png": picture(i * 20) for i in range(6)}
    dogs = {f"dog/{i}.jpg": picture(i * 20, "JPEG") for i in range(4)}
    return put(tmp_path / "My Pets", cats | dogs)


def zipped(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder))
    return buffer


def test_a_folder_is_examined_and_kept(pets, local_data):
    plan = importing.examine(pets)
    assert (plan.kind, plan.name, plan.count, plan.counts) == ("pictures", "my-pets", 10, {"cat": 6, "dog": 4})
    assert plan.sizes == [((20, 16), 10)] and plan.columns == () and plan.problems == [] and not plan.split
    assert plan.title == "10 pictures in 2 classes (picture files)"
    assert entries(local_data) == []  # looking leaves nothing
    row, report = importing.run(plan, "pets", Options(size=32, title="Pets", licence="CC0"))
    assert datasets.source("pets") is row and row.shape == (32, 32, 3) and row.class_names == ("cat", "dog")
    assert row.counts == {"train": 8, "test": 2} and report.lines() == ["10 pictures kept."]
    assert (row.title, row.licence) == ("Pets", "CC0") and "My Pets" in row.summary
    assert entries(local_data) == ["pets"]


def test_an_upload_of_a_zip_and_a_table(pets):
    csv = b"animal,legs\ncat,4\ndog,3\n"
    what = [Upload("pets.zip", zipped(pets)), Upload("legs.csv", io.BytesIO(csv))]
    plan = importing.examine(what)
    assert plan.columns == ("animal", "legs") and plan.count == 10 and plan.name == "pets"
    row, _ = importing.run(plan, "pets", Options(size=16, channels=1, how="pad"))
    assert row.attributes == ("legs",) and row.shape == (16, 16, 1)
    train = datasets.load("pets").train
    assert np.array_equal(train.attributes["legs"], np.where(train.labels == 0, 4, 3))


def test_loose_pictures(pets):
    uploads = [Upload(path.name, io.BytesIO(path.read_bytes())) for path in sorted(pets.glob("cat/*"))]
    row, _ = importing.run(importing.examine(uploads), "cats")
    assert row.class_names == ("all",) and sum(row.counts.values()) == 6 and row.shape == (64, 64, 3)


def test_a_column_labels(pets):
    put(pets, {"t.csv": "file,mood\n" + "".join(f"cat/{i}.png,{'happy' if i % 2 else 'grim'}\n" for i in range(6))})
    row, report = importing.run(importing.examine(pets), "moods", Options(label="mood"))
    assert row.class_names == ("(not stated)", "grim", "happy")
    assert len(report.remarks) == 4


def test_pictures_split_already(tmp_path, pets):
    (pets / "cat").rename(tmp_path / "cat")
    names = {f"{split}/{kind}/{i}.png": picture(i) for split in ("train", "test") for kind in "ab" for i in range(3)}
    plan = importing.examine(put(tmp_path / "in", names))
    assert plan.split and plan.counts == {"a": 6, "b": 6}
    row, _ = importing.run(plan, "both", Options(share=0.9))
    assert row.counts == {"train": 6, "test": 6} and row.split == "the publisher's"
    assert kept.resplit("both", 0.75).counts == {"train": 9, "test": 3}


def test_a_table_of_pixels(tmp_path):
    (tmp_path / "image_pixels_augmented.csv").write_text(table(last=True))
    plan = importing.examine(tmp_path / "image_pixels_augmented.csv")
    assert (plan.kind, plan.count, plan.sizes) == ("pixels", 60, [((8, 8), 60)])
    assert plan.problems == ["Column of the label: number 65."] and plan.name == "image_pixels_augmented"
    row, _ = importing.run(plan, "pixels")
    assert row.shape == (8, 8, 1) and len(row.class_names) == 10
    data = datasets.load("pixels")
    pairs = [pair for split in data.splits.values() for pair in zip(split.images, split.labels, strict=True)]
    seen = {image.tobytes(): row.class_names[label] for image, label in pairs}
    assert seen == {image.tobytes(): str(label) for image, label in zip(DIGITS, DIGIT_LABELS, strict=True)}
    resized, _ = importing.run(plan, "larger", Options(size=16, channels=3))
    assert resized.shape == (16, 16, 3)


def test_arrays(tmp_path):
    (tmp_path / "f.npz").write_bytes(npz(x_train=COLOUR[:8], y_train=LABELS[:8], x_test=COLOUR[8:], y_test=LABELS[8:]))
    plan = importing.examine(tmp_path / "f.npz")
    assert (plan.kind, plan.split, plan.counts) == ("arrays", True, {"0": 4, "1": 4, "2": 4})
    row, _ = importing.run(plan, "arrays")
    assert row.counts == {"train": 8, "test": 4} and row.shape == (8, 8, 3)
    test = datasets.load("arrays").test
    assert {image.tobytes() for image in test.images} == {image.tobytes() for image in COLOUR[8:]}


def test_idx_files(tmp_path):
    put(
        tmp_path / "in", {"i.gz": gzip.compress(encode(IMAGES)), "l.gz": gzip.compress(encode(LABELS.astype(np.uint8)))}
    )
    put(tmp_path / "in", {"notes.docx": b"x"})
    plan = importing.examine(tmp_path / "in")
    assert (plan.kind, plan.count) == ("idx", 12)
    _, report = importing.run(plan, "idx")
    assert report.left_out == [("notes.docx", "no part of in's pictures")]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "nothing to make a data set of; it holds no files"),
        ({"a.docx": b"x"}, "it holds a.docx"),
        ({"a.ttf": b"x"}, "From fonts"),
        ({"a.mat": b"x"}, "GAN_DATA_DIR"),
        ({"a.7z": b"x"}, r"a\.7z: only ZIP archives are read"),
        ({"a.csv": b"a,b\n1,2\n", "b.csv": b"a,b"}, "2 tables"),
        ({"a.csv": b"a,b\n1,2\n"}, "do not make square pictures"),
        ({"a.npz": b"x"}, "not an .npz file"),
    ],
)
def test_nothing_to_import(tmp_path, files, words):
    (tmp_path / "in").mkdir()
    with pytest.raises(UserError, match=words):
        importing.examine(put(tmp_path / "in", files))


def test_what_is_odd_is_said_beforehand(pets):
    put(pets, {"rat/1.png": picture(1), "x.docx": b"", "y.zip": b""})
    problems = importing.examine(pets).problems
    assert (
        "x.docx: neither a picture nor a table." in problems
        and "y.zip: an archive within; unpack it first." in problems
    )
    assert "1 classes have one picture each (rat …)." in problems


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_pictures(tmp_path, count, local_data):
    files = {f"{i}.png": picture(i) if i < count else b"no" for i in range(3)}
    plan = importing.examine(put(tmp_path / "in", files))
    with pytest.raises(UserError, match="needs two at least" if count else "none of its pictures"):
        importing.run(plan, "few")
    assert entries(local_data) == []


def test_one_class_only(pets):
    row, _ = importing.run(importing.examine(pets / "cat"), "cats")
    assert row.class_names == ("all",) and not row.labelled


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("handwriting", {}, "already"),
        ("Pets!", {}, "cannot be used"),
        ("pets", {"size": 8}, "16 to 256"),
        ("pets", {"size": 0}, "16 to 256"),
        ("pets", {"size": 999}, "16 to 256"),
        ("pets", {"share": 1.0}, "0.05 to 0.95"),
        ("pets", {"label": "hair"}, "unknown column 'hair'"),
    ],
)
def test_options_that_cannot_be(pets, local_data, name, options, words):
    plan = importing.examine(pets)
    with pytest.raises(UserError, match=words):
        importing.run(plan, name, Options(**options))
    assert entries(local_data) == []


@pytest.mark.parametrize("at", [0.0, 0.5, 0.9])
def test_cancel_leaves_nothing(tmp_path, local_data, at):
    plan = importing.examine(put(tmp_path / "in", {f"{i}.png": picture(i) for i in range(200)}))
    heard = []

    def cancel(share, text):
        heard.append(share)
        if share >= at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.run(plan, "gone", Options(size=16), cancel)
    assert heard == sorted(heard)
    assert entries(local_data) == [] and "gone" not in datasets.sources()


def test_files_that_vanish_in_between(pets):
    plan = importing.examine(pets)
    (pets / "cat" / "0.png").unlink()
    _, report = importing.run(plan, "pets")
    assert report.kept == 9
