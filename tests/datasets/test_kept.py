"""The user's own data sets: kept whole or not at all, found by name, taken away and brought back."""

import errno
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from gan import UserError, datasets
from gan.datasets import kept, kept_files, shares
from gan.datasets.growing import Growing

pytestmark = pytest.mark.usefixtures("local_data")
RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (100, 8, 6, 3), np.uint8)
LABELS = np.repeat([0, 1, 2], [60, 39, 1])
COLUMNS = {"hair": np.array([f"colour {i % 4}" for i in range(100)]), "skin": np.arange(100) / 100}


def keep(name="mine", **changed):
    values = {"images": IMAGES, "labels": LABELS, "class_names": ["가", "b", "c/d"], "attributes": COLUMNS} | changed
    return kept.keep(name, **values)


def entries(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_kept_and_found_by_name(local_data):
    row = keep(title="Mine", licence="CC0", made_from="tests")
    assert datasets.sources()["mine"] is datasets.source("mine") is row
    assert next(iter(datasets.sources())) in datasets.DATASETS
    assert row.class_names == ("가", "b", "c/d") and row.shape == (8, 6, 3) and row.attributes == ("hair", "skin")
    assert (row.title, row.licence, row.summary) == ("Mine", "CC0", "Made from tests.")
    data = datasets.load("mine")
    assert datasets.load("mine") is data
    assert isinstance(data.train.images, np.memmap) and not data.train.images.flags.writeable
    assert {name: len(split) for name, split in data.splits.items()} == row.counts == {"train": 80, "test": 20}
    seen = {}
    for split in data.splits.values():
        assert len(split.attributes["hair"]) == len(split)
        for image, label, hair, skin in zip(split.images, split.labels, *split.attributes.values(), strict=True):
            seen[image.tobytes()] = (label, hair, skin)
    whole = zip(IMAGES, LABELS, *COLUMNS.values(), strict=True)
    assert seen == {image.tobytes(): tuple(rest) for image, *rest in whole}  # each picture still has what is its own
    assert np.bincount(data.train.labels).tolist() == [48, 31, 1]  # the only one of its class is there to learn from
    assert len(np.unique(data.train.labels[:10])) > 1


def test_the_digest_is_known_and_right():
    keep()
    for split in datasets.load("mine").splits.values():
        assert split.digest == datasets.Split(np.array(split.images), np.array(split.labels)).digest


def test_groups_stay_together():
    fonts = np.arange(100) % 10
    row = keep(groups=fonts, attributes={"font": fonts})
    data = datasets.load("mine")
    train, test = ({int(f) for f in split.attributes["font"]} for split in data.splits.values())
    assert len(train) == 8 and len(test) == 2 and not train & test
    assert "no group is torn apart" in row.split
    kept.resplit("mine", 0.5, seed=9)
    train, test = ({int(f) for f in split.attributes["font"]} for split in datasets.load("mine").splits.values())
    assert len(train) == len(test) == 5 and not train & test


def test_one_group_is_no_reason_to_have_no_test_pictures():
    assert keep(groups=np.zeros(100, int)).counts == {"train": 80, "test": 20}


@pytest.mark.parametrize("count", [2, 3, 7])
def test_both_splits_have_pictures(count):
    for share in (0.05, 0.5, 0.95):
        row = keep(f"s{int(share * 100)}", images=IMAGES[:count], labels=np.zeros(count, int), class_names=["all"],
                   attributes={}, share=share)  # fmt: skip
        assert min(row.counts.values()) >= 1 and sum(row.counts.values()) == count
        assert not row.labelled


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "cannot be used"),
        ("Große Bilder", "cannot be used"),
        ("../up", "cannot be used"),
        (".hidden", "cannot be used"),
        ("a" * 65, "64 at most"),
        ("mnist", "already"),
        ("mine", "already"),
    ],
)
def test_names_that_cannot_be(name, words, local_data):
    keep()
    before = entries(local_data)
    with pytest.raises(UserError, match=words):
        keep(name)
    assert entries(local_data) == before


def test_free_names():
    keep("faces")
    assert kept.free_name("Faces") == "faces-2"
    assert kept.free_name("MNIST") == "mnist-2"
    assert kept.free_name("my pictures (2)") == "my-pictures-2"
    assert kept.free_name("고양이") == "pictures"


@pytest.mark.parametrize("count", [0, 1])
def test_too_few(count, local_data):
    with pytest.raises(UserError, match="needs two at least"):
        keep(images=IMAGES[:count], labels=LABELS[:count], attributes={})
    assert entries(local_data) == []


@pytest.mark.parametrize("share", [0, 1, -1, float("nan")])
def test_shares_that_cannot_be(share, local_data):
    with pytest.raises(UserError, match=r"0\.05 to 0\.95"):
        keep(share=share)
    assert entries(local_data) == []


def test_cancel_leaves_nothing(local_data, monkeypatch):
    monkeypatch.setattr(kept_files, "PIECE", 1000)
    heard = []

    def cancel(share, text):
        heard.append(share)
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep(progress=cancel)
    assert heard == sorted(heard) and len(heard) > 3
    assert entries(local_data) == [] and kept.kept() == {}
    keep()  # and the name is still free


def test_a_full_disk_leaves_nothing(local_data, monkeypatch):
    def full(self, rows):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Growing, "append", full)
    with pytest.raises(UserError, match="the disk is full"):
        keep()
    assert entries(local_data) == []


def test_a_folder_that_cannot_be_made(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GAN_LOCAL_DATA_DIR", str(tmp_path / "file" / "local"))
    with pytest.raises(UserError, match="cannot be written"):
        keep()
    assert kept.kept() == {}


def test_what_a_killed_process_left_is_swept(local_data):
    program = (
        "import os, numpy as np; from gan.datasets import kept\n"
        "kept.keep('dead', np.zeros((50, 8, 8, 1), np.uint8), np.zeros(50, int), ['all'],"
        " progress=lambda share, text: os._exit(1))"
    )
    subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    assert len(entries(local_data)) == 1 and kept.kept() == {} and kept.problems() == []
    keep()
    assert entries(local_data) == ["mine"]


def test_removed_and_restored():
    row = keep()
    first = datasets.load("mine").train
    kept.remove("mine")
    assert "mine" not in datasets.sources() and kept.removed() == ["mine"]
    with pytest.raises(UserError, match="unknown data set 'mine'"):
        datasets.load("mine")
    assert first.images[0].tobytes()  # whoever has it open goes on
    keep("other")
    kept.restore("mine")
    assert datasets.source("mine").counts == row.counts and kept.removed() == []
    with pytest.raises(UserError, match="unknown removed data set 'mine'"):
        kept.restore("mine")


def test_a_name_taken_meanwhile_is_not_overwritten():
    keep()
    kept.remove("mine")
    keep(title="Second")
    with pytest.raises(UserError, match="already"):
        kept.restore("mine")
    kept.remove("mine")  # the undo is for the last one
    kept.restore("mine")
    assert datasets.source("mine").title == "Second"


def test_only_own_sets_are_removed():
    with pytest.raises(UserError, match="unknown data set of your own 'mnist'"):
        kept.remove("mnist")


def test_renamed():
    keep()
    kept.rename("mine", "ours")
    assert list(kept.kept()) == ["ours"] and datasets.load("ours").source.name == "ours"
    with pytest.raises(UserError, match="already"):
        kept.rename("ours", "handwriting")


def test_another_share_moves_the_boundary():
    keep()
    before = datasets.load("mine")
    row = kept.resplit("mine", 0.5)
    after = datasets.load("mine")
    assert row.counts == {"train": len(after.train), "test": len(after.test)} == {"train": 49, "test": 51}
    assert np.array_equal(after.train.images, before.train.images[:49])
    assert after.train.digest == datasets.Split(np.array(after.train.images), np.array(after.train.labels)).digest
    assert "50%" in row.split


def test_another_seed_draws_anew(local_data):
    keep()
    before = datasets.load("mine")
    kept.resplit("mine", 0.8, seed=2)
    after = datasets.load("mine")
    assert {i.tobytes() for i in after.train.images} != {i.tobytes() for i in before.train.images}
    assert len(list((local_data / "mine").glob("[!.]*"))) == 6  # a card, three arrays, two columns
    with pytest.raises(UserError, match="unknown data set of your own 'min'; did you mean mine"):
        kept.resplit("min", 0.5)


def test_two_at_once_do_not_clear_away_each_other_s_files():
    keep()

    def again(share, text):
        with pytest.raises(UserError, match="being split anew already"):
            kept.resplit("mine", 0.5, seed=3)

    kept.resplit("mine", 0.8, seed=2, progress=again)
    assert datasets.load("mine").train.digest and "seed 2" in datasets.source("mine").split


def test_a_set_is_never_gone_while_it_is_split_anew(monkeypatch):
    """A page that read the card just before the split found the files of its revision gone, and showed another set."""
    keep()
    read_card, asked = kept_files.read_card, []

    def overtaken(folder):
        card = read_card(folder)
        if not asked:
            asked.append(card.revision)
            kept.resplit("mine", 0.8, seed=2)
        return card

    kept_files._examine.cache_clear()
    monkeypatch.setattr(kept_files, "read_card", overtaken)
    assert list(kept.kept()) == ["mine"] and not kept.problems()
    assert asked and "seed 2" in datasets.source("mine").split


def test_a_cancelled_draw_changes_nothing(local_data):
    keep()
    before = entries(local_data / "mine")

    def cancel(share, text):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.resplit("mine", 0.8, seed=2, progress=cancel)
    assert [name for name in entries(local_data / "mine") if name != ".lock"] == before
    assert list(kept.kept()) == ["mine"]


def damaged(card, **changed):
    return lambda folder: (folder / "card.json").write_text(json.dumps(card(folder) | changed))


def read(folder):
    return json.loads((folder / "card.json").read_text())


DAMAGES = {
    "no card": (lambda folder: (folder / "card.json").unlink(), "has no card.json"),
    "no JSON": (lambda folder: (folder / "card.json").write_text("{"), "card.json cannot be used"),
    "a list": (lambda folder: (folder / "card.json").write_text("[]"), "card.json cannot be used"),
    "version": (damaged(read, format=9), "another version"),
    "outside": (damaged(read, revision="../../x"), "a field is not"),
    "shape": (damaged(read, shape=[8, 6]), "a field is not"),
    "names": (damaged(read, class_names=["a", "a", "b"]), "a field is not"),
    "share": (damaged(read, share="half"), "card.json cannot be used"),
    "seed": (damaged(read, seed=None), "a field is not"),
    "counts": (damaged(read, counts={"train": 70, "test": 20}), "not the 90"),
    "labels": (damaged(read, class_names=["a", "b"]), "outside the 2 classes"),
    "pictures gone": (lambda folder: next(folder.glob("*-images.npy")).unlink(), r"-images\.npy is missing"),
    "cut off": (lambda folder: os.truncate(next(folder.glob("*-images.npy")), 500), r"-images\.npy cannot be read"),
    "empty": (lambda folder: os.truncate(next(folder.glob("*-labels.npy")), 0), r"-labels\.npy cannot be read"),
    "no array": (lambda folder: next(folder.glob("*-attribute-0.npy")).write_bytes(b"x" * 99), "attribute-0"),
}


@pytest.mark.parametrize(("damage", "words"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_set_is_left_out_and_explained(damage, words, local_data):
    keep()
    keep("whole")
    damage(local_data / "mine")
    assert list(kept.kept()) == ["whole"] and "mine" not in datasets.sources()
    (problem,) = kept.problems()
    assert problem.startswith("mine: ")
    with pytest.raises(UserError, match=words):
        datasets.load("mine")
    kept.remove("mine")  # it can be cleared away
    assert kept.problems() == []


def test_a_set_that_the_app_brings_later_comes_first(local_data):
    keep()
    (local_data / "mine").rename(local_data / "mnist")
    assert datasets.source("mnist") is datasets.DATASETS["mnist"]
    assert "rename the folder" in kept.problems()[0]


def test_places_cut_each_class_alike():
    labels = np.random.default_rng(1).integers(0, 7, 5000)
    places = shares.places(labels, seed=3)
    assert len(np.unique(places)) == 5000 and places.min() > 0 and places.max() < 1
    for share in (0.1, 0.5, 0.8):
        for label in range(7):
            assert (places[labels == label] < share).mean() == pytest.approx(share, abs=0.002)
    assert np.array_equal(places, shares.places(labels, seed=3))
    assert not np.array_equal(places, shares.places(labels, seed=4))


def test_growing_files_are_npy_files(tmp_path):
    with Growing(tmp_path / "a.npy", (3, 2)) as file:
        for count in (1, 0, 700):
            file.append(np.full((count, 3, 2), count % 256, np.uint8))
    read = np.load(tmp_path / "a.npy", mmap_mode="r")
    assert read.shape == (701, 3, 2) and read[-1, 0, 0] == 700 % 256 and read[0, 0, 0] == 1
    with pytest.raises(ValueError, match="rows of shape"), Growing(tmp_path / "b.npy", (3, 2)) as file:
        file.append(np.zeros((1, 2, 3), np.uint8))
