"""Training speed: the steps of `cgan28` and `kepkreator`, beside plain PyTorch and an eager TensorFlow step.

    pip install -r requirements-bench.txt
    python -m benchmarks.training [--rounds 5] [--seconds 8]

Each contender runs in a process of its own, in turn, for `--rounds` rounds; ratios are taken within a round. All do
the same work: the recipe's batch, its nets (of equal parameter counts), its penalty every 16th step. "best" is what the
worker's own probe settles on, and autocast where it is faster for PyTorch. The share of the matrix-product rate counts
multiplications of convolutions and dense layers alone, against a product of two 2048 x 2048 matrices in the same number
format in the same process.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import time

import numpy as np

from gan.recipes import Recipe, recipe

SHAPE, CLASSES = (28, 28, 1), 10
CONTENDERS = ("float32", "best", "eager", "torch", "torch-autocast")


def steps_a_second(game, batch: int, seconds: float) -> float:
    """Steps of random pictures, after five that compile and warm up."""
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (batch, *SHAPE), np.uint8), rng.integers(0, CLASSES, batch)
    for step in range(5):
        float(game.train_step(step, images, labels)["g_loss"])
    steps, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds or steps % 16:  # whole rounds of the penalty
        logs = game.train_step(steps, images, labels)
        steps += 1
    float(logs["g_loss"])
    return steps / (time.perf_counter() - started)


def arithmetic(nets: dict, made: Recipe) -> float:
    """Multiplications and additions of one step: forward, to weights and to inputs, as the recipe needs them."""
    import keras

    def forward(net: keras.Model) -> float:
        total = 0.0
        for layer in net.layers:
            if isinstance(layer, keras.layers.Conv2DTranspose):
                total += math.prod(layer.input.shape[1:3]) * math.prod(layer.kernel.shape)
            elif isinstance(layer, keras.layers.Conv2D):
                total += math.prod(layer.output.shape[1:3]) * math.prod(layer.kernel.shape)
            elif isinstance(layer, keras.layers.Dense):
                total += math.prod(layer.kernel.shape)
        return 2 * total * made.batch

    generator, discriminator = forward(nets["generator"]), forward(nets["discriminator"])
    return 3 * generator + 6 * discriminator if made.shared_pass else 4 * generator + 8 * discriminator


def product_rate(dtype: str) -> float:
    """Operations a second of a 2048 x 2048 matrix product: the best of ten."""
    import tensorflow as tf

    a = tf.cast(tf.random.normal((2048, 2048)), dtype)
    multiply = tf.function(lambda: tf.reduce_max(a @ a))
    multiply()
    best = math.inf
    for _ in range(10):
        started = time.perf_counter()
        float(multiply())
        best = min(best, time.perf_counter() - started)
    return 2 * 2048**3 / best


def run_one(contender: str, name: str, seconds: float) -> dict:
    """What one contender does, in this process."""
    made = recipe(name).with_settings({"precision": "float32", "xla": "off"})
    if contender.startswith("torch"):
        from benchmarks.plain_torch import TorchGame

        game = TorchGame(made, contender == "torch-autocast")
        return {"speed": steps_a_second(game, made.batch, seconds), "parameters": sorted(game.parameters().values())}
    if contender == "eager":
        from benchmarks.plain_tensorflow import EagerGame

        game = EagerGame(made, CLASSES, SHAPE)
    else:
        from gan.training.backend_tf import TensorFlowBackend
        from gan.training.game import make_game
        from gan.training.probe import settle

        backend = TensorFlowBackend()
        if contender == "best":
            made = settle(recipe(name), CLASSES, SHAPE, backend, lambda text: None)
        game = make_game(made, CLASSES, SHAPE, backend)
    speed = steps_a_second(game, made.batch, seconds)
    rate = product_rate("bfloat16" if made.precision == "mixed_bfloat16" else "float32")
    sizes = sorted(game.nets[key].count_params() for key in ("generator", "discriminator"))
    share = arithmetic(game.nets, made) * speed / rate
    return {"speed": speed, "parameters": sizes, "share": share, "format": f"{made.precision}, XLA {made.xla}"}


def spread(values: list[float], form: str = "{:.2f}") -> str:
    low, middle, high = (form.format(f(values)) for f in (min, statistics.median, max))
    return f"{middle} ({low} to {high})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--one", nargs=2, metavar=("CONTENDER", "RECIPE"), help="run one contender, print JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run_one(*options.one, options.seconds)))
        return
    for name in ("cgan28", "kepkreator"):
        rounds = []
        for _ in range(options.rounds):
            results = {}
            for contender in CONTENDERS:
                command = [sys.executable, "-m", "benchmarks.training", "--seconds", str(options.seconds), "--one"]
                done = subprocess.run([*command, contender, name], capture_output=True, text=True, check=True)
                results[contender] = json.loads(done.stdout.splitlines()[-1])
            assert len({tuple(result["parameters"]) for result in results.values()}) == 1, "the nets differ"
            rounds.append(results)

        def of(contender: str, rounds=rounds) -> list[float]:
            return [results[contender]["speed"] for results in rounds]

        def ratio(a: str, *others: str, rounds=rounds) -> list[float]:
            return [r[a]["speed"] / max(r[other]["speed"] for other in others) for r in rounds]

        print(f"\n{name} (batch {recipe(name).batch}; best: {rounds[0]['best']['format']})\n")
        print("| what | steps/s |\n|---|---|")
        for contender in CONTENDERS:
            print(f"| {contender} | {spread(of(contender))} |")
        print("\n| ratio | |\n|---|---|")
        print(f"| float32 to PyTorch float32 | {spread(ratio('float32', 'torch'))} |")
        print(f"| best to PyTorch's best | {spread(ratio('best', 'torch', 'torch-autocast'))} |")
        print(f"| best to the eager step | {spread(ratio('best', 'eager'))} |")
        for contender in ("float32", "best"):
            shares = [r[contender]["share"] for r in rounds]
            print(f"| share of the matrix-product rate, {contender} | {spread(shares, '{:.0%}')} |")


if __name__ == "__main__":
    main()
