"""The verbs that train, and those that manage training runs as wholes."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from gan import paths
from gan.cli_base import Verb, note, settings, show, tell
from gan.recipes import RECIPES, recipe
from gan.training import managing, runs
from gan.training.backends import BACKENDS, DEFAULT

RUN = "its name, as runs lists it, or its folder"


def add(verb: Verb) -> None:
    """Add the verbs."""
    verb(
        "recipes",
        _recipes,
        "List the recipes and what they change.",
        more="A recipe is everything that decides what a run computes: data, nets, loss, optimisers, seed.",
        examples=["recipes"],
    )
    train = verb(
        "train",
        _train,
        "Train a recipe here, in this terminal. Ctrl+C stops with a checkpoint.",
        more="Watch it on Train > Live while it works: the run is a folder that pages read. It can be stopped and "
        "resumed at any time, and goes on exactly as if it had never stopped. What cannot be is refused, with what "
        "would work, before a run is made. With --background it trains in a process of its own that outlives this one.",
        examples=[
            "train --recipe cgan28 --set dataset=handwriting-digits --steps 4000",
            "train --recipe hangul32 --set r1=1 batch=32 spectral=true --background --json",
        ],
    )
    train.add_argument("--recipe", required=True, help=f"one of {', '.join(RECIPES)}")
    train.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="settings that differ"
    )
    train.add_argument("--steps", type=int, help="steps until it is finished (default: the recipe's)")
    train.add_argument("--run", dest="folder", type=Path, help="the run's folder (default: a new one)")
    train.add_argument("--backend", choices=BACKENDS, default=DEFAULT, help="what computes")
    train.add_argument("--background", action="store_true", help="start it, say its name, and return at once")

    resume = verb(
        "resume",
        _resume,
        "Go on with a run from its latest checkpoint.",
        more="As if it had never stopped, whatever stopped it: stop, Ctrl+C, a crash, a power cut.",
        examples=["resume 20260101-120000-cgan28", "resume runs/20260101-120000-cgan28 --background"],
    )
    resume.add_argument("name", metavar="RUN", help=RUN)
    help = "what computes (default: as before; another one goes on from the same checkpoint, but not bit for bit)"
    resume.add_argument("--backend", choices=BACKENDS, default="", help=help)
    resume.add_argument("--background", action="store_true", help="start it, and return at once")

    stop = verb(
        "stop",
        _stop,
        "Stop a run at its next step, with a checkpoint.",
        more="It returns at once; the run's state becomes stopped a moment later.",
        examples=["stop 20260101-120000-cgan28"],
    )
    stop.add_argument("name", metavar="RUN", help=RUN)

    verb("runs", _runs, "List the training runs, the newest first.", examples=["runs", "runs --json"])

    fork = verb(
        "fork",
        _fork,
        "Make a new run that begins as another one was, with other settings; resume trains it.",
        more="From a checkpoint, only settings may differ that leave the nets and their data as they are; from the "
        "beginning, any.",
        examples=["fork 20260101-120000-cgan28 --set learning_rate=1e-4 --step 4000"],
    )
    fork.add_argument("name", metavar="RUN", help=RUN)
    fork.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="settings that differ"
    )
    fork.add_argument("--step", type=int, metavar="N", help="the checkpoint to begin at (default: the latest)")
    fork.add_argument("--beginning", action="store_true", help="begin at the first step; any setting may differ")

    rename = verb("rename", _rename, "Give a run another name.", examples=["rename 20260101-120000-cgan28 best-so-far"])
    rename.add_argument("name", metavar="RUN", help=RUN)
    rename.add_argument("to", metavar="NAME", help="letters, digits, - and _")

    remove = verb(
        "remove",
        _remove,
        "Take a run away, or bring it back.",
        more="It stays on the disk until Train > Runs is told to free it.",
        examples=["remove best-so-far", "remove best-so-far --undo"],
    )
    remove.add_argument("name", metavar="RUN", help=RUN)
    remove.add_argument("--undo", action="store_true", help="bring it back")


def _recipes(options) -> None:
    rows = [{"name": r.name, "dataset": r.dataset, "model": r.model, "note": r.note} for r in RECIPES.values()]
    show(rows, options, ("name", "dataset", "note"))


def _runs(options) -> None:
    show([_state(run) for run in runs.list_runs()], options, ("run", "state", "step", "recipe"))


def _train(options) -> int:
    from gan.training import backends

    backends.check(options.backend)
    given = settings(options.set)
    if options.steps is not None:
        given["steps"] = options.steps
    return _work(runs.create(recipe(options.recipe).with_settings(given), options.folder), options)


def _resume(options) -> int:
    return _work(runs.find(options.name), options)


def _work(run: runs.Run, options) -> int:
    if options.background:
        runs.start_worker(run, options.backend)
        tell(options, f"Run {run.path}", **_state(run))
        return 0
    from gan.training import worker

    note(options, f"Run {run.path}")
    with contextlib.redirect_stdout(sys.stderr):  # what the worker says on its way
        code = worker.main(run, options.backend)
    if options.json:
        tell(options, "", **_state(run))
    return code


def _stop(options) -> None:
    run = runs.find(options.name)
    run.request("stop")
    tell(options, f"Run {run.id} stops at its next step, with a checkpoint.", run=run.id, path=run.path)


def _fork(options) -> None:
    from gan.training.promote import latest

    run = runs.find(options.name)
    step = None if options.beginning else options.step if options.step is not None else latest(run)[0]
    made = managing.fork(run, settings(options.set), step)
    tell(options, f"Run {made.path}", **_state(made))


def _rename(options) -> None:
    run = managing.rename(runs.find(options.name), options.to)
    tell(options, f"Run {run.path}", **_state(run))


def _remove(options) -> None:
    if options.undo:
        run = managing.restore(options.name)
        tell(options, f"Run {run.path}", **_state(run), removed=False)
        return
    run = runs.find(options.name)
    managing.remove(run)
    name = run.id if run.path.parent == paths.runs_dir() else run.path
    words = f"Removed; to bring it back: python -m gan remove {name} --undo"
    tell(options, words, run=run.id, path=run.path, removed=True)


def _state(run: runs.Run) -> dict[str, object]:
    """A run as programs see it."""
    status = run.status()
    return {
        "run": run.id,
        "state": status["state"],
        "step": status.get("step", 0),
        "steps": run.recipe.steps,
        "images_seen": status.get("images_seen", 0),
        "recipe": run.recipe.name,
        "path": run.path,
        "message": status.get("message", ""),
    }
