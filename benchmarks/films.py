"""Seconds until a film is written: of 200 frames and more, as GIF and MP4.

    python -m benchmarks.films [--frames 200] [--repeats 3]

Films of a way through a latent space (one picture a frame, as Explore > Latent space exports them) and of a time
machine (four rows of eight or ten pictures, the step written below; half of the frames repeat the one before), at 28x28
in grey and at 32x32 in colour. The pictures are noise on a slope, which compresses worse than what nets draw.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np

from gan import films, filmstrip
from gan.timeline import Timeline

Array = np.ndarray
SIZES = {"28x28 grey": (28, 1, 10), "32x32 colour": (32, 3, 8)}  # side, channels, columns
RATE = 24


def pictures(count: int, side: int, channels: int) -> Array:
    """uint8 ``[count, side, side, channels]``: each another slope, with a little noise."""
    rng = np.random.default_rng(1)
    down, across = np.indices((side, side))[:, None, ..., None] / side
    slope = rng.uniform(-1, 1, (2, count, 1, 1, channels))
    shown = 128 + 100 * (slope[0] * (down - 0.5) + slope[1] * (across - 0.5)) + rng.normal(0, 8, (count, side, side, 1))
    return np.clip(shown, 0, 255).astype(np.uint8)


def of_a_way(count: int, side: int, channels: int, columns: int) -> Sequence[Array]:
    return list(pictures(count, side, channels))


def of_a_machine(count: int, side: int, channels: int, columns: int) -> Sequence[Array]:
    steps = tuple(range(0, 100 * count, 200))
    shown = pictures(len(steps) * 4 * columns, side, channels).reshape(len(steps), -1, side, side, channels)
    line = Timeline("run", steps, tuple(map(float, steps)), 32, shown, columns, (), 0, (), False, ())
    return filmstrip.frames([line], RATE, count / RATE)


KINDS = {"a way through a latent space": of_a_way, "a time machine": of_a_machine}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(f"| film of {options.frames} frames | as | seconds | MB |\n|---|---|---|---|")
    for name, make in KINDS.items():
        for size, (side, channels, columns) in SIZES.items():
            for kind in films.KINDS:
                times = []
                for _ in range(options.repeats):
                    given = make(options.frames, side, channels, columns)
                    began = time.perf_counter()
                    data = films.film(kind, given, RATE)
                    times.append(time.perf_counter() - began)
                print(
                    f"| {name}, {size} | {kind.upper()} | {np.mean(times):.2f} ({min(times):.2f} to {max(times):.2f}) "
                    f"| {len(data) / 1e6:.1f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
