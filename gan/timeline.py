"""The time machine: what a run drew of always the same latents, at every step that it keeps.

Pictures are drawn from its snapshots and checkpoints, and remembered by run, step and latents. A run that keeps none
(one of an older version, with very large nets, or that enlarges pictures) has its sheets of samples cut up instead.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from gan import datasets, images, inference, latent, models
from gan.errors import UserError
from gan.training import keeping, promote
from gan.training.runs import Run

ROWS, COLUMNS, ALONE = (1, 8), 12, 8  # latents; classes at most; columns where there are no classes
PIXELS = 160_000  # of all pictures of one step: larger pictures are fewer
STEPS = 150  # at most; more are thinned evenly
ROOM = 128 * 2**20  # bytes of pictures that are remembered
LEAST = 0.01  # that a share of what was read rightly turns by: near 100% it trembles
GAP = 2  # pixels between the pictures of a sheet of samples

Array = np.ndarray
Say = Callable[[float, str], None]


@dataclass(frozen=True)
class Look:
    """Which pictures: a row a latent, a column a class."""

    seed: int = 1
    rows: int = 4
    classes: tuple[str, ...] = ()  # none: the first that a run knows


@dataclass(frozen=True)
class Mark:
    """A step at which a score was at its best ("best"), or turned ("high", "low")."""

    step: int
    score: str
    value: float
    kind: str


@dataclass(frozen=True, eq=False)
class Timeline:
    """What a run drew."""

    run: str
    steps: tuple[int, ...]
    seconds: tuple[float, ...]  # of training, by each step
    pictures_a_step: int
    pictures: Array  # uint8 [steps, n, h, w, c], row by row
    columns: int
    names: tuple[str, ...]  # of the columns; empty where there are no classes
    row: int  # the one to show where there is room for one only
    marks: tuple[Mark, ...]
    sheets: bool  # whether they are sheets of samples, whose latents the run chose
    left_out: tuple[str, ...]  # what could not be read, a sentence each

    def nearest(self, step: float) -> int:
        """The index of the step that is nearest to one."""
        return min(range(len(self.steps)), key=lambda i: abs(self.steps[i] - step))


def stamp(run: Run) -> tuple[tuple[int, int], ...]:
    """The steps that `draw` would show now, and when each was written; changes whenever there is something new to draw,
    also under a name that another run had before."""
    steps, sheets = _sources(run)
    return tuple((step, _age(run, step, sheets)) for step in steps)


def draw(run: Run, look: Look, say: Say = lambda share, text: None) -> Timeline:
    """Draw what a run would have drawn at every step that it keeps; what was drawn before is not drawn again.

    Raises:
        UserError: for a run that draws nothing, keeps nothing, was removed, or whose data set is gone; or a look that
            is out of range.
    """
    if not ROWS[0] <= look.rows <= ROWS[1]:
        raise UserError(f"rows: {look.rows} is out of range; {ROWS[0]} to {ROWS[1]} works.")
    recipe = run.recipe
    if models.family(recipe.model).game in models.ALONE:
        raise UserError(f"{run.id}: it learns to read and draws nothing; its curves show what it has learned.")
    steps, from_sheets = _sources(run)
    if not steps:
        raise UserError(f"{run.id}: nothing is kept of it yet; the first pictures come with its first steps.")
    if len(steps) > STEPS:
        steps = [steps[i] for i in np.linspace(0, len(steps) - 1, STEPS).round().astype(int)]
    painter: _Painter = _Sheets(run, look) if from_sheets else _Nets(run, look)
    shown, pictures, left_out = [], [], []
    for index, step in enumerate(steps):
        say(index / len(steps), f"{run.id}: step {step:,}")
        try:
            pictures.append(painter.paint(step))
            shown.append(step)
        except UserError as error:
            left_out.append(str(error))
    if not shown:
        raise UserError(f"{run.id}: none of what it keeps can be read. {left_out[0]}")
    records = run.metrics()
    known = [(0, 0), *((r["step"], r["seconds"]) for r in records if r.get("seconds") is not None)]
    seconds = np.interp(shown, *np.array(known, float).T)
    return Timeline(
        run=run.id,
        steps=tuple(shown),
        seconds=tuple(seconds.tolist()),
        pictures_a_step=recipe.pictures_a_step,
        pictures=np.stack(pictures),
        columns=painter.columns,
        names=painter.names,
        row=painter.row,
        marks=marks(records),
        sheets=from_sheets,
        left_out=tuple(left_out),
    )


def marks(records: Sequence[dict[str, Any]]) -> tuple[Mark, ...]:
    """Where the scores in a run's records were at their best, and where they turned, in order."""
    found = []
    for name, more in keeping.DECIDES.items():
        series = [(r["step"], r[name]) for r in records if r.get(name) is not None]
        if len(series) < 3:
            continue
        values = [value for _, value in series]
        best = values.index(max(values) if more else min(values))
        found.append(Mark(*(series[best][0], name, series[best][1], "best")))
        for index in keeping.turns(values, least=LEAST if name.endswith("accuracy") else 0.0):
            if index != best:
                before = values[max(0, index - 1)]
                found.append(Mark(series[index][0], name, values[index], "high" if values[index] >= before else "low"))
    return tuple(sorted(found, key=lambda mark: mark.step))


def sprite(pictures: Array) -> tuple[bytes, int]:
    """All pictures ``[steps, n, h, w, c]`` as one PNG, as square as it goes, and how many stand in its rows."""
    flat = pictures.reshape(-1, *pictures.shape[2:])
    height, width = flat.shape[1:3]
    columns = max(1, math.isqrt(len(flat) * height // width))
    return images.encode_png(images.tile(flat, columns, gap=0)), columns


def _sources(run: Run) -> tuple[list[int], bool]:
    """The steps that can be shown, and whether they are of sheets."""
    kept = {step for step, _ in run.snapshots()}
    sheets = [step for step, _ in run.samples()]
    if not kept and sheets:
        return sheets, True
    if models.family(run.recipe.model).game == "gan":
        kept |= {step for step, _ in run.checkpoints()}
    return sorted(kept), False


class _Painter(Protocol):
    """Gives the pictures of a step, uint8 ``[n, h, w, c]``; raises UserError where it cannot."""

    columns: int
    names: tuple[str, ...]
    row: int

    def paint(self, step: int) -> Array: ...


class _Sheets:
    """Cuts up the sheets of samples of a run."""

    def __init__(self, run: Run, look: Look) -> None:
        self.run, self.files = run, dict(run.samples())
        self.height, self.width = datasets.source(run.recipe.dataset).shape[:2]
        self.shape = self._newest().shape
        rows, columns = (
            (there + GAP) // (own + GAP) for there, own in zip(self.shape, (self.height, self.width), strict=False)
        )
        if rows < 1 or columns < 1:
            raise UserError(f"{run.id}: its samples are not of the size of its data set's pictures.")
        size, across = self.height * self.width, list(range(columns))
        if models.family(run.recipe.model).game == "super_resolution":
            self.row = 2 if rows > 2 else 0  # below the small ones and bicubic interpolation
            self.rows, across = rows, across[: max(1, PIXELS // size // rows)]
            self.names: tuple[str, ...] = ()
        else:
            known = run.class_names if len(run.class_names) == columns > 1 else ()
            across = [known.index(name) for name in look.classes if name in known] or across
            self.row = 0
            self.rows, count = _fitting(min(rows, look.rows), min(len(across), COLUMNS), size)
            across = across[:count]
            self.names = tuple(known[column] for column in across) if known else ()
        self.across, self.columns = across, len(across)

    def paint(self, step: int) -> Array:
        sheet = self._read(step)
        if sheet.shape != self.shape:
            raise UserError(f"The samples of step {step:,} are of another size; they are left out.")
        down, along = self.height + GAP, self.width + GAP
        cells = [(row, column) for row in range(self.rows) for column in self.across]
        return np.stack(
            [sheet[r * down : r * down + self.height, c * along : c * along + self.width] for r, c in cells]
        )

    def _newest(self) -> Array:
        """The newest sheet that can be read."""
        for step in reversed(self.files):
            with contextlib.suppress(UserError):
                return self._read(step)
        raise UserError(f"{self.run.id}: none of its sheets of samples can be read.")

    def _read(self, step: int) -> Array:
        try:
            return images.decode(self.files[step].read_bytes())
        except (OSError, ValueError):
            raise UserError(f"The samples of step {step:,} are gone or damaged; they are left out.") from None


class _Nets:
    """Draws with a run's net as it was at a step."""

    row = 0

    def __init__(self, run: Run, look: Look) -> None:
        self.run = run
        self.net, self.call, condition, self.height, self.width = _net(run, run.recipe.to_json())
        dim, known = int(self.net.inputs[0].shape[-1]), condition.class_names
        asked = [name for name in look.classes if name in known] or list(known)
        size = self.height * self.width
        rows, self.columns = _fitting(look.rows, min(COLUMNS, len(asked)) if known else ALONE, size)
        self.names = tuple(asked[: self.columns]) if len(known) > 1 else ()
        if self.names:
            self.latents = latent.normal(look.seed, rows, dim).repeat(self.columns, axis=0)
            chosen = [known.index(name) for name in self.names] * rows
        else:
            self.latents = latent.normal(look.seed, rows * self.columns, dim)
            chosen = [0] * len(self.latents)
        given = condition.encoding[chosen]
        self.inputs = [self.latents, given] if len(self.net.inputs) > 1 else [self.latents]
        self.digest = hashlib.sha256(b"".join(part.tobytes() for part in self.inputs)).hexdigest()

    def paint(self, step: int) -> Array:
        key = (str(self.run.path), step, _age(self.run, step), self.digest)
        with _LOCK:
            if key not in _DRAWN:
                self._load(step)
                _DRAWN[key] = images.from_model(np.asarray(self.call(*self.inputs)))
                while sum(drawn.nbytes for drawn in _DRAWN.values()) > ROOM:
                    _DRAWN.popitem(last=False)
            _DRAWN.move_to_end(key)
            return _DRAWN[key]

    def _load(self, step: int) -> None:
        arrays, variables = promote.weights(self.run, step), self.net.variables
        if [array.shape for array in arrays] != [tuple(variable.shape) for variable in variables]:
            raise UserError(f"{self.run.id}: what is kept of step {step:,} is of other nets.")
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)


@functools.lru_cache(maxsize=4)  # as many as stand beside each other
def _net(run: Run, recipe: str) -> tuple[Any, Callable[..., Any], Any, int, int]:
    """The net of a run, a compiled call of it, what it is told, and the size of its pictures."""
    tf = inference.prepare()
    (source, condition), net = promote.told(run), promote.bare(run)
    call = tf.function(lambda *inputs: net(list(inputs), training=False), reduce_retracing=True)
    return net, call, condition, *source.shape[:2]


def _age(run: Run, step: int, sheet: bool = False) -> int:
    """When a step's file was written: after a resume there may be another one of the same step. A snapshot stays when
    the checkpoint of its step is dropped."""
    name = f"{step:08d}"
    kept = [run.path / "snapshots" / f"{name}.npz", run.path / "checkpoints" / str(step) / "state.json"]
    for path in [run.path / "samples" / f"{name}.png"] if sheet else kept:
        try:
            return path.stat().st_mtime_ns
        except OSError:
            continue
    return 0


def _fitting(rows: int, columns: int, size: int) -> tuple[int, int]:
    """How many rows and columns of pictures of `size` pixels fit into `PIXELS`; the first row is dropped last."""
    most = max(1, PIXELS // size)
    columns = min(columns, most)
    return max(1, min(rows, most // columns)), columns


_LOCK = threading.RLock()  # one net's variables are set and used at a time
_DRAWN: OrderedDict[tuple[str, int, int, str], Array] = OrderedDict()
