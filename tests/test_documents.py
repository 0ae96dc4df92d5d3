"""What documents say of the models that ship is what their cards say."""

from __future__ import annotations

from benchmarks import models
from gan.paths import ROOT


def test_the_table_of_models_is_made_from_the_cards():
    text = (ROOT / "MODELS.md").read_text(encoding="utf-8")
    missing = [line for line in models.table() if line not in text]
    assert not missing, "python -m benchmarks.models prints the table anew"


def test_every_model_that_draws_shows_samples_and_knows_its_limits():
    for card in models.shipped():
        if card.kind in models.SHEETS:
            assert (card.folder / "samples.png").stat().st_size < 250_000, card.name
            assert card.limits and card.more and card.scores["command"].startswith("python -m gan evaluate"), card.name


def test_what_ships_stays_light():
    """In bytes: a clone is carried around, and a weight file stays in its history for ever."""
    sizes = {
        name: sum(path.stat().st_size for path in (ROOT / name).rglob("*") if path.is_file() and not ignored(path))
        for name in ("data", "weights", "docs")
    }
    assert sizes["data"] < 18e6 and sizes["weights"] < 24e6 and sum(sizes.values()) < 45e6, sizes


def ignored(path) -> bool:
    return bool({"cache", "local"} & set(path.relative_to(ROOT).parts))
