"""One study, two machines, one PostgreSQL: one machine is killed, the database goes away, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import optuna
import psutil
import pytest

from gan.paths import ROOT
from gan.search import claims, studies
from gan.training import runs
from tests.browser.driver import free_port

VERSIONS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
PROGRAMS = Path(shutil.which("pg_ctl") or "").parent if shutil.which("pg_ctl") else next(iter(VERSIONS[::-1]), None)
# PostgreSQL refuses to run as root.
OTHER = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []


class Postgres:
    """A server of our own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"postgresql://gan:secret@localhost:{self.port}/postgres"
        password = folder / "password"
        password.write_text("secret")
        if OTHER:
            shutil.chown(password, "nobody", "nogroup")
        self.run("initdb", "-D", folder / "data", "-U", "gan", "-A", "scram-sha-256", "--pwfile", password, "--no-sync")
        self.start()

    def run(self, program: str, *arguments: object) -> None:
        command = [*OTHER, str(PROGRAMS / program), *map(str, arguments)]
        # Not into a pipe, which the server would inherit and keep open.
        with (self.folder / "said.txt").open("ab") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, cwd="/", timeout=120)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=localhost -c fsync=off"
        log = self.folder / "server.log"
        self.run("pg_ctl", "-D", self.folder / "data", "-l", log, "-o", options, "-w", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")


@pytest.fixture
def postgres():
    if PROGRAMS is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    if OTHER and not shutil.which("setpriv"):
        pytest.skip("PostgreSQL does not run as root, and setpriv, which makes another user of it, is not installed")
    with tempfile.TemporaryDirectory(prefix="gan-postgres-") as folder:  # the other user cannot enter pytest's
        if OTHER:
            shutil.chown(folder, "nobody", "nogroup")
        server = Postgres(Path(folder))
        yield server
        server.stop()


class Machine:
    """A folder of runs of its own, and a search process that knows nothing but the study's name and storage."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        environment = {**os.environ, "GAN_RUNS_DIR": str(folder), "GAN_SEARCH_HEARTBEAT": "1"}
        command = [sys.executable, "-m", "gan", "search", "--name", "tiny", "--storage", url, "--json"]
        folder.mkdir()
        self.said = folder / "said.txt"
        with self.said.open("wb") as log, (folder / "answer.json").open("wb") as answer:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=answer, stderr=log)

    def heard(self, words: str) -> bool:
        assert self.process.poll() is None or words in self.said.read_text(), self.said.read_text()
        return words in self.said.read_text()

    def runs(self) -> list[runs.Run]:
        return [runs.Run(path.parent) for path in sorted(self.folder.glob("tiny-*/recipe.json"))]

    def held(self) -> bool:
        """Whether its first run stands still, for the others to come along, however long that takes them."""
        run = self.runs()[0]
        if run.status()["state"] in runs.WORKING:  # before that nobody is there to be asked
            run.request("pause")
        return run.status()["state"] == "paused"

    def kill(self) -> None:
        """The whole machine: the search process and its worker, without a word."""
        self.process.kill()
        self.process.wait()
        for run in self.runs():
            said = run.status()
            if runs.alive(said.get("pid"), said.get("pid_started")):
                psutil.Process(said["pid"]).send_signal(signal.SIGKILL)


def wait(condition, seconds=180):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


@pytest.mark.timeout(600)
def test_two_machines_work_on_one_study(postgres, tiny, runs_dir, tmp_path):
    spec = tiny(steps=18, trials=2)
    study = studies.make(spec, postgres.url)
    opened = study.optuna()
    machines = []
    try:
        first = Machine(tmp_path / "first", postgres.url)
        machines.append(first)
        wait(lambda: first.heard("Trial 0 begins") and first.runs() and first.held())
        second = Machine(tmp_path / "second", postgres.url)
        machines.append(second)
        wait(lambda: second.heard("Trial 1 begins") and second.runs())
        first.kill()

        postgres.stop()  # under the second one's trial
        wait(lambda: second.heard("The storage is away"))
        postgres.start()
        wait(lambda: second.heard("The storage is back"))
        # It sees its own trial through, then takes over what the first one left.
        assert second.process.wait(300) == 0, second.said.read_text()
    finally:
        for machine in machines:
            machine.kill()

    trials = opened.get_trials()
    assert [trial.state.name for trial in trials] == ["FAIL", "COMPLETE", "COMPLETE"]
    assert trials[2].params == trials[0].params and trials[2].user_attrs["continues"] == 0
    assert len(claims.counted(trials)) == spec.trials
    assert [run.id for run in second.runs()] == ["tiny-0001", "tiny-0002"]
    told = json.loads((second.folder / "answer.json").read_text())
    assert told["state"] == "finished" and "secret" not in json.dumps(told)
    assert [trial["state"] for trial in told["trials"]] == ["complete", "complete"]
    assert opened.best_trial.state == optuna.trial.TrialState.COMPLETE
