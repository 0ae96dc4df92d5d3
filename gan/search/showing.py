"""A study's trials as rows, for the page, the command line and CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gan import paths
from gan.search import claims, studies
from gan.search.spec import Spec
from gan.training import managing, runs

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True)
class Row:
    """A trial at a glance."""

    number: int
    state: str  # running, waiting, or what became of it
    values: tuple[float, ...]  # by objective; of a pruned trial, the last on the way
    scores: dict[str, float]  # all that was measured last
    settings: dict[str, Any]
    run: str
    here: bool  # whether that run is on this machine
    step: int
    seconds: float
    reason: str
    best: bool


def rows(study: optuna.Study) -> list[Row]:
    """The trials of a study in order, without those that another one took the place of."""
    trials = study.get_trials(deepcopy=False)
    top = {trial.number for trial in studies.best(study, trials)}
    place = claims.place()
    return [_row(trial, trial.number in top, place) for trial in claims.counted(trials)]


def _row(trial: optuna.trial.FrozenTrial, best: bool, place: str) -> Row:
    from optuna.trial import TrialState

    said, state = trial.user_attrs, trial.state
    run = said.get("run", "")
    here = said.get("place") == place and bool(run) and (paths.runs_dir() / run / "recipe.json").is_file()
    step, seconds = said.get("step", 0), said.get("seconds", 0.0)
    if here and state == TrialState.RUNNING:
        status = runs.Run(paths.runs_dir() / run).status()
        step, seconds = status.get("step", 0), status.get("seconds", 0.0)
    words = {TrialState.RUNNING: "running", TrialState.WAITING: "waiting"}
    last = trial.intermediate_values.get(max(trial.intermediate_values, default=0))
    values = trial.values or ([last] if last is not None else [])
    return Row(
        number=trial.number,
        state=words.get(state) or said.get("outcome") or state.name.lower(),
        values=tuple(values),
        scores=said.get("scores", {}),
        settings=dict(trial.params),
        run=run,
        here=here,
        step=step or max(trial.intermediate_values, default=0),
        seconds=seconds or 0.0,
        reason=said.get("reason", ""),
        best=best,
    )


def longer(study: studies.Study, spec: Spec, row: Row, steps: int) -> runs.Run:
    """A new run with a trial's settings, all else as the study's recipe has it; a worker trains it when it is started.

    Raises:
        UserError: for steps that cannot be, or a folder of runs that cannot be written.
    """
    run = runs.create(spec.recipe.with_settings({**row.settings, "steps": steps}))
    managing.write_note(run, f"The settings of trial {row.number} of the study {study.name}, for longer")
    return run


def as_csv(found: Sequence[Row], spec: Spec) -> bytes:
    """A line a trial: state, scores, settings, run."""
    measured = sorted({name for row in found for name in row.scores})
    names = [dimension.name for dimension in spec.space]
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    objectives = [f"objective_{name}" for name in spec.objectives]
    table.writerow(["trial", "state", *objectives, *measured, *names, "run", "step", "seconds", "reason"])
    for row in found:
        values = [*row.values, *[""] * (len(spec.objectives) - len(row.values))]
        scores = [row.scores.get(name, "") for name in measured]
        settings = [row.settings.get(name, "") for name in names]
        table.writerow([row.number, row.state, *values, *scores, *settings, row.run, row.step, row.seconds, row.reason])
    return out.getvalue().encode()


def answer(study: studies.Study, state: str) -> dict[str, Any]:
    """A study as programs see it."""
    from gan.search import storage

    opened = study.optuna()
    spec, found = studies.read(opened), rows(opened)
    trials = [
        {"trial": row.number, "state": row.state, "values": list(row.values), "settings": row.settings, "run": row.run}
        | ({"reason": row.reason} if row.reason else {})
        for row in found
    ]
    return {
        "study": study.name,
        "state": state,
        "storage": storage.shown(study.url),
        "recipe": spec.recipe.name,
        "objectives": list(spec.objectives),
        "budget": spec.trials,
        "best": [entry for entry, row in zip(trials, found, strict=True) if row.best],
        "trials": trials,
    }
