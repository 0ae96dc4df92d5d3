"""The classification accuracy score, CAS (Ravuri and Vinyals 2019): how much a classifier learns from drawn pictures.

A classifier is trained on nothing but a generator's pictures, and reads the real test pictures. What it does not know,
the generator did not show: whole ways of writing that are left out lower this score, while pictures that are hardly
legible do not help. It is an ordinary run on a data set of the user's own: the drawn pictures to learn from, the real
ones to test on. So it can be watched, paused, stopped and resumed as any other. Labels have an equal share.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from gan import datasets, evaluation, inference, models, paths, registry
from gan.background import Say
from gan.datasets import kept
from gan.drawing import Order
from gan.errors import UserError
from gan.generating import agreeing, labelled
from gan.recipes import RECIPES, Recipe
from gan.training import runs

FILE = "cas.json"  # in a run's folder: what its score is of


@dataclass(frozen=True)
class Score:
    """A score, there or on its way.

    Attributes:
        run: where the classifier is trained.
        model, digest: the generator.
        dataset: whose test pictures are read.
        count, seed, truncation, agree: what was drawn.
        net: the classifier of the same recipe that learned from real pictures; "" where there is none.
        real: the share of the test pictures that this one reads rightly; None where it is not known.
        value: the share that the one trained on drawn pictures does; None before its run is finished.
    """

    run: str
    model: str
    digest: str
    dataset: str
    count: int
    seed: int
    truncation: float
    agree: bool
    net: str
    real: float | None
    value: float | None = None


def order(model: str, dataset: str = "", count: int = 0, seed: int = 1, truncation: float = 1.0) -> Order:
    """What is drawn for a score: of all labels, by default as many as there are real pictures to learn from.

    Raises:
        UserError: for an unknown model or data set.
    """
    card = inference.card(model)
    source = datasets.source(dataset or card.dataset)
    count = count or min(source.counts.get("train", labelled.MOST), labelled.room(card))
    return Order(model, tuple(range(len(card.class_names))), count, seed, truncation)


def recipe(card: registry.Card) -> Recipe:
    """How the classifier is trained: as the one that reads the generator's classes, or the recipe of one.

    Raises:
        UserError: where there is neither.
    """
    if net := agreeing.reader(card):
        return Recipe.from_json(json.dumps(net.recipe))
    for known in RECIPES.values():
        same = (known.dataset, known.condition) == (card.dataset, card.condition)
        if same and models.family(known.model).game == "classifier":
            return known
    raise UserError(f"No recipe of a classifier fits what {card.name} draws ({card.dataset}, {card.condition}).")


def prepare(
    wanted: Order,
    dataset: str = "",
    agree: bool = False,
    settings: Mapping[str, Any] | None = None,
    say: Say = lambda share, text: None,
) -> runs.Run:
    """Draw what a classifier learns from, and make the run that trains it; `runs.start_worker` begins it.

    Args:
        wanted: as `order` makes it.
        dataset: whose test pictures are read; by default the one that the model learned from.
        agree: learn only from pictures that a classifier agrees with. It learned from real ones, and so the score is
            no longer of the generator alone.
        settings: of the recipe that differ.
        say: told how far it is; may raise to end the work.

    Raises:
        UserError: where the model's classes or size are not the data set's, no classifier is known for them, there are
            too few pictures for a step, or whatever `labelled.keep` raises.
    """
    card = inference.card(wanted.model)
    dataset = dataset or card.dataset
    datasets.load(dataset, say)  # which may have to be downloaded
    data = evaluation.data_for(evaluation.model(card.name), dataset)
    if (card.class_names, card.shape) != (tuple(data.source.class_names), tuple(data.source.shape)):
        raise UserError(
            f"{card.name} draws {len(card.class_names)} classes at {_by(card.shape)}; {data.source.title} has "
            f"{len(data.source.class_names)} at {_by(data.source.shape)}. A score needs the same classes and size."
        )
    name = _name(wanted, agree, card, data)
    changed = {
        "name": f"cas-{card.name}",
        "note": f"Learns only from pictures that {card.name} drew; tested on real ones of {data.source.title}.",
        "dataset": name,
        "seed": wanted.seed % 2**31,
        "precision": "auto",  # as is fastest here, not where the classifier was trained
        "xla": "auto",
        **(settings or {}),
    }
    chosen = recipe(card).with_settings(changed)
    if wanted.count < chosen.batch:
        raise UserError(f"count: {wanted.count} pictures are too few; a step learns from {chosen.batch}.")
    if name not in kept.kept():
        labelled.keep(wanted, name, agree, say, data.test, f"Drawn by {card.name}, tested on {data.source.title}")
    run, net = runs.create(chosen), agreeing.reader(card)
    asked = wanted.count, wanted.seed, wanted.truncation, agree
    known = net.name if net else "", _read_rightly(net, dataset)
    score = Score(run.id, card.name, card.digest, dataset, *asked, *known)
    paths.write_aside(run.path / FILE, json.dumps(asdict(score)).encode())
    return run


def score(run: runs.Run) -> Score | None:
    """What is known of a run's score; None where the run is not for one.

    The value is that at the last step of the recipe: no better one on the way is chosen, for the test pictures choose
    nothing.
    """
    try:
        values = json.loads((run.path / FILE).read_text(encoding="utf-8"))
        found = Score(**{**values, "run": run.id})
    except (OSError, ValueError, TypeError):
        return None
    last = run.recipe.steps
    read = [record.get("test_accuracy") for record in run.metrics(last - 1) if record["step"] == last]
    value = next((value for value in reversed(read) if value is not None), None)
    return Score(**{**asdict(found), "value": value})


def scores(model: str) -> list[Score]:
    """All of a model's, the newest first."""
    return [found for run in runs.list_runs() if (found := score(run)) and found.model == model]


def _name(wanted: Order, agree: bool, card: registry.Card, data: datasets.Dataset) -> str:
    """The same pictures are not drawn twice."""
    key = [card.digest, data.test.digest, wanted.labels, wanted.count, wanted.seed, wanted.truncation, agree]
    return f"cas-{card.name[:40]}-{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:8]}"


def _read_rightly(net: registry.Card | None, dataset: str) -> float | None:
    """The share of a data set's test pictures that a classifier reads, as its card says."""
    report = net.scores if net and net.scores.get("dataset") == dataset else {}
    entry = report.get("scores", {}).get(f"test_accuracy_{net.name if net else ''}", {})
    return entry.get("value")


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
