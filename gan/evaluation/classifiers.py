"""How often a classifier reads test pictures rightly."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan import conditions, datasets, inference, registry
from gan.errors import UserError
from gan.metrics import features, scores


def measure(name: str, dataset: str) -> dict[str, Any]:
    """A report on a classifier: the share of a data set's test pictures that it reads rightly, in each of its `views`.

    Raises:
        UserError: if it is no classifier, or reads other classes or another size.
    """
    inference.prepare()
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
            "samples": len(labels),
            "net": name,
        }
        for view, share in shares.items()
    }
    return {
        "subject": name,
        "dataset": dataset,
        "split": "test",
        "split_digest": data.test.digest,
        "scores": found,
    }
