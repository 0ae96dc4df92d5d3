"""Losses of the two players, as pure functions on logits. Adding one is two functions and a row of `LOSSES`.

All take float32 logits ``(n, 1)`` and give a scalar. "BCE" in many notebooks is `non_saturating`: binary
cross-entropy on a sigmoid, written on logits so that it cannot overflow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gan.errors import unknown

Tensor = Any


@dataclass(frozen=True)
class Loss:
    """A generator loss of the fake logits, and a discriminator loss of real and fake logits."""

    generator: Callable[[Tensor], Tensor]
    discriminator: Callable[[Tensor, Tensor], Tensor]
    summary: str
    source: str
    # The generator's slope over the discriminator's at a fake logit, where that is finite: one backward pass then
    # serves both players, scaled for each picture.
    slopes: Callable[[Tensor], Tensor] | None = None


def non_saturating_generator(fake: Tensor) -> Tensor:
    """mean softplus(-fake): minus the log of the probability that a fake passes for real."""
    from keras import ops

    return ops.mean(ops.softplus(-fake))


def non_saturating_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """mean softplus(-real) + mean softplus(fake): the cross-entropy of both halves, added."""
    from keras import ops

    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))


def non_saturating_slopes(fake: Tensor) -> Tensor:
    """-exp(-fake): the slope of softplus(-fake) over that of softplus(fake). Held finite below logits of -60."""
    from keras import ops

    return -ops.exp(-ops.maximum(fake, -60.0))


def hinge_generator(fake: Tensor) -> Tensor:
    """-mean fake."""
    from keras import ops

    return -ops.mean(fake)


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """mean max(0, 1 - real) + mean max(0, 1 + fake)."""
    from keras import ops

    return ops.mean(ops.relu(1.0 - real)) + ops.mean(ops.relu(1.0 + fake))


def least_squares_generator(fake: Tensor) -> Tensor:
    """mean (fake - 1)^2."""
    from keras import ops

    return ops.mean(ops.square(fake - 1.0))


def least_squares_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """mean (real - 1)^2 + mean fake^2."""
    from keras import ops

    return ops.mean(ops.square(real - 1.0)) + ops.mean(ops.square(fake))


LOSSES: dict[str, Loss] = {
    "non_saturating": Loss(
        non_saturating_generator,
        non_saturating_discriminator,
        "Cross-entropy; the generator maximises the probability of passing for real.",
        "Goodfellow et al. 2014, section 3",
        non_saturating_slopes,
    ),
    "hinge": Loss(
        hinge_generator,
        hinge_discriminator,
        "Only pictures inside the margin teach the discriminator.",
        "Lim and Ye 2017; Miyato et al. 2018",
    ),
    "least_squares": Loss(
        least_squares_generator,
        least_squares_discriminator,
        "Logits are pulled to 1 for real and 0 for fake.",
        "Mao et al. 2017",
    ),
}


def loss(name: str) -> Loss:
    """The row of a loss.

    Raises:
        UserError: for a loss that is not in the table.
    """
    if name not in LOSSES:
        raise unknown("loss", name, LOSSES)
    return LOSSES[name]
