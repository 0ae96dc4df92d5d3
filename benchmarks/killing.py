"""Is a run that was killed the same run? kill -9 at random moments, then the weights compared bit for bit.

    python -m benchmarks.killing [--kills 20] [--steps 6000] [--seed 1]

`cgan28` with small nets trains on the data set that ships. One run is never touched; another is killed with SIGKILL at
random moments of its life (loading, measuring, training, writing a checkpoint) and resumed each time, until as many
kills have been survived; then it is let run to the end. Checkpoints are asked for often, so that kills hit them too.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time

import numpy as np

from gan.errors import UserError
from gan.paths import ROOT
from gan.recipes import recipe
from gan.training import checkpoint, runs

SMALL = {"dataset": "handwriting", "batch": 16, "width": 8, "latent": 16, "precision": "float32", "xla": "off"}


def worker(run: runs.Run) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "gan", "resume", str(run.path)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def weights(run: runs.Run) -> list[np.ndarray]:
    _, path = run.checkpoints()[-1]
    return [array for part in sorted(path.glob("*.npz")) for array in checkpoint.read_arrays(part)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GAN_RUNS_DIR"] = folder
        chosen = recipe("cgan28").with_settings({**SMALL, "steps": options.steps})
        whole, killed = runs.create(chosen), runs.create(chosen)
        worker(whole).wait()
        resumed, states = 0, []
        while resumed < options.kills:
            process = worker(killed)
            end = time.monotonic() + chance.uniform(1.0, 10.0)
            while time.monotonic() < end and process.poll() is None:
                with contextlib.suppress(UserError):  # it may end between two looks
                    killed.request("checkpoint")
                time.sleep(chance.uniform(0.05, 0.3))
            if process.poll() is not None:
                if killed.status()["state"] == "finished":
                    break
                raise SystemExit(f"the worker ended by itself: {killed.status()}")
            states.append(killed.status()["state"])
            process.kill()
            process.wait()
            resumed += 1
        worker(killed).wait()
        same = [np.array_equal(a, b) for a, b in zip(weights(whole), weights(killed), strict=True)]
        largest = max(
            float(np.abs(a.astype(np.float64) - b.astype(np.float64)).max())
            for a, b in zip(weights(whole), weights(killed), strict=True)
        )
        print(f"killed while: {', '.join(f'{states.count(s)} {s}' for s in dict.fromkeys(states))}")
        print(f"resumed {resumed} times; arrays equal: {sum(same)} of {len(same)}; largest difference {largest}")
        print(f"ended at step {killed.status()['step']}, {killed.status()['state']}")


if __name__ == "__main__":
    main()
