"""Find my picture: how near the latent of a real test digit comes, whether it reads as it, and how long that takes.

    python -m benchmarks.finding [--count 100] [--model digits] [--dataset mnist]

Each picture is searched for as the latent page does it, the class being what the classifier reads, not the label. Then
the same classifier reads what was found, beside the label.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from gan import datasets, images, inference
from gan.latent_space import nearest
from gan.metrics import features


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--model", default="digits")
    parser.add_argument("--dataset", default="mnist")
    options = parser.parse_args()
    card = inference.card(options.model)
    split = datasets.load(options.dataset).test
    chosen = np.random.default_rng(1).choice(len(split.labels), options.count, replace=False)
    targets = np.stack([np.asarray(split.images[index]) for index in chosen])
    inference.warm(options.model)
    errors, seconds, found = [], [], []
    for target in targets:
        begun = time.perf_counter()
        classes = nearest.classes_of(card, target)
        assert classes is not None, f"no classifier reads what {card.name} draws"
        *_, last = nearest.search(card.name, target, classes)
        seconds.append(time.perf_counter() - begun)
        errors.append(last.error)
        found.append(last.picture)
    other = nearest.reader(card)
    assert other is not None
    logits = np.asarray(features.named(other.name).function(images.to_model(np.stack(found)))[1])
    read = logits.argmax(1) == split.labels[chosen]
    slow = np.percentile(seconds[1:], 95)  # the first one waits for the classifier to be loaded
    print(f"pictures                 {options.count}")
    print(f"mean squared error       {np.mean(errors):.4f} (median {np.median(errors):.4f}, worst {max(errors):.4f})")
    print(f"still read as its class  {read.mean():.1%}")
    print(f"seconds each             {np.mean(seconds[1:]):.2f} (95th percentile {slow:.2f})")


if __name__ == "__main__":
    main()
