"""From a run's checkpoint to a model: the averaged generator (or the classifier, or the reader) with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gan import conditions, datasets, models, registry
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
    """What a run has learned by a checkpoint: the averaged generator where there is one, or what reads (float32).

    Raises:
        UserError: if the checkpoint is gone or damaged.
    """
    recipe = run.recipe
    source, condition = told(run)
    game = models.family(recipe.model).game
    name = game if game in models.ALONE else "generator"
    part = "average" if recipe.average and game == "gan" else name
    model = models.build(recipe.model, recipe.options, condition.encoding, source.shape, only=name)[name]
    arrays = checkpoint.read_arrays(run.path / "checkpoints" / str(step) / f"{part}.npz")
    for variable, array in zip(model.variables, arrays, strict=True):
        variable.assign(array)
    return model


def told(run: Run) -> tuple[datasets.Source, conditions.Condition]:
    """The data set of a run, with the classes that its nets know, and what they were told.

    Raises:
        UserError: if the data set is no longer there.
    """
    recipe = run.recipe
    source = datasets.source(recipe.dataset)
    if models.family(recipe.model).game == "reader":
        return source, conditions.READING
    text = recipe.condition if models.family(recipe.model).conditional else conditions.NOTHING
    if text == conditions.LABEL and source.labelled:  # known without opening it
        return source, conditions.Condition((text,), (tuple(source.class_names),))
    data, condition = conditions.relabelled(datasets.load(recipe.dataset), text)
    return data.source, condition


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
    source, condition = told(run)
    game = models.family(recipe.model).game
    model = net(run, step)
    record: dict[str, Any] = next((r for r in reversed(run.metrics()) if r["step"] <= step), {})
    drawing = "upscaler" if game == "super_resolution" else "generator"
    return registry.save(
        model,
        name=name,
        folder=folder,
        kind=kind or (game if game in models.ALONE else drawing),
        title=title or name,
        summary=summary or recipe.note or f"Trained on {source.title} with {recipe.name}.",
        model=recipe.model,
        options=dict(recipe.options),
        class_names=condition.class_names,
        columns={} if condition.columns == (conditions.LABEL,) else _values(condition),
        shape=tuple(source.shape),
        latent=int(model.inputs[0].shape[-1]) if game == "gan" else 0,
        dataset=recipe.dataset,
        licence=source.licence,
        recipe=_recipe(recipe),
        training={
            "step": step,
            "images_seen": step * recipe.pictures_a_step,
            "minutes": round(record.get("seconds", 0) / 60, 1),
            "device": status.get("device", ""),
        },
    )


def _values(condition: conditions.Condition) -> dict[str, tuple[str, ...]]:
    return dict(zip(condition.columns, condition.values, strict=True))


def _recipe(recipe: Recipe) -> dict:
    """What differs from the defaults, and the number format that was settled on."""
    changed = {name: pair[0] for name, pair in recipe.differences(Recipe()).items()}
    return {k: v for k, v in changed.items() if k != "note"}
