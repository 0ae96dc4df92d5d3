"""Where studies are stored: a file by default, or any database that Optuna takes; opened with messages that help."""

from __future__ import annotations

import functools
import os
import re
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gan.errors import UserError

if TYPE_CHECKING:
    import optuna

Result = TypeVar("Result")
SQLITE = "sqlite:///"
ADDRESSES = "write postgresql://USER:PASSWORD@HOST/DATABASE, sqlite:////path/to/file.db, or a path that ends with .db"
SIGNS = "In a password, write @ as %40, : as %3A and / as %2F."
CONNECTING = 5  # seconds that a server has to answer in
_opening = threading.Lock()


def heartbeat() -> float:
    """Seconds between two signs of life of a running trial; after four of them without one it is given up."""
    try:
        return max(1.0, float(os.environ.get("GAN_SEARCH_HEARTBEAT", 15)))
    except ValueError:
        return 15.0


def patience() -> float:
    """Seconds for which a process waits for a storage that went away in mid-study; trials train on meanwhile."""
    try:
        return max(0.0, float(os.environ.get("GAN_SEARCH_PATIENCE", 900)))
    except ValueError:
        return 900.0


def url_of(text: str) -> str:
    """An address as SQLAlchemy takes it: of PostgreSQL with its driver; of a file from its path.

    Raises:
        UserError: for what is no address.
    """
    from sqlalchemy import exc, make_url

    text = text.strip()
    text = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)
    if "://" not in text:
        if not text.endswith((".db", ".sqlite", ".sqlite3")):
            raise UserError(f"storage: {shown(text)!r} is no address; {ADDRESSES}.")
        return f"{SQLITE}{Path(text).expanduser().resolve()}"
    try:
        parts = make_url(text)
    except (exc.ArgumentError, ValueError):  # of a port that is no number
        raise UserError(f"storage: {shown(text)!r} is no address; {ADDRESSES}. {SIGNS}") from None
    if "@" in (parts.host or ""):
        raise UserError(f"storage: {shown(text)!r} has more than one @. {SIGNS}")
    if parts.get_backend_name() == "sqlite" and parts.database in (None, "", ":memory:"):
        raise UserError(f"storage: {text!r} is in memory, where no other process sees it; {ADDRESSES}.")
    if text.startswith(SQLITE):
        return f"{SQLITE}{Path(text.removeprefix(SQLITE)).expanduser().resolve()}"
    return text


def shown(url: str) -> str:
    """An address without its password; of one that is written wrongly, rather too little than too much."""
    url = re.sub(r"^((?:[^:/@]+://)?[^:/@]*):(?!//).*@", r"\1:***@", url)
    return re.sub(r"([?&][^=&]*pass[^=&]*=)[^&]*", r"\1***", url, flags=re.IGNORECASE)


def file_of(url: str) -> Path | None:
    """The file of an address; None where it is a server's."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def opened(url: str) -> optuna.storages.BaseStorage:
    """The storage at an address of `url_of`, kept open; a file that was replaced is opened anew.

    Raises:
        UserError: if it cannot be reached, or is none.
    """
    file = file_of(url)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    with _opening:
        return _opened(url, file.stat().st_ino if file else 0)


@functools.lru_cache(maxsize=16)
def _opened(url: str, inode: int) -> optuna.storages.BaseStorage:
    import optuna
    from sqlalchemy import pool

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    engine: dict[str, Any] = {"connect_args": {"timeout": 30}, "poolclass": pool.NullPool}
    if not url.startswith(SQLITE):
        engine = {"pool_pre_ping": True}  # connections do not survive a restart of the server
    if url.startswith("postgresql"):
        engine["connect_args"] = {"connect_timeout": CONNECTING}
    beat = heartbeat()
    with reaching(url), warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        storage = optuna.storages.RDBStorage(
            url, engine, heartbeat_interval=int(max(1, beat)), grace_period=int(max(2, 4 * beat)),
            heartbeat_stale_trial_callback=_requeue,
        )  # fmt: skip
    return optuna.storages.get_storage(storage)  # what is finished is read once


def _requeue(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
    from gan.search import claims

    claims.requeue(study, trial)


class reaching:  # noqa: N801 - read as a word: with reaching(url)
    """Turns what a storage raises when it cannot be reached into a `UserError`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind, error: BaseException | None, trace) -> None:
        if error is not None and not isinstance(error, Unreachable) and (reason := trouble(error)):
            raise Unreachable(
                f"storage: {shown(self.url)} cannot be used ({reason}). Is the address right, and the server running?"
            ) from error


class Unreachable(UserError):  # noqa: N818 - a state, not a fault of the code
    """The storage is away; it may come back."""


def trouble(error: BaseException) -> str:
    """Why a storage cannot be used, in a line; empty for an error of another kind."""
    import optuna
    from sqlalchemy import exc

    if isinstance(error, Unreachable):
        return (trouble(error.__cause__) if error.__cause__ else "") or str(error)
    if isinstance(error, ImportError):
        missing = getattr(error.__context__, "name", None) or error.name or "for this kind of database"
        return f"its driver is not installed: {missing}"
    kinds = (optuna.exceptions.StorageInternalError, exc.SQLAlchemyError, OSError, exc.ArgumentError)
    if not isinstance(error, kinds):
        return ""
    inner: BaseException = error
    while inner.__cause__ is not None and not isinstance(inner, exc.DBAPIError):
        inner = inner.__cause__
    said = str(getattr(inner, "orig", None) or inner).strip()
    return said.splitlines()[0][:200].strip() if said else type(inner).__name__


class Patience:
    """Calls a storage again and again while it is away.

    Args:
        url: the storage's address.
        say: told when it goes away, and when it is back.
        interrupted: asked whether to give up at once.
        seconds: how long to wait at most.
    """

    def __init__(
        self, url: str, say: Callable[[str], None], interrupted: Callable[[], bool], seconds: float | None = None
    ) -> None:
        self.url, self.say, self.interrupted = url, say, interrupted
        self.seconds = patience() if seconds is None else seconds
        self.away_since: float | None = None
        self.back_at = time.monotonic()  # since when it has answered

    def try_(self, act: Callable[[], Result]) -> tuple[bool, Result | None]:
        """One try: whether it answered, and what `act` gave.

        Raises:
            Unreachable: if it has been away for longer than there is patience.
        """
        try:
            result = act()
        except Exception as error:
            reason = trouble(error)
            if not reason:
                raise
            now = time.monotonic()
            if self.away_since is None:
                self.away_since = now
                self.say(f"The storage is away ({reason}); trying again for {_span(self.seconds)}.")
            if now - self.away_since >= self.seconds:
                raise Unreachable(
                    f"storage: {shown(self.url)} has not answered for {_span(self.seconds)} ({reason}). What was "
                    "trained is kept; the same command goes on with it."
                ) from error
            return False, None
        if self.away_since is not None:
            self.away_since, self.back_at = None, time.monotonic()
            self.say("The storage is back.")
        return True, result

    def __call__(self, act: Callable[[], Result]) -> Result:
        """What `act` gives, once the storage answers.

        Raises:
            Unreachable: if there is no patience left, or it was interrupted meanwhile.
        """
        while True:
            answered, result = self.try_(act)
            if answered:
                return result  # type: ignore[return-value]
            for _ in range(20):
                if self.interrupted():
                    raise Unreachable(f"storage: stopped while {shown(self.url)} was away; run it again to go on.")
                time.sleep(0.1)


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
