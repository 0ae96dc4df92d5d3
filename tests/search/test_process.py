"""A real search process and real workers: killed, gone on with, stopped, and a trial that is pruned."""

from __future__ import annotations

import os
import signal
import time

import optuna
import pytest

from gan.search import claims, showing, studies
from gan.training import runs


def wait(condition, seconds=240):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


@pytest.mark.timeout(900)
def test_a_study_is_killed_gone_on_with_stopped_and_pruned(tiny, ended):
    spec = tiny(steps=9000, pruner="median", trials=3)
    study = studies.make(spec)
    opened = study.optuna()
    for value in (0.5, 0.6):  # better than any net of this size
        params = {"learning_rate": 1e-3, "width": 4}
        distributions = {
            "learning_rate": optuna.distributions.FloatDistribution(1e-4, 1e-2, log=True),
            "width": optuna.distributions.CategoricalDistribution((4, 5)),
        }
        steps = {step: value for step in spec.plan.at}
        opened.add_trial(
            optuna.trial.create_trial(
                params=params, distributions=distributions, value=value, intermediate_values=steps
            )
        )

    study.start()
    wait(lambda: [run for run in runs.list_runs() if run.status()["state"] == "running"])
    (run,) = runs.list_runs()
    assert run.id == "tiny-0002"
    run.request("pause")  # so that it does not reach its first score before its time
    wait(lambda: run.status()["state"] == "paused")
    os.kill(study.processes()[0]["pid"], signal.SIGKILL)
    wait(lambda: not study.working)
    assert run.status()["state"] == "paused"  # it outlives the process that watched it

    study.start()  # takes the same run over
    wait(lambda: any(t.number == 3 and t.user_attrs.get("process") for t in study.optuna().trials))
    study.stop()
    wait(lambda: not study.working)
    assert study.processes()[0]["state"] == "stopped"
    assert run.status()["state"] == "stopped" and run.checkpoints()
    third, fourth, fifth = study.optuna().trials[2:]
    assert "outcome" not in third.user_attrs and fourth.user_attrs["outcome"] == "stopped"
    assert fifth.state == optuna.trial.TrialState.WAITING and len(claims.counted(study.optuna().trials)) == 3

    study.start()
    wait(lambda: not study.working)
    assert runs.list_runs() == [run]
    pruned = showing.rows(study.optuna())[-1]
    assert (pruned.state, pruned.run, pruned.number) == ("pruned", run.id, 4)
    status = run.status()
    assert status["state"] == "stopped" and status["message"].startswith("Pruned at step 1,000: FID")
    assert study.processes()[0]["message"] == "All 3 trials are done."
