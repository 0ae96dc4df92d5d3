"""Models on disk: what is saved loads the same, what is damaged is told, the rest goes on."""

from __future__ import annotations

import json
import shutil

import keras
import numpy as np
import pytest

from gan import UserError, conditions, models, registry

FIELDS = {
    "kind": "generator",
    "title": "Small",
    "summary": "A test",
    "model": "cgan28",
    "options": {"width": 4, "latent": 8},
    "class_names": tuple("0123456789"),
    "shape": (28, 28, 1),
    "latent": 8,
    "dataset": "mnist",
    "licence": "MIT",
}


@pytest.fixture
def net():
    keras.utils.set_random_seed(0)
    return models.build("cgan28", FIELDS["options"], 10, FIELDS["shape"])["generator"]


@pytest.fixture
def saved(net, weights_dir):
    return registry.save(net, name="small", **FIELDS)


def test_round_trip(net, saved):
    assert registry.card("small") == saved and saved.local
    loaded = registry.load("small")
    for a, b in zip(net.get_weights(), loaded.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-3) and a.dtype == b.dtype


def test_full_precision_is_exact(net, weights_dir):
    registry.save(net, name="exact", half=False, **FIELDS)
    assert all(map(np.array_equal, net.get_weights(), registry.load("exact").get_weights()))


@pytest.mark.parametrize("name", ["", "../x", "a/b", "Name", "x" * 65, ".hidden", "con fusion", "local"])
def test_names_that_are_no_folder_are_refused(net, weights_dir, name):
    with pytest.raises(UserError, match="cannot be used"):
        registry.save(net, name=name, **FIELDS)


def test_a_folder_that_cannot_be_written_is_told(net, weights_dir):
    weights_dir.write_text("in the way")
    with pytest.raises(UserError, match=r"local/small: cannot be written \(Not a directory\)\. Free some room"):
        registry.save(net, name="small", **FIELDS)


def test_a_name_is_used_once(net, saved):
    with pytest.raises(UserError, match="already"):
        registry.save(net, name="small", **FIELDS)


def damage_digest(folder):
    path = folder / registry.WEIGHTS
    path.write_bytes(path.read_bytes()[:-100])


def damage_net(folder):
    values = json.loads((folder / "card.json").read_text())
    values["options"]["width"] = 8
    (folder / "card.json").write_text(json.dumps(values))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (damage_digest, "not the file its card describes"),
        (damage_net, "does not fit"),
        (lambda folder: (folder / registry.WEIGHTS).unlink(), "missing beside its card"),
        (lambda folder: (folder / "card.json").unlink(), "has no card.json"),
        (lambda folder: (folder / "card.json").write_text("{"), "cannot be used"),
        (lambda folder: (folder / "card.json").write_text('{"format": 99}'), "another version"),
    ],
)
def test_damage_is_told_and_the_rest_goes_on(net, saved, damage, words):
    registry.save(net, name="other", **FIELDS)
    damage(saved.folder)
    with pytest.raises(UserError, match=words):
        registry.load("small")
    assert registry.load("other")
    assert "other" in [card.name for card in registry.cards()]


def damage_content(folder):
    path = folder / registry.WEIGHTS
    content = bytearray(path.read_bytes())
    content[-200] ^= 255  # as long as before
    path.write_bytes(content)


def test_weights_of_the_right_size_are_still_checked(saved):
    damage_content(saved.folder)
    assert not registry.problems()  # a card is read often: what takes long waits until the model is asked for
    with pytest.raises(UserError, match="not the file its card describes"):
        registry.load("small")


def test_a_restored_file_is_seen(saved):
    path = saved.folder / registry.WEIGHTS
    content = path.read_bytes()
    path.unlink()
    assert registry.problems() == ["small: weights.npz is missing beside its card; put it there, or delete the folder."]
    path.write_bytes(content)
    assert registry.problems() == [] and registry.load("small")


def test_names_given_by_hand(saved, net, weights_dir):
    shipped = registry.save(net, name="shipped", folder=weights_dir, **FIELDS)
    shutil.copytree(saved.folder, weights_dir / "local" / "My model")
    shutil.copytree(saved.folder, weights_dir / "local" / "shipped")
    assert registry.card("shipped") == shipped and not shipped.local
    assert sorted(problem.partition(":")[0] for problem in registry.problems()) == ["My model", "local/shipped"]


def test_a_folder_put_there_by_hand(saved, weights_dir):
    (weights_dir / "local" / "mystery").mkdir()
    assert [card.name for card in registry.cards()] == ["small"]
    assert any(problem.startswith("mystery: ") for problem in registry.problems())
    with pytest.raises(UserError, match="did you mean small"):
        registry.load("smal")


COLUMNS = {"label": ("black", "blonde"), "skin": ("deep", "pale", "tan")}


@pytest.fixture
def combined(weights_dir):
    """A saved net that is told two columns, and the net."""
    names = tuple(f"{hair}, {skin}" for hair in COLUMNS["label"] for skin in COLUMNS["skin"])
    net = models.build("cgan28", FIELDS["options"], conditions.encoding([2, 3]), FIELDS["shape"])["generator"]
    fields = {**FIELDS, "class_names": names, "columns": COLUMNS}
    return registry.save(net, name="faces", half=False, **fields), net


def test_classes_that_are_combinations(combined):
    card, net = combined
    assert registry.card("faces") == card and card.columns == COLUMNS and card.condition == "label, skin"
    assert card.encoding.shape == (6, 5)
    loaded = registry.load("faces")
    assert loaded.inputs[1].shape == (None, 5)
    assert all(map(np.array_equal, net.get_weights(), loaded.get_weights()))


def test_what_a_card_without_columns_was_told(saved, net):
    assert saved.condition == "label" and np.array_equal(saved.encoding, np.eye(10))
    fields = {**FIELDS, "class_names": ("deep", "pale"), "columns": {"skin": ("deep", "pale")}}
    single = registry.save(net, name="skins", **fields)
    assert single.condition == "skin" and np.array_equal(single.encoding, np.eye(2))
    assert registry.save(net, name="free", **{**FIELDS, "class_names": ()}).condition == "none"


@pytest.mark.parametrize(
    "columns",
    [
        {"label": ["black", "blonde"], "skin": ["deep", "pale"]},
        {"skin": ["deep", "pale", "tan"], "label": ["black", "blonde"]},
        {"skin": 3},
        ["label", "skin"],
    ],
)
def test_columns_that_do_not_make_up_the_classes(combined, columns):
    folder = combined[0].folder
    values = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**values, "columns": columns}))
    assert [problem for problem in registry.problems() if problem.startswith("faces: card.json cannot be used")]
    with pytest.raises(UserError, match=r"faces: card.json cannot be used"):
        registry.load("faces")


def test_scores_are_added_to_the_card(saved):
    registry.add_scores("small", {"fid": 3.0})
    registry.add_scores("small", {"recall": 0.5})
    assert registry.card("small").scores == {"fid": 3.0, "recall": 0.5}
    assert registry.load("small")


def test_shipped_models_are_whole():
    """Every model that ships loads, and says what it was made from."""
    cards = [card for card in registry.cards() if not card.local]
    for card in cards:
        assert registry.load(card.name).count_params() > 0
        assert card.licence and card.summary and card.training and card.recipe
    assert not [problem for problem in registry.problems() if not problem.startswith("local")]
