"""Who works on which trial: claimed by one process each, counted over the whole study, taken over when one dies."""

from __future__ import annotations

import os
import time
import uuid
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import psutil

from gan import paths
from gan.errors import UserError
from gan.host import host
from gan.search import spec as specs
from gan.search.spec import Spec
from gan.training.runs import alive

if TYPE_CHECKING:
    import optuna

FOLDER = ".studies"  # in the folder of runs
AGAIN = 5  # times that a trial whose process was lost is taken over, at most
# What becomes of a trial, in its attribute "outcome". Those of the second line do not count: others take their place.
COUNTED = ("complete", "pruned", "diverged", "out of memory", "killed", "failed", "ended by hand", "refused")
VOID = ("stopped", "surplus")


def place() -> str:
    """A name for this folder of runs, made once: a run of a trial is here if the trial says so."""
    file = paths.runs_dir() / FOLDER / "place"
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".place-{uuid.uuid4().hex}")
        aside.write_text(uuid.uuid4().hex, encoding="utf-8")
        try:
            os.link(aside, file)  # fails where another process was first
        except FileExistsError:
            pass
        except OSError:  # a disk without links
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)
        return file.read_text(encoding="utf-8")


def me() -> dict[str, Any]:
    """This process, for others to see whether it lives."""
    process = psutil.Process()
    return {"place": place(), "host": host(), "pid": process.pid, "started": process.create_time()}


def counted(trials: Sequence[optuna.trial.FrozenTrial]) -> list[optuna.trial.FrozenTrial]:
    """The trials that use up the budget: all but those that another one takes the place of."""
    from optuna.trial import TrialState

    return [t for t in trials if t.state != TrialState.FAIL or t.user_attrs.get("outcome") in COUNTED]


def minutes(trials: Sequence[optuna.trial.FrozenTrial]) -> float:
    """Work of all processes together so far, as they said: a trial whose process is gone ends long after its work."""
    return sum(trial.user_attrs.get("worked", 0.0) for trial in trials) / 60


def exhausted(spec: Spec, trials: Sequence[optuna.trial.FrozenTrial]) -> str:
    """Why no trial may begin, in words; empty if one may."""
    from optuna.trial import TrialState

    if spec.minutes and minutes(trials) >= spec.minutes:
        return f"All {spec.minutes:g} minutes are used up."
    waiting = any(trial.state == TrialState.WAITING for trial in trials)
    if len(counted(trials)) >= spec.trials and not waiting:
        return f"All {spec.trials} trials are done."
    return ""


def claim(study: optuna.Study, spec: Spec) -> optuna.Trial | None:
    """A trial for this process; None if there is none to begin.

    Two processes may ask for the last one in the same moment. The storage numbers trials one by one: the later one sees
    that there are enough before it, and gives its own back.
    """
    from optuna.trial import TrialState

    if exhausted(spec, study.get_trials(deepcopy=False)):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that heartbeats are for `optimize`: `beat` gives ours
        trial = study.ask()
    before = [other for other in counted(study.get_trials(deepcopy=False)) if other.number < trial.number]
    if len(before) >= spec.trials:
        trial.set_user_attr("outcome", "surplus")
        study.tell(trial, state=TrialState.FAIL)
        return None
    beat(study, trial)
    trial.set_user_attr("process", me())
    study.sampler = specs.sampler(spec, trial.number)
    return trial


def beat(study: optuna.Study, trial: optuna.Trial, worked: float = 0.0) -> None:
    """A sign of life, where the storage takes them, and for how many seconds this process has worked on the trial."""
    trial.set_user_attr("worked", worked)
    backend = getattr(study._storage, "_backend", study._storage)
    if hasattr(backend, "record_heartbeat"):
        backend.record_heartbeat(trial._trial_id)


def requeue(study: optuna.Study, trial: optuna.trial.FrozenTrial, lost: bool = True) -> None:
    """Let a failed trial be gone on with by whoever comes next: the same settings, and the run where it is at hand.

    Args:
        study: the study.
        trial: the failed trial.
        lost: whether its process was lost, perhaps because of the trial: not taken over more than `AGAIN` times.
    """
    from optuna.trial import TrialState, create_trial

    again = trial.user_attrs.get("again", 0) + lost
    if again > AGAIN:
        return
    gone = ("process", "outcome", "reason", "worked")
    attributes = {name: value for name, value in trial.user_attrs.items() if name not in gone}
    first = trial.user_attrs.get("continues", trial.number)
    study.add_trial(
        create_trial(
            state=TrialState.WAITING,
            params=trial.params,
            distributions=trial.distributions,
            user_attrs={**attributes, "again": again, "continues": first},
            intermediate_values=trial.intermediate_values,
        )
    )


def recover(study: optuna.Study, steady: float) -> int:
    """Give up trials whose process is gone, so that they are taken over; gives how many.

    Of processes in this place and on this machine it is known; others, of which some may share the folder of runs, are
    given up after some time without a sign of life.

    Args:
        study: the study.
        steady: seconds for which the storage has answered: after it was away, others need time to show that they live.
    """
    import optuna
    from optuna.trial import TrialState

    from gan.search import storage

    found = 0
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        process = trial.user_attrs.get("process", {})
        here = (process.get("place"), process.get("host")) == (place(), host())
        if here and alive(process.get("pid"), process.get("started")):
            continue
        started = trial.datetime_start.timestamp() if trial.datetime_start else 0.0
        # Killed between claiming and saying who it is.
        nameless = not process and time.time() - started > 60 + 4 * storage.heartbeat()
        if here or nameless:
            found += _lose(study, trial)
    if steady > 4 * storage.heartbeat():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            optuna.storages.fail_stale_trials(study)
    return found


def _lose(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> int:
    import optuna
    from optuna.trial import TrialState

    try:
        if not study._storage.set_trial_state_values(trial._trial_id, state=TrialState.FAIL):
            return 0
    except optuna.exceptions.UpdateFinishedTrialError:
        return 0  # another process was faster
    requeue(study, trial)
    return 1


def loaded(name: str, storage: optuna.storages.BaseStorage, spec: Spec | None = None) -> optuna.Study:
    """A study as Optuna has it.

    Raises:
        UserError: if there is none of this name.
    """
    import optuna

    try:
        study = optuna.load_study(study_name=name, storage=storage)
    except KeyError:
        known = ", ".join(sorted(s.study_name for s in storage.get_all_studies())) or "it holds none"
        raise UserError(f"There is no study {name!r} in this storage; it has: {known}.") from None
    if spec:
        study.pruner = specs.pruner(spec)
    return study
