"""What there is: the server's health, models and their cards, runs with what they measured. Nothing is changed here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from gan import inference, registry
from gan.api import answers
from gan.api.schemas import CardOfModel, Health, Model, RunRow, RunWhole
from gan.errors import unknown
from gan.training import overview, runs

router = APIRouter()
RECORDS = 100_000  # of a run's metrics

Name = Annotated[str, Path(max_length=100)]


@router.get("/health", response_model=Health, tags=["server"])
async def health() -> Response:
    """Whether the server lives. Needs no token."""
    return answers.as_json({"status": "ok", "ready": inference.ready(), "waiting": inference.waiting()})


@router.get("/models", response_model=list[Model], tags=["models"])
def models() -> Response:
    """All models, the shipped ones first."""
    return answers.as_json([_model(card) for card in registry.cards()])


@router.get("/models/{name}", response_model=CardOfModel, tags=["models"])
def model(name: Name) -> Response:
    """A model's card: what it is, where it came from, what it scores, what it cannot do."""
    card = registry.card(name)
    whole = {name: value for name, value in asdict(card).items() if name != "folder"}
    return answers.as_json({**whole, "digest": card.digest})


def _model(card: registry.Card) -> dict[str, Any]:
    return {name: getattr(card, name) for name in Model.model_fields}


@router.get("/runs", response_model=list[RunRow], tags=["runs"])
def list_runs() -> Response:
    """All training runs, the newest first."""
    return answers.as_json([_row(row) for row in overview.rows()])


@router.get("/runs/{id}", response_model=RunWhole, tags=["runs"])
def run(id: Name) -> Response:
    """A run: its recipe, how it stands, and which steps can be looked at."""
    found = _run(id)
    row = overview.row(found)
    whole = {
        "settings": asdict(row.recipe),
        "status": found.status(),
        "class_names": found.class_names,
        "samples": [step for step, _ in found.samples()],
        "checkpoints": [step for step, _ in found.checkpoints()],
    }
    return answers.as_json({**_row(row), **whole})


@router.get("/runs/{id}/metrics", response_model=list[dict[str, Any]], tags=["runs"])
def metrics(id: Name, after_step: Annotated[int, Query(ge=-1, le=2**53)] = -1) -> Response:
    """The records of a run past a step: step, pictures seen, seconds, and what was measured then."""
    return answers.as_json(_run(id).metrics(after_step)[-RECORDS:])


@router.get("/runs/{id}/samples/{step}.png", tags=["runs"], responses=answers.documented(None, answers.PNG))
def sample(id: Name, step: Annotated[int, Path(ge=0, le=2**53)]) -> Response:
    """What a run drew at a step, always from the same latents."""
    found = _run(id)
    shown = dict(found.samples())
    if step not in shown:
        raise unknown("run", f"{id}/samples/{step}.png", [str(step) for step in shown])
    return Response(shown[step].read_bytes(), media_type=answers.PNG)


def _run(id: str) -> runs.Run:
    """A run by its name alone: `runs.find` would take any folder.

    Raises:
        UserError: if there is none.
    """
    known = {run.id: run for run in runs.list_runs()}
    if id not in known:
        raise unknown("run", id, known)
    return known[id]


def _row(row: overview.Row) -> dict[str, Any]:
    recipe = row.recipe
    return {
        "id": row.run.id,
        "state": row.state,
        "step": row.step,
        "steps": recipe.steps,
        "seconds": row.seconds,
        "speed": row.speed,
        "recipe": recipe.name,
        "model": recipe.model,
        "dataset": recipe.dataset,
        "scores": row.scores,
        "note": row.note,
    }
