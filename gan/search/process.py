"""A search process: claims trials of a study one by one and sees them through, until the budget is used up."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import filelock
import psutil

from gan.errors import UserError
from gan.search import claims, storage, studies
from gan.search import spec as specs
from gan.search.spec import Spec
from gan.search.studies import Study
from gan.search.trials import Taken, Trial
from gan.training.worker import interruption

WAITING = 2.0  # seconds between two looks at what others do
FAILURES = 5  # trials in a row that could not be trained: a full disk, a data set that is not here, would fail them all


class Reporter:
    """What a process says of itself: in its file once a second, and in lines on stderr."""

    def __init__(self, study: Study) -> None:
        self.study, self._lock, self._done = study, threading.Lock(), threading.Event()
        me = psutil.Process()
        self.status: dict[str, Any] = {"pid": me.pid, "pid_started": me.create_time(), "began": time.time()}
        self(state="working", message="Starting")
        self._write()  # before anything else, so that nobody removes the study meanwhile
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()

    def __call__(self, **values: Any) -> None:
        with self._lock:
            message = values.get("message", "")
            new = message and message != self.status.get("message")
            self.status.update(values)
        if new:
            print(f"{time.strftime('%H:%M:%S')} {message}", file=sys.stderr, flush=True)

    def close(self, state: str, message: str) -> None:
        self(state=state, message=message)
        self._done.set()
        self._thread.join()
        self._write()

    def _beat(self) -> None:
        while not self._done.wait(1.0):
            self._write()

    def _write(self) -> None:
        with self._lock, contextlib.suppress(OSError):  # a full disk must not end the study
            # Asked anew: the start time is worked out from the clock, and moves when that is set.
            self.status |= {"heartbeat": time.time(), "pid_started": psutil.Process().create_time()}
            self.study.say(self.status)


def work(study: Study) -> str:
    """Work on a study until there is nothing left to do, or one is asked to stop; gives which: finished or stopped.

    Raises:
        UserError: if the storage cannot be reached, or was away for too long.
    """
    report = Reporter(study)
    try:
        with interruption() as signalled:

            def interrupted() -> bool:
                return signalled.is_set() or study.asked_to_stop()

            state, message = _Search(study, report, interrupted).run()
        report.close(state, message)
        return state
    except UserError as error:
        report.close("failed", str(error))
        raise
    except BaseException as error:
        traceback.print_exc()
        report.close("failed", f"{type(error).__name__}: {error}"[:300])
        raise
    finally:
        with contextlib.suppress(OSError):
            (study.path / "processes" / f"{os.getpid()}.stop").unlink(missing_ok=True)


class _Search:
    """One process' work on a study."""

    def __init__(self, study: Study, report: Reporter, interrupted: Callable[[], bool]) -> None:
        self.study, self.report, self.interrupted = study, report, interrupted
        self.patience = storage.Patience(study.url, self._said, interrupted)
        self.failures = 0  # in a row

    def run(self) -> tuple[str, str]:
        """The state it ends in, and why."""
        while True:
            if self.interrupted():
                return "stopped", "Stopped as asked; start it again to go on."
            spec, trial, why = self.patience(self._next)
            if trial is not None:
                self._see_through(spec, trial)
            elif why:
                return "finished", why
            else:
                time.sleep(WAITING / 2)

    def _next(self) -> tuple[Spec, Any, str]:
        """What defines the study now, a trial of it for us, or why there will be none."""
        from optuna.trial import TrialState

        if not self.study.path.is_dir():
            raise UserError(f"{self.study.name}: the study was removed.")
        study = self.study.optuna()
        spec = studies.read(study)
        study = claims.loaded(self.study.name, study._storage, spec)
        steady = time.monotonic() - self.patience.back_at
        # A file lets two readers see a waiting trial before one of them takes it; a server does not.
        lock = filelock.FileLock(self.study.path / "claim.lock")
        try:
            held = lock.acquire(timeout=10)
        except filelock.Timeout:  # another process here is at it, perhaps while the storage is slow
            return spec, None, ""
        with held, storage.reaching(self.study.url):
            if taken := claims.recover(study, steady):
                self.report(message=f"Taking over {taken} {'trial' if taken == 1 else 'trials'} whose process is gone")
            trial = claims.claim(study, spec)
            if trial is not None:
                return spec, (study, trial), ""
            found = study.get_trials(deepcopy=False)
        why = claims.exhausted(spec, found)
        running = [other.number for other in found if other.state == TrialState.RUNNING]
        if why and running:
            self.report(message=f"Waiting for the trials of others: {', '.join(map(str, running))}", run="")
            return spec, None, ""
        return spec, None, why

    def _see_through(self, spec: Spec, claimed: Any) -> None:
        study, trial = claimed
        number = trial.number
        self.report(message=f"Trial {number} begins", trial=number)
        try:
            work = Trial(study, spec, trial, self.patience, self.interrupted, self.report)
            outcome = work.work()
        except Taken:
            self.report(message=f"Trial {number} was taken over by another process")
            return
        frozen = study._storage.get_trial(trial._trial_id) if outcome else None
        words = ""
        if frozen is not None and frozen.values:
            titles = specs.names(spec.objectives)
            words = ": " + ", ".join(f"{t} {v:.4g}" for t, v in zip(titles, frozen.values, strict=True))
        reason = frozen.user_attrs.get("reason", "") if frozen is not None else ""
        self.report(message=f"Trial {number} {outcome}{words}. {reason}".rstrip(), run="")
        self.failures = self.failures + 1 if outcome in ("failed", "refused") else 0
        if self.failures >= FAILURES:
            raise UserError(
                f"{self.study.name}: {self.failures} trials in a row could not be trained, the last because: {reason} "
                "The others are kept for later: mend that, then go on with the study."
            )

    def _said(self, message: str) -> None:
        self.report(message=message)
