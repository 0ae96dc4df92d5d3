"""Plans by name: those that come with the app, the user's own, and how a recipe pins them."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from gan import UserError, augment
from gan.augment import PRESETS, Plan, Step
from gan.datasets import kept

pytestmark = pytest.mark.usefixtures("local_data")
MINE = Plan("draft", (Step("rotate", -3, 3),), "a note")


def test_shift_is_what_it_always_was():
    """The recipes of models that ship name it."""
    images = np.arange(3 * 8 * 8, dtype=np.uint8).reshape(3, 8, 8, 1)
    shifted = augment.augmentation("shift")(
        images, np.random.Generator(np.random.Philox(key=np.array([1, 2], np.uint64)))
    )
    assert hashlib.sha256(shifted.tobytes()).hexdigest()[:16] == "8de9ad13a7a82ca1"
    assert augment.pinned("shift") == "shift" and augment.pinned("none") == "none"
    assert augment.augmentation("none") is None


def test_saved_found_replaced_and_removed(local_data):
    assert augment.saved() == []
    kept_plan = augment.save(MINE, "mine")
    assert kept_plan == Plan("mine", MINE.steps) == augment.plan("mine")
    assert augment.names() == ["none", "shift", *PRESETS, "mine"]
    assert kept.kept() == {} and kept.problems() == []  # it is not taken for a data set
    augment.save(PRESETS["gentle"], "mine")
    assert augment.plan("mine").steps == PRESETS["gentle"].steps
    augment.remove("mine")
    assert augment.saved() == []
    with pytest.raises(UserError, match="unknown plan of your own"):
        augment.remove("mine")


@pytest.mark.parametrize("name", ["", "My plan", "../up", "a" * 65, "gentle", "none", "shift"])
def test_names_that_cannot_be(name):
    with pytest.raises(UserError, match=r"cannot be used|comes with the app"):
        augment.save(MINE, name)
    assert augment.saved() == []


def test_a_disk_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GAN_LOCAL_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(UserError, match="could not be saved"):
        augment.save(MINE, "mine")


def test_a_damaged_plan_is_named(local_data):
    augment.save(MINE, "mine")
    next(local_data.rglob("mine.json")).write_bytes(b"\xff{")
    with pytest.raises(UserError, match="mine: the saved plan cannot be read"):
        augment.plan("mine")


def test_a_name_that_there_is_not():
    with pytest.raises(UserError, match="did you mean gentle"):
        augment.augmentation("gentel")


def test_a_pinned_plan_stays_what_it_was():
    augment.save(MINE, "mine")
    pinned = augment.pinned("mine")
    augment.save(PRESETS["gentle"], "mine")
    assert augment.augmentation(pinned).steps == MINE.steps
    assert augment.pinned(pinned) == pinned and augment.title(pinned) == "mine"
    augment.remove("mine")
    assert augment.augmentation(pinned).steps == MINE.steps
