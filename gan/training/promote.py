"""From a run's checkpoint to a model: the averaged generator (or the classifier, or the reader) with its card."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from gan import conditions, datasets, models, registry
from gan.errors import UserError
from gan.recipes import Recipe
from gan.training import checkpoint, snapshots
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


def net(run: Run, step: int, blend: float = 1.0):
    """What a run has learned by a checkpoint: the averaged generator where there is one, or what reads (float32).

    Args:
        run: the run.
        step: a checkpoint's, or a snapshot's.
        blend: of super-resolution, the share of the generator as it is; the rest is as it was when the discriminator
            joined, their weights added up (Wang et al. 2018, network interpolation). 0 is that one alone.

    Raises:
        UserError: if the checkpoint is gone or damaged, or has nothing to blend.
    """
    recipe, model, arrays = run.recipe, bare(run), weights(run, step)
    game = models.family(recipe.model).game
    if blend != 1.0:
        if not 0 <= blend < 1:
            raise UserError(f"blend: {blend:g} is out of range; 0 to 1 works.")
        if game != "super_resolution" or not 0 < recipe.content_steps < step:
            raise UserError(f"blend: {run.id} has no two stages by step {step:,}; leave it at 1.")
        before = checkpoint.read_arrays(run.path / "checkpoints" / str(step) / "content.npz")
        arrays = [blend * now + (1 - blend) * then for now, then in zip(arrays, before, strict=True)]
    for variable, array in zip(model.variables, arrays, strict=True):
        variable.assign(array)
    return model


def bare(run: Run):
    """The net that `net` fills, freshly initialised (float32).

    Raises:
        UserError: if the data set is no longer there.
    """
    recipe, (source, condition) = run.recipe, told(run)
    game = models.family(recipe.model).game
    name = game if game in models.ALONE else "generator"
    return models.build(recipe.model, recipe.options, condition.encoding, source.shape, only=name)[name]


def weights(run: Run, step: int) -> list[np.ndarray]:
    """The variables of the net that `net` gives, in order; of a checkpoint that is damaged, or being dropped at this
    moment, as the snapshot of its step has them.

    Raises:
        UserError: if neither a checkpoint nor a snapshot of the step can be read.
    """
    game, folder = models.family(run.recipe.model).game, run.path / "checkpoints" / str(step)
    if not folder.is_dir():
        return snapshots.read(run, step)
    part = "average" if run.recipe.average and game == "gan" else game if game in models.ALONE else "generator"
    try:
        return checkpoint.read_arrays(folder / f"{part}.npz")
    except checkpoint.Damaged:
        if (run.path / "snapshots" / f"{step:08d}.npz").is_file():
            return snapshots.read(run, step)
        raise


def told(run: Run) -> tuple[datasets.Source, conditions.Condition]:
    """The data set of a run, with the classes that its nets know, and what they were told.

    Raises:
        UserError: if the data set is no longer there, or has other classes than the run learned.
    """
    recipe = run.recipe
    source = datasets.source(recipe.dataset)
    text = recipe.condition if models.family(recipe.model).conditional else conditions.NOTHING
    if models.family(recipe.model).game == "reader":
        condition = conditions.READING
    elif text == conditions.LABEL and source.labelled:  # known without opening it
        condition = conditions.Condition((text,), (tuple(source.class_names),))
    else:
        data, condition = conditions.relabelled(datasets.load(recipe.dataset), text)
        source = data.source
    _same_classes(run, source, condition.class_names)
    return source, condition


def _same_classes(run: Run, source: datasets.Source, names: tuple[str, ...]) -> None:
    learned = run.class_names  # of nets that are told nothing they say nothing
    if names and learned and names != learned:
        pairs = enumerate(zip_longest(learned, names, fillvalue="nothing"), 1)
        place, (was, now) = next((place, pair) for place, pair in pairs if pair[0] != pair[1])
        raise UserError(
            f"{run.id}: the classes of {source.title} are not those that it learned (the one at place {place} was "
            f"{was}, now it is {now}). Change the data set back, or train a new run."
        )


def promote(
    run: Run,
    name: str,
    title: str = "",
    summary: str = "",
    folder: Path | None = None,
    kind: str = "",
    blend: float = 1.0,
    step: int | None = None,
) -> registry.Card:
    """Make a model of what a run has learned.

    Args:
        run: the run; it may still be training.
        name: the model's name.
        title: what people read; by default the name.
        summary: one line.
        folder: where models lie; by default the user's own, ``weights/local``.
        kind: "judge" for a classifier that is kept from measuring; by default what the recipe trains.
        blend: as `net` takes it.
        step: of a checkpoint or a snapshot; by default of the latest checkpoint.

    Raises:
        UserError: without a checkpoint of that step, for a name that is taken, where there is nothing to blend, or for
            a judge that reads nothing.
    """
    step = latest(run)[0] if step is None else step
    recipe, status = run.recipe, run.status()
    game = models.family(recipe.model).game
    if kind == "judge" and game != "classifier":
        raise UserError(f"kind: {run.id} trains no classifier, and only one can be a judge; leave the kind out.")
    source, condition = told(run)
    model = net(run, step, blend)
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
        columns=condition.by_column,
        shape=tuple(source.shape),
        latent=int(model.inputs[0].shape[-1]) if game == "gan" else 0,
        dataset=recipe.dataset,
        licence=source.licence,
        recipe=_recipe(recipe),
        training={
            "run": run.id,
            "step": step,
            "images_seen": step * recipe.pictures_a_step,
            "minutes": round(record.get("seconds", 0) / 60, 1),
            "device": status.get("device", ""),
            **({"blend": blend} if blend != 1.0 else {}),
        },
    )


def _recipe(recipe: Recipe) -> dict:
    """What differs from the defaults, and the number format that was settled on."""
    changed = {name: pair[0] for name, pair in recipe.differences(Recipe()).items()}
    return {k: v for k, v in changed.items() if k != "note"}
