"""How much the copying share of a model depends on which training pictures it is measured with.

    python -m benchmarks.copying MODEL [--samples 768]

The share compares as many training pictures as there are held-out ones (`gan.metrics.copying`). Where the data set is
small, as `covers64` is, that is one part of the training pictures of several. Here each of them is taken, in disjoint
parts: the share with each, their mean and their standard deviation; and what real training pictures score that are in
none of the two.
"""

from __future__ import annotations

import argparse

import numpy as np

from gan import evaluation, inference
from gan.metrics import copying, references

LARGEST = 10_000  # held-out pictures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--samples", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    subject = evaluation.model(options.model)
    data = evaluation.data_for(subject, inference.card(options.model).dataset)
    drawn = subject.draw(evaluation.labels_of(subject, data, options.samples), options.seed)
    held_out = data.test.images[np.sort(references.order(data.test)[:LARGEST])]
    order = references.order(data.train)
    parts = [np.sort(order[i : i + len(held_out)]) for i in range(0, len(order) - len(held_out) + 1, len(held_out))]
    shares, real = [], []
    for part in parts:
        others = np.setdiff1d(order, part)[: options.samples]
        shares.append(copying.copying_share(drawn, data.train.images[part], held_out))
        real.append(copying.copying_share(data.train.images[others], data.train.images[part], held_out))
    for name, values in ((options.model, shares), ("real training pictures", real)):
        each = " ".join(f"{value:.1%}" for value in values)
        spread = f" ± {np.std(values, ddof=1):.1%}" if len(values) > 1 else ""
        print(f"{name}: {np.mean(values):.1%}{spread} over {len(values)} parts of {len(held_out):,} ({each})")


if __name__ == "__main__":
    main()
