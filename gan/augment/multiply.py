"""Making a data set larger: each training picture as it is, and changed copies of it. Test pictures are left alone."""

from __future__ import annotations

import collections
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from gan import datasets, paths
from gan.augment.plan import Plan
from gan.datasets import kept
from gan.datasets.growing import Growing
from gan.datasets.records import Progress, Source
from gan.datasets.workspace import workspace
from gan.errors import UserError

MOST = 1000  # times
PIECE = 2 << 20  # bytes of pictures that a thread changes at once
WRITTEN = 0.7  # share of the time until the pictures are all made; they are then put in order


def multiply(
    dataset: str, plan: Plan, times: int, name: str, seed: int = 1, cores: int = 0, progress: Progress | None = None
) -> Source:
    """Keep a data set of the user's own in which there are `times` as many training pictures.

    The test pictures are those of the original and are for testing again: no changed copy of one is learnt from, and
    none is tested on. A picture and its copies are a group, which splitting the new set anew does not tear apart.

    Args:
        dataset: a name of `gan.datasets.sources`.
        plan: how the copies are changed.
        times: 2 to 1000.
        name: of the new set.
        seed: decides the changes, whatever the number of cores.
        cores: how many threads work; 0: as many as there are.
        progress: called with the share done and what is being done; what it raises cancels, and nothing is left.

    Raises:
        UserError: for times, names or data sets that cannot be, or a disk that is full.
    """
    if not 2 <= times <= MOST:
        raise UserError(
            f"times: {times} is out of range; 2 to {MOST:,} works (each picture as it is, and its changed copies)."
        )
    kept.check_name(name)
    if not plan.steps:
        raise UserError(f"{plan.name}: the plan has no steps, so all copies would be the same; add one.")
    data = datasets.load(dataset, progress)
    source, train, test = data.source, data.train, data.test
    total = len(train) * times + len(test)

    def tell(done: int, what: str) -> None:
        if progress:
            progress(WRITTEN * done / total, f"{what} {done:,} of {total:,} pictures")

    with workspace(paths.local_data_dir()) as aside:
        path = aside / "images.npy"
        with Growing(path, source.shape) as file:
            for piece in _changed(train.images, plan, times, seed, cores or _cores()):
                file.append(piece)
                tell(file.count, "Changing")
            for start in range(0, len(test), 1000):
                file.append(test.images[start : start + 1000])
                tell(file.count, "Copying")
        columns = {
            column: np.concatenate([np.repeat(values, times, axis=0), test.attributes[column]])
            for column, values in train.attributes.items()
        }
        return kept.keep(
            name,
            np.load(path, mmap_mode="r"),
            np.concatenate([np.repeat(train.labels, times), test.labels]),
            source.class_names,
            title=f"{source.title}, {times} times",
            summary=source.summary,
            licence=source.licence,
            citation=source.citation,
            homepage=source.homepage,
            made_from=f"the training pictures of {source.title}, each as it is and {times - 1} times changed "
            f"({plan.name}, seed {seed}); the test pictures are its own",
            attributes=columns,
            groups=np.concatenate([np.repeat(np.arange(len(train)), times), len(train) + np.arange(len(test))]),
            test=np.repeat([False, True], [len(train) * times, len(test)]),
            progress=(lambda share, what: progress(WRITTEN + (1 - WRITTEN) * share, what)) if progress else None,
        )


def _changed(images: np.ndarray, plan: Plan, times: int, seed: int, cores: int) -> Iterator[np.ndarray]:
    """Pieces of the larger set in order: each picture, then its copies. Threads work on the next ones meanwhile."""
    rows = max(1, PIECE // (int(np.prod(images.shape[1:])) * times))

    def work(piece: int) -> np.ndarray:
        originals = np.asarray(images[piece * rows : (piece + 1) * rows])
        copies = np.repeat(originals, times, axis=0)
        changing = np.arange(len(copies)) % times > 0
        copies[changing] = plan(copies[changing], np.random.default_rng([seed, piece]))
        return copies

    # Pieces that are made but not yet written take memory, so there are never many.
    coming: collections.deque[Future[np.ndarray]] = collections.deque()
    pool = ThreadPoolExecutor(cores, "multiply")
    try:
        for piece in range(-(-len(images) // rows)):
            coming.append(pool.submit(work, piece))
            if len(coming) > 2 * cores:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
