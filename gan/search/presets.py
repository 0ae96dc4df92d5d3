"""Search spaces that are worth trying, by the nets that they are for. Adding one is a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gan import models
from gan.recipes import Recipe
from gan.search.space import Dimension, parse


@dataclass(frozen=True)
class Preset:
    """A named space, as `gan.search.space.parse` reads it."""

    title: str
    help: str
    space: tuple[str, ...]
    models: tuple[str, ...] = ()  # families it is for; else those of the game
    game: str = "gan"

    def dimensions(self, recipe: Recipe) -> list[Dimension]:
        """Raises: UserError if it does not fit the recipe."""
        return [parse(line, recipe) for line in self.space]


RATES = ("learning_rate=1e-4..2e-3:log", "discriminator_learning_rate=1e-4..2e-3:log")

PRESETS: Mapping[str, Preset] = {
    "game": Preset(
        "Rates, R1, average and width",
        "What decides most in our conditional nets.",
        (*RATES, "r1=0.02..5:log", "average=1..50:log", "width=16..48:8", "latent=16..128:16"),
        ("cgan28", "cgan"),
    ),
    "losses": Preset(
        "Loss, rates and R1",
        "The same nets, another game.",
        (*RATES, "r1=0.02..5:log", "loss=non_saturating,hinge,least_squares", "beta_1=0,0.3,0.5"),
        ("cgan28", "cgan"),
    ),
    "student": Preset(
        "Student project",
        "The space that the student project searched: sizes of its net, batch, and batch normalisation.",
        (
            "latent=32..128:16",
            "embedding=10..50:5",
            "hidden=32..256:32",
            "filters=16,32,64,128,256",
            "batch=32,64,128",
            "batch_norm=true,false",
        ),
        ("kepkreator",),
    ),
    "rates": Preset("Learning rates and Adam's memory", "For any pair of nets.", (*RATES, "beta_1=0,0.3,0.5,0.9")),
    "upscaler": Preset(
        "Rates and the discriminator's weight",
        "How sharp against how true.",
        (*RATES, "adversarial=1e-4..1e-2:log", "batch=8,16,32"),
        game="super_resolution",
    ),
    "classifier": Preset(
        "Rate, batch and schedule",
        "For nets that read.",
        ("learning_rate=1e-4..1e-2:log", "batch=32,64,128,256", "schedule=constant,cosine"),
        game="classifier",
    ),
    "reader": Preset(
        "Rate, batch and schedule",
        "For nets that read whole numbers.",
        ("learning_rate=1e-4..1e-2:log", "batch=32,64,128", "schedule=constant,cosine"),
        game="reader",
    ),
}


def presets_for(recipe: Recipe) -> list[str]:
    """The presets for a recipe's nets, those made for its family first."""
    game = models.family(recipe.model).game
    made = [name for name, row in PRESETS.items() if recipe.model in row.models]
    return made + [name for name, row in PRESETS.items() if not row.models and row.game == game]
