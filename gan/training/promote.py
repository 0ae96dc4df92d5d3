"""From a run's checkpoint to a model: the averaged generator (or the classifier) with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gan import datasets, models, registry
from gan.errors import UserError
from gan.recipes import Recipe
from gan.training import checkpoint
from gan.training.runs import Run


def latest(run: Run) -> tuple[int, Path]:
    """Step and folder of a run's newest checkpoint.

    Raises:
        UserError: if there is none yet.
    """
    found = run.checkpoints()
    if not found:
        raise UserError(f"{run.id}: there is no checkpoint yet; wait for one, or ask for one.")
    return found[-1]


def net(run: Run, step: int):
    """What a run has learned by a checkpoint: the averaged generator where there is one, or the classifier (float32).

    Raises:
        UserError: if the checkpoint is gone or damaged.
    """
    recipe, source = run.recipe, datasets.source(run.recipe.dataset)
    classifier = models.family(recipe.model).game == "classifier"
    part = "classifier" if classifier else "average" if recipe.average else "generator"
    built = models.build(recipe.model, recipe.options, len(source.class_names), source.shape)
    model = built["classifier" if classifier else "generator"]
    arrays = checkpoint.read_arrays(run.path / "checkpoints" / str(step) / f"{part}.npz")
    for variable, array in zip(model.variables, arrays, strict=True):
        variable.assign(array)
    return model


def promote(
    run: Run, name: str, title: str = "", summary: str = "", folder: Path | None = None, kind: str = ""
) -> registry.Card:
    """Make a model of a run's latest checkpoint.

    Args:
        run: the run; it may still be training.
        name: the model's name.
        title: what people read; by default the name.
        summary: one line.
        folder: where models lie; by default the user's own, ``weights/local``.
        kind: "judge" for a classifier that is kept from measuring; by default what the recipe trains.

    Raises:
        UserError: without a checkpoint, or for a name that is taken.
    """
    step, _ = latest(run)
    recipe, status = run.recipe, run.status()
    source = datasets.source(recipe.dataset)
    classifier = models.family(recipe.model).game == "classifier"
    model = net(run, step)
    record: dict[str, Any] = next((r for r in reversed(run.metrics()) if r["step"] <= step), {})
    return registry.save(
        model,
        name=name,
        folder=folder,
        kind=kind or ("classifier" if classifier else "generator"),
        title=title or name,
        summary=summary or recipe.note or f"Trained on {source.title} with {recipe.name}.",
        model=recipe.model,
        options=dict(recipe.options),
        class_names=tuple(source.class_names),
        shape=tuple(source.shape),
        latent=0 if classifier else int(model.inputs[0].shape[-1]),
        dataset=recipe.dataset,
        licence=source.licence,
        recipe=_recipe(recipe),
        training={
            "step": step,
            "images_seen": step * recipe.batch,
            "minutes": round(record.get("seconds", 0) / 60, 1),
            "device": status.get("device", ""),
        },
    )


def _recipe(recipe: Recipe) -> dict:
    """What differs from the defaults, and the number format that was settled on."""
    changed = {name: pair[0] for name, pair in recipe.differences(Recipe()).items()}
    return {k: v for k, v in changed.items() if k != "note"}
