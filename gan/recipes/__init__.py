"""The named recipes. Adding one is a row in `ours`, `published` or `classifiers`."""

from __future__ import annotations

from gan.errors import unknown
from gan.recipes.classifiers import CLASSIFIERS
from gan.recipes.ours import OURS
from gan.recipes.published import PUBLISHED
from gan.recipes.record import Recipe, setting

__all__ = ["RECIPES", "Recipe", "recipe", "setting"]

RECIPES: dict[str, Recipe] = {row.name: row for row in (*OURS, *PUBLISHED, *CLASSIFIERS)}


def recipe(name: str) -> Recipe:
    """The named recipe.

    Raises:
        UserError: for a name that is not in the table.
    """
    if name not in RECIPES:
        raise unknown("recipe", name, RECIPES)
    return RECIPES[name]
