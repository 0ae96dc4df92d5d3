"""A run's metrics as curves, for as many onlookers as there are: each line of the file is parsed once."""

from __future__ import annotations

import functools
import threading
from collections import deque
from pathlib import Path
from typing import Any

from gan.training.runs import Run, parse

RECENT = 200  # records kept whole, for a diagnosis


class Curves:
    """Follows one ``metrics.jsonl`` as it grows; starts over when a resume has shortened it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._reset()

    def _reset(self) -> None:
        self.series: dict[str, tuple[list[int], list[float]]] = {}
        self.recent: deque[dict[str, Any]] = deque(maxlen=RECENT)
        self._offset, self._file = 0, (0, 0)

    def update(self) -> Curves:
        """Take up what was appended since the last call."""
        with self._lock:
            try:
                status = self.path.stat()
                if status.st_size < self._offset or self._file != (status.st_dev, status.st_ino):
                    self._reset()
                    self._file = (status.st_dev, status.st_ino)
                with self.path.open("rb") as file:
                    file.seek(self._offset)
                    data = file.read()
            except OSError:
                return self
            whole = data[: data.rfind(b"\n") + 1]  # the last line may still be on its way
            self._offset += len(whole)
            for line in whole.splitlines():
                self._add(line)
        return self

    def _add(self, line: bytes) -> None:
        record = parse(line)
        if record is None:
            return
        step = record["step"]
        self.recent.append(record)
        for name, value in record.items():
            if name not in ("step", "images_seen") and isinstance(value, int | float):
                steps, values = self.series.setdefault(name, ([], []))
                steps.append(step)
                values.append(value)

    def thinned(self, name: str, points: int = 300) -> tuple[list[int], list[float]]:
        """(steps, values) of a metric, evenly thinned to about as many points as a chart can show."""
        with self._lock:
            kept = self.series.get(name, ([], []))
            steps, values = list(kept[0]), list(kept[1])  # a reader beside us may start over at any moment
        stride = max(1, -(-len(steps) // points))
        # Counted from the newest, so that the end of the curve is always the present.
        return steps[::-1][::stride][::-1], values[::-1][::stride][::-1]


@functools.lru_cache(maxsize=32)
def _curves(path: Path) -> Curves:
    return Curves(path)


def follow(run: Run) -> Curves:
    """The run's curves as they are now; shared by all who look at it in this process."""
    return _curves(run.path / "metrics.jsonl").update()
