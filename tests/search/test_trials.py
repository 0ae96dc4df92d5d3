"""What becomes of a trial: trained here, diverged, out of memory, killed, stopped, refused; the study goes on."""

from __future__ import annotations

import contextlib
import json
import os
import sys

import pytest

from gan import UserError, cli
from gan.search import process, showing, studies
from gan.training import runs, worker


def train(run, backend=""):
    """As `runs.start_worker`, in this process and to the end."""
    with contextlib.redirect_stdout(sys.stderr):
        worker.work(run, polite=False)


@pytest.fixture
def leave(monkeypatch):
    """Have workers leave a run in a state at once, without training."""

    def leave(*ends):
        left = iter(ends)

        def end(run, backend=""):
            state, message = next(left)
            lines = [{"step": 3, "images_seen": 24, "fid": 80.0, "scored": 100}]
            (run.path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
            run.write_status({"state": state, "message": message, "step": 4, "pid": 0})

        monkeypatch.setattr(runs, "start_worker", end)

    return leave


def test_what_ends_a_trial_is_told_and_the_study_goes_on(tiny, runs_dir, leave):
    leave(
        ("failed", "g_loss is not a number any more at step 4: training diverged."),
        ("failed", "ResourceExhaustedError: OOM when allocating tensor (see log.txt)"),
        ("running", ""),  # with a process that is not there
        ("stopped", "Stopped as asked; it can be resumed."),
        ("failed", "OSError: something else"),
        ("finished", ""),
    )
    study = studies.make(tiny(trials=6))
    assert process.work(study) == "finished"
    rows = showing.rows(study.optuna())
    assert [row.state for row in rows] == [
        "diverged", "out of memory", "killed", "ended by hand", "failed", "failed",
    ]  # fmt: skip
    assert "not a number any more" in rows[0].reason and "was killed at step 4" in rows[2].reason
    assert "not scored" in rows[5].reason and all(row.here and row.values == (80.0,) for row in rows)
    assert not any(row.best for row in rows)
    said = study.processes()[0]
    assert (said["state"], said["message"], said["alive"]) == ("finished", "All 6 trials are done.", True)


def test_what_cannot_be_trained_is_refused_and_the_study_goes_on(tiny, runs_dir, leave):
    # Either alone can be, not both together.
    study = studies.make(tiny(settings={"r1": 0.0}, space=("r1=0,1", "gradient_penalty=0,10"), trials=8))
    leave(*[("stopped", "")] * 8)
    process.work(study)
    rows = showing.rows(study.optuna())
    refused = [row for row in rows if row.settings == {"r1": 1, "gradient_penalty": 10}]
    assert refused and all(row.state == "refused" and "set one of them to 0" in row.reason for row in refused)
    assert {row.state for row in rows if row not in refused} == {"ended by hand"} and len(rows) == 8


def test_from_the_command_line_to_a_longer_run(runs_dir, monkeypatch, capsys):
    monkeypatch.setattr(runs, "start_worker", train)
    small = ["dataset=handwriting-digits", "batch=8", "width=4", "latent=8", "precision=float32", "xla=off"]
    words = ["search", "--recipe", "cgan28", "--set", *small, "--steps", "6", "--space", "r1=0.1..1:log", "--json"]
    words += ["--trials", "1", "--samples", "500", "--objective", "fid", "wcis", "--name", "mine"]
    assert cli.main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["state"] == "finished" and told["best"] == told["trials"] and told["trials"][0]["run"] == "mine-0000"
    assert len(told["trials"][0]["values"]) == 2 and "r1" in told["trials"][0]["settings"]
    assert (
        cli.main(words) == 0 and json.loads(capsys.readouterr().out)["trials"] == told["trials"]
    )  # nothing left to do
    assert cli.main([*words, "--minutes", "5"]) == 0  # of a budget, what is not given stays
    again = [*words[: words.index("--trials")], *words[words.index("--samples") :]]
    assert cli.main([*again, "--minutes", "6"]) == 0
    assert (studies.find("mine").spec().trials, studies.find("mine").spec().minutes) == (1, 6.0)
    assert cli.main(["search", "--recipe", "cgan28", "--space", "r1=1..2", "--name", "mine"]) == 2
    assert "it is another one" in capsys.readouterr().err

    study = studies.find("mine")
    opened, spec = study.optuna(), study.spec()
    (row,) = showing.rows(opened)
    run = runs.find(row.run)
    assert run.status()["state"] == "finished" and run.recipe.r1 == row.settings["r1"] and row.best
    scored = [record for record in run.metrics() if "scored" in record]
    assert [record["step"] for record in scored] == [2, 4, 6]
    assert row.values == pytest.approx((scored[-1]["fid"], abs(scored[-1]["wcis"] - scored[-1]["wcis_real"])))
    header, line = showing.as_csv([row], spec).decode().splitlines()
    assert header.startswith("trial,state,objective_fid,objective_wcis") and line.startswith("0,complete,")
    longer = showing.longer(study, spec, row, 60)
    assert longer.recipe.steps == 60 and longer.recipe.r1 == run.recipe.r1 and longer.score_plan() is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["search"], "--recipe: name what trials are made from"),
        (["search", "--name", "none"], "unknown study 'none'"),
        (["search", "--name", "none", "--space", "r1=1..2"], "--space: the study says that itself"),
        (["search", "--recipe", "cgan82"], "did you mean cgan28"),
        (["search", "--recipe", "cgan28", "--space", "gmae"], "did you mean game"),
        (["search", "--recipe", "cgan28", "--storage", "here"], "is no address"),
    ],
)
def test_what_cannot_be_searched_is_told(words, told, runs_dir, capsys):
    assert cli.main(words) == 2 and told in capsys.readouterr().err
    assert studies.listed() == []


def test_a_study_that_is_worked_on_is_not_removed(tiny, runs_dir):
    study = studies.make(tiny())
    process.Reporter(study)
    with pytest.raises(UserError, match="stop it before removing"):
        studies.remove(study)
    with pytest.raises(UserError, match="works on it here already"):
        study.start()
    (study.path / "processes" / f"{os.getpid()}.stop").touch()
    os.utime(study.path / "processes" / f"{os.getpid()}.stop", (1.0, 1.0))  # meant one that had this number before
    assert not study.asked_to_stop() and not study.processes()[0]["stopping"]
    study.stop()
    assert study.asked_to_stop() and study.processes()[0]["stopping"]


def test_a_study_ends_where_nothing_can_be_trained(tiny, runs_dir, leave):
    leave(*[("failed", "OSError: the disk is full")] * 8)
    study = studies.make(tiny(trials=8))
    with pytest.raises(UserError, match="5 trials in a row could not be trained, the last because: OSError: the disk"):
        process.work(study)
    assert [row.state for row in showing.rows(study.optuna())] == ["failed"] * 5
    assert study.processes()[0]["state"] == "failed"
