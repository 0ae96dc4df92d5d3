"""How often a classifier, or a reader of whole numbers, reads test pictures rightly."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan import conditions, datasets, images, inference, registry
from gan.datasets import numbers5
from gan.errors import UserError
from gan.metrics import features, scores

BATCH = 500


def measure(name: str, dataset: str) -> dict[str, Any]:
    """A report on a classifier: the share of a data set's test pictures that it reads rightly, in each of its `views`.

    Of a reader, the share of whole numbers, and of places, blank ones included.

    Raises:
        UserError: if it is neither, or reads other classes or another size, or there are no numbers to read.
    """
    inference.prepare()
    if registry.card(name).kind == "reader":
        return _reader(registry.card(name), dataset)
    net, data = features.named(name), datasets.load(dataset)
    columns = registry.card(name).columns
    if set(columns) <= {*conditions.columns_of(data.source)}:
        data, _ = conditions.relabelled(data, ", ".join(columns) or conditions.LABEL)
    if net.class_names != data.source.class_names:
        raise UserError(f"{name} reads {', '.join(net.class_names)}, not the classes of {data.source.title}.")
    _, probabilities = net(np.asarray(data.test.images))
    labels = np.asarray(data.test.labels)
    shares = {"": scores.label_accuracy(probabilities, labels)}
    for view, groups in conditions.views(data.source, columns).items():
        shares[view] = scores.grouped_accuracy(probabilities, labels, groups)
    found = {
        "_".join(filter(None, ("test_accuracy", view.replace(" ", "_"), name))): {
            "measure": "test_accuracy",
            "title": "Read rightly" + f": {view}" * bool(view),
            "value": share,
        }
        for view, share in shares.items()
    }
    return _report(name, dataset, data.test, found)


def _reader(card: registry.Card, dataset: str) -> dict[str, Any]:
    data, _ = conditions.spelt(datasets.load(dataset), str(card.recipe.get("condition", "number")))
    pictures, values = data.test.images, numbers5.decode(data.test.labels)
    if tuple(pictures.shape[1:]) != card.shape:
        by = [" x ".join(map(str, shape)) for shape in (card.shape, pictures.shape[1:])]
        raise UserError(f"{card.name} reads pictures of {by[0]}; those of {data.source.title} have {by[1]}.")
    net, right = registry.load(card.name), []
    for start in range(0, len(pictures), BATCH):
        logits = net.predict_on_batch(images.to_model(np.asarray(pictures[start : start + BATCH])))["logits"]
        read = np.asarray(logits).reshape(-1, numbers5.PLACES, numbers5.VALUES).argmax(-1)
        right.append(read == values[start : start + BATCH])
    places = np.concatenate(right)
    found = {
        f"{measure}_{card.name}": {"measure": measure, "title": title, "value": float(share)}
        for measure, title, share in (
            ("test_accuracy", "Whole numbers read rightly", places.all(axis=1).mean()),
            ("place_accuracy", "Places read rightly", places.mean()),
        )
    }
    return _report(card.name, dataset, data.test, found)


def _report(name: str, dataset: str, split: datasets.Split, scores: dict[str, dict[str, Any]]) -> dict[str, Any]:
    said = {"samples": len(split), "net": name}
    return {
        "subject": name,
        "dataset": dataset,
        "split": "test",
        "split_digest": split.digest,
        "scores": {key: {**score, **said} for key, score in scores.items()},
    }
