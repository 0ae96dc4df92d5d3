"""Measuring, which takes from seconds to minutes: a job at a time, with a number to ask after it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import secrets
import tempfile
import threading
import time
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gan import datasets, evaluation, registry
from gan.api import answers, uploads
from gan.api.schemas import Job, Measuring
from gan.errors import UserError, unknown
from gan.evaluation import classifiers, upscalers
from gan.training import runs

log = logging.getLogger(__name__)

router = APIRouter(tags=["measuring"])
LINE, KEPT = 4, 50  # jobs that may be begun or wait, and how many are remembered
MINUTES = 30  # that a job may take
UNPACKED = 2**28  # bytes of pictures that are sent
PATIENCE = 50  # seconds that an answer may be waited for

Id = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
Wait = Annotated[float, Query(ge=0, le=PATIENCE, description="Seconds to wait for the report.")]
Say = Callable[[float, str], None]


class _Ended(BaseException):
    """The job was cancelled or took too long. No `Exception`, so that nobody takes it for a damaged file."""


@dataclass(eq=False)
class _Job:
    id: str
    state: str = "waiting"
    share: float = 0.0
    said: str = "Waiting"
    report: dict[str, Any] | None = None
    make: Callable[[Say], dict[str, Any]] | None = None  # not kept longer than it is needed: it may hold pictures
    ended: threading.Event = field(default_factory=threading.Event)
    cancelled: bool = False
    until: float = float("inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, share: float, text: str) -> None:
        if self.cancelled or time.monotonic() > self.until:
            raise _Ended
        self.share, self.said = min(max(float(share), 0.0), 1.0), text

    def cancel(self) -> None:
        """End it: at once if it waits, else as soon as it says how far it is."""
        self.cancelled = True
        if self._claim():
            self.state, self.said = "cancelled", "Cancelled"
            self.ended.set()

    def run(self) -> None:
        if not (make := self._claim()):
            return
        self.until = time.monotonic() + 60 * MINUTES
        try:
            self.state = "working"
            self.report = make(self.say)
            self.state, self.share, self.said = "done", 1.0, "Done"
        except _Ended:
            self.state, self.said = "failed", f"It took more than {MINUTES} minutes; ask for fewer pictures or seeds."
        except UserError as error:
            self.state, self.said = "failed", str(error)
        except Exception:
            log.exception("an evaluation failed")
            self.state, self.said = "failed", "The server failed here; its log says how."
        finally:
            if self.cancelled and self.state != "done":
                self.state, self.said = "cancelled", "Cancelled"
            self.ended.set()

    def _claim(self) -> Callable[[Say], dict[str, Any]] | None:
        """The work, for the first who asks."""
        with self.lock:
            make, self.make = self.make, None
        return make

    def told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("id", "state", "share", "said", "report")}


class _Jobs:
    """One worker, a short line before it, and what came of the last jobs."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Job] = OrderedDict()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "gan-evaluate")

    def begin(self, make: Callable[[Say], dict[str, Any]]) -> _Job:
        with self._lock:
            if sum(not job.ended.is_set() for job in self._known.values()) >= LINE:
                raise HTTPException(
                    429, f"{LINE} evaluations are begun or wait; try again later.", {"Retry-After": "10"}
                )
            job = _Job(secrets.token_hex(8), make=make)
            self._known[job.id] = job
            for old in [old for old in self._known.values() if old.ended.is_set()][: -KEPT or None]:
                del self._known[old.id]
        self._pool.submit(job.run)
        return job

    def find(self, id: str) -> _Job:
        with self._lock:
            if id not in self._known:
                raise unknown("run", id, [])
            return self._known[id]


_JOBS = _Jobs()
BEGUN: dict[int | str, dict[str, Any]] = {
    202: {"model": Job, "description": "It is begun; ask after it at `Location`."}
}
DONE: dict[int | str, dict[str, Any]] = {**BEGUN, 200: {"model": Job, "description": "It has ended."}}


@router.post("/evaluate", response_model=Job, responses=DONE, status_code=202)
async def evaluate(request: Request, asked: Measuring, wait: Wait = 0) -> Response:
    """Measure a model, or a run's newest checkpoint, against a data set that is on this server: every score beside what
    real pictures score. Reports are kept: what was measured before is there at once."""
    make = await asyncio.to_thread(_plan, asked)
    return await _answer(request, _JOBS.begin(make), wait)


@router.post(
    "/evaluate/pictures",
    response_model=Job,
    responses=DONE,
    status_code=202,
    openapi_extra=uploads.documented(answers.NPZ),
)
async def evaluate_pictures(
    request: Request,
    dataset: Annotated[str, Query(max_length=100, description="Whose test pictures they are compared with.")],
    wait: Wait = 0,
) -> Response:
    """Measure pictures against a data set: an `.npz` with `images` (uint8 n,h,w,c) and `labels` (int, n)."""
    await asyncio.to_thread(_local, dataset)
    data, _ = await uploads.file(request)
    await asyncio.to_thread(_check_size, data)

    def make(say: Say) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            path = File(folder) / "pictures.npz"
            path.write_bytes(data)
            return evaluation.measure_file(path, dataset, progress=say)

    return await _answer(request, _JOBS.begin(make), wait)


@router.get("/jobs/{id}", response_model=Job)
async def job(id: Id, wait: Wait = 0) -> Response:
    """How far a job is, and its report in the end."""
    found = _JOBS.find(id)
    await _until(found, wait)
    return answers.as_json(found.told())


@router.delete("/jobs/{id}", response_model=Job)
async def cancel(id: Id) -> Response:
    """End a job."""
    found = _JOBS.find(id)
    found.cancel()
    await _until(found, 1)
    return answers.as_json(found.told())


async def _answer(request: Request, begun: _Job, wait: float) -> Response:
    await _until(begun, wait)
    where = f"{request.scope.get('root_path', '')}/jobs/{begun.id}"
    return answers.as_json(begun.told(), 200 if begun.ended.is_set() else 202, {"Location": where})


async def _until(found: _Job, seconds: float) -> None:
    """Wait until a job has ended, but not for longer than that, and holding no thread."""
    until = time.monotonic() + seconds
    while not found.ended.is_set() and time.monotonic() < until:
        await asyncio.sleep(0.1)


def _plan(asked: Measuring) -> Callable[[Say], dict[str, Any]]:
    """The work that is asked for.

    Raises:
        UserError: for anything unknown, a data set that is not here, or what cannot be measured.
    """
    if (asked.model is None) == (asked.run is None):
        raise UserError("model, run: give one of them.")
    classifier = evaluation.NETS[asked.features]
    if asked.run is not None:
        known = {run.id: run for run in runs.list_runs()}
        if asked.run not in known:
            raise unknown("run", asked.run, known)
        dataset = asked.dataset or known[asked.run].recipe.dataset
        subject: Callable[[], evaluation.Subject] = lambda: evaluation.run(asked.run or "")  # noqa: E731
    else:
        card = registry.card(asked.model or "")
        dataset = asked.dataset or card.dataset
        if card.kind == "upscaler":
            _local(dataset)
            return lambda say: upscalers.measure(card.name, dataset, say)
        if card.kind != "generator":
            _local(dataset)
            return lambda say: classifiers.measure(card.name, dataset)
        subject = lambda: evaluation.model(card.name)  # noqa: E731
    _local(dataset)
    how: dict[str, Any] = {"classifier": classifier, "seeds": asked.seeds, "count": asked.count}
    return lambda say: evaluation.measure(subject(), dataset, progress=say, **how)


def _local(dataset: str) -> None:
    """Whether a data set is here; a program's question starts no download.

    Raises:
        UserError: if it is unknown, or would have to be downloaded.
    """
    if not datasets.source(dataset).local:
        raise UserError(f"dataset: {dataset} is not on this server yet; open it once on its page Data > Browse.")


def _check_size(data: bytes) -> None:
    with contextlib.suppress(zipfile.BadZipFile, OSError, ValueError, NotImplementedError):  # `evaluation.read` says it
        size = sum(item.file_size for item in zipfile.ZipFile(io.BytesIO(data)).infolist())
        if size > UNPACKED:
            raise UserError(f"body: unpacks to more than {UNPACKED // 2**20} MB; measure it in parts.")
