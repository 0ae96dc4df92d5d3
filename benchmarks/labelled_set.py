"""How long a labelled data set takes, and how much memory, in each form it can be taken home in.

    python -m benchmarks.labelled_set [--model digits] [--count 10000] [--agree] [--repeats 3]

As the server makes it: TensorFlow draws in one thread, and what is drawn is written by another meanwhile. The model is
warm. The memory is what the process took more at its peak than before, in MB.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from gan import inference
from gan.drawing import Order
from gan.generating import agreeing, batches, labelled

TARGET = 20.0  # seconds for 10,000 pictures, on two cores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="digits")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--agree", action="store_true", help="only what the classifier agrees with")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    inference.warm(options.model)
    labels = tuple(range(len(inference.card(options.model).class_names)))
    order = Order(options.model, labels, options.count, seed=1)
    if options.agree:
        batches.draw(Order(options.model, labels, 64, seed=2), agree=True)  # opens the classifier
    print(f"{options.count:,} pictures of {options.model}{', agreed with' if options.agree else ''}\n")
    print("| form | seconds (each time) | pictures/s (best) | file | kept | memory |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for kind in labelled.WRITERS:
            path, before, seconds = Path(folder) / f"set.{kind}", _peak(), []
            for _ in range(options.repeats):
                began = time.perf_counter()
                written = labelled.write(order, kind, path, options.agree)
                seconds.append(time.perf_counter() - began)
            size = f"{path.stat().st_size / 1e6:.1f} MB"
            each, speed = ", ".join(f"{s:.1f}" for s in seconds), options.count / min(seconds)
            print(
                f"| {kind} | {each} | {speed:,.0f} | {size} | {written.share:.1%} | +{_peak() - before:.0f} |",
                flush=True,
            )
    print(f"\nTarget: 10,000 in at most {TARGET:.0f} s on two cores.")
    if options.agree and (net := agreeing.reader(inference.card(options.model))):
        print(f"Read by {net.name}.")


def _peak() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
