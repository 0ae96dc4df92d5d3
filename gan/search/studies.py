"""The studies that are known on this machine: made, joined, listed, removed and brought back."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from gan import paths
from gan.errors import UserError, unknown
from gan.search import claims, storage
from gan.search.spec import Spec
from gan.training.managing import NAME
from gan.training.runs import alive

if TYPE_CHECKING:
    import optuna

REMOVED = ".removed"
ATTRIBUTE = "gan"  # of the study in its storage, with what defines it
STARTING = 30.0  # seconds in which a process must have said something of itself


@dataclass(frozen=True)
class Study:
    """A study's folder. Holds no state of its own: two views of one study always agree."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def url(self) -> str:
        """Raises: UserError if study.json is missing or damaged."""
        try:
            url = json.loads((self.path / "study.json").read_text(encoding="utf-8"))["storage"]
            return url or default_url(self.name)
        except (OSError, ValueError, KeyError, TypeError):
            raise UserError(f"{self.name}: there is no such study here.") from None

    @property
    def local(self) -> bool:
        """Whether its storage is a file of its own, which is removed with it."""
        file = storage.file_of(self.url)
        return file is not None and file.parent == self.path

    def spec(self) -> Spec:
        """What defines it, as the storage has it.

        Raises:
            UserError: if the storage cannot be reached, or holds no such study.
        """
        return read(self.optuna())

    def optuna(self) -> optuna.Study:
        """The study in its storage.

        Raises:
            UserError: as `spec`.
        """
        url = self.url
        if (file := storage.file_of(url)) and not file.is_file():
            raise UserError(f"{self.name}: its storage {file} is gone.")
        with storage.reaching(url):
            return claims.loaded(self.name, storage.opened(url))

    def processes(self) -> list[dict[str, Any]]:
        """What the search processes of this machine last said of themselves, the newest first; ``alive`` says which
        of them are there, ``stopping`` which were asked to stop."""
        found = []
        for file in (self.path / "processes").glob("*.json"):
            with contextlib.suppress(OSError, ValueError):
                said = json.loads(file.read_text(encoding="utf-8"))
                there = alive(said.get("pid"), said.get("pid_started"))
                found.append({**said, "alive": there, "stopping": there and self._asked(said["pid"])})
        return sorted(found, key=lambda said: said.get("began", 0.0), reverse=True)

    @property
    def working(self) -> bool:
        """Whether a process works on it here."""
        return any(said["alive"] for said in self.processes())

    def start(self) -> None:
        """Let a process of its own work on it, which outlives this one.

        Raises:
            UserError: if one works on it here already, or its folder cannot be written.
        """
        if self.working:
            raise UserError(f"{self.name}: a process works on it here already; more of them need more devices.")
        try:
            folder = self.path / "processes"
            folder.mkdir(exist_ok=True)
            for file in folder.iterdir():  # of earlier ones
                file.unlink(missing_ok=True)
            log = (self.path / "log.txt").open("ab")
        except OSError as error:
            raise UserError(f"{self.name}: its folder cannot be written ({error.strerror}).") from None
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "gan", "search", "--name", self.name],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=paths.ROOT,
                start_new_session=True,
            )
        with contextlib.suppress(psutil.Error, OSError):
            began = {"pid": process.pid, "pid_started": psutil.Process(process.pid).create_time()}
            self.say({**began, "state": "starting", "message": "Starting", "began": time.time()})

    def say(self, status: dict[str, Any]) -> None:
        """A process' side: what it says of itself.

        Raises:
            OSError: if it cannot be written.
        """
        (self.path / "processes").mkdir(exist_ok=True)
        paths.write_aside(self.path / "processes" / f"{status['pid']}.json", json.dumps(status).encode())

    def stop(self) -> None:
        """Ask the processes of this machine to stop: the trial that runs gets a checkpoint, and is gone on with later.

        Raises:
            UserError: if none works on it here.
        """
        working = [said for said in self.processes() if said["alive"]]
        if not working:
            raise UserError(f"{self.name}: nobody works on it here.")
        for said in working:
            (self.path / "processes" / f"{said['pid']}.stop").touch()

    def asked_to_stop(self) -> bool:
        """A process' side: whether it was asked to."""
        return self._asked(os.getpid())

    def _asked(self, pid: int) -> bool:
        """Whether a process was asked to stop, and not one before it that had its number."""
        with contextlib.suppress(OSError, psutil.Error):
            asked = (self.path / "processes" / f"{pid}.stop").stat().st_mtime
            return asked > psutil.Process(pid).create_time() - 1  # file systems may count in whole seconds
        return False

    def log(self, lines: int = 200) -> str:
        """The end of what its processes printed."""
        with contextlib.suppress(OSError):
            text = (self.path / "log.txt").read_text(encoding="utf-8", errors="replace")
            return "\n".join(text.splitlines()[-lines:])
        return ""

    def set_budget(self, trials: int | None = None, minutes: float | None = None) -> Spec:
        """Another budget, for all who work on it.

        Raises:
            UserError: if it is out of range, or the storage cannot be reached.
        """
        study = self.optuna()
        spec = read(study).with_budget(trials, minutes)
        with storage.reaching(self.url):
            study.set_user_attr(ATTRIBUTE, spec.to_json())
        return spec


def folder() -> Path:
    """Where studies are known."""
    return paths.runs_dir() / claims.FOLDER


def read(study: optuna.Study) -> Spec:
    """What defines a study.

    Raises:
        UserError: if it is not one of this app's.
    """
    values = study.user_attrs.get(ATTRIBUTE)
    if values is None:
        raise UserError(f"{study.study_name}: this study was not made here (python -m gan search, or Train > Tune).")
    return Spec.from_json(values)


def default_url(name: str) -> str:
    """A file of the study's own."""
    return f"{storage.SQLITE}{folder() / name / 'study.db'}"


def make(spec: Spec, url: str = "") -> Study:
    """A study of this definition: a new one, or the one that is in the storage under its name, if it is the same but
    for its budget (`Study.set_budget` changes that).

    Args:
        spec: what defines it.
        url: where it is stored; by default in a file of its own.

    Raises:
        UserError: if the storage has another study of this name, or cannot be reached.
    """
    import optuna

    known = Study(folder() / spec.name)
    url = storage.url_of(url) if url else known.url if _is(known) else default_url(spec.name)
    _check_one(known, url)
    with storage.reaching(url):
        opened = storage.opened(url)
        try:
            made = optuna.create_study(storage=opened, study_name=spec.name, directions=spec.directions)
            made.set_user_attr(ATTRIBUTE, spec.to_json())
        except optuna.exceptions.DuplicatedStudyError:
            theirs = _awaited(claims.loaded(spec.name, opened))
            if different := spec.differences(theirs):
                raise UserError(
                    f"name: {storage.shown(url)} has a study {spec.name!r} already, and it is another one: "
                    f"{'; '.join(different)}. Choose another name, or leave out what differs to join it."
                ) from None
    return _remember(spec.name, url)


def join(name: str, url: str = "") -> Study:
    """A study that was made before, here or on another machine.

    Raises:
        UserError: if there is none of this name, or the storage cannot be reached.
    """
    known = Study(folder() / name)
    if not NAME.fullmatch(name) or not (url or _is(known)):  # a name is a folder's
        raise unknown("study", name, [study.name for study in listed()])
    if not url:
        return known
    url = storage.url_of(url)
    _check_one(known, url)
    with storage.reaching(url):
        _awaited(claims.loaded(name, storage.opened(url)))
    return _remember(name, url)


def listed() -> list[Study]:
    """All studies that are known here, the newest first."""
    found = [Study(path.parent) for path in folder().glob("[!.]*/study.json")]
    return sorted(found, key=lambda study: (study.path / "study.json").stat().st_mtime, reverse=True)


def find(name: str) -> Study:
    """A study that is known here.

    Raises:
        UserError: if there is none of this name.
    """
    return join(name)


def remove(study: Study) -> None:
    """Take a study away; `restore` brings it back, until another of its name is removed. Its runs stay. One on a server
    stays there, and is forgotten here.

    Raises:
        UserError: while a process works on it here, or if it cannot be moved.
    """
    if study.working:
        raise UserError(f"{study.name}: a process works on it; stop it before removing it.")
    target = folder() / REMOVED / study.name
    try:
        target.parent.mkdir(exist_ok=True)
        if target.exists():  # one of the same name that was removed before
            shutil.rmtree(target)
        study.path.rename(target)
    except OSError as error:
        raise UserError(f"{study.name}: its folder cannot be moved ({error.strerror}).") from None


def removed() -> list[str]:
    """The names that `restore` can bring back."""
    return sorted(path.parent.name for path in (folder() / REMOVED).glob("*/study.json"))


def restore(name: str) -> Study:
    """Bring back what `remove` took away.

    Raises:
        UserError: if there is nothing of the name, or it has been taken since.
    """
    if name not in removed():
        raise unknown("removed study", name, removed())
    study = Study(folder() / name)
    if study.path.exists():
        raise UserError(f"name: there is a study {name!r} already; remove that one first.")
    (folder() / REMOVED / name).rename(study.path)
    return study


def free_name(recipe: str) -> str:
    """A name that no study here has, nor one that could be brought back."""
    taken = {study.name for study in listed()} | {*removed()}
    names = (recipe if n == 1 else f"{recipe}-{n}" for n in range(1, 10_000))
    return next(name for name in names if name not in taken)


def _is(study: Study) -> bool:
    return (study.path / "study.json").is_file()


def _check_one(known: Study, url: str) -> None:
    if _is(known) and known.url != url:
        raise UserError(
            f"name: a study {known.name!r} of another storage ({storage.shown(known.url)}) is known here; choose "
            "another name, or remove that one first."
        )


def _awaited(study: optuna.Study) -> Spec:
    """What defines a study that another process may be making at this moment."""
    deadline = time.monotonic() + 10
    while ATTRIBUTE not in study.user_attrs and time.monotonic() < deadline:
        time.sleep(0.1)
    return read(study)


def _remember(name: str, url: str) -> Study:
    study = Study(folder() / name)
    if _is(study) and study.url == url:
        return study
    study.path.mkdir(mode=0o700, parents=True, exist_ok=True)  # the address may hold a password
    file = study.path / "study.json"
    # Not where its own file is, for the folder of runs may be moved.
    paths.write_aside(file, json.dumps({"storage": "" if url == default_url(name) else url}).encode())
    file.chmod(0o600)
    return study


def best(study: optuna.Study, trials: Sequence[optuna.trial.FrozenTrial] | None = None) -> list[Any]:
    """The complete trials that no other one beats: one of one objective, the Pareto front of several."""
    from optuna.trial import TrialState

    done = [t for t in trials or study.get_trials(deepcopy=False) if t.state == TrialState.COMPLETE]
    if not done:
        return []
    if len(study.directions) > 1:
        return study.best_trials
    low = study.directions[0].name == "MINIMIZE"
    return [min(done, key=lambda t: t.values[0] if low else -t.values[0])]
