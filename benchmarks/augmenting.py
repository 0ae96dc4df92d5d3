"""What augmentation costs: training with and without it, and multiplying a data set.

    python -m benchmarks.augmenting [--plan gentle] [--steps 100] [--pairs 8] [--dataset hangul]

Training: `cgan28` on the data that ships, steps with and without the plan in turn (so that whatever else slows the
machine slows both), through the worker's own feed. Multiplying: all training pictures 13 times, on one core and on two.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator

from gan import augment, datasets
from gan.augment.multiply import multiply
from gan.recipes import recipe


def seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def training(plan: str, steps: int, pairs: int, threads: int) -> None:
    """Steps per second without and with the plan."""
    from gan.training.backend_tf import TensorFlowBackend
    from gan.training.feed import Ahead, Feed
    from gan.training.game import make_game
    from gan.training.probe import settle

    data, backend = datasets.load("handwriting"), TensorFlowBackend()
    classes = len(data.source.class_names)
    chosen = settle(recipe("cgan28"), classes, data.source.shape, backend, lambda text: None)
    game = make_game(chosen, classes, data.source.shape, backend)
    plain = Feed(data.train.images, data.train.labels, chosen.batch, chosen.seed)
    varied = Feed(data.train.images, data.train.labels, chosen.batch, chosen.seed, plan)
    counter = itertools.count()

    def steps_of(feed) -> None:
        for _ in range(steps):
            step = next(counter)
            logs = game.train_step(step, *feed(step))
        float(logs["g_loss"])  # wait until the last one is done

    with contextlib.closing(Ahead(varied, 10**9, threads)) as ahead:
        feeds = {"none": plain, plan: ahead, f"{plan}, not ahead": varied}
        for feed in feeds.values():  # compiles
            steps_of(feed)
        taken: dict[str, list[float]] = {name: [] for name in feeds}
        for _ in range(pairs):
            for name, feed in feeds.items():
                taken[name].append(seconds(lambda feed=feed: steps_of(feed)))
    alone = seconds(lambda: [varied(step) for step in range(steps)]) / steps
    print("| augmentation | steps/s | cost, median of pairs | range |\n|---|---|---|---|")
    for name, times in taken.items():
        costs = [now / before - 1 for now, before in zip(times, taken["none"], strict=True)]
        spread = f"{min(costs):.1%} to {max(costs):.1%}"
        print(f"| {name} | {steps / statistics.median(times):.1f} | {statistics.median(costs):.1%} | {spread} |")
    print(f"\nA batch of {chosen.batch} alone: {alone * 1000:.2f} ms\n", flush=True)


@contextlib.contextmanager
def folder() -> Iterator[None]:
    """The user's data sets are elsewhere meanwhile."""
    with tempfile.TemporaryDirectory() as path:
        os.environ["GAN_LOCAL_DATA_DIR"] = path
        yield


def multiplying(dataset: str, plan: str, times: int, repeats: int) -> None:
    """Pictures per second, written to disk."""
    source = datasets.source(dataset)
    count = source.counts["train"] * times
    print("| cores | pictures/s | range |\n|---|---|---|")
    speeds: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(repeats):
        for cores, found in speeds.items():
            with folder():
                found.append(
                    count / seconds(lambda n=cores: multiply(dataset, augment.plan(plan), times, "many", 1, n))
                )
    for cores, found in speeds.items():
        print(f"| {cores} | {statistics.median(found):,.0f} | {min(found):,.0f} to {max(found):,.0f} |")
    print(f"\n{dataset}, {count:,} pictures of {source.shape[0]} x {source.shape[1]}, {plan}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plan", default="gentle")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    default = "hangul" if "hangul" in datasets.DATASETS else "handwriting"
    parser.add_argument("--dataset", default=default)
    parser.add_argument("--times", type=int, default=13)
    options = parser.parse_args()
    multiplying(options.dataset, options.plan, options.times, 3)
    training(options.plan, options.steps, options.pairs, options.threads)


if __name__ == "__main__":
    main()
