"""One trial: an ordinary run, trained by a worker of its own, its scores told to the study as they come."""

from __future__ import annotations

import contextlib
import functools
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from gan import paths
from gan.errors import UserError
from gan.search import claims, objectives, storage
from gan.search.spec import Spec
from gan.training import managing, runs
from gan.training.runs import WORKING, Run

if TYPE_CHECKING:
    import optuna

EVERY = 0.5  # seconds between two looks at the run
MEMORY = re.compile(r"ResourceExhausted|MemoryError|out of memory|RESOURCE_EXHAUSTED|OOM", re.IGNORECASE)
SETTLED = ("precision", "xla")  # measured once a study and place, then the same for all trials


class Taken(Exception):  # noqa: N818 - nothing is wrong
    """Another process gave this trial up, or took it over; whatever it has is in its run."""


class Trial:
    """A claimed trial.

    Args:
        study: the study.
        spec: what defines it.
        trial: the claimed trial.
        patience: calls the storage.
        interrupted: whether this process is to stop.
        say: told what happens.
    """

    def __init__(
        self,
        study: optuna.Study,
        spec: Spec,
        trial: optuna.Trial,
        patience: storage.Patience,
        interrupted: Callable[[], bool],
        say: Callable[..., None],
    ) -> None:
        self.study, self.spec, self.trial, self.patience = study, spec, trial, patience
        self.interrupted, self.say = interrupted, say
        self.run: Run | None = None
        self._seen = -1  # step of the last record that was looked at
        self._scores: dict[int, dict[str, Any]] = {}  # step -> what was measured there
        self._told: set[int] = set()
        self._beaten, self._began = 0.0, time.monotonic()

    def work(self) -> str:
        """Train it to its end; gives what became of it (`claims.COUNTED`, `claims.VOID`).

        Raises:
            Taken: if others took it meanwhile.
            Unreachable: if the storage was away for too long; the run trains on.
        """
        try:
            self.run = self._prepared()
        except UserError as error:
            return self._end("refused", str(error))
        try:
            return self._watched(self.run)
        except UserError as error:
            if isinstance(error, storage.Unreachable):
                raise
            return self._end("failed", str(error))  # its folder was removed, or cannot be read

    def _prepared(self) -> Run:
        """The run: the one that another process began in this place, or a new one."""
        settings = self._ask(lambda: self.spec.settings(self.trial))
        before = self._ask(lambda: dict(self.trial.user_attrs))
        if before.get("place") == claims.place() and before.get("run"):
            with contextlib.suppress(UserError):
                return runs.find(before["run"])
        recipe = self.spec.recipe.with_settings({**settings, **self._settled()})
        run = runs.create(recipe, _free(f"{self.spec.name}-{self.trial.number:04d}"))
        run.write_score_plan(self.spec.plan)
        with contextlib.suppress(UserError):
            managing.write_note(run, f"Trial {self.trial.number} of the study {self.spec.name}")

        def tell() -> None:
            self.trial.set_user_attr("run", run.id)
            self.trial.set_user_attr("place", claims.place())

        self._ask(tell)
        return run

    def _settled(self) -> dict[str, str]:
        """Number format and XLA as an earlier trial here settled them."""
        recipe = self.spec.recipe
        if not any(getattr(recipe, name) == "auto" for name in SETTLED):
            return {}
        for other in self._ask(lambda: self.study.get_trials(deepcopy=False)):
            if other.user_attrs.get("place") == claims.place():
                with contextlib.suppress(UserError):
                    found = runs.find(other.user_attrs.get("run", "")).recipe
                    values = {name: getattr(found, name) for name in SETTLED}
                    if "auto" not in values.values():
                        return {name: v for name, v in values.items() if getattr(recipe, name) == "auto"}
        return {}

    def _watched(self, run: Run) -> str:
        if run.status()["state"] not in (*WORKING, "finished"):
            runs.start_worker(run)
        while True:
            status = run.status()
            working = status["state"] in WORKING
            self.say(run=run.id, step=status.get("step", 0), steps=run.recipe.steps, trial=self.trial.number)
            self._beat()
            self._read(run)
            if self._report() and working and run.recipe.steps > max(self._scores, default=0):
                return self._prune(run)
            if not working:
                return self._concluded(run, status)
            if self.interrupted():
                return self._stop(run)
            time.sleep(EVERY)

    def _read(self, run: Run) -> None:
        """Take up scores that the worker wrote since."""
        records = run.metrics(after_step=self._seen)
        for record in records:
            if "scored" in record or any(name in record for name in self.spec.objectives):
                self._scores[record["step"]] = record
        # The scores of a step come after its losses, in a line of their own: the last step is looked at again.
        self._seen = max(self._seen, (records[-1]["step"] if records else 0) - 1)

    def _report(self) -> bool:
        """Tell the study what is new, as far as its storage answers; gives whether to end the trial."""
        if len(self.spec.objectives) > 1:
            return False
        last, prune = self.spec.recipe.steps, False
        for step in sorted(set(self._scores) - self._told):
            values = objectives.values(self.spec.objectives, self._scores[step])
            if values is None or step == last:  # of the last step, the trial's value tells
                self._told.add(step)
                continue

            def tell(step: int = step, value: float = values[0]) -> bool:
                self.trial.report(value, step)
                return self.trial.should_prune()

            answered, prune_now = self.patience.try_(functools.partial(self._mine, tell))
            if not answered:
                return prune
            self._told.add(step)
            prune = prune or bool(prune_now)
        return prune

    def _prune(self, run: Run) -> str:
        step = max(self._scores)
        value = objectives.values(self.spec.objectives, self._scores[step])
        title = objectives.OBJECTIVES[self.spec.objectives[0]].axis
        message = f"Pruned at step {step:,}: {title} {value[0]:.4g} is not among the better." if value else "Pruned"
        self._await_end(run, "stop")
        status = run.status()
        if status["state"] == "stopped":
            with contextlib.suppress(OSError):
                run.write_status({**status, "message": message})
        return self._end("pruned", message)

    def _stop(self, run: Run) -> str:
        """Leave it with a checkpoint, for whoever goes on with the study."""
        self.say(message=f"Stopping {run.id} with a checkpoint")
        if not self._ended_early(run):
            self._await_end(run, "stop")
        status = run.status()
        if status["state"] == "finished":
            return self._concluded(run, status)
        return self._end("stopped", "Stopped as asked; the study goes on with it.")

    def _ended_early(self, run: Run) -> bool:
        """End a worker that is still loading, which hears of nothing, and has nothing to lose."""
        status = run.status()
        if status["state"] != "preparing" or run.checkpoints():
            return False
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(status["pid"])
            process.kill()
            with contextlib.suppress(psutil.TimeoutExpired):
                process.wait(10)
            run.write_status({**status, "state": "stopped", "message": "Stopped before its first step."})
        return True

    def _await_end(self, run: Run, request: str) -> None:
        deadline = time.monotonic() + 300
        asked = False
        while run.status()["state"] in WORKING and time.monotonic() < deadline:
            if not asked:
                with contextlib.suppress(UserError):  # it may have ended by itself
                    run.request(request)
                    asked = True
            self._beat()
            time.sleep(EVERY / 2)

    def _concluded(self, run: Run, status: dict[str, Any]) -> str:
        """What became of a run that nobody works on any more."""
        state, message = status["state"], status.get("message", "")
        if state == "finished":
            self._read(run)
            values = objectives.values(self.spec.objectives, self._scores.get(run.recipe.steps, {}))
            if values is None:
                return self._end("failed", "It was trained, but not scored: see its log.")
            if self._other_data(run):
                return self._end("failed", "Its data set is not that of the other trials: another version is here.")
            return self._end("complete", "", values)
        if state == "stopped":
            return self._end("ended by hand", f"Its run was stopped by hand at step {status.get('step', 0):,}.")
        if state == "died":
            at = f"{status.get('step', 0):,}"
            return self._end("killed", f"Its worker was killed at step {at}, by hand or for lack of memory.")
        if "diverged" in message:
            return self._end("diverged", message)
        return self._end("out of memory" if MEMORY.search(message) else "failed", message or f"Its run is {state}.")

    def _other_data(self, run: Run) -> bool:
        """Whether another trial was scored on other pictures than this one."""
        own = _data(run)
        others = self._ask(lambda: self.study.get_trials(deepcopy=False))
        complete = [other for other in others if other.user_attrs.get("outcome") == "complete"]
        return any(other.user_attrs.get("data") != own for other in complete)

    def _end(self, outcome: str, reason: str, values: list[float] | None = None) -> str:
        """Tell the study how it ended.

        Raises:
            Taken, Unreachable: as `work`.
        """
        from optuna.trial import TrialState

        states = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED}
        last = self._scores[max(self._scores)] if self._scores else {}
        scores = {name: last[name] for name in objectives.OBJECTIVES if last.get(name) is not None}
        worked = time.monotonic() - self._began
        attributes: dict[str, Any] = {"outcome": outcome, "scores": scores, "worked": worked}
        if reason:
            attributes["reason"] = reason[:500]
        if self.run:
            with contextlib.suppress(UserError):  # it may be gone
                status = self.run.status()
                attributes |= {"seconds": status.get("seconds", 0.0), "step": status.get("step", 0)}
                attributes["data"] = _data(self.run)

        def tell() -> None:
            if self._frozen().state == TrialState.RUNNING:
                for name, value in attributes.items():
                    self.trial.set_user_attr(name, value)
                self.study.tell(self.trial, values, states.get(outcome, TrialState.FAIL))
            elif self._frozen().user_attrs.get("outcome") != outcome:  # else an answer was lost on its way to us
                raise Taken
            if outcome == "stopped":
                claims.requeue(self.study, self._frozen(), lost=False)

        self._ask(tell)
        return outcome

    def _frozen(self) -> optuna.trial.FrozenTrial:
        return self.study._storage.get_trial(self.trial._trial_id)

    def _beat(self) -> None:
        if time.monotonic() - self._beaten >= storage.heartbeat():
            worked = time.monotonic() - self._began
            answered, _ = self.patience.try_(lambda: self._mine(lambda: claims.beat(self.study, self.trial, worked)))
            if answered:
                self._beaten = time.monotonic()

    def _ask(self, act: Callable[[], Any]) -> Any:
        return self.patience(lambda: self._mine(act))

    def _mine(self, act: Callable[[], Any]) -> Any:
        """Raises: Taken if others gave this trial up."""
        import optuna

        try:
            result = act()
            seen = self._frozen()
            if seen.state.is_finished() and "outcome" not in seen.user_attrs:
                raise Taken
            return result
        except optuna.exceptions.UpdateFinishedTrialError:
            raise Taken from None


def _data(run: Run) -> str:
    """The digest of the test pictures that a run is scored on; empty where it has not been written down."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return json.loads((run.path / "data.json").read_text(encoding="utf-8")).get("test", "")
    return ""


def _free(name: str) -> Path:
    """A folder for a run of this name, or with a number behind it: of an earlier study that had the same name."""
    folder = paths.runs_dir()
    tries = (name, *(f"{name}-{n}" for n in range(2, 1000)))
    return next(folder / one for one in tries if not (folder / one).exists())
