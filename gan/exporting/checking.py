"""Whether what was written gives what the registry's net gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan import registry
from gan.errors import UserError
from gan.exporting import plain
from gan.exporting.formats import Net

if TYPE_CHECKING:
    import keras

TOLERANCE = 1e-4
SIZES = (1, 6)  # pictures at a time
SIDES = ((16, 16), (9, 13))  # height and width of pictures for a net that takes any


def difference(card: registry.Card, net: keras.Model, written: Net) -> float:
    """The largest difference between the registry's net and what was written, over batches of several sizes.

    Pictures are in -1…1. Logits and features have no such scale: theirs is their largest value, where that is above 1.

    Raises:
        UserError: where the difference is above `TOLERANCE`, or either gives what is not a number.
    """
    worst = 0.0
    sides = SIDES if card.kind == "upscaler" else (None,)
    for seed, (n, side) in enumerate((n, side) for n in SIZES for side in sides):
        given = plain.arrays(card, n, seed, side)
        expected, found = plain.reference(card, net, given), written(given)
        for name, values in expected.items():
            if not np.isfinite(values).all():
                raise UserError(f"{card.name}: the model itself gives what is no number; it was not exported.")
            if name not in found or found[name].shape != values.shape:
                raise UserError(f"{card.name}: what was written gives {name} in another shape; it was not exported.")
            scale = max(1.0, float(np.abs(values).max()))
            worst = max(worst, float(np.nan_to_num(np.abs(found[name] - values), nan=np.inf).max()) / scale)
    if worst > TOLERANCE:
        raise UserError(
            f"{card.name}: what was written differs from the model by {worst:.2g}, more than {TOLERANCE:g}; it was not "
            "exported. Another format may do."
        )
    return worst
