"""The verb that searches for better settings."""

from __future__ import annotations

from typing import Any

from gan.cli_base import Verb, positive, seed, settings, tell
from gan.errors import UserError, unknown
from gan.recipes import RECIPES, Recipe, recipe
from gan.search import (
    OBJECTIVES,
    PRESETS,
    PRUNERS,
    SAMPLERS,
    Dimension,
    Spec,
    objectives_of,
    parse,
    presets_for,
    studies,
)

FIXED = ("set", "space", "steps", "objective", "pruner")  # once a study is made, for all who work on it


def add(verb: Verb) -> None:
    """Add the verb."""
    search = verb(
        "search",
        _search,
        "Search for better settings: work on a study until its trials are done.",
        more="Each trial is an ordinary run. Give the same command again to go on, or on another machine, with the "
        "same --storage, to work on one study together; --name and --storage alone are then enough, for the storage "
        "holds all that defines the study. Trials are counted over the whole study. Ctrl+C stops with a checkpoint of "
        "the trial that runs, which is gone on with the next time. A space is a preset, or settings with ranges "
        f"(NAME=LOW..HIGH, with :log or :STEP) or choices (NAME=A,B,C). Presets: {', '.join(PRESETS)}.",
        examples=[
            "search --recipe cgan28 --trials 12 --steps 400 --space learning_rate=1e-4..2e-3:log r1=0.05..2:log",
            "search --recipe kepkreator --trials 30 --steps 2000 --space student --objective bcis fid --name night",
            "search --name night --storage postgresql://gan:secret@db.example/studies",
        ],
    )
    search.add_argument("--recipe", help=f"what trials are made from: one of {', '.join(RECIPES)}")
    help = "settings that differ, in all trials"
    search.add_argument("--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help=help)
    help = "(default: the recipe's first preset)"
    search.add_argument("--space", nargs="+", action="extend", default=[], metavar="SPACE", help=help)
    search.add_argument("--trials", type=positive, metavar="N", help="of the whole study (default: 20)")
    search.add_argument("--minutes", type=float, metavar="M", help="of work of all processes; then no trial begins")
    search.add_argument("--steps", type=positive, metavar="S", help="of a trial (default: the recipe's)")
    names = ", ".join(OBJECTIVES)
    help = f"one or several: {names} (default: the usual one of the recipe's game)"
    search.add_argument("--objective", nargs="+", action="extend", default=[], metavar="MEASURE", help=help)
    help = "what ends trials early (default: hyperband; of several objectives, none)"
    search.add_argument("--pruner", choices=list(PRUNERS), help=help)
    search.add_argument("--sampler", choices=list(SAMPLERS), default="tpe", help="what chooses settings")
    search.add_argument("--samples", type=positive, default=5000, metavar="N", help="drawn for a trial's scores")
    search.add_argument("--seed", type=seed, default=1, help="of the sampler")
    search.add_argument("--name", metavar="STUDY", help="(default: the recipe's name)")
    help = "where the study is: postgresql://USER:PASSWORD@HOST/DATABASE, a file.db, or any address that Optuna takes"
    hidden = "others on this machine see what is written here: PGPASSWORD or ~/.pgpass keep a password from them"
    search.add_argument("--storage", default="", metavar="URL", help=f"{help} (default: a file of its own); {hidden}")
    search.add_argument("--background", action="store_true", help="in a process that outlives this one; return at once")


def _search(options) -> int:
    from gan.search import process, showing

    study = _study(options)
    if options.background:
        study.start()
        tell(options, f"Study {study.name} is worked on; Train > Tune shows it.", study=study.name, state="working")
        return 0
    state = process.work(study)
    found = showing.answer(study, state)
    tell(options, _words(found), **found)
    return 0


def _study(options) -> studies.Study:
    if not options.recipe:
        if not options.name:
            raise UserError("--recipe: name what trials are made from, or with --name a study that there is already.")
        fixed = [name for name in FIXED if getattr(options, name)]
        if fixed:
            raise UserError(
                f"--{fixed[0]}: the study says that itself; leave it out, or name a --recipe for a new one."
            )
        return _budgeted(studies.join(options.name, options.storage), options)
    given = settings(options.set)
    if options.steps is not None:
        given["steps"] = options.steps
    base = recipe(options.recipe).with_settings(given)
    objectives = tuple(options.objective) or tuple(objectives_of(base.model)[:1])
    spec = Spec(
        name=options.name or base.name,
        recipe=base,
        space=tuple(_space(options.space, base)),
        objectives=objectives,
        sampler=options.sampler,
        pruner=options.pruner or ("none" if len(objectives) > 1 else "hyperband"),
        samples=options.samples,
        seed=options.seed,
        trials=options.trials or Spec.trials,
        minutes=options.minutes or 0.0,
    )
    return _budgeted(studies.make(spec, options.storage), options)


def _budgeted(study: studies.Study, options) -> studies.Study:
    """The study with what was given of its budget; the rest stays."""
    if options.trials or options.minutes is not None:
        study.set_budget(options.trials, options.minutes)
    return study


def _space(words: list[str], base: Recipe) -> list[Dimension]:
    """Presets and dimensions; one that is written out replaces a preset's of the same setting."""
    found: dict[str, Dimension] = {}
    known = presets_for(base)
    if not words and not known:
        raise UserError(f"--space: there is no preset for {base.name}; write NAME=LOW..HIGH or NAME=A,B,C.")
    for word in words or known[:1]:
        if "=" in word:
            dimension = parse(word, base)
            found[dimension.name] = dimension
        elif word in PRESETS:
            found |= {dimension.name: dimension for dimension in PRESETS[word].dimensions(base)}
        else:
            raise unknown(f"preset for {base.name}", word, known)
    return list(found.values())


def _words(found: dict[str, Any]) -> str:
    done = sum(trial["state"] in ("complete", "pruned") for trial in found["trials"])
    lines = [f"Study {found['study']} {found['state']}: {done} of {found['budget']} trials done."]
    for trial in found["best"]:
        values = ", ".join(f"{n} {v:.4g}" for n, v in zip(found["objectives"], trial["values"], strict=True))
        chosen = " ".join(f"{n}={v:.4g}" if isinstance(v, float) else f"{n}={v}" for n, v in trial["settings"].items())
        lines += [f"Best: trial {trial['trial']} ({values}), run {trial['run']}", f"  {chosen}"]
    return "\n".join(lines)
