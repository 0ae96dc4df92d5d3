"""Studies in their storage: made, joined, refused when they differ, removed and brought back; objectives; budgets."""

from __future__ import annotations

import json

import pytest

from gan import UserError
from gan.search import claims, objectives, storage, studies
from gan.search.spec import Spec
from gan.training import runs


def test_the_storage_holds_all_that_defines_a_study(tiny, runs_dir, tmp_path, monkeypatch):
    spec = tiny(objectives=("fid", "wcis"), trials=7, minutes=5.0)
    url = f"sqlite:///{tmp_path}/shared.db"
    assert studies.make(spec, url).spec() == spec
    monkeypatch.setenv("GAN_RUNS_DIR", str(tmp_path / "other-machine"))
    assert studies.listed() == []
    with pytest.raises(UserError, match="There is no study 'tinny' in this storage; it has: tiny"):
        studies.join("tinny", url)
    assert studies.join("tiny", url).spec() == spec and [s.name for s in studies.listed()] == ["tiny"]
    with pytest.raises(UserError, match="of another storage"):
        studies.make(tiny(), f"sqlite:///{tmp_path}/second.db")


def test_the_folder_of_runs_may_be_moved(tiny, runs_dir, tmp_path, monkeypatch):
    studies.make(tiny())
    monkeypatch.setenv("GAN_RUNS_DIR", str(runs_dir.rename(tmp_path / "elsewhere")))
    (study,) = studies.listed()
    assert study.spec() == tiny() and study.local and studies.make(tiny()) == study


def test_two_studies_of_one_name_say_what_differs(tiny, runs_dir):
    studies.make(tiny())
    with pytest.raises(UserError) as told:
        studies.make(tiny(steps=18, space=("width=4,6",), objectives=("recall",)))
    for words in ("steps is 9 there, 18 here", "width=4,5", "width=4,6", "objectives is fid there, recall here"):
        assert words in str(told.value)
    assert "Choose another name" in str(told.value)
    assert studies.make(tiny(trials=5)).spec().trials == 2  # the budget is nothing that differs


def test_a_study_of_another_program_is_not_worked_on(runs_dir, tmp_path):
    import optuna

    url = f"sqlite:///{tmp_path}/foreign.db"
    optuna.create_study(study_name="foreign", storage=url)
    with pytest.raises(UserError, match="was not made here"):
        studies.join("foreign", url)
    optuna.create_study(study_name="../../outside", storage=url).set_user_attr(studies.ATTRIBUTE, {})
    with pytest.raises(UserError, match=r"unknown study '\.\./\.\./outside'"):  # a name is a folder's
        studies.join("../../outside", url)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "no name!"}, "cannot be used"),
        ({"trials": 0}, "1 to 10,000"),
        ({"minutes": -1.0}, "no limit"),
        ({"samples": 5}, "500 to 50,000"),
        ({"seed": -1}, "seed: -1 is out of range; a whole number from 0 works"),
        ({"objectives": ("fdi",)}, "did you mean fid"),
        ({"objectives": ("psnr",)}, "unknown objective of cgan28"),
        ({"objectives": ("fid", "recall"), "pruner": "median"}, "choose none"),
        ({"space": ()}, "it is empty"),
        ({"space": ("width=4,5", "width=6,7")}, "is there twice"),
    ],
    ids=str,
)
def test_what_cannot_be_a_study_is_told(tiny, given, words):
    with pytest.raises(UserError, match=words):
        tiny(**given)


def test_removed_and_brought_back(tiny, runs_dir):
    study = studies.make(tiny())
    study.set_budget(trials=3)
    studies.remove(study)
    assert not studies.listed() and studies.removed() == ["tiny"]
    assert studies.free_name("tiny") == "tiny-2"  # removing a study of that name would be the end of this one
    assert studies.make(tiny()).spec().trials == 2  # a new one of the same name
    with pytest.raises(UserError, match="remove that one first"):
        studies.restore("tiny")
    studies.remove(studies.find("tiny"))
    assert studies.restore("tiny").spec().trials == 2
    with pytest.raises(UserError, match="unknown study 'gone'"):
        studies.find("gone")


def test_objectives_have_their_directions():
    record = {"fid": 12.0, "recall": 0.5, "wcis": 1.4, "wcis_real": 1.1, "bcis": None}
    assert objectives.values(("fid", "recall", "wcis"), record) == pytest.approx([12.0, 0.5, 0.3])
    assert objectives.values(("bcis",), record) is objectives.values(("kid",), record) is None
    assert objectives.values(("fid",), {"fid": float("nan")}) is None
    directions = [objectives.OBJECTIVES[name].direction for name in ("fid", "recall", "bcis", "wcis")]
    assert directions == ["minimize", "maximize", "maximize", "minimize"]


def test_trials_are_scored_at_the_same_steps(tiny):
    plan = tiny(steps=900, pruner="hyperband", objectives=("kid",), samples=5000).plan
    assert plan == runs.ScorePlan((100, 200, 300, 500, 700), 1000, 5000, ("label_accuracy", "fid", "kid"))
    assert tiny(steps=2, pruner="median").plan.at == (1,)


def test_trials_are_counted_over_the_whole_study(tiny, runs_dir, monkeypatch):
    """Claims of one process after another; those that were lost, stopped or too many give their place to others."""
    import optuna

    spec = tiny(trials=3)
    study = studies.make(spec).optuna()
    first, second, third = (claims.claim(study, spec) for _ in range(3))
    assert claims.claim(study, spec) is None and "3 trials are done" in claims.exhausted(spec, study.trials)
    first.set_user_attr("outcome", "diverged")
    study.tell(first, state=optuna.trial.TrialState.FAIL)
    assert claims.claim(study, spec) is None  # it had its chance
    params = spec.settings(second)
    second.set_user_attr("outcome", "stopped")
    study.tell(second, state=optuna.trial.TrialState.FAIL)
    claims.requeue(study, study.trials[1], lost=False)
    again = claims.claim(study, spec)
    assert again.number == 3 and spec.settings(again) == params and claims.claim(study, spec) is None
    assert third.number == 2
    monkeypatch.setattr(claims, "exhausted", lambda *_: "")  # as another process saw it a moment before
    assert claims.claim(study, spec) is None and study.trials[-1].user_attrs["outcome"] == "surplus"
    assert len(claims.counted(study.trials)) == 3


def test_a_trial_of_a_process_that_is_gone_is_taken_over_at_once(tiny, runs_dir):
    spec = tiny()
    study = studies.make(spec).optuna()
    trial = claims.claim(study, spec)
    params = spec.settings(trial)
    assert claims.recover(study, 0) == 0  # this process lives
    trial.set_user_attr("process", {**claims.me(), "started": 1.0})
    assert claims.recover(study, 0) == 1 and claims.recover(study, 0) == 0
    again = claims.claim(study, spec)
    assert spec.settings(again) == params and again.user_attrs["continues"] == trial.number
    for _ in range(claims.AGAIN):  # perhaps it is the trial that ends its processes
        again.set_user_attr("process", {**claims.me(), "started": 1.0})
        assert claims.recover(study, 0) == 1
        again = claims.claim(study, spec)
    assert "continues" not in again.user_attrs and spec.settings(again) != params


def test_a_trial_of_another_machine_with_this_folder_of_runs_is_left_to_it(tiny, runs_dir):
    spec = tiny()
    study = studies.make(spec).optuna()
    trial = claims.claim(study, spec)
    trial.set_user_attr("process", {**claims.me(), "host": "another", "started": 1.0})
    assert claims.recover(study, 0) == 0 and claims.recover(study, 1e9) == 0  # it gave a sign of life a moment ago
    assert study.trials[0].state.name == "RUNNING"


def test_a_place_is_named_once(runs_dir, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)  # as a disk without links does
    assert claims.place() == claims.place() and len(claims.place()) == 32
    assert [path.name for path in (runs_dir / claims.FOLDER).iterdir()] == ["place"]


def test_minutes_are_a_budget_too(tiny, runs_dir):
    from datetime import datetime, timedelta

    import optuna

    spec = tiny(minutes=2.0, trials=9)
    study = studies.make(spec).optuna()
    trial = claims.claim(study, spec)
    claims.beat(study, trial, 70.0)
    lost = optuna.trial.create_trial(state=optuna.trial.TrialState.FAIL, user_attrs={"worked": 20.0})
    lost.datetime_start = datetime.now() - timedelta(hours=8)  # its process was killed last night, given up now
    lost.datetime_complete = datetime.now()
    study.add_trial(lost)
    assert claims.minutes(study.trials) == 1.5 and not claims.exhausted(spec, study.trials)
    claims.beat(study, trial, 100.0)
    assert "All 2 minutes" in claims.exhausted(spec, study.trials) and claims.claim(study, spec) is None


def test_no_two_trials_begin_alike(tiny, runs_dir):
    spec = tiny(trials=6, space=("learning_rate=1e-4..1e-2:log",))
    study = studies.make(spec).optuna()
    rates = [spec.settings(claims.claim(study, spec))["learning_rate"] for _ in range(6)]
    assert len(set(rates)) == 6 and max(rates) / min(rates) > 3


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("mysql+pymysql://h/d", "mysql+pymysql://h/d"),
        ("/tmp/a.db", "sqlite:////tmp/a.db"),
    ],
)
def test_addresses(given, url):
    assert storage.url_of(given) == url and ":p@" not in storage.shown(url)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("gan:se@cret@h/d", "'gan:***@h/d' is no address"),
        ("postgresql://gan:se@cret@h/d", "'postgresql+psycopg://gan:***@h/d' has more than one @"),
        ("postgresql://gan:secret@h:port/d", "write @ as %40"),
        ("sqlite://", "is in memory"),
        ("sqlite:///:memory:", "is in memory"),
    ],
)
def test_addresses_that_cannot_be_are_told_without_their_password(given, words):
    with pytest.raises(UserError) as told:
        storage.url_of(given)
    assert words in str(told.value) and "cret" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("postgresql+psycopg://h/d?user=u&password=secret&connect_timeout=3",
         "postgresql+psycopg://h/d?user=u&password=***&connect_timeout=3"),
        ("postgresql+psycopg://u:se:c/r?e@t@h:5432/d", "postgresql+psycopg://u:***@h:5432/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/a.db", "sqlite:////tmp/a.db"),
    ],
)  # fmt: skip
def test_addresses_are_shown_without_their_password(url, seen):
    assert storage.shown(url) == seen


def test_an_address_is_kept_from_others(tiny, runs_dir, tmp_path):
    study = studies.make(tiny(), str(tmp_path / "shared.db"))
    assert (study.path.stat().st_mode & 0o777, (study.path / "study.json").stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nowhere", "is no address"),
        ("postgresql://gan:secret@localhost:1/studies", "Connection refused"),
        ("oracle://u@h/d", "driver is not installed: oracledb"),
        ("sqlite:////proc/none/x.db", "cannot be used"),
    ],
)
def test_a_storage_that_cannot_be_reached_is_told(url, words, tiny, runs_dir):
    with pytest.raises(UserError) as told:
        studies.make(tiny(), url)
    assert words in str(told.value) and "secret" not in str(told.value)
    assert studies.listed() == []


def test_patience(runs_dir):
    said, answers = [], iter([OSError("gone"), OSError("gone"), 5])

    def ask():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    patience = storage.Patience("sqlite:////x.db", said.append, lambda: False, seconds=60)
    assert patience.try_(ask) == (False, None) and patience.away_since is not None
    assert patience(ask) == 5
    assert "is away (gone)" in said[0] and said[1:] == ["The storage is back."]
    patience.seconds = 0
    with pytest.raises(storage.Unreachable, match="has not answered for 0 s"):
        patience.try_(lambda: (_ for _ in ()).throw(OSError("gone")))
    with pytest.raises(ZeroDivisionError):  # a fault of ours is no trouble of the storage's
        patience.try_(lambda: 1 / 0)


def test_definitions_are_kept_as_they_are(tiny):
    spec = tiny()
    assert Spec.from_json(json.loads(json.dumps(spec.to_json()))) == spec
    with pytest.raises(UserError, match="not a study of this app's"):
        Spec.from_json({"recipe": {}})
