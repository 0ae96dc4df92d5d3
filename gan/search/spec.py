"""All that defines a study. It is kept in its storage, so that its name and the storage's address are enough."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gan.errors import UserError, unknown
from gan.recipes import Recipe
from gan.search import objectives, space
from gan.search.space import Dimension
from gan.training.managing import NAME, NAME_RULE
from gan.training.runs import ScorePlan

if TYPE_CHECKING:
    import optuna

PRUNERS = {
    "hyperband": "Hyperband: trials get a third, then all of their steps, and only the better ones go on.",
    "median": "A trial ends where it is worse than the median of the others at the same step.",
    "none": "Every trial gets all of its steps.",
}
SAMPLERS = {
    "tpe": "Tree-structured Parzen estimator: tries more where good trials were.",
    "random": "At random, without learning from other trials.",
    "nsga2": "A genetic algorithm; for several objectives and many trials.",
}
# Of a trial's steps, after which it is scored: one and three ninths for Hyperband, others between them.
NINTHS = (1, 2, 3, 5, 7)
UNPRUNED = (3, 6)  # where nothing depends on them
ALWAYS = ("label_accuracy", "fid")  # cheap, and what people look for first
ON_THE_WAY = 5  # times fewer samples are drawn for a score on the way than at the end
TRIALS, MINUTES, SAMPLES = (1, 10_000), (0.0, 1e6), (500, 50_000)  # FID needs more than a net has features
PLAIN = ("name", "sampler", "pruner", "trials", "minutes", "samples", "seed")
LONGEST = 60  # characters of a name: runs are named after it


@dataclass(frozen=True)
class Spec:
    """A study, checked when it is made.

    Raises:
        UserError: naming what is wrong, and what would work.
    """

    name: str
    recipe: Recipe  # with the steps of a trial
    space: tuple[Dimension, ...]
    objectives: tuple[str, ...] = ("fid",)
    sampler: str = "tpe"
    pruner: str = "hyperband"
    trials: int = 20
    minutes: float = 0.0  # of work of all processes together, after which no trial begins; 0: without limit
    samples: int = 5000  # drawn for the scores at the end of a trial
    seed: int = 1

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name) or len(self.name) > LONGEST:
            raise UserError(f"name: {self.name!r} cannot be used; a study's name has {NAME_RULE.replace('80', '60')}.")
        object.__setattr__(self, "objectives", objectives.check(self.objectives, self.recipe.model))
        object.__setattr__(self, "space", space.check(self.space, self.recipe))
        for kind, value, choices in (("sampler", self.sampler, SAMPLERS), ("pruner", self.pruner, PRUNERS)):
            if value not in choices:
                raise unknown(kind, value, choices)
        if len(self.objectives) > 1 and self.pruner != "none":
            raise UserError("pruner: of several objectives none is the one to prune by; choose none.")
        if not TRIALS[0] <= self.trials <= TRIALS[1]:
            raise UserError(f"trials: {self.trials} is out of range; {TRIALS[0]} to {TRIALS[1]:,} works.")
        if not MINUTES[0] <= self.minutes <= MINUTES[1]:
            raise UserError(f"minutes: {self.minutes:g} is out of range; 0 (no limit) to {MINUTES[1]:,.0f} works.")
        if self.seed < 0:
            raise UserError(f"seed: {self.seed} is out of range; a whole number from 0 works.")
        if not SAMPLES[0] <= self.samples <= SAMPLES[1]:
            raise UserError(f"samples: {self.samples} is out of range; {SAMPLES[0]} to {SAMPLES[1]:,} works.")

    def to_json(self) -> dict[str, Any]:
        return {
            "recipe": json.loads(self.recipe.to_json()),
            "space": [dimension.to_json() for dimension in self.space],
            "objectives": list(self.objectives),
            **{name: getattr(self, name) for name in PLAIN},
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Spec:
        """Read what `to_json` gave.

        Raises:
            UserError: if it is not that, or names what is not here (a data set).
        """
        try:
            recipe = Recipe.from_json(json.dumps(values["recipe"]))
            dimensions = tuple(Dimension.from_json(entry) for entry in values["space"])
            plain = {name: values[name] for name in PLAIN if name in values}  # an older version knew fewer
            return cls(recipe=recipe, space=dimensions, objectives=tuple(values["objectives"]), **plain)
        except (KeyError, TypeError, AttributeError) as error:
            raise UserError(f"This is not a study of this app's, or of another version ({error!r}).") from None

    def differences(self, other: Spec) -> list[str]:
        """In words, what is not the same in another study; its budget aside, which may change."""
        found = []
        for name, (own, theirs) in self.recipe.differences(other.recipe).items():
            found.append(f"{name} is {_short(theirs)} there, {_short(own)} here")
        mine, others = ({str(dimension) for dimension in spec.space} for spec in (self, other))
        if mine != others:
            only = [f"there {' '.join(sorted(others - mine)) or 'nothing more'}"]
            found.append(f"the space has {only[0]}, here {' '.join(sorted(mine - others)) or 'nothing more'}")
        for name in ("objectives", "sampler", "pruner", "samples"):
            own, theirs = getattr(self, name), getattr(other, name)
            if own != theirs:
                found.append(f"{name} is {_short(theirs)} there, {_short(own)} here")
        return found

    def with_budget(self, trials: int | None = None, minutes: float | None = None) -> Spec:
        """The same study with another budget.

        Raises:
            UserError: if it is out of range.
        """
        given = {"trials": trials, "minutes": minutes}
        return replace(self, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]

    def settings(self, trial: optuna.Trial) -> dict[str, Any]:
        """What a trial is to try."""
        return {dimension.name: dimension.suggest(trial) for dimension in self.space}

    @property
    def directions(self) -> list[Any]:  # Optuna has a type of its own for the two words
        return [objectives.OBJECTIVES[name].direction for name in self.objectives]

    @property
    def plan(self) -> ScorePlan:
        """At which steps trials are scored, and by how many samples."""
        steps = self.recipe.steps
        ninths = UNPRUNED if self.pruner == "none" else NINTHS
        at = sorted({max(1, steps * ninth // 9) for ninth in ninths} - {steps})
        fewer = max(SAMPLES[0], self.samples // ON_THE_WAY // 100 * 100)
        return ScorePlan(tuple(at), fewer, self.samples, tuple(dict.fromkeys((*ALWAYS, *self.objectives))))


def sampler(spec: Spec, number: int) -> optuna.samplers.BaseSampler:
    """What chooses the settings of a trial. Its seed is the trial's own, so that two processes never try the same."""
    import optuna

    # Mixed well: neighbouring seeds would give neighbouring first draws.
    seed = int(np.random.SeedSequence([spec.seed, number]).generate_state(1)[0])
    if spec.sampler == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    if spec.sampler == "nsga2":
        return optuna.samplers.NSGAIISampler(seed=seed, population_size=max(4, min(50, spec.trials // 3)))
    return optuna.samplers.TPESampler(seed=seed, n_startup_trials=max(4, min(10, spec.trials // 3)))


def pruner(spec: Spec) -> optuna.pruners.BasePruner:
    """What ends trials early."""
    import optuna

    first = (*spec.plan.at, spec.recipe.steps)[0]
    if spec.pruner == "hyperband":
        return optuna.pruners.HyperbandPruner(min_resource=first, max_resource=max(first, spec.recipe.steps))
    if spec.pruner == "median":
        return optuna.pruners.MedianPruner(n_startup_trials=max(2, min(5, spec.trials // 3)))
    return optuna.pruners.NopPruner()


def names(objectives_: Sequence[str]) -> list[str]:
    """What objectives are called, in order."""
    return [objectives.OBJECTIVES[name].axis for name in objectives_]


def _short(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else f"{value}"
    return text if len(text) <= 60 else f"{text[:59]}…"
