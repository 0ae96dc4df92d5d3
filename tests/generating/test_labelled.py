"""Labelled sets: whole files of what was drawn, in every form, and data sets of one's own."""

from __future__ import annotations

import gzip
import io
import zipfile

import numpy as np
import pytest

from gan import UserError, datasets, drawing, images
from gan.drawing import Order
from gan.generating import batches, labelled
from tests.small_models import save_generator

ORDER = Order("digits", (3, 7), 21, seed=5)


@pytest.fixture(autouse=True)
def small_pieces(digits, monkeypatch):
    """So small that a file is made of several."""
    monkeypatch.setattr(batches.batches, "__defaults__", (False, 8))


def drawn() -> np.ndarray:
    return np.concatenate([batch.pictures for batch in batches.batches(ORDER)])


def test_a_zip_has_a_folder_a_label(tmp_path):
    said = []
    written = labelled.write(ORDER, "zip", tmp_path / "set.zip", say=lambda share, text: said.append((share, text)))
    assert (written.count, written.share) == (21, 1.0)
    with zipfile.ZipFile(tmp_path / "set.zip") as pack:
        assert len(pack.namelist()) == 22 and {"3/00.png", "7/01.png", "3/20.png"} < set(pack.namelist())
        np.testing.assert_array_equal(images.decode(pack.read("7/19.png")), drawn()[19])
    assert said[0] == (0.0, "Drawing 21 pictures") and said[-1] == (1.0, "21 of 21 pictures")


def test_an_npz_can_be_read_by_numpy(tmp_path):
    labelled.write(ORDER, "npz", tmp_path / "set.npz")
    with np.load(tmp_path / "set.npz") as file:
        np.testing.assert_array_equal(file["images"], drawn())
        assert file["labels"].tolist() == drawing.labels_in_turn(ORDER).tolist()
        assert file["class_names"].tolist() == list("0123456789")


def test_idx_is_what_mnist_comes_in(tmp_path):
    labelled.write(ORDER, "idx", tmp_path / "set-idx.zip")
    with zipfile.ZipFile(tmp_path / "set-idx.zip") as pack:
        data = gzip.decompress(pack.read("images-idx3-ubyte.gz"))
        assert data[:8].hex() == "0000080300000015"
        assert data[16:] == drawn().tobytes()
        assert gzip.decompress(pack.read("labels-idx1-ubyte.gz"))[8:12] == bytes([3, 7, 3, 7])


def test_the_same_order_makes_the_same_file(tmp_path):
    for kind in labelled.WRITERS:
        for name in ("a", "b"):
            labelled.write(ORDER, kind, tmp_path / name)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes(), kind


def test_what_is_cancelled_leaves_nothing(tmp_path):
    def say(share: float, text: str) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    for kind in labelled.WRITERS:
        with pytest.raises(KeyboardInterrupt):
            labelled.write(ORDER, kind, tmp_path / "out" / "set.zip", say=say)
        assert not list((tmp_path / "out").rglob("*"))


def test_columns_are_written_beside_the_label(weights_dir, tmp_path):
    columns = {"hair": ("black", "green"), "skin": ("dark", "pale", "tan")}
    save_generator("faces", family="cgan", columns=columns, shape=(32, 32, 3))
    labelled.write(Order("faces", tuple(range(6)), 6, seed=1), "zip", tmp_path / "faces.zip")
    with zipfile.ZipFile(tmp_path / "faces.zip") as pack:
        table = pack.read("attributes.csv").decode("utf-8-sig").splitlines()
    assert table[0] == "file,class,hair,skin"
    assert table[5] == '"green, pale/4.png","green, pale",green,pale'


def test_a_set_can_be_kept_and_trained_on(local_data):
    source = labelled.keep(ORDER, "drawn")
    data = datasets.load("drawn")
    assert sum(source.counts.values()) == 21 and source.class_names == tuple("0123456789")
    found = {picture.tobytes() for split in data.splits.values() for picture in split.images}
    assert found == {picture.tobytes() for picture in drawn()}
    assert "21 pictures drawn by digits, seed 5" in source.summary
    with pytest.raises(UserError, match="already"):
        labelled.keep(ORDER, "drawn")


@pytest.mark.parametrize(
    ("order", "kind", "said"),
    [
        (Order("digits", (3,), 200_001, 1), "zip", "1 to 200,000"),
        (Order("digits", (3,), 0, 1), "zip", "1 to 200,000"),
        (Order("digits", (10,), 5, 1), "zip", "no label 10"),
        (ORDER, "tar", "unknown kind of file"),
    ],
)
def test_a_set_that_cannot_be_says_why(order, kind, said, tmp_path):
    with pytest.raises(UserError, match=said):
        labelled.write(order, kind, tmp_path / "set")
    assert not list(tmp_path.glob("set*"))


def test_old_files_make_room(cache):
    for seed in range(6):
        path = labelled.place(Order("digits", (3,), 5, seed), "npz")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(io.BytesIO().getvalue())
    assert len(list(path.parent.iterdir())) == labelled.KEPT
