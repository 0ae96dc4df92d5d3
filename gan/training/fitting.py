"""Does a recipe fit its data? Asked before a run is made, without opening the data set or loading Keras."""

from __future__ import annotations

from gan import augment, conditions, datasets, models
from gan.datasets import Source
from gan.errors import UserError
from gan.losses import loss
from gan.recipes import Recipe

NAMED = 4  # data sets that a message offers instead, at most

# Settings by the kind of game in which they do nothing. Those of the first line, and softened targets where there is no
# discriminator, are refused there, for whoever sets them expects something of them; recipes may carry the others.
ADVERSARIAL = ("r1", "r2", "gradient_penalty", "discriminator_steps", "separate_halves", "diff_augment")
SOFTENED = ("label_smoothing", "label_noise")
_CARRIED = ("r1_every", "average", "shared_pass")
_ENLARGING = ("content", "content_steps", "adversarial", "features", "perceptual")
_ONE_NET = (*ADVERSARIAL, *SOFTENED, *_CARRIED, *_ENLARGING, "loss", "discriminator_learning_rate")
IDLE = {
    "gan": _ENLARGING,
    "super_resolution": (*ADVERSARIAL, *_CARRIED),
    "classifier": _ONE_NET,
    "reader": _ONE_NET,
}


def matters(name: str, recipe: Recipe) -> bool:
    """Whether a setting does anything in the game that a recipe plays."""
    row = models.family(recipe.model)
    return name not in IDLE[row.game] and (name != "condition" or row.conditional)


def check(recipe: Recipe, source: Source) -> None:
    """Whether everything that a recipe names is there, and its nets can learn from a data set.

    What only the opened data set tells (how many values a column has) or only built nets (their memory), the worker
    finds before its first step.

    Args:
        recipe: what is to be trained; its own data set is not looked at.
        source: the data set.

    Raises:
        UserError: naming what does not fit, and what would.
    """
    models.check_options(recipe.model, recipe.options)
    loss(recipe.loss)
    augment.augmentation(recipe.augment)
    try:
        models.check_shape(recipe.model, recipe.options, source.shape)
    except UserError as error:
        raise UserError(f"{error}{_instead(recipe)}") from None
    check_idle(recipe)
    _check_condition(recipe, source)
    pictures, needed = source.counts.get("train", 0), recipe.pictures_a_step
    if needed > pictures:
        times = f" ({recipe.discriminator_steps} steps of the discriminator)" if recipe.discriminator_steps > 1 else ""
        raise UserError(
            f"batch: a step learns from {needed:,} pictures{times}, and {source.title} has only {pictures:,} to learn "
            "from; a smaller batch works."
        )


def fits(recipe: Recipe, source: Source) -> bool:
    """Whether `check` has nothing against it."""
    try:
        check(recipe, source)
    except UserError:
        return False
    return True


def check_idle(recipe: Recipe) -> None:
    """Whether every setting does something in the game that a recipe plays.

    Raises:
        UserError: for one that is set and would do nothing.
    """
    usual = Recipe()
    for name in (*ADVERSARIAL, *SOFTENED):
        if not matters(name, recipe) and getattr(recipe, name) != getattr(usual, name):
            raise UserError(f"{name}: {recipe.model} is trained without it; leave it at {getattr(usual, name)!r}.")


def _check_condition(recipe: Recipe, source: Source) -> None:
    row = models.family(recipe.model)
    if not row.conditional:  # it is told nothing, whatever the recipe says
        return
    columns = conditions.check(source, recipe.condition)
    if row.game == "reader" and len(columns) > 1:
        raise UserError(f"condition: {recipe.condition!r} is not one column; a reader learns the numbers of one.")
    if not row.labelled or columns not in ((), (conditions.LABEL,)):
        return
    if not columns:
        raise UserError(f"condition: {recipe.model} cannot do without classes; choose label or a column.")
    if not source.labelled:
        columns_instead = f", or name a column of it ({', '.join(source.attributes)})" if source.attributes else ""
        raise UserError(
            f"dataset: {source.title} has no labels, and {recipe.model} cannot do without. Choose a data set with "
            f"labels{columns_instead}."
        )


def _instead(recipe: Recipe) -> str:
    """Data sets of a size that fits, in words."""
    found = []
    for name, row in datasets.sources().items():
        try:
            models.check_shape(recipe.model, recipe.options, row.shape)
            found.append(name)
        except UserError:
            pass
    return f" It can learn from {', '.join(found[:NAMED])}." if found else ""
